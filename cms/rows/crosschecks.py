"""What the papers of a class say against each other: gathered in few queries, ready to print beside a row or point."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils.translation import gettext

from cms.rows.coverage import ClassCoverage
from cms.rows.remembered import Remembered
from cms.rows.values import Value, current_values
from cms.wording import say
from dossiers.crosschecks import (
    ClassPapers,
    Finding,
    Lesson,
    Outcome,
    Paper,
    Place,
    Programme,
    Said,
    Trainee,
    findings,
)
from dossiers.crosschecks.contracts import CERTIFICATES
from dossiers.crosschecks.words import FIELDS
from dossiers.models import Enrolment, FieldStatement, Filing, Sheet, Upload
from dossiers.numbering import normalised
from dossiers.permissions import visible_dossiers
from dossiers.standing import Standing
from dossiers.statements import Spot, in_force
from foundation.secrets import blind_index
from ingestion.columns import tables
from ingestion.models import FieldReading, PageReading

OTHERS = frozenset({"open_ended", "long_term", "birth_date", "exam_on"})
NAMES = frozenset(FIELDS) | OTHERS | {column.id for table in tables().values() for column in table.columns}
LESSON_PLAN, CERTIFICATE_NO = "lesson_plan", "certificate_no"


@dataclass(frozen=True)
class CheckRow:
    """One finding ready to print: of whom, what, what would settle it, and the page it stands on."""

    outcome: str
    who: str
    title: str
    text: str
    chip: str
    settle: str
    clause: str
    quote: str
    sheet: str
    url: str

    @property
    def kind(self) -> str:
        """How a chip looks: what blocks, and what is to be looked at."""
        return "block" if self.outcome == Outcome.FAIL else "doubt"


@dataclass(frozen=True)
class Tally:
    """How many comparisons agree, differ, and cannot be told."""

    agree: int = 0
    differ: int = 0
    unknown: int = 0

    @property
    def every(self) -> int:
        return self.agree + self.differ + self.unknown


class CrossFindings:
    """The cross-checks of one dossier for one viewer: her filings, her side's word on what stands on them.

    Four queries tell whether anything has changed since they were last worked out; then four more, however many
    trainees there are. Nothing is asked where nothing is filed.
    """

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    @cached_property
    def recorded(self) -> ClassCoverage:
        """Not a paper, but held against the timetable like one: what recordings show of the sessions."""
        return ClassCoverage(self.standing)

    @cached_property
    def found(self) -> tuple[Finding, ...]:
        if not self._sheets:
            return ()
        return KNOWN.answer(self._grounds, lambda: findings(self.papers, self.standing.ruleset.crosschecks))

    @property
    def _grounds(self) -> tuple[Hashable, ...]:
        """All that the findings rest on, short enough to be compared."""
        standing, viewer = self.standing, self.standing.viewer
        sheets = list(self._sheets)
        read = PageReading.objects.filter(sheet__in=sheets).aggregate(
            Count("pk"), Max("read_at"), Max("pk"), Count("fields")
        )
        said = FieldStatement.objects.filter(sheet__in=sheets).aggregate(
            Count("pk"), Max("pk"), Max("superseded_at"), Count("superseded_at")
        )
        return (
            standing.dossier.uuid,
            viewer.is_of_bureau,
            viewer.institution_id,
            viewer.county_id,
            self._programme.fingerprint,
            tuple(_trainee_stands(enrolment) for enrolment in standing.enrolments),
            tuple((one.held_on, one.lessons, one.kind, one.topic, one.lecturer) for one in standing.sessions),
            tuple((pk, filing.pk, filing.item_id, filing.kind) for pk, (_, filing) in self._sheets.items()),
            tuple(filing.enrolment_id for filing in self._filings),
            tuple(sorted(self._elsewhere.items())),
            *read.values(),
            *said.values(),
        )

    @cached_property
    def papers(self) -> ClassPapers:
        standing = self.standing
        papers = tuple(self._papers())
        return ClassPapers(
            programme=self._programme,
            trainees=tuple(_trainee(enrolment) for enrolment in standing.enrolments),
            lessons=tuple(
                Lesson(one.held_on, one.lessons, one.kind, one.topic, one.lecturer)
                for one in standing.sessions
            ),
            papers=papers,
            elsewhere=self._numbers_elsewhere(papers),
        )

    def of_item(self, item_id: str) -> tuple[Finding, ...]:
        return self._by_item.get(item_id, ())

    def of_trainee(self, enrolment: Enrolment) -> tuple[Finding, ...]:
        """What concerns her, what wants a hand first."""
        mine = [finding for finding in self.found if finding.trainee == enrolment.pk]
        return tuple(sorted(mine, key=lambda finding: ORDER.index(finding.outcome)))

    def of_point(self, item_id: str, point_id: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.of_item(item_id) if point_id in finding.check.points)

    def beside_no_point(self, item_id: str) -> tuple[Finding, ...]:
        """What concerns an item but no point of its checklist."""
        return tuple(finding for finding in self.of_item(item_id) if not finding.check.points)

    def row(self, finding: Finding) -> CheckRow:
        """The finding ready to print. It leads to the page it stands on, which opens as pages of persons do."""
        check = finding.check
        rule = self.standing.ruleset.rules.get(check.rule)
        sheet = finding.places[0].sheet if finding.places else ""
        return CheckRow(
            outcome=finding.outcome.value,
            who=self._who(finding),
            title=gettext(check.title),
            text=say(finding.told),
            chip=say(finding.chip),
            settle=say(finding.settle) if finding.settle else "",
            clause=gettext(rule.article) if rule else "",
            quote=rule.quote if rule else "",
            sheet=sheet,
            url=self.standing.dossier.screen("sheet", sheet) if sheet else "",
        )

    def rows(self, found: Iterable[Finding]) -> list[CheckRow]:
        return [self.row(finding) for finding in found]

    @cached_property
    def _by_item(self) -> dict[str, tuple[Finding, ...]]:
        grouped: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self.found:
            grouped[finding.check.item].append(finding)
        return {
            item: tuple(sorted(found, key=lambda finding: ORDER.index(finding.outcome)))
            for item, found in grouped.items()
        }

    @cached_property
    def _names(self) -> dict[int, str]:
        return {enrolment.pk: enrolment.name for enrolment in self.standing.enrolments}

    def _who(self, finding: Finding) -> str:
        return self._names.get(finding.trainee, finding.who) if finding.trainee else finding.who

    # Gathering --------------------------------------------------------------------------------------------
    @cached_property
    def _sheets(self) -> dict[int, tuple[Sheet, Filing]]:
        """Every page the viewer finds filed, with the filing it belongs to."""
        return {
            place.sheet.pk: (place.sheet, filing)
            for filing in self.standing.filings
            for place in filing.places.all()
            if place.sheet.upload.medium == Upload.Medium.PAPER
        }

    def _papers(self) -> Iterator[Paper]:
        if not self._sheets:
            return
        rows = PageReading.objects.filter(sheet__in=list(self._sheets))
        read = {
            pk: [str(document.get("kind", "")) for document in documents] or [kind]
            for pk, documents, kind in rows.values_list("sheet_id", "documents", "kind")
        }
        kinds = {pk: _kinds(filing, read.get(pk, [])) for pk, (_, filing) in self._sheets.items()}
        by_bureau = self.standing.viewer.is_of_bureau
        values = current_values(
            [sheet for sheet, _ in self._sheets.values()], by_bureau=by_bureau, names=NAMES
        )
        texts = self._texts(kinds)
        order = {filing.pk: at for at, filing in enumerate(sorted(self._filings, key=lambda one: one.pk))}
        for pk, (sheet, filing) in self._sheets.items():
            for number, kind in enumerate(kinds[pk]):
                said = [value for value in values.get(pk, ()) if value.spot.document == number]
                yield _paper(
                    sheet,
                    filing,
                    kind,
                    said,
                    filed=order[filing.pk],
                    text=texts.get(pk, "") if number == 0 else "",
                )

    @property
    def _filings(self) -> list[Filing]:
        return list({filing.pk: filing for _, filing in self._sheets.values()}.values())

    def _texts(self, kinds: dict[int, list[str]]) -> dict[int, str]:
        """The words of lesson plans, which topics are looked for in."""
        plans = [pk for pk, found in kinds.items() if LESSON_PLAN in found]
        if not plans:
            return {}
        return dict(PageReading.objects.filter(sheet__in=plans).values_list("sheet_id", "masked_text"))

    @cached_property
    def _programme(self) -> Programme:
        dossier, rules = self.standing.dossier, self.standing.ruleset
        return Programme(
            class_no=dossier.class_no,
            training_type=dossier.training_type,
            occupation=dossier.occupation,
            level=dossier.skill_level,
            levels={level.id: level.label for level in rules.skill_levels},
            categories={category.id: category.label for category in rules.person_categories},
            opener=dossier.opener.title,
            starts_on=dossier.starts_on,
            ends_on=dossier.ends_on,
            theory_lessons=dossier.theory_lessons,
            practice_lessons=dossier.practice_lessons,
            grammar=rules.certificates,
            asked_on_form=frozenset(one.id for one in rules.person_categories if one.on_form),
        )

    def _numbers_elsewhere(self, papers: Sequence[Paper]) -> dict[str, tuple[str, ...]]:
        """Our certificate numbers that papers of other classes bear too, with the classes' numbers."""
        numbers = {
            said.value
            for paper in papers
            if paper.kind in CERTIFICATES and (said := paper.said.get(CERTIFICATE_NO)) and said.value
        }
        return {
            normalised(number): classes
            for number in numbers
            if (classes := self._elsewhere.get(blind_index(number, CERTIFICATE_NO)))
        }

    @cached_property
    def _elsewhere(self) -> dict[str, tuple[str, ...]]:
        """By blind index: certificate numbers of ours that other classes this viewer may see have on paper too."""
        ours = FieldReading.objects.filter(name=CERTIFICATE_NO, reading__sheet__in=list(self._sheets))
        stated = FieldStatement.objects.filter(name=CERTIFICATE_NO, sheet__in=list(self._sheets))
        borne = Q(value_index__in=ours.values("value_index")) | Q(
            value_index__in=stated.values("value_index")
        )
        read = FieldReading.objects.filter(
            borne, self._filed_elsewhere("reading__sheet__"), name=CERTIFICATE_NO
        )
        said = in_force(
            FieldStatement.objects.filter(borne, self._filed_elsewhere("sheet__"), name=CERTIFICATE_NO)
        ).exclude(verdict=FieldStatement.Verdict.UNREADABLE)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for index, class_no in (
            *read.exclude(value_index="").values_list("value_index", "reading__sheet__dossier__class_no"),
            *said.exclude(value_index="").values_list("value_index", "sheet__dossier__class_no"),
        ):
            found[index].add(class_no)
        return {index: tuple(sorted(classes)) for index, classes in found.items()}

    def _filed_elsewhere(self, to_sheet: str) -> Q:
        """Pages of other classes that this viewer may see: the bureau only what was handed in."""
        viewer = self.standing.viewer
        others = visible_dossiers(viewer).exclude(pk=self.standing.dossier.pk)
        theirs = Q(
            **{
                f"{to_sheet}dossier__in": others.values("pk"),
                f"{to_sheet}places__filing__state": Filing.State.FILED,
            }
        )
        if viewer.is_of_bureau:
            theirs &= Q(**{f"{to_sheet}places__filing__handed_in_at__isnull": False})
        return theirs


