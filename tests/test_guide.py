"""The guides speak the words of the screens: what stands in 「」 is a text of the house, and a key does what is said."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "guide").glob("*.zh.md"))
HOUSE = ("cms", "dossiers", "foundation", "ingestion", "media_processing")
READERS = {"institution", "reviewer", "archivist", "administrator"}
ONE_PAGE = 130  # lines

QUOTED = re.compile(r"「([^「」]+)」")
KEY_LINE = re.compile(r"^- `(?P<keys>[^`]+)` 「(?P<meaning>[^「」]+)」$", re.MULTILINE)
TRANSLATED = re.compile(r"""(?:\{%\s*translate\s+|\b_\()(?P<mark>["'])(?P<text>.+?)(?P=mark)""")
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate", re.DOTALL)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
KEY_HINT = re.compile(
    r"""\{%\s*key_hint\s+"(?P<keys>[^"]+)"\s+(?:_\("(?P<meaning>[^"]+)"\)|(?P<variable>\w+))"""
)
NAMED_MEANING = re.compile(
    r"""\{%\s*translate\s+"(?P<meaning>[^"]+)"\s+context\s+"\w+"\s+as\s+(?P<variable>\w+)"""
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{.*?\}\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEAST_CHINESE_BESIDE_A_PLACEHOLDER = 2


def texts_of_templates(sources: Iterable[str]) -> Iterator[str]:
    """What templates have translated."""
    for source in sources:
        yield from (found["text"] for found in TRANSLATED.finditer(source))
        for block in BLOCK.findall(source):
            yield from (part.strip() for part in PLURAL.split(block))


def texts_of_code(sources: Iterable[str]) -> Iterator[str]:
    """Chinese literals of Python files, docstrings left out by their English."""
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
                yield node.value


def texts_of_tables(sources: Iterable[str]) -> Iterator[str]:
    """Every text of the rulesets' tables."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for source in sources:
        yield from walk(yaml.safe_load(source))


def read(folder: str, pattern: str) -> list[str]:
    return [
        path.read_text() for path in sorted((ROOT / folder).rglob(pattern)) if "migrations" not in path.parts
    ]


@cache
def house_texts() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The texts without placeholders, and a pattern for each text with some."""
    texts = set(texts_of_templates(read("templates", "*.html")))
    for folder in HOUSE:
        texts |= set(texts_of_code(read(folder, "*.py")))
    texts |= set(texts_of_tables(read("dossiers/rulesets", "*.yaml")))
    return frozenset(text for text in texts if not PLACEHOLDER.search(text)), tuple(patterns(texts))


def patterns(texts: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """A text with placeholders, as what it looks like when they are filled."""
    for text in texts:
        parts = PLACEHOLDER.split(text)
        if len(parts) > 1 and len(CHINESE.findall("".join(parts))) >= LEAST_CHINESE_BESIDE_A_PLACEHOLDER:
            yield re.compile(".+?".join(re.escape(part) for part in parts), re.DOTALL)


def unknown_words(guide: str) -> list[str]:
    """What the guide quotes and no screen says."""
    plain, filled = house_texts()
    quoted = dict.fromkeys(QUOTED.findall(guide))
    return [word for word in quoted if word not in plain and not any(one.fullmatch(word) for one in filled)]


def keys_of(template: str) -> set[tuple[str, str]]:
    """Keys with their meanings, whether the meaning stands in the hint or was put into a variable before it."""
    meanings = {found["variable"]: found["meaning"] for found in NAMED_MEANING.finditer(template)}
    hints = KEY_HINT.finditer(template)
    return {(found["keys"], found["meaning"] or meanings.get(found["variable"], "")) for found in hints}


def unknown_keys(guide: str) -> list[tuple[str, str]]:
    """Keys that no bar at the foot names with this meaning."""
    named = {pair for template in read("templates", "*.html") for pair in keys_of(template)}
    return [pair for pair in KEY_LINE.findall(guide) if pair not in named]


def test_every_kind_of_reader_has_a_guide_of_one_page():
    assert {guide.name.removesuffix(".zh.md") for guide in GUIDES} == READERS
    for guide in GUIDES:
        assert len(guide.read_text().splitlines()) <= ONE_PAGE, guide.name


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_quotes_stands_on_a_screen(guide: Path):
    assert unknown_words(guide.read_text()) == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_says_of_keys_the_bar_at_the_foot_says_too(guide: Path):
    assert unknown_keys(guide.read_text()) == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_goes_task_by_task(guide: Path):
    headings = re.findall(r"^## (.+)$", guide.read_text(), re.MULTILINE)
    tasks = [heading for heading in headings if heading.startswith("怎样")]
    assert len(tasks) >= 5
    assert set(headings) - set(tasks) <= {"系统拒绝时"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_links_to_is_there(guide: Path):
    links = re.findall(r"\]\(([^)#]+)\)", guide.read_text())
    assert [link for link in links if not (guide.parent / link).exists()] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_commands_of_a_guide_exist(guide: Path):
    commands = set(re.findall(r"manage\.py (\w+)", guide.read_text())) - {"check"}
    known = {path.stem for folder in HOUSE for path in (ROOT / folder).glob("management/commands/*.py")}
    assert commands <= known


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ("点「立卷开班」。", []),
        ("点「一键通过」。", ["一键通过"]),
        ("点「立卷 开班」。", ["立卷 开班"]),
        ("点「12 人列入名册」。", []),
        ("点「列入花名册」和「报送」。", ["列入花名册"]),
    ],
)
def test_a_button_that_no_screen_has_is_found(said: str, unknown: list[str]):
    assert unknown_words(said) == unknown


def test_the_guides_quote_screens_and_name_keys():
    together = "".join(guide.read_text() for guide in GUIDES)
    assert len(set(QUOTED.findall(together))) > 100
    assert len(KEY_LINE.findall(together)) > 20


def test_a_key_with_another_meaning_is_found():
    assert unknown_keys("- `X` 「弃置」\n- `X` 「确认」\n") == [("X", "确认")]


def test_a_text_that_is_only_placeholders_matches_nothing():
    assert list(patterns(["%(item)s", "%(a)s：%(b)s", "{{ clause }}：“{{ quote }}”"])) == []
