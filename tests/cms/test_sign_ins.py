"""Sign-in sheets: lines proposed from the page, confirmed by a person as a whole, typed without any scan, taken back."""

import io
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cms.rows.attendance_sign_ins import SignInPage
from cms.sign_in_reading import Printed, proposed
from dossiers.models import SignInLine
from foundation.blobs import store
from ingestion.models import FieldReading, PageReading
from ingestion.pictures import keep_pictures
from tests import factories
from tests.cms.class_in_lessons import FIRST_DAY, make_timetable

WIDTH, HEIGHT, ROW = 800, 600, 40
DAYS = {400: "10月19日", 600: "10月20日"}


def words(at: int, top: int, text: str, width: int = 80) -> Printed:
    return Printed(text, (at - width / 2, top, at + width / 2, top + 20))


def names(*given: str) -> list[Printed]:
    return [words(150, 110 + number * ROW, name) for number, name in enumerate(given)]


HEADS = [words(150, 70, "姓名"), *(words(at, 70, text) for at, text in DAYS.items())]


def inked_at(*places: tuple[int, int]):
    """Ink in the cells at these (column's middle, row from 0)."""

    def inked(box):
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        there = any(abs(across - at) < 60 and abs(down - (120 + row * ROW)) < 12 for at, row in places)
        return 0.05 if there else 0.0

    return inked


def test_only_the_column_of_the_day_is_looked_at() -> None:
    inked = inked_at((400, 0), (600, 1))
    told = proposed(names("王海燕", "李国栋"), HEADS, FIRST_DAY, inked)
    assert [(one.name, one.signed) for one in told] == [("王海燕", True), ("李国栋", False)]
    next_day = proposed(names("王海燕", "李国栋"), HEADS, date(2026, 10, 20), inked)
    assert [one.signed for one in next_day] == [False, True]


def test_a_sheet_of_one_day_is_read_under_the_word_for_signing() -> None:
    heads = [
        Printed("学员签到表", (300, 20, 500, 44)),
        words(150, 70, "姓名"),
        words(400, 70, "本人签名"),
        words(600, 70, "备注"),
    ]
    told = proposed(names("王海燕", "李国栋"), heads, FIRST_DAY, inked_at((400, 0), (600, 1)))
    assert [one.signed for one in told] == [True, False]


def test_a_day_that_the_sheet_does_not_name_proposes_nothing() -> None:
    told = proposed(names("王海燕"), HEADS, date(2026, 10, 21), inked_at((400, 0)))
    assert [one.signed for one in told] == [None]


@pytest.mark.parametrize(("mark", "signed"), [("×", False), ("缺", False), ("请假", False), ("√", True)])
def test_marks_in_a_cell_say_more_than_its_ink(mark: str, signed: bool) -> None:
    lines = [*HEADS, words(400, 110, mark, width=20)]
    (told,) = proposed(names("王海燕"), lines, FIRST_DAY, inked_at((400, 0)))
    assert told.signed is signed


def test_a_little_ink_is_left_to_a_persons_eyes() -> None:
    (told,) = proposed(names("王海燕"), HEADS, FIRST_DAY, lambda box: 0.008)
    assert told.signed is None


@pytest.fixture
def dossier(db):
    return factories.make_dossier(trainees=3)


@pytest.fixture
def page(client, dossier):
    client.force_login(factories.make_account("clerk", institution=dossier.custodian))
    return client


