"""Evidence of the recordings workshop: the probe, the index, faces; all of it may be computed again."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models import Enrolment, Sheet, Upload
from foundation.secrets import EncryptedTextField

PLAYABLE = "play.mp4"
POSTER = "poster.jpg"
FINGERPRINT = "fingerprint.raw"  # chromaprint's numbers, four bytes each
KEYFRAMES = "keyframes.json"
SKETCH = "sketch.npz"  # keyframes, very small: what other recordings are held against


def storyboard_page(number: int) -> str:
    """The derivative that holds a page of the storyboard, from 0."""
    return f"storyboard-{number}.jpg"


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


class IndexedRecording(models.Model):
    """The index of one recording, once it is whole. Derivatives beside the original hold what is large.

    `storyboard`: {"columns", "rows", "width", "height", "seconds": [t...], "pages": n}: picture k of `seconds` lies on
    page k // (columns * rows) (derivative `storyboard_page(page)`, pages from 0), row by row, each width x height.
    `heads`: [[second, faces], ...], a count without anybody's template. `version` rises with each new index of the
    same recording.
    """

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="indexed")
    version = models.PositiveIntegerField(default=1)
    slide_region = models.JSONField(null=True, blank=True)
    region_is_proposed = models.BooleanField(default=True)
    keyframe_count = models.PositiveIntegerField(default=0)
    storyboard = models.JSONField(default=dict)
    heads = models.JSONField(default=list)
    engines = models.JSONField(default=list)
    cpu_seconds = models.JSONField(default=dict)
    indexed_at = models.DateTimeField(default=timezone.now)


class Segment(models.Model):
    """A stretch of a long recording, indexed by one worker; what it found waits here to be merged.

    Number 0 is the sound of the whole recording, the others are stretches of its picture.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="segments")
    number = models.PositiveIntegerField()
    start = models.FloatField()
    end = models.FloatField()
    found = models.JSONField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["upload_id", "number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="segment_once")]


class ShownSlide(models.Model):
    """One slide on the wall; `text` as read, with long numbers masked."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    indexed = models.ForeignKey(IndexedRecording, on_delete=models.CASCADE, related_name="slides")
    start = models.FloatField()
    end = models.FloatField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["start"]


class FoundIncident(models.Model):
    """A stretch that wants a look: black, frozen, silent, or a repetition of what was before."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    indexed = models.ForeignKey(IndexedRecording, on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=10)  # media_processing.tracks.Kind
    start = models.FloatField()
    end = models.FloatField()
    source_start = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["start", "kind"]


class SharedStretch(models.Model):
    """The same recording in two uploads, perhaps of two classes; `again` came later."""

    class How(models.TextChoices):
        SOUND = "sound", _("声音")
        PICTURE = "picture", _("画面")

    first = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="shared_later")
    again = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="shared_before")
    first_start = models.FloatField()
    again_start = models.FloatField()
    seconds = models.FloatField()
    how = models.CharField(max_length=8, choices=How.choices)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-seconds"]


class SoundMark(models.Model):
    """One number in eight of a recording's fingerprint: by these the others that may hold the same are found."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="sound_marks")
    number = models.BigIntegerField()
    place = models.PositiveIntegerField()  # which number of the fingerprint it is

    class Meta:
        indexes = [models.Index(fields=["number"], name="sound_marks_by_number")]


class FaceTemplate(models.Model):
    """What an engine remembers of a consenting trainee's face. Encrypted, with the day it is deleted."""

    class Source(models.TextChoices):
        ID_CARD = "id_card", _("身份证照片")
        FORM = "form", _("登记表照片")
        UPLOAD = "upload", _("另传照片")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="face_templates")
    template = EncryptedTextField(purpose="face_template")  # base64 of float32, length 1
    engine = models.CharField(max_length=40)
    engine_version = models.CharField(max_length=40)
    source = models.CharField(max_length=10, choices=Source.choices)
    sheet = models.ForeignKey(Sheet, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()

    class Meta:
        ordering = ["id"]


class TemplateDeletion(models.Model):
    """That a template was deleted, when and why; nothing of the face itself."""

    class Why(models.TextChoices):
        EXPIRED = "expired", _("到期")
        WITHDRAWN = "withdrawn", _("撤回同意")
        REPLACED = "replaced", _("换了照片")
        ASKED = "asked", _("本人要求")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="template_deletions")
    engine = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=10, choices=Why.choices)

    class Meta:
        ordering = ["id"]


class PresenceFound(models.Model):
    """What one recording told of one consenting trainee: where her absence would mean something, and by what."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="presence_found")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="presence_found")
    verifiable = models.JSONField(default=list)  # [[start, end], ...] seconds of the recording
    score = models.FloatField(default=0)
    engine = models.CharField(max_length=40)
    engine_version = models.CharField(max_length=40)
    threshold = models.FloatField()
    sample_seconds = models.FloatField()
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "enrolment"], name="presence_found_once")]


class FaceTrack(models.Model):
    """A face followed through a recording: whose it seems to be (or nobody's), and where it was seen. No template.

    `sightings`: [[second, x, y, w, h, score], ...], the box in fractions of the picture. `group` gathers tracks of
    nobody that are alike, for naming together.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="face_tracks")
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.CASCADE, related_name="face_tracks"
    )
    group = models.PositiveIntegerField(null=True, blank=True)
    start = models.FloatField()
    end = models.FloatField()
    score = models.FloatField(default=0)
    sightings = models.JSONField(default=list)

    class Meta:
        ordering = ["start"]
        indexes = [models.Index(fields=["upload", "enrolment"], name="tracks_of_upload")]
