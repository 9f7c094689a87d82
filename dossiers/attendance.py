"""Who was in which lesson, for one viewer: the dossier's rows gathered in a fixed number of queries and reconciled.

What recordings show is handed in (`Watched`), for the domain knows no recordings workshop. The bureau hears the
institution's records as they were handed in; its own words stand above them for itself and beside them for all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import cast

from django.db.models import Q
from django.utils import timezone

from dossiers.consents import FACE, consenting
from dossiers.coverage import Clocked, Span, lessons, within
from dossiers.models import (
    Account,
    AttendanceWord,
    CheckIn,
    DossierPage,
    Enrolment,
    Session,
    SignInLine,
)
from dossiers.permissions import institution_heard
from dossiers.reconciliation import (
    HALF_DAY,
    Cell,
    Lesson,
    Says,
    Seen,
    Settlement,
    SignIn,
    Sources,
    Total,
    reconcile,
    totals,
)
from dossiers.reconciliation import CheckIn as Came
from dossiers.recordings import begins_at
from dossiers.rulesets import Rule, Ruleset, ruleset

LONG_BREAK = timedelta(minutes=60)  # a longer one parts half days: who came in the morning checks in anew
EARLY = timedelta(minutes=90)  # before an afternoon begins; an earlier record is of somebody going to lunch
COVERED_SHARE = 50  # per cent of a lesson that recordings must run, to speak of it at all

BIOMETRIC = (CheckIn.Method.FACE, CheckIn.Method.FINGERPRINT)

Slot = tuple[int, int]  # a session's key, and which of its lessons, from 1


@dataclass(frozen=True)
class Shown:
    """What one recording told of one trainee: (start, end, confirmed) and (start, end), in its seconds."""

    spans: tuple[tuple[float, float, bool], ...] = ()
    verifiable: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Watched:
    """A recording in which faces were looked for, by the wall clock; `people` by the enrolment's key."""

    recording: Clocked
    people: Mapping[int, Shown] = field(default_factory=dict)


@dataclass(frozen=True)
class Threshold:
    """How many lessons of a hundred a trainee must have been in, and which clause says so."""

    percent: int
    rule: str
    article: str
    quote: str


@dataclass(frozen=True)
class Verdict:
    """One trainee against the threshold. `short`: lessons that are missing for certain; `meets` None: still open."""

    total: Total
    threshold: Threshold | None

    @property
    def meets(self) -> bool | None:
        return self.total.meets(self.threshold.percent) if self.threshold else None

    @property
    def needed(self) -> int:
        return self.total.needed(self.threshold.percent) if self.threshold else 0

    @property
    def short(self) -> int:
        return max(0, self.needed - self.total.confirmed - self.total.undecided)


def threshold_of(dossier: DossierPage, rules: Ruleset) -> Threshold | None:
    """The strictest threshold that the ruleset asks of this kind of training; None where it asks none."""
    asked = [rule for rule in rules.rules.values() if rule.check == "attendance" and _applies(rule, dossier)]
    found = [
        Threshold(int(str(rule.params[str(rule.using["pct"])])), rule.id, rule.article, rule.quote)
        for rule in asked
    ]
    return max(found, key=lambda one: one.percent, default=None)


