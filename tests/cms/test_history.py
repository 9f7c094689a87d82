"""The log in words: every action has its sentence, a broken chain is told, reveals are for head and reviewer."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

import dossiers.actions
from cms.rows.history import BEFORE_HAND_IN, SENTENCES
from dossiers.actions import course, ledger
from dossiers.models import AccessEntry, Account, HistoryEntry
from tests import factories as make
from tests.cms.people_at_desks import a_class, client_of

pytestmark = pytest.mark.django_db


def actions_written() -> set[str]:
    """Every action code that stands in the actions' source."""
    sources = Path(dossiers.actions.__file__).parent.glob("*.py")
    return {
        code for source in sources for code in re.findall(r'action="([a-z_]+)"', source.read_text("utf-8"))
    }


def test_every_action_of_the_domain_has_its_sentence():
    assert actions_written() <= SENTENCES.keys()


def filed_by(dossier) -> Account:
    account = Account.objects.get(role="clerk", institution=dossier.custodian)
    upload = make.make_upload(dossier, pages=2, by=account, file_name="扫描二 张三.pdf")
    person = dossier.enrolments.first()
    ledger.file_sheets(
        dossier, list(upload.sheets.all()), by=account, item_id="identity_document_copy", enrolment=person
    )
    return account


def test_entries_are_told_newest_first_with_names():
    dossier, client = a_class(1, stage="opening")
    account = filed_by(dossier)
    course.move_stage(dossier, by=account, stage="training")
    page = client.get(dossier.screen("history"))
    told = [row.text for row in page.context["entries"]]
    assert told == ["阶段推进到“培训”", f"归件：第 7 件 身份证 {dossier.enrolments.first().name}，2 页"]
    assert "记录链完整：共 2 条" in page.content.decode()


def test_a_changed_entry_breaks_the_chain_and_the_page_says_where():
    dossier, client = a_class(1)
    filed_by(dossier)
    HistoryEntry.objects.filter(dossier=dossier).update(facts={"item": "score_sheet"})
    page = client.get(dossier.screen("history"))
    assert page.context["broken"] == [1]
    assert "记录链在第 1 条断开" in page.content.decode()
    assert page.context["entries"][0].is_broken


def test_an_entry_cut_off_the_end_breaks_the_chain():
    dossier, client = a_class(1)
    filed_by(dossier)
    HistoryEntry.objects.filter(dossier=dossier).delete()
    assert client.get(dossier.screen("history")).context["broken"] == [1]


def test_the_bureau_reads_no_names_of_what_was_never_handed_in():
    dossier, _ = a_class(1, state="returned")
    filed_by(dossier)
    page = client_of(make.make_account("reviewer")).get(dossier.screen("history"))
    assert dossier.enrolments.first().name not in page.content.decode()
    assert page.context["entries"][0].text == "机构的一步，报送后可见"
    assert "身份证，2 页" not in page.content.decode()


def test_the_bureau_reads_the_steps_of_the_institution_once_they_are_handed_in():
    dossier, _ = a_class(1, state="returned")
    filed_by(dossier)
    dossier.progress.refresh_from_db()
    dossier.progress.handed_in_at = timezone.now()
    dossier.progress.save()
    page = client_of(make.make_account("reviewer")).get(dossier.screen("history"))
    assert page.context["entries"][0].text == "归件：第 7 件 身份证，2 页"


def test_every_action_is_the_institutions_own_or_shown_to_both_sides():
    shown = {"open", "hand_in", "take_back", "start_review", "return", "complete", "reopen"}
    shown |= {"look_in", "look_in_corrected"}  # the bureau's own, while lessons are given
    shown |= {"withdraw_consent", "forget_faces"}  # each holds at once, whatever was handed in
    judged = {
        code for code in SENTENCES if any(word in code for word in ("point", "return", "tick", "at_bureau"))
    }
    assert SENTENCES.keys() - BEFORE_HAND_IN - shown - judged == {"receive_again"}


@pytest.mark.parametrize(
    ("role", "sees"), [("head", True), ("clerk", False), ("reviewer", True), ("archivist", False)]
)
def test_reveals_are_for_the_head_and_the_reviewer(role, sees):
    dossier, _ = a_class(1, state="returned")
    person = dossier.enrolments.first()
    reviewer = make.make_account("reviewer", full_name="高峻")
    AccessEntry.objects.create(
        account=reviewer, dossier=dossier, what="id_number", subject=person.uuid, reason="核对证号"
    )
    inside = role in Account.INSTITUTION_ROLES
    account = make.make_account(role, institution=dossier.custodian if inside else None)
    page = client_of(account).get(dossier.screen("history"))
    assert page.status_code == 200
    assert ("核对证号" in page.content.decode()) is sees
    if sees:
        assert page.context["reveals"][0].text == f"看完整证号：{person.name}"


def test_a_hundred_entries_cost_as_many_queries_as_two(django_assert_max_num_queries):
    dossier, client = a_class(1, stage="application")
    account = filed_by(dossier)
    course.move_stage(dossier, by=account, stage="training")
    client.get(dossier.screen("history"))
    with django_assert_max_num_queries(99) as few:
        client.get(dossier.screen("history"))
    for sheet in make.make_upload(dossier, pages=20, by=account).sheets.all():
        ledger.discard(sheet, by=account)
    with django_assert_max_num_queries(99) as many:
        assert len(client.get(dossier.screen("history")).context["entries"]) == 22
    assert len(few) == len(many)
