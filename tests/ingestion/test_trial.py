"""The benchmark's pages: every paper of the deck, parts that share nothing, wear that carries the truth along."""

import random
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageOps

from ingestion.kinds import kinds
from ingestion.specimens import trial
from ingestion.specimens.faces import NOTO, Face, Faces, installed, printed_in
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.scenes import ON_A_PHONE, STRONG, Scene, hard_scene, ordinary_scene, seen
from ingestion.specimens.sheet import Sheet
from ingestion.specimens.trial import DECK, Card, Facts, make_trial, read_truth
from ingestion.specimens.trial_people import WORDS, trial_course, trial_people
from ingestion.specimens.typefaces import FACES, PARTS, SOURCES, Part

ROOM = 6  # pixels by which a place may be off after all that was done to the page
BLUE = (20, 20, 230)


def facts(part: Part) -> Facts:
    course = trial_course(part, "key_group_17", 3)
    return Facts(part, course, trial_people(part, 12, 3), random.Random(3))


@cache
def drawn(card: Card, part: Part) -> list[SpecimenPage]:
    with printed_in(NOTO):
        return card.draw(facts(part))


@pytest.mark.parametrize(
    ("card", "part"), list(product(DECK, PARTS)), ids=lambda one: one if isinstance(one, str) else one.name
)
def test_every_paper_of_the_deck_is_drawn_with_its_truth_inside_the_page(card: Card, part: Part) -> None:
    for page in drawn(card, part):
        width, height = page.image.size
        values = [value for document in page.documents for value in document.fields.values()]
        values += [cell for document in page.documents for row in document.rows for cell in row.values()]
        for value in [*values, *page.runs]:
            left, top, right, bottom = value.box
            assert -1 <= left < right <= width + 1, value.value
            assert -1 <= top < bottom <= height + 1, value.value


def test_the_deck_has_every_kind_of_the_table_and_pages_of_no_kind() -> None:
    found = {
        document.kind
        for card, part in product(DECK, PARTS)
        for page in drawn(card, part)
        for document in page.documents
    }
    assert found == set(kinds())


def test_several_documents_on_a_page_are_told_one_by_one_with_their_people() -> None:
    cards = {card.name: card for card in DECK}
    (page,) = drawn(cards["four_cards"], "kept-out")
    assert (
        sorted(document.kind for document in page.documents) == ["id_card_back"] * 2 + ["id_card_front"] * 2
    )
    assert {document.trainee for document in page.documents} == {0, 1}
    numbers = {d.fields["id_number"].value for d in page.documents if "id_number" in d.fields}
    assert len(numbers) == 2


def test_a_page_that_goes_on_says_so_and_bears_no_title() -> None:
    roster = next(card for card in DECK if card.name == "contract")
    first, *rest = drawn(roster, "kept-out")
    assert not first.documents[0].continues
    assert len(rest) == 2
    assert all(page.documents[0].continues for page in rest)


def test_the_parts_share_no_typeface_and_no_word() -> None:
    files = {part: {face.file for faces in FACES[part] for _, face in faces.roles} for part in PARTS}
    assert not files["tuning"] & files["kept-out"]
    one, other = WORDS["tuning"], WORDS["kept-out"]
    for name in (
        "surnames",
        "counties",
        "streets",
        "institutions",
        "enterprises",
        "occupations",
        "lecturers",
    ):
        assert not set(getattr(one, name)) & set(getattr(other, name)), name
    assert not set(one.syllables) & set(other.syllables)


def test_every_typeface_of_a_part_has_a_source_with_a_checksum() -> None:
    known = {source.file for source in SOURCES}
    assert {face.file for faces in FACES.values() for one in faces for _, face in one.roles} <= known
    assert all(len(source.sha256) == 64 for source in SOURCES)


def test_noto_stands_in_for_a_typeface_that_was_not_fetched() -> None:
    absent = Faces("absent", (("serif", Face("no-such-file.ttf")),))
    assert absent.of("serif") == installed("serif")
    assert absent.missing == ("no-such-file.ttf",)


def test_the_same_seed_draws_the_same_trial_and_the_truth_reads_back(tmp_path: Path) -> None:
    one, other = (make_trial(tmp_path / name, "tuning", "ordinary", 1, seed=9) for name in ("a", "b"))
    assert one == other == read_truth(tmp_path / "a")
    assert make_trial(tmp_path / "c", "tuning", "ordinary", 1, seed=10) != one
    first = one[0].file
    assert (tmp_path / "a" / first).read_bytes() == (tmp_path / "b" / first).read_bytes()


