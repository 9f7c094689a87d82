"""A PDF's own text: taken where it is all that stands on the page, passed over where the ink says otherwise."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ingestion.engines import engine
from ingestion.pages import PageOptions, opened_pages
from ingestion.pipeline import read
from ingestion.printed import PrintedPage, PrintedText, Verdict, held_against_ink, printed_page
from ingestion.reading import Line, OcrOptions, Quad
from tests.ingestion import pdfs

OPTIONS = OcrOptions()
EYES = "rapidocr"
NUMBERS = "".join(
    f"<tr><td>{n}</td><td>王海燕</td><td>2312991990010{n % 10}{(n * 7) % 10}3{n % 10}5</td></tr>"
    for n in range(24)
)


def texts(content: bytes) -> list[str]:
    said = pdfs.printed(content)
    lines = said.get("lines", [])
    assert isinstance(lines, list)
    return [line["text"] for line in lines]


def why_not(content: bytes) -> object:
    return pdfs.printed(content).get("passed_over")


class Reads:
    """An engine that sees in the strips, one below the other, what it was told to see."""

    name, version = "reads", "1"

    def __init__(self, seen: Sequence[str]) -> None:
        self.seen, self.asked = seen, 0

    def read(self, image: np.ndarray | Path, options: OcrOptions) -> tuple[Line, ...]:
        self.asked += 1
        height = np.asarray(image).shape[0] / len(self.seen)
        return tuple(
            Line(text, 0.9, Quad.from_box(10, at * height, 200, (at + 1) * height))
            for at, text in enumerate(self.seen)
        )


def page_saying(*said: str) -> PrintedPage:
    """A page whose own lines, all sampled, are these, each as high as the other."""
    lines = tuple(
        Line(text, 0.99, Quad.from_box(50, 40 * at, 400, 40 * at + 30)) for at, text in enumerate(said)
    )
    image = np.full((800, 600, 3), 255, np.uint8)
    return printed_page(PrintedText(lines, 0, tuple(range(len(lines)))), image, np.eye(3))


# --- what the page's structure says


def test_the_lines_of_a_typeset_page_are_its_own() -> None:
    found = texts(pdfs.typeset())
    assert found[0] == "职业培训合格证书"
    assert f"身份证号：{pdfs.NUMBER}" in found
    assert "发证日期：2026年5月12日" in found


def test_each_cell_of_a_table_is_a_line_of_its_own() -> None:
    body = "<h1>培训人员名册</h1><table><tr><th>序号<th>姓名<th>身份证号</tr>" + NUMBERS + "</table>"
    found = texts(pdfs.typeset(body))
    assert found[:4] == ["培训人员名册", "序号", "姓名", "身份证号"]
    assert "王海燕" in found


@pytest.mark.parametrize("degrees", [0, 90])
def test_a_rule_between_two_cells_parts_them_however_near_they_stand(degrees: int) -> None:
    style = "<style>td { padding: 1px; white-space: nowrap } table { width: auto }</style>"
    body = "<p>培训人员成绩单一览</p><table><tr><td>赵国栋<td>88<td>合格</tr></table><p>甲 乙 丙 丁</p>"
    found = texts(pdfs.turned(pdfs.typeset(body, style), degrees))
    assert found == ["培训人员成绩单一览", "赵国栋", "88", "合格", "甲 乙 丙 丁"]


def test_words_that_a_font_calls_by_the_names_of_radicals_are_words() -> None:
    """As browsers print them."""
    body = "<p>性别：女　校长：王海燕　身份证号在后</p>"
    called = pdfs.renamed(pdfs.typeset(body), {"女": "\u2f25", "长": "\u2ed3", "身": "\u2f9d"})
    assert "".join(texts(called)).replace(" ", "") == "性别：女校长：王海燕身份证号在后"


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_text_says_how_the_page_stands_and_its_quads_lie_on_the_ink(degrees: int) -> None:
    content = pdfs.turned(pdfs.typeset(), degrees)
    said = pdfs.printed(content)
    assert said["rotation"] == degrees
    with pymupdf.open("pdf", content) as document:
        drawn = document[0].get_pixmap(matrix=pymupdf.Matrix(pdfs.ZOOM, pdfs.ZOOM), colorspace=pymupdf.csGRAY)
    ink = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.h, drawn.w) < 128
    covered = np.zeros_like(ink)
    for line in said["lines"]:
        quad = Quad.from_points(line["quad"])
        covered[int(quad.top) - 2 : int(quad.bottom) + 3, int(quad.left) - 2 : int(quad.right) + 3] = True
    assert ink[covered].sum() > 0.98 * ink.sum()
    assert covered.mean() < 0.15


def test_bold_made_by_painting_twice_is_read_once() -> None:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        for _time in range(2):
            document[0].insert_text((80, 300), "Painted twice", fontsize=12)
        assert texts(document.tobytes()).count("Painted twice") == 1


def test_slanted_text_over_the_page_is_not_among_its_lines() -> None:
    style = "<style>.mark { position: absolute; top: 60mm; left: 10mm; transform: rotate(-35deg); color: #ccc }</style>"
    assert "样本仅供演示" not in texts(
        pdfs.typeset(pdfs.CERTIFICATE + "<p class=mark>样本仅供演示</p>", style)
    )


def test_the_sample_shows_every_glyph_that_stands_for_a_digit_and_every_font() -> None:
    body = (
        '<p style="font-family: sans-serif">黑体的一行字</p>'
        "<table><tr><th>序号<th>姓名<th>身份证号</tr>" + NUMBERS + "</table>"
    )
    said = pdfs.printed(pdfs.typeset(body))
    lines, chosen = said["lines"], said["samples"]
    sampled = "".join(lines[at]["text"] for at in chosen)
    assert set("0123456789") <= set(sampled)
    assert "黑体的一行字" in sampled
    assert len(chosen) < len(lines) / 2


LAYER = f"姓名：王海燕\n身份证号：{pdfs.NUMBER}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdfs.scanned(pdfs.typeset()), "none"),
        (pdfs.scanned(pdfs.typeset(), layer=LAYER), "hidden"),
        (pdfs.drawn_over(pdfs.typeset(), (40, 90, 380, 130), fill=(1, 1, 1)), "covered"),
        (pdfs.typeset(pdfs.CERTIFICATE + "<p class=pale>姓名：赵国栋</p>"), "faint"),
        (pdfs.called_otherwise(pdfs.typeset(), only="\x00"), None),
    ],
    ids=["a scan", "a scan with a layer", "painted over", "white on white", "sound"],
)
def test_a_layer_that_people_do_not_see_is_passed_over(content: bytes, reason: str | None) -> None:
    assert why_not(content) == reason


def test_a_page_that_is_part_picture_is_read_as_a_picture() -> None:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        card = pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 856, 540), False)
        card.clear_with(180)
        document[0].insert_image((60, 350, 303, 503), pixmap=card)
        assert why_not(document.tobytes()) == "pictured"


def test_values_filled_into_a_form_are_read_from_the_ink() -> None:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        document[0].add_freetext_annot((60, 400, 300, 430), "filled in later", fontsize=12)
        assert why_not(document.tobytes()) == "annotated"


def test_words_drawn_as_outlines_are_not_overlooked() -> None:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        page = document[0]
        for at in range(40):
            x, y = 60 + at % 20 * 14, 420 + at // 20 * 20
            page.draw_line((x, y), (x + 9, y + 9), width=1.2)
            page.draw_line((x + 9, y), (x, y + 9), width=1.2)
        assert why_not(document.tobytes()) == "unexplained"


def test_glyphs_without_a_meaning_are_no_text() -> None:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        for table in pdfs.meanings(document):
            document.update_stream(
                table, document.xref_stream(table).decode().replace("beginbfchar", "x").encode()
            )
        assert why_not(document.tobytes()) == "garbled"


# --- what an engine sees in the sampled strips


def test_a_layer_that_is_what_an_engine_sees_is_believed() -> None:
    said = ("职业培训合格证书", f"身份证号：{pdfs.NUMBER}")
    reader = Reads(("职业培训台格证书", f"身份证号 {pdfs.NUMBER}"))
    assert held_against_ink(page_saying(*said), reader, OPTIONS) == Verdict.SAME
    assert reader.asked == 1


@pytest.mark.parametrize(
    "seen",
    [
        ("职业培训合格证书", f"身份证号：{pdfs.OTHER_NUMBER}"),
        ("职业培训合格证书", f"身份证号：{pdfs.NUMBER[:-2]}8X"),
        ("鬼戚砒袖沁滓蓬皂", f"身份证号：{pdfs.NUMBER}"),
        ("职业培训合格证书", ""),
    ],
    ids=["another number", "one digit", "other words", "a line missing"],
)
def test_a_layer_that_is_not_what_an_engine_sees_is_not_believed(seen: tuple[str, ...]) -> None:
    said = ("职业培训合格证书", f"身份证号：{pdfs.NUMBER}")
    assert held_against_ink(page_saying(*said), Reads(seen), OPTIONS) == Verdict.DIFFERS


def test_a_layer_nobody_could_hold_against_the_ink_is_not_believed() -> None:
    blind = engine("null")
    assert held_against_ink(page_saying("职业培训合格证书"), blind, OPTIONS) == Verdict.UNSEEN
    assert held_against_ink(page_saying(), Reads(("",)), OPTIONS) == Verdict.UNSEEN


# --- the whole way, with a real engine


@pytest.mark.parametrize("degrees", [0, 270])
def test_a_pdf_of_nothing_but_text_is_read_and_not_recognised(degrees: int, tmp_path: Path) -> None:
    (page,) = read(pdfs.saved(pdfs.turned(pdfs.typeset(), degrees), tmp_path / "own.pdf"), EYES)
    assert (page.engine, page.engines) == ("pdf_text", ("pdf_text",))
    assert page.page.rotation == degrees
    assert page.kind == "training_completion_certificate"
    fields = {field.name: field.value for field in page.fields}
    assert fields["id_number"] == pdfs.NUMBER
    assert fields["name"] == "王海燕"


@pytest.mark.parametrize("only", ["", "0123456789"], ids=["every glyph", "digits alone"])
def test_a_pdf_whose_text_is_not_its_ink_is_read_from_the_ink_and_says_so(only: str, tmp_path: Path) -> None:
    spoiled = pdfs.called_otherwise(pdfs.typeset(), only=only)
    assert pdfs.NUMBER not in "".join(texts(spoiled))
    (page,) = read(pdfs.saved(spoiled, tmp_path / "wrong.pdf"), EYES)
    assert page.engine == EYES
    assert "text_layer_differs" in page.notes
    assert {field.name: field.value for field in page.fields}["id_number"] == pdfs.NUMBER


def test_the_layer_of_a_scan_is_not_trusted(tmp_path: Path) -> None:
    scan = pdfs.scanned(pdfs.typeset(), layer=f"身份证号：{pdfs.OTHER_NUMBER}")
    (page,) = read(pdfs.saved(scan, tmp_path / "scan.pdf"), EYES)
    assert page.engine == EYES
    assert pdfs.OTHER_NUMBER not in page.text
    assert {field.name: field.value for field in page.fields}["id_number"] == pdfs.NUMBER


def test_without_eyes_a_layer_is_not_believed(tmp_path: Path) -> None:
    (page,) = read(pdfs.saved(pdfs.typeset(), tmp_path / "own.pdf"), "null")
    assert (page.engine, page.lines, page.notes) == ("null", (), ())


def test_every_page_of_a_pdf_has_its_own_words(tmp_path: Path) -> None:
    body = pdfs.CERTIFICATE + '<div style="page-break-before: always">第二页写的是另外一些字</div>'
    target = pdfs.saved(pdfs.typeset(body), tmp_path / "two.pdf")
    with opened_pages(target, PageOptions()) as pages:
        first, second = list(pages)
    assert first.printed is not None
    assert second.printed is not None
    assert [line.text for line in second.printed.lines] == ["第二页写的是另外一些字"]
