"""The demo: two bodies, one class of each ledger with twelve invented trainees, papers drawn by our own generator.

Everybody in it is fictional and every paper says 样本. The enterprise class is half filed, with papers missing,
one wrong ID number and one paper of another class waiting in the tray; the key-group class is handed in.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from django.contrib.auth.models import Group

from cms import intake
from dossiers.actions import bodies, course, ledger, people
from dossiers.models import Account, County, DossierPage, InstitutionPage, Session, Sheet
from dossiers.rulesets import ruleset
from dossiers.standing import ledger_of
from ingestion.specimens.box import NO_FAULTS, Bundle, Faults, Paper, draw_bundles, make_box
from ingestion.specimens.clip import make_clip
from ingestion.specimens.course import LedgerId, SpecimenCourse
from ingestion.specimens.truth import BoxTruth, PageTruth

PASSWORD = "yangben-2026"
TRAINEES = 12
FILED_TRAINEES = 7  # of the enterprise class; the papers of the others wait in the tray


@dataclass(frozen=True)
class Person:
    """One demo account."""

    username: str
    full_name: str
    role: str
    body: str = ""
    county: str = ""


PEOPLE = (
    Person("clerk", "林慧", "clerk", "school"),
    Person("teacher", "沈知秋", "homeroom_teacher", "school"),
    Person("head", "白若兰", "head", "school"),
    Person("keeper", "何淑贤", "institution_archivist", "school"),
    Person("firm", "秦少波", "clerk", "firm"),
    Person("reviewer", "高峻", "reviewer", county="02"),
    Person("colleague", "周岚", "reviewer", county="02"),
    Person("finance", "尤佳怡", "finance_reviewer", county="02"),
    Person("archivist", "严冬梅", "archivist"),
    Person("neighbour", "郑大伟", "clerk", "neighbour"),
)


def seed() -> bool:
    """Make the demo once; False when it is there already."""
    bodies.set_up_site()
    if Account.objects.filter(username="clerk").exists():
        return False
    accounts = _accounts(_bodies())
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        _enterprise_class(Path(folder), accounts)
        _key_group_class(Path(folder), accounts)
    return True


def _bodies() -> dict[str, InstitutionPage]:
    maker = Account.objects.create(
        username="admin", full_name="孔令杰", role=Account.Role.ADMINISTRATOR, must_set_password=False
    )
    maker.set_password(PASSWORD)
    maker.save()
    maker.groups.add(Group.objects.get(name=bodies.CITY_ADMINISTRATORS))
    home, other = County.objects.get(code="02"), County.objects.get(code="21")
    return {
        "school": bodies.found_institution(
            by=maker,
            title="绥化市样本职业技能培训学校",
            code="YBXX",
            kind="institution",
            short_name="样本培训学校",
            county=home,
        ),
        "firm": bodies.found_institution(
            by=maker,
            title="绥化样本食品有限公司",
            code="YBSP",
            kind="enterprise",
            short_name="样本食品",
            county=home,
        ),
        "neighbour": bodies.found_institution(
            by=maker,
            title="望奎县样本职业培训中心",
            code="WKYB",
            kind="institution",
            short_name="望奎样本中心",
            county=other,
        ),
    }


def _accounts(made: dict[str, InstitutionPage]) -> dict[str, Account]:
    accounts = {}
    for person in PEOPLE:
        account = Account(
            username=person.username,
            full_name=person.full_name,
            role=person.role,
            institution=made.get(person.body),
            county=County.objects.filter(code=person.county).first(),
            must_set_password=False,
        )
        account.set_password(PASSWORD)
        account.save()
        accounts[person.username] = account
    return accounts


def _enterprise_class(folder: Path, accounts: dict[str, Account]) -> None:
    truth = make_box(
        folder / "enterprise",
        ledger="enterprise_14",
        trainees=TRAINEES,
        seed=14,
        faults=Faults(3, 1, 1),
        wear=False,
    )
    firm, clerk = accounts["firm"], accounts["clerk"]
    dossier = course.open_class(
        firm.institution, _plan(truth, "enterprise_14", partner=clerk.institution), by=firm
    )
    _people_and_timetable(dossier, truth, clerk)
    sheets = _take_in(dossier, truth, folder / "enterprise", clerk)
    _file(
        dossier,
        clerk,
        ((page, sheet) for page, sheet in sheets if page.trainee is None or page.trainee < FILED_TRAINEES),
    )
    course.move_stage(dossier, by=clerk, stage="examination")


def _key_group_class(folder: Path, accounts: dict[str, Account]) -> None:
    truth = make_box(
        folder / "group", ledger="key_group_17", trainees=TRAINEES, seed=21, faults=NO_FAULTS, wear=False
    )
    clerk = accounts["clerk"]
    dossier = course.open_class(clerk.institution, _plan(truth, "key_group_17"), by=clerk)
    _people_and_timetable(dossier, truth, clerk)
    _file(dossier, clerk, _take_in(dossier, truth, folder / "group", clerk))
    photographs = [Bundle(".jpg", (Paper("site_photo"),))] * 2
    more = draw_bundles(folder / "photographs", photographs, truth.course, truth.people, seed=22)
    _file(dossier, clerk, _take_in(dossier, more, folder / "photographs", clerk))
    _record_theory(dossier, truth.course, folder, clerk)
    for enrolment in dossier.enrolments.all():
        people.state_facts(enrolment, by=clerk, passed=True, employed_after_training=enrolment.seq % 3 == 1)
    course.move_stage(dossier, by=clerk, stage="submission")
    course.hand_in(dossier, by=clerk)


def _plan(truth: BoxTruth, ledger_id: LedgerId, partner: InstitutionPage | None = None) -> course.ClassPlan:
    told = truth.course
    theory = sum(one.lessons for one in told.sessions if one.kind == "theory")
    practice = sum(one.lessons for one in told.sessions if one.kind == "practice")
    levels = {level.label: level.id for level in ruleset("suihua_2019").skill_levels}
    return course.ClassPlan(
        class_no=told.class_no,
        ledger_id=ledger_id,
        training_type="skill_upgrade" if ledger_id == "enterprise_14" else "employment_skill",
        occupation=told.occupation,
        skill_level=levels[told.level],
        planned_trainees=len(truth.people),
        theory_lessons=theory,
        practice_lessons=practice,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        place=told.place,
        homeroom_teacher=told.homeroom_teacher,
        living_allowance_paid=ledger_id == "key_group_17",
        partner=partner,
    )


def _people_and_timetable(dossier: DossierPage, truth: BoxTruth, by: Account) -> None:
    people.enrol(
        dossier,
        [
            people.Trainee(
                name=person.name,
                id_number=person.id_number,
                person_category=person.person_category,
                address=person.address,
                phone=person.phone,
            )
            for person in truth.people
        ],
        by=by,
    )
    people.set_sessions(
        dossier,
        [
            people.Sitting(
                one.on,
                time.fromisoformat(one.starts_at),
                one.lessons,
                one.kind,
                one.topic,
                one.lecturer,
                "201",
            )
            for one in truth.course.sessions
        ],
        by=by,
    )


def _take_in(
    dossier: DossierPage, truth: BoxTruth, folder: Path, by: Account
) -> list[tuple[PageTruth, Sheet]]:
    """Every file through the one door; each page's truth beside the sheet it became."""
    found = []
    for name in dict.fromkeys(page.file for page in truth.pages):
        upload = intake.deposit(dossier, folder / name, by=by).upload
        sheets = {sheet.number: sheet for sheet in upload.sheets.all()}
        found += [(page, sheets[page.page]) for page in truth.of_file(name)]
    return found


