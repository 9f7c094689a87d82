"""Which recordings a class has and what of its theory sessions they show: gathered once for a viewer, ready to judge.

Only what a person filed covers a session; what waits in the tray is listed and shows nothing yet. A recording covers
whatever its clock says, also sessions it was not filed for.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from cms.rows.coverage_words import (
    astray_words,
    session_words,
    shorter_words,
    stretches_words,
    twin_words,
)
from cms.rows.looked import Looked, looked_at
from cms.rows.player_time import lasting
from dossiers.coverage import (
    Clocked,
    Coverage,
    Doubled,
    Overlap,
    Shared,
    Sitting,
    apart,
    coverage,
    doubled,
    in_no_lesson,
    overlaps,
    shorter_by,
)
from dossiers.models import Filing, RecordingClock, Session, Upload
from dossiers.permissions import visible_uploads
from dossiers.recordings import CLOSE_SECONDS, THEORY_VIDEO, clocked_of, clocks_heard, sitting_of
from dossiers.standing import Standing
from media_processing.models import FoundIncident, SharedStretch
from media_processing.tracks import Kind

COVERAGE_RULE = (
    "R13"  # of the ruleset: how much of a theory session must be recorded, and what gap is let pass
)
LEAST_OVERLAP = 5.0  # seconds; recorders cut their files a little over each other


class Judged(StrEnum):
    """How one session stands."""

    TO_COME = "to_come"
    NOT_ASKED = "not_asked"  # practice: the clause asks for theory
    NONE = "none"
    UNKNOWN = "unknown"  # recorded, but no clock says when
    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True)
class Recorded:
    """One recording of the class. `filing` is where it lies, or what is suggested for it."""

    upload: Upload
    filing: Filing | None
    clock: RecordingClock | None
    clocked: Clocked | None
    looked: Looked

    @property
    def is_filed(self) -> bool:
        filing = self.filing
        return filing is not None and filing.part == THEORY_VIDEO and filing.state != Filing.State.PROPOSED

    @property
    def basis(self) -> str:
        return self.clock.basis if self.clock is not None else ""

    @property
    def session_id(self) -> int | None:
        """Where it lies or is suggested; before that, the session that it was dropped on."""
        return self.upload.target_session_id if self.filing is None else self.filing.session_id


@dataclass(frozen=True)
class Twin:
    """The same recording in another class; `class_no` is empty where the viewer may not know which."""

    upload: int
    class_no: str
    seconds: float


@dataclass(frozen=True)
class SessionCoverage:
    """One session against the recordings that were filed."""

    session: Session
    sitting: Sitting
    judged: Judged
    coverage: Coverage | None
    own: tuple[Recorded, ...]  # filed for it
    besides: tuple[Recorded, ...]  # filed for another session, and shows this one too
    waiting: tuple[Recorded, ...]  # suggested for it, nobody has confirmed
    shorter_by: float = 0.0

    @property
    def filed(self) -> tuple[Recorded, ...]:
        return (*self.own, *self.besides)


@dataclass(frozen=True)
class Shortfall:
    """Something amiss with a session's recordings, in words, with the page where it is seen."""

    session: Session
    text: str
    url: str


