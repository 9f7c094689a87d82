"""The demo's four classes: in the midst of filing, sent back, completed, and just handed in; papers drawn by our generator.

2026-014  twelve trainees of an enterprise: half filed; in the tray the others' papers, one number that fails its
          check, one paper of another class; three papers are missing; the first theory lesson's beginning is recorded
2026-017  three trainees, sent back by the reviewer with a reason
2026-009  three trainees, completed
2026-021  twelve trainees of the key groups, handed in and waiting for a reviewer

Files are taken in before anything is filed, those that stay in the tray first: the worker reads in that order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path

from cms import intake
from cms.demo_attendance import check_everybody_in
from cms.demo_consents import answer_consents
from cms.demo_recording import record_lesson
from dossiers.actions import course, ledger, people, review
from dossiers.ledgers import Ledger, LedgerItem
from dossiers.models import Account, DossierPage, InstitutionPage, Session, Sheet
from dossiers.numbering import holds_id_number
from dossiers.permissions import current_filings
from dossiers.rulesets import ruleset
from dossiers.standing import Standing, ledger_of
from ingestion.specimens.box import NO_FAULTS, Bundle, Faults, Paper, class_people, draw_bundles, make_box
from ingestion.specimens.clip import make_clip
from ingestion.specimens.course import SpecimenCourse, make_course
from ingestion.specimens.papers import PROOF_BY_CATEGORY
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.truth import PRINTED_DATE, BoxTruth, PageTruth

TRAINEES = 12
FEW = 3
FILED_TRAINEES = 6  # of 2026-014; the papers of the others wait in the tray
FAULTS = Faults(missing=3, wrong_id_number=1, other_class=1)
FIRST_CLASS, RETURNED_CLASS, COMPLETED_CLASS, LAST_CLASS = "2026-014", "2026-017", "2026-009", "2026-021"
CLIP_SECONDS = 3
PHOTOGRAPH = Bundle(".jpg", (Paper("site_photo"),))
RETURN_REASON = "缺培训机构盖章"
RETURN_REMEDY = "请在申请表下方盖章后重新扫描这一页。"

DATES = ("issued_on", "signed_on", "inspected_on")
# The day a paper prints where the truth names no field for it: an attribute of the invented course.
PRINTED_DAYS = {
    "class_opening_application": "applied_on",
    "trainee_registration_form": "applied_on",
    "cooperation_agreement": "applied_on",
    "lesson_plan": "starts_on",
    "final_exam_paper": "examined_on",
    "score_sheet": "examined_on",
    "subsidy_application": "issued_on",
    "invoice": "issued_on",
}


@dataclass(frozen=True)
class Taken:
    """One page that came in: what is true of it, and the sheet it became."""

    truth: PageTruth
    sheet: Sheet


@dataclass(frozen=True)
class DemoClass:
    """A class that is open, with its roster and timetable, before any paper."""

    dossier: DossierPage
    told: SpecimenCourse
    by: Account


def make_all(folder: Path, accounts: dict[str, Account]) -> None:
    """Every class of the demo, the one with work in its tray first."""
    _enterprise_class(folder / FIRST_CLASS, accounts)
    _returned_class(folder / RETURNED_CLASS, accounts)
    _completed_class(folder / COMPLETED_CLASS, accounts)
    _key_group_class(folder / LAST_CLASS, accounts)


def _enterprise_class(folder: Path, accounts: dict[str, Account]) -> None:
    truth = make_box(
        folder, ledger="enterprise_14", trainees=TRAINEES, seed=14, faults=FAULTS, wear=False, stacked=True
    )
    firm, clerk = accounts["firm"], accounts["clerk"]
    made = _open(truth.course, truth.people, opened_by=firm, by=clerk, partner=clerk.institution)
    waits = {page.file for page in truth.pages if not _is_filed(page)}
    files = sorted(dict.fromkeys(page.file for page in truth.pages), key=lambda name: name not in waits)
    taken = _take_in(made, truth, folder, files)
    _file(made, [one for one in taken if _is_filed(one.truth)])
    _record_a_lesson(made, folder)
    check_everybody_in(made.dossier, by=clerk)
    course.move_stage(made.dossier, by=clerk, stage="examination")


def _is_filed(page: PageTruth) -> bool:
    return not page.fault and (page.trainee is None or page.trainee < FILED_TRAINEES)


def _key_group_class(folder: Path, accounts: dict[str, Account]) -> None:
    """Twelve trainees, everything there, handed in."""
    truth = make_box(
        folder, ledger="key_group_17", trainees=TRAINEES, seed=21, faults=NO_FAULTS, wear=False, stacked=True
    )
    made = _open(truth.course, truth.people, opened_by=accounts["clerk"], by=accounts["clerk"])
    more = draw_bundles(folder / "more", [PHOTOGRAPH] * 2, truth.course, truth.people, seed=22, wear=False)
    _file(made, _take_in(made, truth, folder))
    _file(made, _take_in(made, more, folder / "more"))
    _finish_and_hand_in(made, folder)


def _returned_class(folder: Path, accounts: dict[str, Account]) -> None:
    """Sent back by the reviewer for one page, with a reason."""
    reviewer = accounts["reviewer"]
    dossier = _small_class(folder, RETURNED_CLASS, 17, date(2026, 10, 12), accounts["clerk"])
    course.start_review(dossier, by=reviewer)
    item_id = "class_opening_application"
    filing = current_filings(reviewer, dossier).filter(item_id=item_id).get()
    review.return_item(
        dossier,
        _seen(Standing(dossier, reviewer), item_id),
        by=reviewer,
        reason=RETURN_REASON,
        remedy=RETURN_REMEDY,
        filing=filing,
        sheet=filing.places.get().sheet,
    )
    course.return_dossier(dossier, by=reviewer)


def _completed_class(folder: Path, accounts: dict[str, Account]) -> None:
    """Reviewed to the end: what an archivist finds."""
    reviewer = accounts["reviewer"]
    dossier = _small_class(folder, COMPLETED_CLASS, 9, date(2026, 8, 3), accounts["clerk"])
    course.start_review(dossier, by=reviewer)
    filed = current_filings(reviewer, dossier).values_list("item_id", flat=True)
    standing = Standing(dossier, reviewer)
    seen = [_seen(standing, item_id) for item_id in dict.fromkeys(filed)]
    review.tick_items(dossier, seen, by=reviewer)
    course.complete(dossier, by=reviewer)


def _seen(standing: Standing, item_id: str) -> review.Seen:
    """An item as it now lies before this reviewer."""
    item = standing.item(item_id)
    if item is None or item.record is None:
        raise LookupError(item_id)
    return review.Seen(item_id, item.record.version, item.sha256)


def _small_class(folder: Path, class_no: str, seed: int, starts_on: date, clerk: Account) -> DossierPage:
    """Three trainees, two days, everything there in a few stacks, handed in."""
    told = make_course(class_no, ledger="key_group_17", seed=seed, days=2, starts_on=starts_on)
    trainees = class_people("key_group_17", FEW, seed)
    truth = draw_bundles(folder, _small_stacks(trainees), told, trainees, seed=seed, wear=False)
    made = _open(told, trainees, opened_by=clerk, by=clerk)
    _file(made, _take_in(made, truth, folder))
    _finish_and_hand_in(made, folder)
    return made.dossier


def _small_stacks(trainees: Sequence[SpecimenPerson]) -> list[Bundle]:
    """The papers before the class, those after it, the photographs, and a stack for each trainee."""
    before = ("class_opening_application", "course_schedule", "lesson_plan", "trainee_roster")
    after = ("attendance_record", "score_sheet", "subsidy_application", "quality_spot_check_record")
    money = ("invoice", "completion_report", "living_allowance_payment_list")
    stacks = [Bundle(".pdf", tuple(Paper(name) for name in names)) for names in (before, after + money)]
    return [*stacks, *[PHOTOGRAPH] * 3, *(_stack_of(person) for person in trainees)]


def _stack_of(person: SpecimenPerson) -> Bundle:
    names = [
        "id_card_copy",
        "trainee_registration_form",
        "final_exam_paper",
        "training_completion_certificate",
    ]
    if person.person_category in PROOF_BY_CATEGORY:
        names.append(PROOF_BY_CATEGORY[person.person_category])
    if person.index % 3 == 0:
        names.append("employment_proof")
    return Bundle(".pdf", tuple(Paper(name, person) for name in names))


def _finish_and_hand_in(made: DemoClass, folder: Path) -> None:
    _record_theory(made, folder)
    for enrolment in made.dossier.enrolments.all():
        employed = enrolment.seq % 3 == 1  # those for whom a proof of employment was drawn
        people.state_facts(enrolment, by=made.by, passed=True, employed_after_training=employed)
    check_everybody_in(made.dossier, by=made.by)
    course.move_stage(made.dossier, by=made.by, stage="submission")
    course.hand_in(made.dossier, by=made.by)


def _open(
    told: SpecimenCourse,
    trainees: Sequence[SpecimenPerson],
    *,
    opened_by: Account,
    by: Account,
    partner: InstitutionPage | None = None,
) -> DemoClass:
    plan = _plan(told, len(trainees), partner)
    dossier = course.open_class(opened_by.institution, plan, by=opened_by)
    people.enrol(dossier, [_trainee(person) for person in trainees], by=by)
    answer_consents(dossier, by=by)
    people.set_sessions(dossier, _timetable(told), by=by)
    return DemoClass(dossier, told, by)


def _plan(told: SpecimenCourse, trainees: int, partner: InstitutionPage | None) -> course.ClassPlan:
    levels = {level.label: level.id for level in ruleset("suihua_2019").skill_levels}
    return course.ClassPlan(
        class_no=told.class_no,
        ledger_id=told.ledger,
        training_type="skill_upgrade" if told.trains_employees else "employment_skill",
        occupation=told.occupation,
        skill_level=levels[told.level],
        planned_trainees=trainees,
        theory_lessons=told.theory_lessons,
        practice_lessons=told.practice_lessons,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        place=told.place,
        homeroom_teacher=told.homeroom_teacher,
        living_allowance_paid=not told.trains_employees,
        partner=partner,
    )


def _trainee(person: SpecimenPerson) -> people.Trainee:
    return people.Trainee(
        name=person.name,
        id_number=person.id_number,
        person_category=person.person_category,
        address=person.address,
        phone=person.phone,
    )


def _timetable(told: SpecimenCourse) -> list[people.Sitting]:
    return [
        people.Sitting(
            one.on, time.fromisoformat(one.starts_at), one.lessons, one.kind, one.topic, one.lecturer, "201"
        )
        for one in told.sessions
    ]


def _take_in(made: DemoClass, truth: BoxTruth, folder: Path, files: Iterable[str] = ()) -> list[Taken]:
    """Every file through the one door; each page's truth beside the sheet it became."""
    found = []
    for name in files or dict.fromkeys(page.file for page in truth.pages):
        upload = intake.deposit(made.dossier, folder / name, by=made.by).upload
        sheets = {sheet.number: sheet for sheet in upload.sheets.all()}
        found += [Taken(page, sheets[page.page]) for page in truth.of_file(name)]
    return found


