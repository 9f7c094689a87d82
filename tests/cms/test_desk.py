"""The desk: each role finds its own day, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.models import DossierPage, Progress, ReturnNote
from foundation.models import Job
from tests import factories as make
from tests.cms.people_at_desks import client_of

pytestmark = pytest.mark.django_db


def a_clerk():
    institution = make.make_institution()
    return institution, client_of(make.make_account("clerk", institution=institution))


def returned(dossier: DossierPage, reason: str = "缺甲方盖章") -> ReturnNote:
    person = dossier.enrolments.first()
    filing = make.make_filing(dossier, "labour_contract_copy", enrolment=person, part="signature_page")
    return ReturnNote.objects.create(
        record=dossier.items.get(item_id="labour_contract_copy"),
        dossier=dossier,
        filing=filing,
        sheet=filing.places.get().sheet,
        reason=reason,
        remedy="补盖后只重传这一页",
        returned_by=make.make_account("reviewer", full_name="高峻"),
    )


def handed_in(dossier: DossierPage, *, hours_ago: int, first_hours_ago: int | None = None) -> None:
    now = timezone.now()
    Progress.objects.filter(dossier=dossier).update(
        handed_in_at=now - timedelta(hours=hours_ago),
        first_handed_in_at=now - timedelta(hours=first_hours_ago or hours_ago),
    )


def test_an_empty_desk_says_what_to_do_first():
    _, client = a_clerk()
    text = client.get("/").content.decode()
    assert "还没有在办的班次" in text and "开班" in text


def test_a_class_stands_with_its_ring_its_strip_and_what_it_lacks():
    institution, client = a_clerk()
    dossier = make.make_dossier(institution, trainees=3)
    make.make_filing(dossier, "class_opening_application")
    make.make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.first())
    [row] = client.get("/").context["classes"]
    assert len(row.squares) == 14
    assert (row.squares[0].state, row.squares[1].state) == ("submitted", "expected")
    assert row.have == 1 and row.due == 12
    assert row.lacks.startswith("课程安排，补贴申请表，另 ")
    assert row.squares[6].url == dossier.screen("board") + (
        "?item=identity_document_copy#item-identity_document_copy"
    )


def test_the_strip_of_the_other_ledger_has_seventeen_squares():
    institution, client = a_clerk()
    make.make_dossier(institution, ledger="key_group_17", trainees=1)
    [row] = client.get("/").context["classes"]
    assert len(row.squares) == 17


def test_ten_classes_cost_as_many_queries_as_one(django_assert_num_queries):
    institution, client = a_clerk()
    for number in range(10):
        dossier = make.make_dossier(institution, trainees=2, state="returned" if number % 2 else "open")
        make.make_filing(dossier, "score_sheet")
        if number % 2:
            returned(dossier)
        if number == 0:
            client.get("/")
            with django_assert_num_queries(99, exact=False) as one:
                client.get("/")
    with django_assert_num_queries(99, exact=False) as ten:
        page = client.get("/")
    assert len(page.context["classes"]) == 10
    assert len(ten) <= len(one) + 1, "the prefetch of returns is the one query more"


def test_a_completed_class_leaves_the_desk_but_not_the_list():
    institution, client = a_clerk()
    make.make_dossier(institution, state="complete")
    assert client.get("/").context["classes"] == []
    assert len(client.get("/classes/").context["classes"]) == 1


def test_what_came_back_is_told_with_reason_remedy_and_the_way_there():
    institution, client = a_clerk()
    dossier = make.make_dossier(institution, trainees=1, state="returned")
    note = returned(dossier)
    page = client.get("/")
    [told] = page.context["returns"]
    assert told.title == "第 8 件 劳动合同"
    assert told.row.where == f"{note.filing.enrolment.name} 劳动合同签字页"
    assert told.row.thumb_url.endswith(f"{note.sheet.uuid}/thumb")
    assert f"for={note.filing.enrolment.uuid}" in told.row.fix_url
    text = page.content.decode()
    assert "缺甲方盖章" in text and "高峻" in text and "补这一页" in text


def test_a_return_is_not_told_while_the_reviewer_still_writes():
    institution, client = a_clerk()
    returned(make.make_dossier(institution, trainees=1, state="under_review"))
    assert client.get("/").context["returns"] == ()


def test_running_and_failed_jobs_of_ones_own_classes_are_shown():
    institution, client = a_clerk()
    dossier, other = make.make_dossier(institution), make.make_dossier()
    upload = make.make_upload(dossier, file_name="扫描二.pdf")
    for subject, state in ((dossier, "leased"), (dossier, "failed"), (other, "leased")):
        Job.objects.create(
            kind="read_upload",
            subject=str(subject.uuid),
            queue="paper",
            state=state,
            arguments={"upload": str(upload.uuid)},
        )
    page = client.get("/")
    assert (page.context["running"], page.context["failed"]) == (1, 1)
    assert "扫描二.pdf" in page.content.decode()
    part = client.get("/desk/jobs/")
    assert part.headers["Cache-Control"] == "no-store"
    assert len(part.context["lines"]) == 2


def test_what_runs_and_what_waits_are_counted_apart():
    institution, client = a_clerk()
    dossier = make.make_dossier(institution)
    for state in ("leased", *["waiting"] * 5, "failed"):
        Job.objects.create(kind="read_upload", subject=str(dossier.uuid), queue="paper", state=state)
    shown = client.get("/desk/jobs/").content.decode()
    assert "1 项运行，5 项排队，1 项失败" in shown and "另有 2 项排队等候" in shown


def test_storage_counts_ones_own_originals():
    institution, client = a_clerk()
    upload = make.make_upload(make.make_dossier(institution))
    upload.blob.size = 3 * 1024**2
    upload.blob.save()
    make.make_upload(make.make_dossier())
    assert client.get("/").context["storage"].used == "3 MB"


def test_the_reviewers_desk_puts_what_came_again_first_then_who_waits_longest():
    names = {}
    for name, hours, first in (("late", 1, None), ("early", 9, None), ("again", 2, 80)):
        names[name] = make.make_dossier(state="handed_in")
        handed_in(names[name], hours_ago=hours, first_hours_ago=first)
    make.make_dossier(state="open")
    page = client_of(make.make_account("reviewer")).get("/")
    order = [row.class_no for row in page.context["classes"]]
    assert order == [names[name].class_no for name in ("again", "early", "late")]
    assert page.context["waiting"].handed_in == 3 and page.context["waiting"].resubmitted == 1
    assert "/review/" in page.content.decode() and "补正后再报送" in page.content.decode()


def test_a_county_reviewer_counts_only_her_county():
    make.make_dossier(state="handed_in")
    elsewhere = make.make_institution("兰西学校", county=make.make_county("22", "兰西县"))
    make.make_dossier(elsewhere, state="handed_in")
    reviewer = client_of(make.make_account("reviewer", county=make.make_county()))
    assert reviewer.get("/").context["waiting"].handed_in == 1


def test_the_archivist_sees_what_was_completed_lately():
    done = make.make_dossier(state="complete")
    handed_in(done, hours_ago=2)
    Progress.objects.filter(dossier=done).update(completed_at=timezone.now())
    make.make_dossier(state="handed_in")
    page = client_of(make.make_account("archivist")).get("/")
    assert [row.class_no for row in page.context["classes"]] == [done.class_no]
    assert "已等" not in page.content.decode()


def test_the_administrator_sees_failed_jobs_without_names_and_lets_them_wait_again():
    failed = Job.objects.create(
        kind="read_upload", queue="paper", state="failed", attempts=3, error_params={"file_name": "张三.jpg"}
    )
    client = client_of(make.make_account("administrator"))
    page = client.get("/")
    assert [one.uuid for one in page.context["failed_jobs"]] == [failed.uuid]
    assert "张三" not in page.content.decode()
    client.post(f"/desk/jobs/{failed.uuid}/retry/")
    failed.refresh_from_db()
    assert failed.state == "waiting"


def test_a_county_administrator_sees_and_retries_the_failed_jobs_of_her_county_alone():
    here, there = make.make_county(), make.make_county("21", "望奎县")
    jobs = [
        Job.objects.create(
            kind="read_upload",
            queue="paper",
            state="failed",
            subject=str(make.make_dossier(make.make_institution(county=county)).uuid),
        )
        for county in (here, there)
    ]
    client = client_of(make.make_account("administrator", county=here))
    assert [one.uuid for one in client.get("/").context["failed_jobs"]] == [jobs[0].uuid]
    assert client.post(f"/desk/jobs/{jobs[1].uuid}/retry/").status_code == 404


def test_only_the_administrator_lets_failed_jobs_wait_again():
    failed = Job.objects.create(kind="read_upload", queue="paper", state="failed")
    _, client = a_clerk()
    assert client.post(f"/desk/jobs/{failed.uuid}/retry/").status_code == 404


def test_the_institutions_archivist_reads_and_uploads_nothing():
    institution = make.make_institution()
    make.make_dossier(institution)
    client = client_of(make.make_account("institution_archivist", institution=institution))
    page = client.get("/")
    assert len(page.context["classes"]) == 1
    assert "投入文件" not in page.content.decode()
    assert client.get("/desk/jobs/").status_code == 404