def _file(dossier: DossierPage, by: Account, sheets: Iterator | list) -> None:
    """A person states what the truth says; faulty pages and what has no place stay in the tray."""
    roster = {enrolment.seq - 1: enrolment for enrolment in dossier.enrolments.all()}
    house = ledger_of(dossier)
    for page, sheet in sheets:
        item_id = page.items.get(dossier.ledger_id, "")
        if page.fault or not house.has(item_id):
            continue
        ledger.file_sheets(
            dossier,
            [sheet],
            by=by,
            item_id=item_id,
            part=_part(house.item(item_id), page),
            enrolment=roster.get(page.trainee) if page.trainee is not None else None,
            kind=page.kind,
        )


def _part(item, page: PageTruth) -> str:
    """The part of an item that this page is: named by the truth, or the one its kind answers."""
    if item.part(page.part):
        return page.part
    return next((part.id for part in item.parts if page.kind in part.kinds), "")


def _record_theory(dossier: DossierPage, told: SpecimenCourse, folder: Path, by: Account) -> None:
    """A short clip stands for each theory lesson's recording."""
    for number, session in enumerate(dossier.sessions.filter(kind=Session.Kind.THEORY)):
        target = folder / f"{session.held_on:%Y%m%d}-{session.starts_at:%H%M}.mp4"
        clip = make_clip(target, told, seconds=6, session=number)
        upload = intake.deposit(dossier, clip, by=by).upload
        ledger.file_sheets(
            dossier,
            list(upload.sheets.all()),
            by=by,
            item_id="theory_video_and_site_photos",
            part="theory_lesson_video",
            session=session,
            kind="recording",
        )