class Attendance:
    """Everything the grid, its print and the findings ask of one dossier. Six queries, however many people and lessons."""

    def __init__(
        self,
        dossier: DossierPage,
        viewer: Account,
        watched: Sequence[Watched] = (),
        *,
        now: datetime | None = None,
    ) -> None:
        self.dossier = dossier
        self.viewer = viewer
        self.watched = tuple(watched)
        self.now = now or timezone.now()

    @cached_property
    def rules(self) -> Ruleset:
        return ruleset(self.dossier.ruleset_id)

    @cached_property
    def threshold(self) -> Threshold | None:
        return threshold_of(self.dossier, self.rules)

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """Who is to attend: whoever has not left the class."""
        return list(self.dossier.enrolments.filter(withdrawn_on=None).order_by("seq", "id"))

    @cached_property
    def sessions(self) -> list[Session]:
        return list(self.dossier.sessions.all())

    @cached_property
    def check_ins(self) -> list[CheckIn]:
        rows = CheckIn.objects.filter(
            self._heard("taken_from__made_at", "taken_from__undone_at"), dossier=self.dossier
        )
        return list(rows)

    @cached_property
    def sign_ins(self) -> list[SignInLine]:
        """One line a trainee and session: what was taken back after the hand-in brings no earlier one back there."""
        rows = SignInLine.objects.filter(self._heard("made_at", "superseded_at"), dossier=self.dossier)
        ordered = rows.select_related("made_by", "sheet").order_by("made_at", "pk")
        return list({(one.enrolment_id, one.session_id): one for one in ordered}.values())

    @cached_property
    def words(self) -> list[AttendanceWord]:
        """The words in force of both sides, as this viewer may hear them."""
        theirs = Q(by_bureau=False) & self._heard("made_at", "superseded_at")
        bureau = Q(by_bureau=True, superseded_at=None)
        rows = AttendanceWord.objects.filter(theirs | bureau, dossier=self.dossier)
        ordered = rows.select_related("made_by").order_by("made_at", "pk")
        latest = {(one.enrolment_id, one.session_id, one.lesson, one.by_bureau): one for one in ordered}
        return list(latest.values())

    @cached_property
    def consenting(self) -> frozenset[int]:
        """Trainees whose consent to have their faces looked for is in force."""
        return frozenset(consenting([one.pk for one in self.enrolments], FACE))

    @cached_property
    def lessons(self) -> list[Lesson]:
        """Every lesson of the timetable in order, with what spoke of it."""
        planned = [(session, spans_of(session, self.rules)) for session in self.sessions]
        made: list[Lesson] = []
        for half_day, since in _half_days(planned):
            spoken = self._any_came(since, half_day[-1][1][-1].ends)
            for session, spans in half_day:
                for number, span in enumerate(spans, 1):
                    made.append(
                        Lesson(
                            key=(session.pk, number),
                            sitting=session.pk,
                            begins=span.begins,
                            ends=span.ends,
                            kind=session.kind,
                            has_check_ins=spoken,
                            recorded=self._is_recorded(span),
                            listens_from=since,
                        )
                    )
        return made

    @cached_property
    def cells(self) -> dict[int, dict[Slot, Cell]]:
        """By trainee, then by lesson."""
        found: dict[int, dict[Slot, Cell]] = {one.pk: {} for one in self.enrolments}
        for cell in reconcile(self.lessons, [one.pk for one in self.enrolments], self.sources, now=self.now):
            trainee, lesson = cast(tuple[int, Slot], (cell.trainee, cell.lesson))
            found[trainee][lesson] = cell
        return found

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        sums = {
            one.trainee: one for one in totals(cell for row in self.cells.values() for cell in row.values())
        }
        return {
            one.pk: Verdict(sums.get(one.pk, Total(one.pk, 0, 0, 0, 0)), self.threshold)
            for one in self.enrolments
        }

    @property
    def falls_short(self) -> list[tuple[Enrolment, Verdict]]:
        """Who is under the threshold whatever is still undecided."""
        return [
            (one, self.verdicts[one.pk]) for one in self.enrolments if self.verdicts[one.pk].meets is False
        ]

    @cached_property
    def sources(self) -> Sources:
        shown, verifiable = self._seen()
        return Sources(
            check_ins=[
                Came(one.enrolment_id, timezone.localtime(one.at), one.device, one.method, one.left)
                for one in self.check_ins
            ],
            sign_ins=[
                SignIn(one.enrolment_id, one.session_id, one.cosigned, one.signed) for one in self.sign_ins
            ],
            shown=shown,
            verifiable=verifiable,
            settlements=[
                Settlement(
                    one.enrolment_id,
                    (one.session_id, one.lesson),
                    Says(one.says),
                    one.reason,
                    one.made_by.full_name,
                )
                for one in self.words_that_count.values()
            ],
            no_faces=frozenset(one.pk for one in self.enrolments) - self.consenting,
            unsought=self._unsought(),
        )

    @cached_property
    def words_that_count(self) -> dict[tuple[int, Slot], AttendanceWord]:
        """The word that settles a cell for this viewer: her side's; the bureau, where silent, hears the institution."""
        heard: dict[tuple[int, Slot], AttendanceWord] = {}
        for word in sorted(self.words, key=lambda one: one.by_bureau):
            if word.by_bureau and not self.viewer.is_of_bureau:
                continue
            heard[word.enrolment_id, (word.session_id, word.lesson)] = word
        return heard

    @cached_property
    def disputed(self) -> frozenset[tuple[int, Slot]]:
        """Cells on which institution and bureau say different things."""
        said: dict[tuple[int, Slot], set[str]] = defaultdict(set)
        for word in self.words:
            said[word.enrolment_id, (word.session_id, word.lesson)].add(word.says)
        return frozenset(cell for cell, all_said in said.items() if len(all_said) > 1)

    def covering(self, span: Span) -> list[Watched]:
        """The recordings that run during this stretch."""
        return [one for one in self.watched if within([span], [one.recording.runs])]

    def attended(self, enrolment: Enrolment, *, until: date) -> int | None:
        """Lessons confirmed, once what is undecided can change no verdict and every lesson to that day was held."""
        verdict = self.verdicts.get(enrolment.pk)
        planned = sum(lesson.begins.date() <= until for lesson in self.lessons)
        if verdict is None or not planned or verdict.total.held != planned:
            return None
        if verdict.meets is None and verdict.total.undecided:
            return None
        return verdict.total.confirmed

    def checked_in_by(self, session: Session) -> tuple[str | None, bool | None]:
        """How people came to a session: face or fingerprint before all else, then "sign_in" and whether the teacher
        signed too, then another way; nothing where nothing is recorded."""
        lines = [line for line in self.sign_ins if line.session_id == session.pk]
        cosigned = all(line.cosigned for line in lines) if lines else None
        found = self._ways(session)
        biometric = next((way for way in BIOMETRIC if way in found), None)
        if biometric:
            return biometric, cosigned
        return ("sign_in", cosigned) if lines else (found[0] if found else None, None)

    def _ways(self, session: Session) -> list[str]:
        """The ways in which people checked in for a session, the most frequent first."""
        own = [lesson for lesson in self.lessons if lesson.sitting == session.pk]
        if not own:
            return []
        since, until = own[0].listens_from, own[-1].ends
        came = [one for one in self.check_ins if not one.left and since and since <= one.at <= until]
        return [way for way, _count in Counter(one.method for one in came).most_common()]

    def _any_came(self, since: datetime, until: datetime) -> bool:
        return any(not one.left and since <= one.at <= until for one in self.check_ins)

    def _is_recorded(self, lesson: Span) -> bool:
        ran = within([lesson], [one.recording.runs for one in self.watched])
        return sum(span.seconds for span in ran) * 100 >= COVERED_SHARE * lesson.seconds

    def _seen(self) -> tuple[list[Seen], list[Seen]]:
        shown: list[Seen] = []
        verifiable: list[Seen] = []
        for one in self.watched:
            at = one.recording.at
            for person, told in one.people.items():
                shown += [_local(Seen(person, at(start), at(end), sure)) for start, end, sure in told.spans]
                verifiable += [_local(Seen(person, at(start), at(end))) for start, end in told.verifiable]
        return shown, verifiable

    def _unsought(self) -> frozenset[tuple[int, Slot]]:
        """Where recordings ran and none was searched for her."""
        found: set[tuple[int, Slot]] = set()
        for lesson in self.lessons:
            if not lesson.recorded:
                continue
            sought = {
                person for one in self.covering(Span(lesson.begins, lesson.ends)) for person in one.people
            }
            slot = cast(Slot, lesson.key)
            found |= {(one.pk, slot) for one in self.enrolments if one.pk not in sought}
        return frozenset(found)

    def _heard(self, made: str, ended: str) -> Q:
        return institution_heard(self.viewer, self.dossier, made=made, ended=ended)