class ClassCoverage:
    """Sessions and recordings of one class for one viewer; a fixed number of queries, none where nothing is recorded."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    @cached_property
    def allowed(self) -> tuple[int, int]:
        """Per cent of a session that must be recorded, and the seconds that may be missing."""
        params = self.standing.ruleset.rules[COVERAGE_RULE].params
        return int(str(params["video_coverage_min_pct"])), int(str(params["gap_tolerance_sec"]))

    @cached_property
    def sittings(self) -> dict[int, Sitting]:
        times = self.standing.ruleset.timetable
        return {one.pk: sitting_of(one, times) for one in self.standing.sessions}

    @cached_property
    def recordings(self) -> tuple[Recorded, ...]:
        """All of the class that this viewer may see, as they came in."""
        dossier, viewer = self.standing.dossier, self.standing.viewer
        uploads = list(
            visible_uploads(viewer).filter(dossier=dossier, medium=Upload.Medium.RECORDING, withdrawn_at=None)
        )
        if not uploads:
            return ()
        keys = [upload.pk for upload in uploads]
        clocks = clocks_heard(keys, viewer, dossier)
        looked = looked_at(dossier, uploads)
        blind = self._blind(keys)
        places = self._places
        return tuple(
            Recorded(
                upload=upload,
                filing=places.get(upload.pk),
                clock=clocks.get(upload.pk),
                clocked=clocked_of(upload, clocks[upload.pk], blind[upload.pk])
                if upload.pk in clocks
                else None,
                looked=looked[upload.pk],
            )
            for upload in uploads
        )

    @cached_property
    def filed(self) -> tuple[Recorded, ...]:
        return tuple(one for one in self.recordings if one.is_filed)

    @cached_property
    def trusted(self) -> tuple[Clocked, ...]:
        """Filed recordings by their clock, but for those whose clock contradicts the session they are filed for.

        Such a clock shows nothing anywhere until a person has looked: it is neither shifted nor believed.
        """
        return tuple(one.clocked for one in self.filed if one.clocked is not None and not self.is_astray(one))

    def is_astray(self, one: Recorded) -> bool:
        """Whether its clock does not touch the session it is filed or suggested for."""
        sitting = self.sittings.get(one.session_id) if one.session_id is not None else None
        return sitting is not None and one.clocked is not None and apart(sitting, one.clocked) is not None

    @cached_property
    def sessions(self) -> tuple[SessionCoverage, ...]:
        return tuple(self._session(session) for session in self.standing.sessions)

    @cached_property
    def unplaced(self) -> tuple[Recorded, ...]:
        """Recordings that belong to no session yet."""
        return tuple(one for one in self.recordings if one.session_id not in self.sittings)

    @cached_property
    def outside(self) -> frozenset[object]:
        """Uploads (primary keys) whose clock lies in no lesson of the class."""
        clocked = [one.clocked for one in self.recordings if one.clocked is not None]
        return frozenset(in_no_lesson(clocked, list(self.sittings.values())))

    @cached_property
    def overlapping(self) -> tuple[Overlap, ...]:
        return overlaps(self.trusted, least=LEAST_OVERLAP)

    @cached_property
    def doubled(self) -> tuple[Doubled, ...]:
        """The same recording shown for two sessions of this class."""
        shared = [_shared(one) for one in self._stretches]
        return doubled(shared, self.trusted, list(self.sittings.values()))

    @cached_property
    def twins(self) -> tuple[Twin, ...]:
        """The same recording in other classes; those the viewer may not see stay without a number."""
        ours = {one.upload.pk for one in self.recordings}
        others = [
            (one, one.again if one.first_id in ours else one.first)
            for one in self._stretches
            if (one.first_id in ours) != (one.again_id in ours)
        ]
        keys = [other.pk for _, other in others]
        seen = (
            set(visible_uploads(self.standing.viewer).filter(pk__in=keys).values_list("pk", flat=True))
            if keys
            else set()
        )
        return tuple(
            Twin(
                upload=one.first_id if one.first_id in ours else one.again_id,
                class_no=other.dossier.class_no if other.pk in seen else "",
                seconds=one.seconds,
            )
            for one, other in others
        )

    def of(self, session: Session) -> SessionCoverage:
        return next(one for one in self.sessions if one.session.pk == session.pk)

    def shortfalls(self) -> Iterator[Shortfall]:
        """What the board tells: a theory session short of the ruleset's figure, a clock astray, a recording used twice."""
        for one in self.sessions:
            astray = list(self._astray(one))
            if one.judged == Judged.SHORT and not (astray and one.coverage and not one.coverage.recordings):
                yield Shortfall(one.session, self._missing_words(one), self.address(one.session))
            elif one.judged == Judged.UNKNOWN and one.shorter_by:
                yield Shortfall(one.session, self._shorter_words(one), self.address(one.session))
            yield from astray
        yield from self._twice()

    def address(self, session: Session) -> str:
        """The screen at this session."""
        return f"{self.standing.dossier.screen('sessions')}#sitting-{session.uuid}"

    # Gathering --------------------------------------------------------------------------------------------
    @cached_property
    def _places(self) -> dict[int, Filing]:
        """By upload: what it is filed as, else what is suggested for it."""
        return {
            place.sheet.upload_id: filing
            for filing in (*self.standing.proposals, *self.standing.filings)
            for place in filing.places.all()
            if place.sheet.upload.medium == Upload.Medium.RECORDING
        }

    def _blind(self, uploads: Sequence[int]) -> defaultdict[int, list[tuple[float, float]]]:
        found: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
        rows = FoundIncident.objects.filter(
            indexed__upload__in=uploads, kind__in=(Kind.BLACK.value, Kind.FROZEN.value)
        )
        for upload, start, end in rows.values_list("indexed__upload", "start", "end"):
            found[upload].append((start, end))
        return found

    @cached_property
    def _stretches(self) -> list[SharedStretch]:
        keys = [one.upload.pk for one in self.recordings]
        if not keys:
            return []
        rows = SharedStretch.objects.filter(Q(first__in=keys) | Q(again__in=keys))
        rows = rows.filter(first__withdrawn_at=None, again__withdrawn_at=None)
        return list(rows.select_related("first__dossier", "again__dossier"))

    def _session(self, session: Session) -> SessionCoverage:
        sitting = self.sittings[session.pk]
        own = tuple(one for one in self.filed if one.session_id == session.pk)
        waiting = tuple(one for one in self.recordings if one.session_id == session.pk and not one.is_filed)
        found = coverage(sitting, self.trusted)
        besides = tuple(
            one
            for one in self.filed
            if one.session_id != session.pk and one.upload.pk in found.recordings and _is_close(one)
        )
        short = shorter_by(
            sitting, [one.upload.duration_seconds or 0 for one in own], allowed=self.allowed[1]
        )
        judged = self._judged(session, found, (*own, *besides))
        return SessionCoverage(
            session=session,
            sitting=sitting,
            judged=judged,
            coverage=found if found.recordings or judged == Judged.SHORT else None,
            own=own,
            besides=besides,
            waiting=waiting,
            shorter_by=short if own and not besides else 0.0,
        )

    def _judged(self, session: Session, found: Coverage, filed: Sequence[Recorded]) -> Judged:
        if session.kind != Session.Kind.THEORY:
            return Judged.NOT_ASKED
        if not filed:
            return Judged.TO_COME if found.sitting.ends > timezone.now() else Judged.NONE
        if any(one.clocked is None for one in filed):
            return Judged.FULL if self._is_full(found) else Judged.UNKNOWN
        return Judged.FULL if self._is_full(found) else Judged.SHORT

    def _is_full(self, found: Coverage) -> bool:
        pct, gap = self.allowed
        return found.is_full(pct=pct, gap=gap)

    # Words ------------------------------------------------------------------------------------------------
    def _missing_words(self, one: SessionCoverage) -> str:
        found = one.coverage
        missing = [*found.gaps, *found.blind] if found is not None else list(one.sitting.lessons)
        seconds = found.seconds_missing if found is not None else one.sitting.seconds
        return gettext("%(session)s：录像缺 %(missing)s（%(times)s）") % {
            "session": session_words(one.session),
            "missing": lasting(seconds),
            "times": stretches_words(sorted(missing)),
        }

    def _shorter_words(self, one: SessionCoverage) -> str:
        return gettext("%(session)s：%(short)s") % {
            "session": session_words(one.session),
            "short": shorter_words(one.shorter_by),
        }

    def _astray(self, one: SessionCoverage) -> Iterator[Shortfall]:
        for recorded in one.own:
            words = astray_words(one.sitting, recorded.clocked, recorded.basis)
            if words:
                text = gettext("%(session)s：%(what)s") % {
                    "session": session_words(one.session),
                    "what": words,
                }
                yield Shortfall(one.session, text, self.address(one.session))

    def _twice(self) -> Iterator[Shortfall]:
        by_key = {session.pk: session for session in self.standing.sessions}
        for one in self.doubled:
            first, again = by_key[one.first_sittings[0]], by_key[one.again_sittings[0]]
            text = gettext("%(first)s 与 %(again)s 是同一段录像，%(seconds)s") % {
                "first": session_words(first),
                "again": session_words(again),
                "seconds": lasting(one.shared.seconds),
            }
            yield Shortfall(again, text, self.address(again))
        for twin in self.twins:
            session = next(
                (by_key[one.session_id] for one in self.filed if one.upload.pk == twin.upload), None
            )
            if session is not None:
                text = gettext("%(session)s：%(what)s") % {
                    "session": session_words(session),
                    "what": twin_words(twin.class_no, twin.seconds),
                }
                yield Shortfall(session, text, self.address(session))


def _shared(one: SharedStretch) -> Shared:
    return Shared(one.first_id, one.again_id, one.first_start, one.again_start, one.seconds)


def _is_close(one: Recorded) -> bool:
    return one.clock is not None and one.clock.within_seconds <= CLOSE_SECONDS