def _file(made: DemoClass, taken: Sequence[Taken]) -> None:
    """A person states what the truth says: following pages of one paper together; what has no place stays."""
    roster = {enrolment.seq - 1: enrolment for enrolment in made.dossier.enrolments.all()}
    house = ledger_of(made.dossier)
    for place, pages in groupby(taken, key=lambda one: _place(house, one.truth)):
        item_id, part, trainee, _file_name, _kind = place
        if not item_id:
            continue
        papers = list(pages)
        first = papers[0].truth
        ledger.file_sheets(
            made.dossier,
            [one.sheet for one in papers],
            by=made.by,
            item_id=item_id,
            part=part,
            enrolment=roster.get(trainee),
            kind=first.kind,
            dated_on=_dated_on(first, made.told),
            document_no=_document_no(first),
        )


def _document_no(page: PageTruth) -> str:
    printed = str(page.fields.get("certificate_no", {}).get("value", ""))
    return "" if holds_id_number(printed) else printed


def _place(house: Ledger, page: PageTruth) -> tuple[str, str, int | None, str, str]:
    """Where a page belongs, and what keeps it apart from its neighbour."""
    item_id = page.items.get(house.id, "")
    if not house.has(item_id):
        return "", "", None, page.file, page.kind
    return item_id, _part(house.item(item_id), page), page.trainee, page.file, page.kind