def make_sheet(dossier, *, signed: tuple[int, ...], teacher: bool = True):
    """A filed page with every trainee's name; those of `signed` (counted from 0) have written something."""
    filing = factories.make_filing(dossier, "attendance_record")
    sheet = filing.places.get().sheet
    sheet.width, sheet.height = WIDTH, HEIGHT
    sheet.save()
    image = Image.fromarray(np.full((HEIGHT, WIDTH, 3), 250, np.uint8))
    pen = ImageDraw.Draw(image)
    for row in signed:
        for stroke in range(5):
            x = 370 + stroke * 12
            pen.line([(x, 108 + row * ROW), (x + 9, 130 + row * ROW)], fill=(20, 20, 60), width=2)
    held = io.BytesIO()
    image.save(held, "JPEG")
    keep_pictures(store(), sheet, held.getvalue(), held.getvalue())
    lines = [{"text": one.text, "confidence": 0.9, "quad": quad(one)} for one in HEADS]
    reading = PageReading.objects.create(
        sheet=sheet, engine="null", kind="attendance_record", lines=PageReading.sealed_lines(lines)
    )
    for number, (line, who) in enumerate(zip(names(*"123"), dossier.enrolments.all(), strict=True)):
        FieldReading.objects.create(
            reading=reading,
            name="name",
            value=FieldReading.sealed(who.name),
            confidence=0.9,
            quad=quad(line),
            row=number,
        )
    told = "true" if teacher else "false"
    FieldReading.objects.create(
        reading=reading,
        name="teacher_signature",
        value=FieldReading.sealed(told),
        confidence=0.9,
        quad=quad(HEADS[0]),
    )
    return sheet


def quad(one: Printed) -> list[list[float]]:
    left, top, right, bottom = one.box
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def standing(session) -> dict[str, tuple[bool, bool]]:
    lines = SignInLine.objects.filter(session=session, superseded_at=None).select_related("enrolment")
    return {line.enrolment.name: (line.signed, line.cosigned) for line in lines}


def test_the_page_that_names_the_day_is_proposed_with_its_lines(dossier, page):
    morning = make_timetable(dossier)[0]
    sheet = make_sheet(dossier, signed=(0, 2))
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    proposal = SignInPage(dossier, clerk, morning)
    assert proposal.sheet == sheet
    assert [row.read for row in proposal.rows] == ["signed", "empty", "signed"]
    assert proposal.teacher_signed is True
    text = page.get(dossier.screen("sign-in", morning.uuid)).text
    assert "读得：有教师签字" in text
    assert 'name="cosigned" value="1" checked' not in text


def test_a_person_confirms_the_sheet_as_a_whole_after_looking(dossier, page):
    morning = make_timetable(dossier)[0]
    sheet = make_sheet(dossier, signed=(0,))
    first, second, third = dossier.enrolments.all()
    said = {
        f"line-{first.pk}": "signed",
        f"line-{second.pk}": "empty",
        f"line-{third.pk}": "none",
        "sheet": str(sheet.uuid),
        "cosigned": "1",
    }
    address = dossier.screen("sign-in", morning.uuid)
    assert "已对照纸面逐行看过" in page.post(address, said).text
    assert not standing(morning)
    assert page.post(address, said | {"looked": "1"}).status_code == 302
    assert standing(morning) == {first.name: (True, True), second.name: (False, True)}
    assert morning.sign_in_lines.first().sheet == sheet
    page.post(address, {"do": "undo"})
    assert not standing(morning)


def test_without_a_scan_the_lines_are_typed_and_the_rest_chosen_at_once(dossier, page):
    morning = make_timetable(dossier)[0]
    first, second, third = dossier.enrolments.all()
    address = dossier.screen("sign-in", morning.uuid)
    half = {f"line-{second.pk}": "empty", "sheet": "none", "cosigned": "1"}
    refused = page.post(address, half)
    assert refused.status_code == 422
    assert first.name in refused.text
    page.post(address, half | {"rest": "signed"})
    assert standing(morning) == {
        first.name: (True, True),
        second.name: (False, True),
        third.name: (True, True),
    }


def test_the_blank_sheet_prints_with_every_trainee(dossier, page):
    morning = make_timetable(dossier)[0]
    answer = page.get(dossier.screen("sign-in-pdf", morning.uuid))
    assert answer["Content-Type"] == "application/pdf"
    assert page.get(dossier.screen("sign-ins")).text.count("空白签到表") == 4