def spans_of(session: Session, rules: Ruleset) -> tuple[Span, ...]:
    """The lessons of a session by the wall clock."""
    return lessons(begins_at(session), session.lessons, rules.timetable)


Planned = tuple[Session, tuple[Span, ...]]


def _half_days(planned: Iterable[Planned]) -> list[tuple[list[Planned], datetime]]:
    """Sessions of one day without a long break between them, and from when on check-ins speak of them."""
    ordered = sorted((one for one in planned if one[1]), key=lambda one: one[1][0].begins)
    found: list[tuple[list[Planned], datetime]] = []
    last: datetime | None = None
    for one in ordered:
        begins, ends = one[1][0].begins, one[1][-1].ends
        if last is None or last.date() != begins.date():
            found.append(([one], begins - HALF_DAY))
        elif begins - last > LONG_BREAK:
            found.append(([one], max(last, begins - EARLY)))
        else:
            found[-1][0].append(one)
        last = ends
    return found


def _local(seen: Seen) -> Seen:
    return replace(seen, begins=timezone.localtime(seen.begins), ends=timezone.localtime(seen.ends))


def _applies(rule: Rule, dossier: DossierPage) -> bool:
    return (not rule.types or dossier.training_type in rule.types) and (
        not rule.ledgers or dossier.ledger_id in rule.ledgers
    )
