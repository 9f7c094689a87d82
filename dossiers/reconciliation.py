"""Timetable, check-ins, sign-in sheets and what recordings show: one cell a trainee and lesson, with its evidence. Pure.

Each source says present, absent or nothing. What agrees is confirmed, what disagrees is contradicted and waits for a
person; "the camera could not see" says nothing and never becomes absence. Totals are whole numbers; what is undecided
is counted neither for nor against anybody.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

HALF_DAY = timedelta(
    hours=5
)  # a check-in speaks for lessons that begin so long behind it, not for the whole day
LATE_SHARE = 50  # per cent of a lesson that somebody may miss and still have been there
SEEN_SHARE, LOOKED_SHARE = (
    30,
    70,
)  # per cent of the lesson: seen often enough; looked at long enough to say "not there"


class Says(StrEnum):
    """What one source says of one trainee and lesson."""

    PRESENT = "present"
    ABSENT = "absent"
    NOTHING = "nothing"


class CellState(StrEnum):
    """What all sources together come to."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNVERIFIABLE = "unverifiable"
    ABSENT = "absent"
    TO_COME = "to_come"


class Source(StrEnum):
    """Where evidence comes from."""

    CHECK_IN = "check_in"
    SIGN_IN = "sign_in"
    RECORDING = "recording"
    PERSON = "person"


@dataclass(frozen=True)
class Lesson:
    """One lesson of a sitting. `has_check_ins`: some device spoke of this half day; so silence about one trainee means
    something. `listens_from`: earlier check-ins speak of another half day. `recorded`: a recording in which faces
    were looked for covers it."""

    key: Hashable
    sitting: Hashable
    begins: datetime
    ends: datetime
    kind: str = "theory"
    has_check_ins: bool = False
    recorded: bool = False
    listens_from: datetime | None = None

    @property
    def seconds(self) -> float:
        return (self.ends - self.begins).total_seconds()


@dataclass(frozen=True)
class CheckIn:
    """A device's record: `left` where it says that somebody went."""

    trainee: Hashable
    at: datetime
    device: str = ""
    method: str = ""
    left: bool = False


@dataclass(frozen=True)
class SignIn:
    """A line of a sign-in sheet for a sitting, signed or empty. Only a sheet that the teacher co-signed speaks."""

    trainee: Hashable
    sitting: Hashable
    cosigned: bool = False
    signed: bool = True


@dataclass(frozen=True)
class Seen:
    """A stretch of wall-clock time in which a recording showed a trainee, or could have shown her."""

    trainee: Hashable
    begins: datetime
    ends: datetime
    confirmed: bool = False


@dataclass(frozen=True)
class Settlement:
    """A person's word on one cell, with the reason: it stands above every source and takes none away."""

    trainee: Hashable
    lesson: Hashable
    says: Says
    reason: str
    by: str


