"""Aligning one recording with the wall clock: what is known, what was read, and the day's lessons to drag it along."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cms.rows.session_bars import clock_of
from cms.rows.sessions import BASES, clock_words
from dossiers.coverage import Clocked, Sitting
from dossiers.models import Account, DossierPage, Filing, RecordingClock, Session, Upload
from dossiers.recordings import begins_at, clocked_of, sitting_of
from dossiers.rulesets import ruleset
from media_processing.models import RecordingProbe

AROUND = timedelta(minutes=30)  # shown before and after what is to be aligned
FAR = timedelta(hours=12)  # a clock so far from its session is not drawn where it says


@dataclass(frozen=True)
class ReadClock:
    """One thing that a machine read, or a person said, of a recording's beginning."""

    key: int
    begins: str
    basis: str
    note: str
    is_in_force: bool
    can_be_used: bool


@dataclass(frozen=True)
class LaneLesson:
    """One lesson on the lane; places in per cent."""

    left: str
    width: str
    title: str


@dataclass(frozen=True)
class LaneTick:
    """A time under the lane."""

    left: str
    text: str


@dataclass
class Alignment:
    """One recording, for the page that aligns it."""

    dossier: DossierPage
    viewer: Account
    upload: Upload

    @property
    def name(self) -> str:
        return self.upload.file_name

    @property
    def seconds(self) -> float:
        return self.upload.duration_seconds or 0.0

    @property
    def play_url(self) -> str:
        """Empty where no browser plays it."""
        probe = RecordingProbe.objects.filter(upload=self.upload).first()
        return reverse("recording-play", args=[self.upload.uuid]) if probe and probe.is_playable else ""

    @cached_property
    def clock(self) -> RecordingClock | None:
        return self.upload.clocks.filter(superseded_at=None).first()

    @cached_property
    def session(self) -> Session | None:
        """The session it is filed for, or suggested."""
        filings = Filing.objects.filter(
            places__sheet__upload=self.upload,
            session__isnull=False,
            state__in=(Filing.State.FILED, Filing.State.PROPOSED),
        )
        found = filings.select_related("session").first()
        return found.session if found is not None else None

    @property
    def readings(self) -> Iterator[ReadClock]:
        """The latest of each ground, the one in force first."""
        latest: dict[tuple[str, int | None], RecordingClock] = {}
        for one in self.upload.clocks.select_related("made_by").order_by("id"):
            latest[one.basis, one.made_by_id] = one
        for one in sorted(latest.values(), key=lambda one: (one.superseded_at is not None, -one.pk)):
            yield ReadClock(
                key=one.pk,
                begins=f"{timezone.localtime(one.begins_at):%Y-%m-%d %H:%M:%S}",
                basis=str(BASES[one.basis]),
                note=self._note(one),
                is_in_force=one.superseded_at is None,
                can_be_used=one.superseded_at is not None and one.made_by_id is None,
            )

    def _note(self, one: RecordingClock) -> str:
        said = [clock_words(one)]
        if one.rate != 1.0 and self.seconds:
            drift = (one.rate - 1.0) * self.seconds
            word = gettext("录像比时钟慢 %(count)s 秒") if drift > 0 else gettext("录像比时钟快 %(count)s 秒")
            said.append(word % {"count": abs(round(drift))})
        if one.basis == RecordingClock.Basis.FILE_TIME:
            said.append(gettext("按标准是世界时；有的录像机写北京时间（差 8 小时）或写结束的时间"))
        return " · ".join(said)

    # The lane ---------------------------------------------------------------------------------------------
    @cached_property
    def begins(self) -> datetime:
        """Where the bar lies to begin with: by its clock, else at the beginning of its session."""
        clocked = self.clock.begins_at if self.clock is not None else None
        planned = begins_at(self.session) if self.session is not None else None
        if planned is None:
            return clocked or self.upload.received_at
        if clocked is None or abs(clocked - planned) > FAR:
            return planned
        return clocked

    @property
    def is_moved(self) -> bool:
        """Whether the bar is not drawn where the clock says, as that is days away."""
        return self.clock is not None and self.begins != self.clock.begins_at

    @cached_property
    def recording(self) -> Clocked:
        if self.clock is not None and (found := clocked_of(self.upload, self.clock)) is not None:
            return Clocked(found.key, self.begins, found.length, found.rate)
        return Clocked(self.upload.pk, self.begins, max(self.seconds, 1.0))

    @cached_property
    def day(self) -> list[tuple[Session, Sitting]]:
        """The sessions of the day on which the bar lies."""
        times = ruleset(self.dossier.ruleset_id).timetable
        held_on = timezone.localtime(self.begins).date()
        return [(one, sitting_of(one, times)) for one in self.dossier.sessions.filter(held_on=held_on)]

    @cached_property
    def window(self) -> tuple[datetime, datetime]:
        runs = self.recording.runs
        begins = min([runs.begins, *(sitting.begins for _, sitting in self.day)])
        ends = max([runs.ends, *(sitting.ends for _, sitting in self.day)])
        return begins - AROUND, ends + AROUND

    @property
    def window_begins(self) -> str:
        """For the script: local time without a zone."""
        return f"{timezone.localtime(self.window[0]):%Y-%m-%dT%H:%M:%S}"

    @property
    def window_seconds(self) -> int:
        return round((self.window[1] - self.window[0]).total_seconds())

    @property
    def begins_local(self) -> str:
        return f"{timezone.localtime(self.begins):%Y-%m-%dT%H:%M:%S}"

    @property
    def bar_seconds(self) -> float:
        return round(self.recording.runs.seconds, 3)

    @property
    def left(self) -> str:
        return self._place(self.recording.begins)

    @property
    def width(self) -> str:
        return f"{self.recording.runs.seconds * 100 / self.window_seconds:.3f}%"

    @property
    def lessons(self) -> Iterator[LaneLesson]:
        for session, sitting in self.day:
            for number, span in enumerate(sitting.lessons, 1):
                yield LaneLesson(
                    self._place(span.begins),
                    f"{span.seconds * 100 / self.window_seconds:.3f}%",
                    gettext("%(topic)s 第 %(number)s 课时 %(begins)s–%(ends)s")
                    % {
                        "topic": session.topic,
                        "number": number,
                        "begins": clock_of(span.begins),
                        "ends": clock_of(span.ends),
                    },
                )

    @property
    def ticks(self) -> Iterator[LaneTick]:
        begins, ends = self.window
        hours = max(1, round((ends - begins).total_seconds() / 3600 / 6))
        at = timezone.localtime(begins).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        edge = (ends - begins) / 40  # a time nearer the edge would be cut
        while at < ends - edge:
            if at - begins > edge:
                yield LaneTick(self._place(at), clock_of(at))
            at += timedelta(hours=hours)

    def _place(self, moment: datetime) -> str:
        return f"{(moment - self.window[0]).total_seconds() * 100 / self.window_seconds:.3f}%"