def marked_page() -> SpecimenPage:
    """A sheet whose one value is a blue bar, so that the picture itself tells where it went."""
    sheet = Sheet((110, 150), dpi=150)
    box = (sheet.px(30), sheet.px(50), sheet.px(90), sheet.px(58))
    sheet.draw.rectangle(box, fill=BLUE)
    sheet.note("bar", "bar", box)
    return sheet.page("other")


def middle_of_the_bar(picture: Image.Image) -> tuple[float, float]:
    tones = np.asarray(picture.convert("RGB"), dtype=float)
    darkness = 255 - tones.mean(axis=2)
    blueness = tones[:, :, 2] - tones[:, :, 0]
    wanted = blueness > 35 if (blueness > 35).sum() > 400 else darkness > 120
    rows, columns = np.nonzero(wanted)
    return float(columns.mean()), float(rows.mean())


def middle_of(page: SpecimenPage) -> tuple[float, float]:
    quad = page.documents[0].fields["bar"].quad
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("wear", ["", "curled", "creases", "clipped", "glare", "hand_shadow"])
def test_a_photographed_value_is_where_the_truth_says(wear: str, turns: int) -> None:
    scene = Scene("phone", (wear,) if wear else (), turns, seed=4, level="hard" if wear else "ordinary")
    page = seen(marked_page(), scene)
    assert middle_of(page) == pytest.approx(middle_of_the_bar(page.image), abs=ROOM)


@pytest.mark.parametrize("turns", [0, 3])
@pytest.mark.parametrize("wear", ["", "second_copy"])
def test_a_copied_value_is_where_the_truth_says(wear: str, turns: int) -> None:
    page = seen(marked_page(), Scene("copier", (wear,) if wear else (), turns, seed=6))
    assert middle_of(page) == pytest.approx(middle_of_the_bar(page.image), abs=ROOM)


def test_what_the_picture_no_longer_shows_is_no_longer_true_of_it() -> None:
    sheet = Sheet((110, 150))
    sheet.text(2, 2, "张三", record="name")
    sheet.text(50, 70, "李四", record="employer")
    pages = [seen(sheet.page("other"), Scene("phone", ("clipped",), 0, seed, "hard")) for seed in range(8)]
    names = [set(page.documents[0].fields) for page in pages]
    assert all("employer" in fields for fields in names)
    assert any("name" not in fields for fields in names)


def test_ordinary_pages_are_turned_stamped_and_watermarked_and_hard_ones_have_strong_wear() -> None:
    rng = random.Random(1)
    ordinary = [ordinary_scene(rng) for _ in range(200)]
    hard = [hard_scene(rng, hardest=False) for _ in range(200)]
    hardest = [hard_scene(rng, hardest=True) for _ in range(200)]
    assert {scene.rotation for scene in ordinary} == {0, 90, 180, 270}
    assert {scene.medium for scene in ordinary} == {"phone", "copier"}
    assert {wear for scene in ordinary for wear in scene.wears} == {"stamp", "watermark"}
    assert {wear for scene in hard for wear in scene.wears} == {*STRONG, "paper_behind"}
    assert all(len(scene.wears) == 3 for scene in hardest)
    assert not any(set(scene.wears) & set(ON_A_PHONE) for scene in hardest if scene.medium == "copier")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".heic", ".cmyk.jpg", ".exif.jpg"])
def test_every_container_shows_the_picture_it_was_given(tmp_path: Path, suffix: str) -> None:
    trial.register_heif_opener()
    picture, file = marked_page().image, tmp_path / f"0001{suffix}"
    trial.save(file, [picture])
    with Image.open(file) as opened:
        assert opened.mode == ("CMYK" if "cmyk" in suffix else "RGB")
        shown = ImageOps.exif_transpose(opened).convert("RGB")
    assert shown.size == picture.size
    assert middle_of_the_bar(shown) == pytest.approx(middle_of_the_bar(picture), abs=1)


def test_the_code_of_a_divider_sheet_says_where_what_follows_belongs() -> None:
    card = next(card for card in DECK if card.name == "divider")
    (page,) = drawn(card, "tuning")
    (code,) = zxingcpp.read_barcodes(np.asarray(page.image))
    assert code.text == page.fields["payload"].value
    assert code.text.startswith("JZ1|")
    assert code.text.count("|") == 3


def test_a_pdf_drawn_twice_is_the_same_file(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        trial.save(tmp_path / folder / "0001.pdf", [Image.new("RGB", (40, 40))])
    one, other = ((tmp_path / folder / "0001.pdf").read_bytes() for folder in ("a", "b"))
    assert one == other
    assert b"D:1970" in one