@dataclass(frozen=True)
class Evidence:
    """What one source says, and the figures it says it with (times, seconds), ready to be worded."""

    source: Source
    says: Says
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """One trainee in one lesson."""

    trainee: Hashable
    lesson: Hashable
    state: CellState
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Total:
    """One trainee over all lessons held. `undecided` are contradicted or unverifiable."""

    trainee: Hashable
    held: int
    confirmed: int
    undecided: int
    absent: int

    def meets(self, percent: int) -> bool | None:
        """Whether the threshold is reached; None while what is undecided could still decide it."""
        if self.held == 0:
            return None
        if self.confirmed * 100 >= percent * self.held:
            return True
        return None if (self.confirmed + self.undecided) * 100 >= percent * self.held else False

    def needed(self, percent: int) -> int:
        """The least number of lessons that reaches the threshold."""
        return -(-percent * self.held // 100)

    @property
    def permille(self) -> int:
        """Confirmed lessons of a thousand held, cut and never rounded up."""
        return self.confirmed * 1000 // self.held if self.held else 0


@dataclass(frozen=True)
class Sources:
    """Everything that speaks of attendance. `no_faces`: trainees without consent, whom no recording may tell;
    `unsought`: (trainee, lesson's key) where the recording was not searched for her, as no portrait was there."""

    check_ins: Sequence[CheckIn] = ()
    sign_ins: Sequence[SignIn] = ()
    shown: Sequence[Seen] = ()
    verifiable: Sequence[Seen] = ()
    settlements: Sequence[Settlement] = ()
    no_faces: frozenset[Hashable] = frozenset()
    unsought: frozenset[tuple[Hashable, Hashable]] = frozenset()


def reconcile(
    lessons: Sequence[Lesson], trainees: Iterable[Hashable], sources: Sources, *, now: datetime
) -> tuple[Cell, ...]:
    """A cell for each trainee and lesson, trainees first, lessons as given."""
    by_trainee = _Index(sources)
    return tuple(_cell(lesson, trainee, by_trainee, now) for trainee in trainees for lesson in lessons)


def totals(cells: Iterable[Cell]) -> tuple[Total, ...]:
    """Each trainee's sum over lessons that were held; every held lesson is in exactly one of the three."""
    counted: dict[Hashable, dict[CellState, int]] = {}
    for cell in cells:
        states = counted.setdefault(cell.trainee, dict.fromkeys(CellState, 0))
        states[cell.state] += 1
    return tuple(
        Total(
            trainee,
            held=sum(count for state, count in states.items() if state != CellState.TO_COME),
            confirmed=states[CellState.CONFIRMED],
            undecided=states[CellState.CONTRADICTED] + states[CellState.UNVERIFIABLE],
            absent=states[CellState.ABSENT],
        )
        for trainee, states in counted.items()
    )


Row = TypeVar("Row", CheckIn, SignIn, Seen)


class _Index:
    """The sources by trainee: each is looked at once, not once a cell."""

    def __init__(self, sources: Sources) -> None:
        self.no_faces = sources.no_faces
        self.unsought = sources.unsought
        self.check_ins = _grouped(sources.check_ins)
        self.sign_ins = _grouped(sources.sign_ins)
        self.shown = _by_day(sources.shown)
        self.verifiable = _by_day(sources.verifiable)
        self.settled = {(one.trainee, one.lesson): one for one in sources.settlements}


def _grouped(rows: Sequence[Row]) -> dict[Hashable, list[Row]]:
    out: dict[Hashable, list[Row]] = {}
    for row in rows:
        out.setdefault(row.trainee, []).append(row)
    return out


def _by_day(spans: Sequence[Seen]) -> dict[tuple[Hashable, date], list[Seen]]:
    """A stretch over midnight stands on both days."""
    out: dict[tuple[Hashable, date], list[Seen]] = {}
    for one in spans:
        for day in {one.begins.date(), one.ends.date()}:
            out.setdefault((one.trainee, day), []).append(one)
    return out


def _cell(lesson: Lesson, trainee: Hashable, index: _Index, now: datetime) -> Cell:
    evidence = [
        _checked_in(lesson, index.check_ins.get(trainee, [])),
        _signed_in(lesson, index.sign_ins.get(trainee, [])),
        _shown(lesson, trainee, index),
    ]
    spoken = tuple(one for one in evidence if one is not None)
    if lesson.ends > now:
        return Cell(trainee, lesson.key, CellState.TO_COME, spoken)
    settled = index.settled.get((trainee, lesson.key))
    if settled is not None:
        word = Evidence(Source.PERSON, settled.says, {"reason": settled.reason, "by": settled.by})
        return Cell(trainee, lesson.key, _settled(settled.says), (*spoken, word))
    return Cell(trainee, lesson.key, _together(lesson, spoken), spoken)


def _settled(says: Says) -> CellState:
    return {
        Says.PRESENT: CellState.CONFIRMED,
        Says.ABSENT: CellState.ABSENT,
        Says.NOTHING: CellState.UNVERIFIABLE,
    }[says]


def _checked_in(lesson: Lesson, own: Sequence[CheckIn]) -> Evidence | None:
    """Present from a check-in until a check-out; silence of a device that spoke of others means absent."""
    if not lesson.has_check_ins:
        return None
    since = lesson.listens_from or lesson.begins - HALF_DAY
    around = [one for one in own if lesson.begins.date() == one.at.date() and one.at >= since]
    until = lesson.begins + _share(lesson, LATE_SHARE)
    came = [one for one in around if not one.left and one.at <= until]
    if not came:
        late = [one.at for one in around if not one.left]
        return Evidence(Source.CHECK_IN, Says.ABSENT, {"first": min(late)} if late else {})
    last = max(came, key=lambda one: one.at)
    gone = [one for one in around if one.left and last.at < one.at < lesson.ends - _share(lesson, LATE_SHARE)]
    facts: dict[str, object] = {"at": last.at, "device": last.device, "method": last.method}
    if gone:
        return Evidence(Source.CHECK_IN, Says.ABSENT, {**facts, "left": min(one.at for one in gone)})
    return Evidence(Source.CHECK_IN, Says.PRESENT, facts)


def _signed_in(lesson: Lesson, own: Sequence[SignIn]) -> Evidence | None:
    """A sheet says who came and whose line is empty; one without the teacher's hand is shown and says nothing."""
    here = [one for one in own if one.sitting == lesson.sitting]
    if not here:
        return None
    facts = {"cosigned": any(one.cosigned for one in here), "signed": any(one.signed for one in here)}
    if not facts["cosigned"]:
        return Evidence(Source.SIGN_IN, Says.NOTHING, facts)
    signed = any(one.signed for one in here if one.cosigned)
    return Evidence(Source.SIGN_IN, Says.PRESENT if signed else Says.ABSENT, facts)


def _shown(lesson: Lesson, trainee: Hashable, index: _Index) -> Evidence | None:
    """Seen often enough: present. Looked at long enough and hardly seen: absent. Everything else says nothing."""
    if not lesson.recorded:
        return None
    if trainee in index.no_faces:
        return Evidence(Source.RECORDING, Says.NOTHING, {"no_consent": True})
    if (trainee, lesson.key) in index.unsought:
        return Evidence(Source.RECORDING, Says.NOTHING, {"unsought": True})
    today = (trainee, lesson.begins.date())
    own = index.shown.get(today, [])
    seen = _covered(lesson, own)
    looked = _covered(lesson, [*index.verifiable.get(today, []), *own])
    confirmed = any(one.confirmed for one in own if one.begins < lesson.ends and lesson.begins < one.ends)
    facts = {"seen_seconds": round(seen), "looked_seconds": round(looked), "confirmed": confirmed}
    if seen * 100 >= SEEN_SHARE * lesson.seconds:
        return Evidence(Source.RECORDING, Says.PRESENT, facts)
    if looked * 100 >= LOOKED_SHARE * lesson.seconds and seen * 100 < SEEN_SHARE * looked:
        return Evidence(Source.RECORDING, Says.ABSENT, facts)
    return Evidence(Source.RECORDING, Says.NOTHING, facts)


def _together(lesson: Lesson, spoken: Sequence[Evidence]) -> CellState:
    says = {one.source: one.says for one in spoken}
    listed = _listed(says)
    shown = says.get(Source.RECORDING, Says.NOTHING)
    if _lists_differ(spoken) or {listed, shown} == {Says.PRESENT, Says.ABSENT}:
        return CellState.CONTRADICTED
    if listed == Says.ABSENT or (listed == Says.NOTHING and shown == Says.ABSENT):
        return CellState.ABSENT
    if listed == Says.PRESENT:
        return _confirmed_by_list(lesson, says, shown)
    alone = next((one for one in spoken if one.source == Source.RECORDING), None)
    if shown == Says.PRESENT and alone is not None and alone.facts.get("confirmed"):
        return CellState.CONFIRMED
    return CellState.UNVERIFIABLE


def _listed(says: Mapping[Source, Says]) -> Says:
    """What device and sheet say together: a co-signed sheet makes up for a device that did not know her."""
    sheet = says.get(Source.SIGN_IN, Says.NOTHING)
    return sheet if sheet != Says.NOTHING else says.get(Source.CHECK_IN, Says.NOTHING)


def _lists_differ(spoken: Sequence[Evidence]) -> bool:
    """Device and co-signed sheet say different things of her; that a device was silent is no word of its own."""
    by_source = {one.source: one for one in spoken}
    device, sheet = by_source.get(Source.CHECK_IN), by_source.get(Source.SIGN_IN)
    if device is None or sheet is None or {device.says, sheet.says} != {Says.PRESENT, Says.ABSENT}:
        return False
    return device.says == Says.PRESENT or bool(device.facts)


def _confirmed_by_list(lesson: Lesson, says: Mapping[Source, Says], shown: Says) -> CellState:
    """A recorded lesson in which the camera could not see her needs the co-signed sheet beside a device's record."""
    if shown == Says.PRESENT or not lesson.recorded or says.get(Source.SIGN_IN) == Says.PRESENT:
        return CellState.CONFIRMED
    return CellState.UNVERIFIABLE


def _share(lesson: Lesson, percent: int) -> timedelta:
    return (lesson.ends - lesson.begins) * percent / 100


def _covered(lesson: Lesson, spans: Iterable[Seen]) -> float:
    """Seconds of the lesson that lie in any of the spans, none twice."""
    cut = sorted(
        (max(one.begins, lesson.begins), min(one.ends, lesson.ends))
        for one in spans
        if one.begins < lesson.ends and lesson.begins < one.ends
    )
    total, until = 0.0, lesson.begins
    for begins, ends in cut:
        begins = max(begins, until)
        if ends > begins:
            total += (ends - begins).total_seconds()
            until = ends
    return total
