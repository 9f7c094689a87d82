"""Evidence of the recordings workshop: what a probe found in a recording."""

from django.db import models
from django.utils import timezone

from dossiers.models import Upload

PLAYABLE = "play.mp4"
POSTER = "poster.jpg"


class RecordingProbe(models.Model):
    """Duration, streams and how the recording is played; the derivatives lie beside the original."""

    class Play(models.TextChoices):
        ORIGINAL = "original"  # as it is
        REMUXED = "remuxed"  # the same streams in a fast-start MP4
        TRANSCODED = "transcoded"
        NONE = "none"  # no player shows it; it can be downloaded

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="probe")
    duration_seconds = models.FloatField()
    container = models.CharField(max_length=80)
    video_codec = models.CharField(max_length=40, blank=True)
    audio_codec = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    frames_per_second = models.FloatField(default=0)
    play = models.CharField(max_length=10, choices=Play.choices, default=Play.NONE)
    has_poster = models.BooleanField(default=False)
    probed_at = models.DateTimeField(default=timezone.now)

    @property
    def is_playable(self) -> bool:
        return self.play != self.Play.NONE