#: Names and masked numbers stay in this process, and no longer than an hour.
KNOWN: Remembered[tuple[Finding, ...]] = Remembered(most=64, seconds=3600)
ORDER = (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN, Outcome.PASS, Outcome.WAIVED, Outcome.NOT_APPLICABLE)


def tally(found: Iterable[Finding]) -> Tally:
    outcomes = [finding.outcome for finding in found]
    return Tally(
        agree=outcomes.count(Outcome.PASS),
        differ=outcomes.count(Outcome.FAIL) + outcomes.count(Outcome.WARN),
        unknown=outcomes.count(Outcome.UNKNOWN),
    )


def _trainee_stands(enrolment: Enrolment) -> tuple[Hashable, ...]:
    return (
        enrolment.pk,
        enrolment.seq,
        enrolment.name,
        enrolment.person_id,
        enrolment.sex,
        enrolment.birth_date,
        enrolment.person_category,
        enrolment.passed,
        enrolment.withdrawn_on,
    )


def _trainee(enrolment: Enrolment) -> Trainee:
    return Trainee(
        key=enrolment.pk,
        seq=enrolment.seq,
        name=enrolment.name,
        id_number=enrolment.person.id_number.reveal_or_empty(),
        sex=enrolment.sex,
        birth_date=enrolment.birth_date,
        category=enrolment.person_category,
        passed=enrolment.passed,
        withdrawn=enrolment.withdrawn_on is not None,
    )


def _kinds(filing: Filing, read: Sequence[str]) -> list[str]:
    """What lies on a page: one kind a document. Where there is but one, the person who filed it says what it is."""
    return list(read) if len(read) > 1 else [filing.kind or (read[0] if read else "")]


def _paper(
    sheet: Sheet, filing: Filing, kind: str, values: Sequence[Value], *, filed: int, text: str
) -> Paper:
    single = {value.name: _said(sheet, value) for value in values if value.spot.in_row is None}
    rows: defaultdict[int, dict[str, Said]] = defaultdict(dict)
    for value in values:
        if value.spot.in_row is not None:
            rows[value.spot.in_row][value.name] = _said(sheet, value)
    return Paper(
        kind=kind,
        item=filing.item_id,
        trainee=filing.enrolment_id,
        said=single,
        rows=tuple(rows[at] for at in sorted(rows)),
        sheet=str(sheet.uuid),
        text=text,
        filed=filed,
    )


def _said(sheet: Sheet, value: Value) -> Said:
    spot: Spot = value.spot
    return Said(value.value, value.state, Place(str(sheet.uuid), spot.name, spot.in_row))
