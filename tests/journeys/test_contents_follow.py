"""From the tray to the contents and back: what is filed stands there at the next look, on screen and in print."""

import re

import pymupdf
import pytest
from django.test import Client

from dossiers.models import DossierPage, Filing
from tests import factories as make
from tests.cms.people_at_desks import a_class

pytestmark = pytest.mark.django_db
PLAN = "培训课程安排计划"
APPLICATION = "职业技能培训开班申请表"


@pytest.fixture
def desk() -> tuple[DossierPage, Client]:
    return a_class(3)


def on_screen(dossier: DossierPage, clerk: Client) -> dict[str, str]:
    """Page numbers by title, as the screen prints them."""
    html = clerk.get(dossier.screen("contents")).content.decode()
    rows = re.findall(
        r'<td class="title.*?>(?:<a[^>]*>)?([^<]+?)<.*?<td class="page_no">([^<]*)</td>', html, re.S
    )
    return {title.strip(): pages for title, pages in rows}


def in_print(dossier: DossierPage, clerk: Client) -> str:
    answer = clerk.get(dossier.screen("contents-pdf"))
    with pymupdf.open(stream=answer.content, filetype="pdf") as printed:
        return re.sub(r"\s", "", "".join(page.get_text() for page in printed))


def file(dossier: DossierPage, clerk: Client, item_id: str, pages: int = 1) -> None:
    """The clerk confirms a page, or several as one paper, in the tray."""
    first, *others = make.make_upload(dossier, pages=pages).sheets.all()
    told = {"sheet": str(first.uuid), "mark": [str(sheet.uuid) for sheet in others]}
    if others:
        clerk.post(dossier.screen("tray"), told | {"do": "bind"})
    answer = clerk.post(dossier.screen("tray"), told | {"do": "confirm", "place": f"{item_id}|||"})
    assert answer.status_code == 302


def take_back(dossier: DossierPage, clerk: Client, item_id: str) -> None:
    filing = dossier.filings.get(item_id=item_id, state=Filing.State.FILED)
    assert clerk.post(dossier.screen("unfile", filing.uuid)).status_code == 302


def test_a_paper_stands_in_the_contents_as_soon_as_it_is_filed(desk):
    assert on_screen(*desk) == {}
    file(*desk, "course_schedule")
    assert on_screen(*desk) == {PLAN: "1"}
    assert PLAN in in_print(*desk)


def test_page_numbers_move_up_when_something_is_filed_before(desk):
    file(*desk, "course_schedule")
    file(*desk, "class_opening_application", pages=3)
    assert list(on_screen(*desk)) == [APPLICATION, PLAN]
    assert on_screen(*desk)[PLAN] == "4"


def test_what_is_taken_back_leaves_screen_and_print(desk):
    file(*desk, "class_opening_application", pages=3)
    file(*desk, "course_schedule")
    take_back(*desk, "class_opening_application")
    assert on_screen(*desk) == {PLAN: "1"}
    assert APPLICATION not in in_print(*desk)
