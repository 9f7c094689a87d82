"""The demo: two bodies and a neighbour, their people, and four classes of invented trainees (cms.demo_classes).

Everybody in it is fictional and every paper says 样本.
"""

import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from cms import demo_classes
from dossiers.actions import bodies, rooms
from dossiers.actions.rooms import RoomFacts
from dossiers.models import Account, County, DossierPage, InstitutionPage

PASSWORD = "yangben-2026"


class Seeding(StrEnum):
    """What a run found and did."""

    DONE = "demo seeded"
    THERE = "demo is there already"
    HALF = "the demo is only half there: an earlier run was stopped. To have the whole of it, delete the data folder"


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

ROOMS = (
    RoomFacts(
        name="201",
        seats=32,
        parameters={
            "camera": "样本 S-200",
            "resolution": "1920×1080，25 帧/秒",
            "recorder": "样本 NVR-8",
            "storage_days": "90",
            "microphone": "讲台鹅颈话筒",
            "check_in": "样本 F3",
        },
        equipment="讲台上方一台摄像机；录像机放在教务室，每晚导出当天录像。",
    ),
    RoomFacts(name="实训室", seats=20),
)


def seed() -> Seeding:
    """Make the demo once; an installation that has it, whole or half, is left alone."""
    bodies.set_up_site()
    if Account.objects.filter(username=PEOPLE[0].username).exists():
        return Seeding.THERE if _is_whole() else Seeding.HALF
    hashed = make_password(PASSWORD)  # once: each hash is slow on purpose
    accounts = _accounts(_bodies(hashed), hashed)
    for facts in ROOMS:
        rooms.make_room(facts, by=accounts["clerk"])
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        demo_classes.make_all(Path(folder), accounts)
    return Seeding.DONE


def _is_whole() -> bool:
    """The last step of the seeding is the handing in of the last class."""
    last = DossierPage.objects.filter(class_no=demo_classes.LAST_CLASS).select_related("progress").first()
    return last is not None and last.progress.first_handed_in_at is not None


def _bodies(hashed: str) -> dict[str, InstitutionPage]:
    maker = Account.objects.create(
        username="admin", full_name="孔令杰", role=Account.Role.ADMINISTRATOR, must_set_password=False
    )
    maker.password = hashed
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


def _accounts(made: dict[str, InstitutionPage], hashed: str) -> dict[str, Account]:
    accounts = {}
    for person in PEOPLE:
        account = Account(
            username=person.username,
            full_name=person.full_name,
            role=person.role,
            institution=made.get(person.body),
            county=County.objects.filter(code=person.county).first(),
            must_set_password=False,
            password=hashed,
        )
        account.save()
        accounts[person.username] = account
    return accounts
