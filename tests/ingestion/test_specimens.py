"""The generator of papers: fictional, marked, the same by seed, and true to its truth file."""

import json
import random
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dossiers.numbering import IdNumber
from ingestion.specimens.box import NO_FAULTS, Faults, class_people, make_box
from ingestion.specimens.clip import make_clip, slide_of
from ingestion.specimens.course import make_course
from ingestion.specimens.papers import CLASS_PAPERS, TRAINEE_PAPERS, draw_for, draw_for_class
from ingestion.specimens.people import make_people, with_wrong_digit
from ingestion.specimens.pile import page_count, plan_of_pile
from ingestion.specimens.sheet import SpecimenPage
from ingestion.specimens.truth import as_iso
from ingestion.specimens.wear import Wear, worn

PEOPLE = make_people(3, 1)
COURSE = make_course("2026-021", ledger="key_group_17", seed=1, days=3)


def drawn(paper: str) -> list[SpecimenPage]:
    if paper in TRAINEE_PAPERS:
        return draw_for(PEOPLE[0], paper, COURSE, random.Random(1))
    return draw_for_class(paper, COURSE, PEOPLE, random.Random(1))


def test_people_have_numbers_that_pass_and_belong_to_nobody() -> None:
    people = make_people(40, 7)
    assert len({person.name for person in people}) == len({person.id_number for person in people}) == 40
    for person in people:
        number = IdNumber.parse(person.id_number, today=date(2026, 11, 24))
        assert person.id_number.startswith("231299")
        assert number.birth_date == person.birth_date
        assert {"male": "男", "female": "女"}[number.sex] == person.sex


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert make_people(5, 3) == make_people(5, 3)
    assert make_people(5, 3) != make_people(5, 4)


def test_a_number_with_a_wrong_digit_fails_its_check() -> None:
    for person in make_people(20, 2):
        assert not IdNumber.check(with_wrong_digit(person.id_number)).is_valid


@pytest.mark.parametrize("paper", sorted({*TRAINEE_PAPERS, *CLASS_PAPERS}))
def test_every_paper_is_drawn_with_its_values_inside_the_page(paper: str) -> None:
    for page in drawn(paper):
        width, height = page.image.size
        for value in page.fields.values():
            left, top, right, bottom = value.box
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height


def test_wear_carries_the_values_along() -> None:
    page = drawn("training_completion_certificate")[0]
    turned = worn(page, Wear(quarter_turns=1))
    left, top, right, bottom = page.fields["id_number"].box
    height = page.image.height
    assert turned.fields["id_number"].box == pytest.approx(
        (height - bottom, left, height - top, right), abs=1
    )
    assert turned.image.size == (page.image.height, page.image.width)


def test_a_box_is_the_same_by_its_seed(tmp_path: Path) -> None:
    boxes = [make_box(tmp_path / name, ledger="enterprise_14", trainees=1, seed=5) for name in ("a", "b")]
    assert boxes[0].pages == boxes[1].pages
    assert (tmp_path / "a" / "IMG_0001.jpg").read_bytes() == (tmp_path / "b" / "IMG_0001.jpg").read_bytes()


def test_a_box_without_faults_has_every_trainees_papers(tmp_path: Path) -> None:
    box = make_box(tmp_path, ledger="enterprise_14", trainees=2, seed=5, faults=NO_FAULTS, wear=False)
    counted = Counter(page.items["enterprise_14"] for page in box.pages if page.trainee is not None)
    assert counted == {
        "identity_document_copy": 2,
        "trainee_registration_form": 2,
        "labour_contract_copy": 4,
        "final_exam_paper": 2,
        "certificate_copy": 2,
    }
    assert box.missing == ()


def test_faults_are_planted_and_written_down(tmp_path: Path) -> None:
    box = make_box(tmp_path, ledger="key_group_17", trainees=3, seed=5, faults=Faults(2, 1, 1), wear=False)
    told = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert len(told["missing"]) == 2
    faults = {page["fault"]: page for page in told["pages"] if page["fault"]}
    assert set(faults) == {"wrong_id_number", "other_class"}
    assert faults["other_class"]["trainee"] is None
    assert not IdNumber.check(faults["wrong_id_number"]["fields"]["id_number"]["value"]).is_valid
    assert len(told["people"]) == len(box.people) == 3


def test_every_file_of_a_box_is_told_of_with_all_its_pages(tmp_path: Path) -> None:
    box = make_box(tmp_path, ledger="key_group_17", trainees=1, seed=5, wear=False)
    files = {path.name for path in tmp_path.iterdir()} - {"truth.json"}
    assert files == {page.file for page in box.pages}
    for name in files:
        if name.endswith(".tif"):
            with Image.open(tmp_path / name) as opened:
                assert opened.n_frames == len(list(box.of_file(name)))


@pytest.mark.parametrize("ledger", ["enterprise_14", "key_group_17"])
def test_a_mixed_pile_has_as_many_pages_as_asked_for(ledger: str) -> None:
    plan = plan_of_pile(class_people(ledger, 12, 1), 60, 1, ledger=ledger)
    assert sum(page_count(bundle) for bundle in plan) == 60
    assert len({paper.name for bundle in plan for paper in bundle.papers}) >= 20
    assert {bundle.suffix for bundle in plan} == {".jpg", ".png", ".pdf", ".tif"}


def test_a_slide_changes_as_the_lesson_goes_on() -> None:
    first, later = (np.asarray(slide_of(COURSE, 0, second)) for second in (0, 9))
    assert first.shape == later.shape
    assert (first != later).any()


def test_a_clip_is_a_recording_of_the_length_asked_for(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "lesson.mp4", COURSE, seconds=2)
    probe = [
        "ffprobe",
        "-v",
        "error",
        "-show_entries",
        "format=duration:stream=codec_name,width,height",
        "-of",
        "json",
    ]
    told = json.loads(subprocess.run([*probe, str(clip)], check=True, capture_output=True).stdout)
    assert float(told["format"]["duration"]) == pytest.approx(2.0, abs=0.2)
    assert [stream["codec_name"] for stream in told["streams"]] == ["h264", "aac"]
    assert (told["streams"][0]["width"], told["streams"][0]["height"]) == (1280, 720)


@pytest.mark.parametrize(
    ("printed", "iso"), [("2026年09月07日", "2026-09-07"), ("样本县公安局", "样本县公安局")]
)
def test_truth_tells_dates_as_iso_and_the_rest_as_printed(printed: str, iso: str) -> None:
    assert as_iso(printed) == iso
