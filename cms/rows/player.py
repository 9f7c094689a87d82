"""One recording as the player shows it: what plays, its clock, its lessons, lanes, slides, and where else it stands."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from cms.rows.attendance_watched import attendance_of, words_on_faces
from cms.rows.player_elsewhere import Neighbour, SharedRow, neighbours, shared_rows
from cms.rows.player_lanes import (
    IncidentBar,
    Lane,
    blind_stretches,
    clocked,
    incident_bars,
    incidents_note,
    recording_lane,
    slides_lane,
    timetable_lane,
)
from cms.rows.player_people import PAGE, Edges, PersonLane, Shown, person_lanes
from cms.rows.player_time import Axis, Seekable, lasting, running
from dossiers.attendance import Attendance, spans_of
from dossiers.coverage import Clocked, Coverage, Sitting, coverage
from dossiers.models import Account, DossierPage, Filing, RecordingClock, Session, Upload
from dossiers.recordings import CLOSE_SECONDS, clocks_heard
from dossiers.rulesets import ruleset
from media_processing.models import FoundIncident, IndexedRecording, RecordingProbe, ShownSlide
from media_processing.presence_of import RecordingPresence, presence_of

TOUCHED = 60.0  # seconds of a lesson
STRIP = 9  # pictures beneath the video
ZOOMS = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class StripTile(Seekable):
    """A small picture beneath the video."""

    at: float
    stamp: str


@dataclass
class PlayerPage:
    """One recording for one viewer. `page` counts tens of trainees from 1; `zoom` shows a part of it around `centre`."""

    dossier: DossierPage
    viewer: Account
    upload: Upload
    page: int = 1
    only_doubtful: bool = False
    zoom: int = 1
    centre: float = 0.0

    @cached_property
    def probe(self) -> RecordingProbe | None:
        return RecordingProbe.objects.filter(upload=self.upload).first()

    @cached_property
    def indexed(self) -> IndexedRecording | None:
        return IndexedRecording.objects.filter(upload=self.upload).first()

    @property
    def duration(self) -> float:
        if self.probe is not None and self.probe.duration_seconds:
            return self.probe.duration_seconds
        return self.upload.duration_seconds or 0.0

    @property
    def plays(self) -> bool:
        return self.probe is not None and self.probe.is_playable

    @property
    def play_url(self) -> str:
        return reverse("recording-play", args=[self.upload.uuid])

    @property
    def original_url(self) -> str:
        return reverse("upload-original", args=[self.upload.uuid]) + "?download"

    # Time ------------------------------------------------------------------------------------------

    @cached_property
    def clock_row(self) -> RecordingClock | None:
        return clocks_heard([self.upload.pk], self.viewer, self.dossier).get(self.upload.pk)

    @cached_property
    def clock(self) -> Clocked | None:
        row = self.clock_row
        if row is None:
            return None
        return clocked(self.upload.pk, row.begins_at, row.rate, self.duration, self.blind)

    @cached_property
    def axis(self) -> Axis:
        """What of the recording the lanes show."""
        length = self.whole.length / self.zoom
        begin = min(max(self.centre - length / 2, self.whole.begin), self.whole.end - length)
        return Axis(begin, begin + length, self.clock)

    @cached_property
    def whole(self) -> Axis:
        """The recording, and what of its lessons lies before and after it, no further than it is long itself."""
        begin, end = 0.0, self.duration
        bare = Axis(begin, end, self.clock)
        for _session, sitting in self.sittings:
            since, until = bare.second(sitting.begins), bare.second(sitting.ends)
            begin = min(begin, since if since is not None else begin)
            end = max(end, until if until is not None else end)
        return Axis(max(begin, -self.duration), min(end, 2 * self.duration), self.clock)

    @cached_property
    def sittings(self) -> list[tuple[Session, Sitting]]:
        """The sessions during which it ran, by its clock; one that it only touches is not among them."""
        if self.clock is None:
            return []
        rules = ruleset(self.dossier.ruleset_id)
        planned = [
            (one, Sitting(one.pk, spans_of(one, rules))) for one in self.attendance.sessions if one.lessons
        ]
        least = min(TOUCHED, self.duration / 2)
        return [one for one in planned if _ran(coverage(one[1], [self.clock])) >= least]

    @cached_property
    def session(self) -> Session | None:
        """The session it is filed or proposed for, else the first one it covers."""
        filed = (
            Filing.objects.filter(places__sheet__upload=self.upload, session__isnull=False)
            .filter(state__in=(Filing.State.FILED, Filing.State.PROPOSED))
            .select_related("session")
            .order_by("state", "-id")
            .first()
        )
        if filed is not None:
            return filed.session
        return self.sittings[0][0] if self.sittings else None

    @property
    def heading(self) -> str:
        """“10-21 上午 理论 4 课时 · 顾承业”."""
        session = self.session
        if session is None:
            return gettext("还没有归到哪一节课")
        told = gettext("%(day)s %(half)s %(kind)s %(count)s 课时") % {
            "day": session.held_on.strftime("%m-%d"),
            "half": _half(session),
            "kind": session.get_kind_display(),
            "count": session.lessons,
        }
        return f"{told} · {session.lecturer}" if session.lecturer else told

    @property
    def day(self) -> str:
        if self.clock is not None:
            return timezone.localtime(self.clock.begins).strftime("%Y-%m-%d")
        return ""

    @property
    def room(self) -> str:
        return self.session.room if self.session else ""

    @property
    def begins_in_words(self) -> str:
        """On what ground the wall clock stands, and how far off it may be."""
        row = self.clock_row
        if row is None:
            return gettext("还没有对上时钟，时间都是录像内的时间。请在“课程与录像”里对时。")
        told = gettext("时钟按%(basis)s") % {"basis": row.get_basis_display()}
        if row.within_seconds >= 1:
            told = gettext("%(told)s，前后可差 %(off)s") % {"told": told, "off": lasting(row.within_seconds)}
        return told

    # Lanes -----------------------------------------------------------------------------------------

    @cached_property
    def incidents(self) -> list[FoundIncident]:
        return list(self.indexed.incidents.all()) if self.indexed else []

    @cached_property
    def blind(self) -> tuple[Edges, ...]:
        return blind_stretches(self.incidents)

    @cached_property
    def slides(self) -> list[ShownSlide]:
        return list(self.indexed.slides.all()) if self.indexed else []

    @cached_property
    def coverages(self) -> list[Coverage]:
        return [coverage(sitting, [self.clock]) for _one, sitting in self.sittings] if self.clock else []

    @cached_property
    def lanes(self) -> list[Lane]:
        made = [
            timetable_lane(self.axis, self.sittings),
            recording_lane(
                self.axis, self.duration, self.blind, self.coverages, is_looked_over=bool(self.indexed)
            ),
        ]
        return [*made, slides_lane(self.axis, self.slides)] if self.indexed else made

    @cached_property
    def incident_bars(self) -> list[IncidentBar]:
        return incident_bars(self.axis, self.incidents)

    @property
    def strip(self) -> list[StripTile]:
        """Pictures spread evenly over the recording; none before it was indexed."""
        told = self.indexed.storyboard.get("seconds") if self.indexed else None
        if not told:
            return []
        step = max(1, len(told) // STRIP)
        shown = told[step // 2 :: step][:STRIP]
        return [StripTile(at, stamp) for at, stamp in zip(shown, self.axis.short_stamps(shown), strict=True)]

    @property
    def incidents_note(self) -> str:
        return incidents_note(self.incidents)

    # People ----------------------------------------------------------------------------------------

    @cached_property
    def presence(self) -> RecordingPresence:
        """With her side's words; the bureau hears the institution's as handed in as well, its own going before."""
        heard = words_on_faces(self.dossier, self.viewer)
        return presence_of([self.upload.pk], heard=heard)[self.upload.pk]

    @property
    def tells_people(self) -> bool:
        """Whether somebody is named by the face in it: opening it is then a look at personal data."""
        return bool(self.presence.people)

    @property
    def tells_faces(self) -> bool:
        """Whether there is any face to draw, named or not."""
        return bool(self.presence.people or self.presence.strangers)

    @cached_property
    def attendance(self) -> Attendance:
        return attendance_of(self.dossier, self.viewer)

    @property
    def was_watched(self) -> bool:
        """Whether faces were looked for at all."""
        counted = self.indexed is not None and bool(self.indexed.heads)
        return counted or any(one.was_looked_for for one in self.presence.people.values())

    @property
    def why_not_counted(self) -> str:
        """Why it does not speak of attendance yet; empty where it does, or where nobody was looked for."""
        if self.indexed is None:
            return gettext("索引还没有编好：幻灯、异常和到场编好后列在这里。")
        if not self.was_watched or any(
            one.recording.key == self.upload.uuid for one in self.attendance.watched
        ):
            return ""
        if self.clock is None:
            return gettext("没有对上时钟，这段录像暂不计入考勤。")
        if self.clock_row.within_seconds > CLOSE_SECONDS:
            return gettext("时钟还不够准，这段录像暂不计入考勤。请在“课程与录像”里对时。")
        return gettext("还没有归件，这段录像暂不计入考勤。")

    @cached_property
    def shown(self) -> Shown:
        lessons = tuple(
            ((session.pk, number), self._edges(span.begins, span.ends))
            for session, sitting in self.sittings
            for number, span in enumerate(sitting.lessons, 1)
        )
        return Shown(self.duration, lessons, self.blind, self.was_watched)

    def _edges(self, begins, ends) -> Edges:
        start, end = self.axis.second(begins), self.axis.second(ends)
        return (start or 0.0, end or 0.0)

    @cached_property
    def everybody(self) -> list[PersonLane]:
        return person_lanes(self.axis, self.attendance, self.presence, self.shown)

    @cached_property
    def doubtful(self) -> list[PersonLane]:
        return [one for one in self.everybody if one.is_doubtful]

    @cached_property
    def listed(self) -> list[PersonLane]:
        return self.doubtful if self.only_doubtful else self.everybody

    @property
    def people(self) -> list[PersonLane]:
        return self.listed[self.first - 1 : self.last]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.listed) // PAGE))

    @property
    def page_no(self) -> int:
        return min(max(self.page, 1), self.pages)

    @property
    def first(self) -> int:
        return (self.page_no - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.page_no * PAGE, len(self.listed))

    # Elsewhere -------------------------------------------------------------------------------------

    @cached_property
    def shared(self) -> list[SharedRow]:
        return shared_rows(self.dossier, self.viewer, self.upload, self.axis)

    @cached_property
    def neighbours(self) -> tuple[Neighbour | None, Neighbour | None]:
        return neighbours(self.dossier, self.viewer, self.upload)

    @property
    def sum_of_people(self) -> str:
        """“第 1–10 人，共 30 人”."""
        if not self.listed:
            return gettext("没有可列的学员")
        count = len(self.listed)
        told = ngettext(
            "第 %(first)s–%(last)s 人，共 %(count)s 人", "第 %(first)s–%(last)s 人，共 %(count)s 人", count
        )
        return told % {"first": self.first, "last": self.last, "count": count}

    @property
    def following(self) -> int:
        """How many the next page lists."""
        return min(PAGE, len(self.listed) - self.last)

    @property
    def length(self) -> str:
        return running(self.duration)


def _ran(one: Coverage) -> float:
    """Seconds of the lessons during which it ran, whether there was something to see or not."""
    return one.sitting.seconds - sum(gap.seconds for gap in one.gaps)


def _half(session: Session) -> str:
    hour = session.starts_at.hour
    if hour < 12:
        return gettext("上午")
    return gettext("下午") if hour < 18 else gettext("晚上")
