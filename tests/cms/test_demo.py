"""The demo: what a first visitor finds, with its planted faults, and that making it again changes nothing."""

import io
from collections.abc import Iterator

import numpy as np
import pymupdf
import pytest
from django.db import transaction
from PIL import Image, ImageSequence

from cms import demo, demo_classes
from cms.rows.consent import consent_rows, tallies
from dossiers.models import Account, DossierPage, Enrolment, Filing, HistoryEntry, Session, Sheet, Upload
from dossiers.numbering import check_id_number
from foundation.blobs import store
from foundation.models import Blob, Job
from ingestion.specimens.box import make_box
from ingestion.specimens.sheet import Sheet as Drawing
from tests.cms.people_at_desks import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TWELVE = (demo_classes.FIRST_CLASS, demo_classes.LAST_CLASS)
RESOLUTIONS = (150, 200, 300)  # dots an inch at which the generator draws
THREE = (demo_classes.RETURNED_CLASS, demo_classes.COMPLETED_CLASS)


@pytest.fixture(scope="module")
def installation(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo, made once for all of these tests and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert demo.seed() is demo.Seeding.DONE
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def seeded(installation, db) -> None:
    """Every test here stands in the demo."""


def a_class(class_no: str) -> DossierPage:
    return DossierPage.objects.select_related("progress").get(class_no=class_no)


def everything() -> dict[str, int]:
    models = (Account, DossierPage, Enrolment, Session, Upload, Sheet, Filing, HistoryEntry, Blob, Job)
    return {model.__name__: model.objects.count() for model in models}


def test_there_is_a_class_of_each_ledger_with_twelve_trainees_and_two_small_ones():
    found = {dossier.class_no: dossier for dossier in DossierPage.objects.all()}
    assert sorted(found) == sorted([*TWELVE, *THREE])
    assert [found[no].ledger_id for no in TWELVE] == ["enterprise_14", "key_group_17"]
    assert [found[no].enrolments.count() for no in TWELVE] == [12, 12]
    assert [found[no].enrolments.count() for no in THREE] == [3, 3]


@pytest.mark.parametrize(
    ("class_no", "state"),
    [("2026-014", "open"), ("2026-017", "returned"), ("2026-009", "complete"), ("2026-021", "handed_in")],
)
def test_each_class_stands_where_its_story_says(class_no, state):
    assert a_class(class_no).progress.state == state


def test_making_it_again_changes_nothing():
    before = everything()
    assert demo.seed() is demo.Seeding.THERE
    assert everything() == before


def test_a_demo_that_was_stopped_half_way_is_told():
    last = a_class(demo_classes.LAST_CLASS).progress
    last.first_handed_in_at = None
    last.save()
    assert demo.seed() is demo.Seeding.HALF


def test_missing_papers_a_wrong_number_and_a_strangers_paper_are_planted_in_the_first_class(tmp_path):
    truth = make_box(
        tmp_path,
        ledger="enterprise_14",
        trainees=demo_classes.TRAINEES,
        seed=14,
        faults=demo_classes.FAULTS,
        wear=False,
        stacked=True,
    )
    assert len(truth.missing) == 3
    faulty = {page.fault: page for page in truth.pages if page.fault}
    assert set(faulty) == {"wrong_id_number", "other_class"}
    assert check_id_number(faulty["wrong_id_number"].id_number).problems
    for page in faulty.values():
        sheet = Sheet.objects.get(dossier=a_class("2026-014"), upload__file_name=page.file, number=page.page)
        assert sheet.state == Sheet.State.IN_TRAY


def test_the_papers_of_six_trainees_wait_in_the_tray_and_are_read_before_everything_else():
    first = a_class("2026-014")
    waiting = first.sheets.filter(state=Sheet.State.IN_TRAY)
    assert waiting.count() > 30
    files = set(waiting.values_list("upload__uuid", flat=True))
    order = [job.arguments["upload"] for job in Job.objects.filter(kind="read_upload").order_by("pk")]
    assert {str(uuid) for uuid in files} == set(order[: len(files)])


def test_a_filing_carries_the_day_and_the_number_its_paper_prints():
    filed = a_class("2026-021").filings.filter(state=Filing.State.FILED)
    assert filed.get(item_id="class_opening_application").dated_on is not None
    certificates = filed.filter(item_id="certificate_copy")
    assert certificates.count() == 12
    assert all(one.document_no.startswith("JNPX") and one.dated_on for one in certificates)


def test_pages_of_one_paper_are_one_filing():
    plan = a_class("2026-021").filings.get(item_id="lesson_plan", state=Filing.State.FILED)
    assert plan.places.count() == 2


def test_every_theory_lesson_of_a_handed_in_class_has_its_short_clip():
    dossier = a_class("2026-021")
    clips = dossier.filings.filter(part="theory_lesson_video", state=Filing.State.FILED)
    lessons = dossier.sessions.filter(kind=Session.Kind.THEORY)
    assert {clip.session_id for clip in clips} == {lesson.pk for lesson in lessons}
    lengths = dossier.uploads.filter(medium=Upload.Medium.RECORDING).values_list(
        "duration_seconds", flat=True
    )
    assert all(1 < seconds < 10 for seconds in lengths)


def test_the_clerk_meets_the_return_on_her_desk():
    answer = client_of(Account.objects.get(username="clerk")).get("/")
    assert demo_classes.RETURN_REASON in answer.content.decode()


def test_the_archivist_finds_the_completed_class():
    answer = client_of(Account.objects.get(username="archivist")).get("/classes/?state=complete")
    assert demo_classes.COMPLETED_CLASS in answer.content.decode()


def test_every_paper_says_that_it_is_a_specimen():
    papers = Upload.objects.filter(medium=Upload.Medium.PAPER).select_related("blob")
    unmarked = [
        f"{paper.dossier.class_no} {paper.file_name} {number}: {likeness:.2f}"
        for paper in papers
        for number, likeness in enumerate(likenesses_of(paper), 1)
        if likeness < 0.6
    ]
    assert papers.count() > 60 and unmarked == []


def test_a_paper_without_the_mark_would_be_noticed():
    assert likeness_to_mark(Image.new("RGB", (1240, 1754), "white")) < 0.6


def likenesses_of(paper: Upload) -> list[float]:
    """How much the upper right corner of each page looks like the printed mark; 1 is the same."""
    with store().open(paper.blob.sha256) as original:
        content = original.read()
    return [likeness_to_mark(picture) for picture in pictures_in(content)]


def pictures_in(content: bytes) -> Iterator[Image.Image]:
    if not content.startswith(b"%PDF"):
        with Image.open(io.BytesIO(content)) as held:
            yield from (page.convert("RGB") for page in ImageSequence.Iterator(held))
        return
    with pymupdf.open(stream=content, filetype="pdf") as document:
        for page in document:
            picture = document.extract_image(page.get_images()[0][0])
            yield Image.open(io.BytesIO(picture["image"])).convert("RGB")


def likeness_to_mark(picture: Image.Image) -> float:
    return max(likeness_at(picture, dpi) for dpi in RESOLUTIONS)


def likeness_at(picture: Image.Image, dpi: int) -> float:
    """In grey on paper, or pale on a table top."""
    blank = Drawing((210.0, 297.0), dpi=dpi)
    blank.mark_as_specimen()
    corners = [
        np.asarray(
            one.crop((one.width - blank.px(14), blank.px(2), one.width - blank.px(4), blank.px(7))).convert(
                "L"
            ),
            dtype=float,
        ).ravel()
        for one in (blank.image, picture)
    ]
    if any(corner.std() < 1 for corner in corners):
        return 0.0
    return abs(float(np.corrcoef(*corners)[0, 1]))


def test_most_agreed_to_faces_one_refused_and_in_a_large_class_one_was_not_asked():
    rows = consent_rows(a_class(demo_classes.FIRST_CLASS), may_change=False)
    face, fingerprint = tallies(rows)
    assert (face.given, face.refused, face.open) == (10, 1, 1) and fingerprint.given == 5
    few, _ = tallies(consent_rows(a_class(demo_classes.RETURNED_CLASS), may_change=False))
    assert (few.given, few.refused, few.open) == (2, 1, 0)


def test_the_first_class_holds_a_recorded_lesson_that_a_worker_will_index():
    recording = Upload.objects.get(dossier=a_class(demo_classes.FIRST_CLASS), medium="recording")
    assert recording.sheets.get().places.get().filing.session.kind == "theory"
    assert recording.blob.size > 1_000_000