def _part(item: LedgerItem, page: PageTruth) -> str:
    """The part of an item that this page is: named by the truth, or the one its kind answers."""
    if item.part(page.part):
        return page.part
    return next((part.id for part in item.parts if page.kind in part.kinds), "")


def _dated_on(page: PageTruth, told: SpecimenCourse) -> date | None:
    """The day the paper prints."""
    for name in DATES:
        printed = str(page.fields.get(name, {}).get("value", ""))
        if found := PRINTED_DATE.search(printed):
            return date(*(int(number) for number in found.groups()))
        if printed:
            return date.fromisoformat(printed)
    return getattr(told, PRINTED_DAYS[page.kind]) if page.kind in PRINTED_DAYS else None


def _record_a_lesson(made: DemoClass, folder: Path) -> None:
    """The beginning of the first theory lesson, with slides, a clock and what goes wrong: for the worker to index."""
    session = made.dossier.sessions.filter(kind=Session.Kind.THEORY).order_by("held_on", "starts_at").first()
    begins = datetime.combine(session.held_on, session.starts_at)
    target = folder / f"{begins:%Y%m%d-%H%M}.mp4"
    _file_recording(made, record_lesson(target, begins=begins), session)


def _record_theory(made: DemoClass, folder: Path) -> None:
    """A short clip stands for each theory lesson's recording."""
    for number, session in enumerate(made.dossier.sessions.order_by("held_on", "starts_at", "pk")):
        if session.kind != Session.Kind.THEORY:
            continue
        target = folder / f"{session.held_on:%Y%m%d}-{session.starts_at:%H%M}.mp4"
        clip = make_clip(target, made.told, seconds=CLIP_SECONDS, session=number)
        _file_recording(made, clip, session)


def _file_recording(made: DemoClass, clip: Path, session: Session) -> None:
    upload = intake.deposit(made.dossier, clip, by=made.by).upload
    ledger.file_sheets(
        made.dossier,
        list(upload.sheets.all()),
        by=made.by,
        item_id="theory_video_and_site_photos",
        part="theory_lesson_video",
        session=session,
        kind="recording",
        dated_on=session.held_on,
    )
