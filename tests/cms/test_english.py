"""The screens in English: what Chinese is left is on record (names, citations, reasons), never a label of ours."""

import html
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from dossiers.models import DossierPage, Enrolment, HomePage, ItemRecord, ReturnNote
from dossiers.rulesets import ruleset
from dossiers.standing import ledger_of
from tests import factories as make
from tests.cms.people_at_desks import client_of

pytestmark = pytest.mark.django_db

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]+")
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
# A language stands under its own name; the headers of a table to import are what the table must say.
OWN_NAMES = ("简体中文", "姓名", "身份证号", "日期", "开始时间", "课时", "内容", "理论", "实操")
SCREENS = ("board", "tray", "roster", "sessions", "history", "hand-in", "owes", "jobs")
ATTENDANCE = ("attendance", "check-ins", "sign-ins")


@pytest.fixture(autouse=True)
def chinese_afterwards() -> Iterator[None]:
    """A request leaves its language behind; the next test finds the one before."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def dossier() -> DossierPage:
    """A class with filed, proposed and returned papers, handed in once."""
    made = make.make_dossier(trainees=3, state="under_review", ledger="key_group_17", theory_lessons=4)
    make.make_session(made)
    make.file_everything(made)
    first, second, _third = made.enrolments.all()
    make.make_filing(
        made, "score_sheet", state="proposed", confidence=0.6, reasons=[{"code": "known_elsewhere"}]
    )
    make.make_filing(made, "identity_document_copy", enrolment=second, state="proposed", confidence=0.3)
    make.make_upload(made, pages=2)
    ReturnNote.objects.create(
        record=ItemRecord.objects.get(dossier=made, item_id="identity_document_copy"),
        dossier=made,
        filing=made.filings.filter(item_id="identity_document_copy", enrolment=first).first(),
        reason="缺国徽面",
        remedy="补扫国徽面",
        returned_by=make.make_account("reviewer"),
    )
    return DossierPage.objects.get(pk=made.pk)


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def clerk_of(dossier: DossierPage) -> Client:
    return in_english(client_of(make.make_account("clerk", institution=dossier.custodian)))


def at_desk(role: str) -> Client:
    return in_english(client_of(make.make_account(role)))


def on_record(dossier: DossierPage) -> set[str]:
    """What people entered and what the article says, which no catalogue translates."""
    found = {
        *OWN_NAMES,
        dossier.occupation,
        dossier.homeroom_teacher,
        dossier.opener.title,
        dossier.opener.short_name,
    }
    found |= {dossier.opener.county.name, "林慧", HomePage.objects.get().title}
    found |= set(Enrolment.objects.values_list("name", flat=True))
    found |= {text for session in dossier.sessions.all() for text in (session.topic, session.lecturer)}
    found |= {upload.file_name for upload in dossier.uploads.all()}
    found |= {text for note in dossier.returns.all() for text in (note.reason, note.remedy)}
    for rule in ruleset(dossier.ruleset_id).rules.values():
        found |= {rule.article, rule.quote}
    for item in ledger_of(dossier):
        found |= {f"{item.clause}: “{item.quote}”", *item.return_reasons}
    return {text for text in found if text}


def left_in_chinese(page: str, records: set[str] = frozenset()) -> list[str]:
    """Every stretch of Chinese in a page, text and attributes, that is not on record."""
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(page))
    for record in sorted(records, key=len, reverse=True):
        text = text.replace(record, "")
    return CHINESE.findall(text)


def test_chinese_in_text_attributes_and_scripts_is_found():
    page = '<a title="&#36864;回">x</a><i data-words="\\u6536">王海燕</i>'
    assert left_in_chinese(page, {"王海燕"}) == ["退回", "收"]


@pytest.mark.parametrize("screen", (*SCREENS, *ATTENDANCE))
def test_a_clerk_reads_the_screens_of_a_class_in_english(dossier, screen):
    page = clerk_of(dossier).get(dossier.screen(screen))
    assert page.status_code == 200
    assert left_in_chinese(page.content.decode(), on_record(dossier)) == []


def test_around_the_rows_of_the_contents_all_is_english(dossier):
    page = clerk_of(dossier).get(dossier.screen("contents"))
    rows = page.context["catalogue"].rows
    archived = {text for row in rows for text in (row.title, row.remark, row.responsible_party)} - {""}
    assert left_in_chinese(page.content.decode(), on_record(dossier) | archived) == []


def test_a_clerk_reads_every_opened_item_in_english(dossier):
    clerk, records = clerk_of(dossier), on_record(dossier)
    for item in ledger_of(dossier):
        page = clerk.get(dossier.screen("item", item.id))
        assert left_in_chinese(page.content.decode(), records) == [], item.id


def test_a_clerk_reads_what_waits_in_the_tray_in_english(dossier):
    clerk, records = clerk_of(dossier), on_record(dossier)
    for filing in dossier.filings.filter(state="proposed"):
        sheet = filing.places.get().sheet
        page = clerk.get(dossier.screen("tray"), {"sheet": sheet.uuid})
        assert left_in_chinese(page.content.decode(), records) == []


def test_a_trainee_is_shown_in_english(dossier):
    page = clerk_of(dossier).get(dossier.screen("trainee", dossier.enrolments.first().uuid))
    assert left_in_chinese(page.content.decode(), on_record(dossier)) == []


def test_a_reviewer_reads_every_item_in_english(dossier):
    reviewer, records = at_desk("reviewer"), on_record(dossier)
    for item in ledger_of(dossier):
        page = reviewer.get(dossier.screen("review-item", item.id))
        assert page.status_code == 200
        assert left_in_chinese(page.content.decode(), records) == [], item.id


@pytest.mark.parametrize("address", ["/", "/classes/", "/search/", "/classes/open/", "/desk/jobs/"])
def test_a_clerk_reads_the_common_screens_in_english(dossier, address):
    page = clerk_of(dossier).get(address)
    assert page.status_code == 200
    assert left_in_chinese(page.content.decode(), on_record(dossier)) == []


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("reviewer", "/"),
        ("reviewer", "/review/"),
        ("archivist", "/"),
        ("administrator", "/"),
        ("administrator", "/accounts/"),
        ("administrator", "/bodies/"),
    ],
)
def test_the_bureau_reads_its_screens_in_english(dossier, role, address):
    page = at_desk(role).get(address)
    assert page.status_code == 200
    assert left_in_chinese(page.content.decode(), on_record(dossier)) == []


def test_the_log_in_page_speaks_english_to_an_english_browser():
    make.make_home()
    page = Client(headers={"Accept-Language": "en-GB,en;q=0.9"}).get("/login/")
    assert "Log in" in page.content.decode()
    assert left_in_chinese(page.content.decode(), {"简体中文"}) == []


def test_a_search_is_answered_in_english(dossier):
    page = clerk_of(dossier).post("/search/", {"q": "海燕"}, follow=True)
    assert left_in_chinese(page.content.decode(), on_record(dossier) | {"海燕", "王"}) == []


def test_a_page_seen_alone_is_shown_in_english(dossier):
    sheet = dossier.filings.filter(state="filed").first().places.get().sheet
    page = clerk_of(dossier).get(dossier.screen("sheet", sheet.uuid))
    assert page.status_code == 200
    assert left_in_chinese(page.content.decode(), on_record(dossier)) == []


def test_what_one_may_not_see_is_refused_in_english(dossier):
    stranger = in_english(
        client_of(make.make_account("clerk", institution=make.make_institution("南山培训学校")))
    )
    page = stranger.get(dossier.screen("board"))
    assert page.status_code == 404
    assert "Page not found" in page.content.decode()
    assert left_in_chinese(page.content.decode(), {"南山培训学校", "林慧", "简体中文"}) == []
