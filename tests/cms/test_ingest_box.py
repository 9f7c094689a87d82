"""A folder from the shell: same door, a table, and the acceptance of 60 mixed pages by their truth."""

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dossiers.actions.people import ID_NUMBER, id_number_index
from dossiers.models import DossierPage, Enrolment, Filing, Person, Sheet, Upload
from foundation.models import Job, Quarantined
from foundation.secrets import Masked
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.pile import make_mixed_pile
from ingestion.specimens.truth import BoxTruth, PageTruth
from tests import factories
from tests.cms import intake_desk as desk

pytestmark = pytest.mark.django_db
RIGHT_AT_LEAST = 50


def ingest(folder: Path, dossier: DossierPage, *options: str) -> str:
    said = io.StringIO()
    call_command(
        "ingest_box",
        str(folder),
        "--institution",
        dossier.custodian.code,
        "--class",
        dossier.class_no,
        *options,
        stdout=said,
    )
    return said.getvalue()


def enrol(dossier: DossierPage, people: Iterable[SpecimenPerson]) -> list[Enrolment]:
    """The roster as the truth has it."""
    made = []
    for one in people:
        person = Person.objects.create(
            id_number=Masked.of(one.id_number, purpose=ID_NUMBER),
            id_number_index=id_number_index(one.id_number),
        )
        made.append(
            Enrolment.objects.create(
                dossier=dossier,
                person=person,
                seq=one.index + 1,
                name=one.name,
                person_category=one.person_category,
                passed=True,
                employed_after_training=True,
            )
        )
    return made


def class_of(truth: BoxTruth, ledger: str) -> DossierPage:
    dossier = factories.make_dossier(
        ledger=ledger,
        class_no=truth.course.class_no,
        occupation=truth.course.occupation,
        living_allowance_paid=True,
    )
    factories.make_account("clerk", institution=dossier.custodian)
    return dossier


@pytest.fixture
def null_engine(settings):
    settings.OCR_ENGINE = "null"


@pytest.fixture
def dossier():
    made = factories.make_dossier(trainees=2)
    factories.make_account("clerk", institution=made.custodian)
    return made


def test_a_folder_is_taken_in_and_told_page_by_page(tmp_path, dossier, null_engine):
    (tmp_path / "甲.jpg").write_bytes(desk.picture("甲"))
    (tmp_path / "乙.tif").write_bytes(desk.tiff(3))
    (tmp_path / ".隐藏").write_bytes(b"hidden")
    said = ingest(tmp_path, dossier)
    assert "共 2 个文件 4 页：已提议 0 页，留在收件待认 4 页，没有收下 0 个文件" in said
    assert "认不出是哪种材料" in said and "每 CPU 秒" in said
    assert Sheet.objects.filter(dossier=dossier).count() == 4
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_file_that_is_refused_is_named_with_its_reason_and_changes_the_exit_code(
    tmp_path, dossier, null_engine, capsys
):
    (tmp_path / "列表.mp4").write_bytes(b"#EXTM3U\n")
    (tmp_path / "好.jpg").write_bytes(desk.picture("好"))
    with pytest.raises(SystemExit) as ended:
        call_command(
            "ingest_box",
            str(tmp_path),
            "--institution",
            dossier.custodian.code,
            "--class",
            dossier.class_no,
        )
    assert ended.value.code == 3
    said = capsys.readouterr().out
    assert "播放列表" in said and "没有收下 1 个文件" in said
    assert Upload.objects.get().file_name == "好.jpg"
    assert Quarantined.objects.get(state="refused").file_name == "列表.mp4"


def test_the_same_folder_twice_adds_nothing_and_says_what_was_there(tmp_path, dossier, null_engine):
    (tmp_path / "甲.jpg").write_bytes(desk.picture("甲"))
    ingest(tmp_path, dossier)
    assert "逐字节相同" in ingest(tmp_path, dossier)
    assert Upload.objects.count() == 1


def test_without_waiting_the_reading_is_left_to_the_worker(tmp_path, dossier, null_engine):
    (tmp_path / "甲.jpg").write_bytes(desk.picture("甲"))
    ingest(tmp_path, dossier, "--no-wait")
    assert Job.objects.get(kind="read_upload").state == "waiting"


def test_a_class_or_a_person_that_does_not_fit_is_a_usage_error(tmp_path, dossier, null_engine):
    stranger = factories.make_account("clerk", username="stranger")
    with pytest.raises(CommandError, match="may not hand papers in"):
        ingest(tmp_path, dossier, "--by", stranger.username)
    dossier.class_no = "2026-998"
    with pytest.raises(CommandError, match="has no class"):
        ingest(tmp_path, dossier)


@pytest.mark.ocr
def test_the_speed_of_raw_tesseract_on_the_same_pages_is_printed_beside(tmp_path, dossier, null_engine):
    (tmp_path / "甲.jpg").write_bytes(desk.picture("甲"))
    said = ingest(tmp_path, dossier, "--beside-tesseract").splitlines()
    assert said[-2].startswith("CPU ") and said[-1].startswith("同样的页只用 tesseract 认字：CPU ")


@pytest.mark.slow
@pytest.mark.ocr
@pytest.mark.parametrize("ledger", ["enterprise_14", "key_group_17"])
def test_of_sixty_mixed_pages_fifty_find_their_place_and_none_a_wrong_person(ledger, tmp_path):
    truth = make_mixed_pile(tmp_path / "pile", pages=60, seed=7, ledger=ledger)
    dossier = class_of(truth, ledger)
    roster = enrol(dossier, truth.people)
    said = ingest(tmp_path / "pile", dossier)
    (tmp_path / "said.txt").write_text(said)
    judged = [judge(page, dossier, ledger, roster) for page in truth.pages]
    assert judged.count("wrong person") == 0, said
    assert judged.count("right") >= RIGHT_AT_LEAST, said
    assert judged.count("silent") == 0, said


def judge(page: PageTruth, dossier: DossierPage, ledger: str, roster: list[Enrolment]) -> str:
    """right, wrong person, wrong item, tray (with a reason) or silent (without one)."""
    filing = Filing.objects.get(
        dossier=dossier, places__sheet__upload__file_name=page.file, places__sheet__number=page.page
    )
    whose = roster[page.trainee].pk if page.trainee is not None else None
    if filing.enrolment_id is not None and filing.enrolment_id != whose:
        return "wrong person"
    item = "" if page.fault == "other_class" else page.items.get(ledger, "")
    if filing.item_id == item and filing.enrolment_id == whose:
        return "right"
    if not filing.reasons:
        return "silent"
    return "wrong item" if filing.item_id and filing.item_id != item else "tray"
