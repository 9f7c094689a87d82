"""Every pair of colours that carries text or meaning has the contrast that WCAG 2.2 AA asks for, light and dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "cms/static/cms/tokens.css").read_text("utf-8")
TEXT, SHAPE = 4.5, 3.0

PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3", "accent")
        for ground in ("paper", "sheet", "sunk", "foot")
    ),
    *((ink, "accent-soft", TEXT) for ink in ("ink", "ink-2", "accent")),
    *(
        (word, ground, TEXT)
        for word in ("ok", "warn", "bad")
        for ground in ("paper", "sheet", "sunk", f"{word}-soft")
    ),
    *(("ink", f"{word}-soft", TEXT) for word in ("ok", "warn", "bad")),
    ("on-accent", "accent", TEXT),
    *(("edge", ground, SHAPE) for ground in ("paper", "sheet")),
    *(("accent", ground, SHAPE) for ground in ("paper", "sheet", "accent-soft")),
]


def theme(name: str) -> dict[str, str]:
    blocks = re.findall(r":root \{([^{}]*--paper[^{}]*)\}", TOKENS)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    return light if name == "light" else light | dark


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_a_pair_of_colours_can_be_told_apart(name, ink, ground, least):
    colours = theme(name)
    assert contrast(colours[ink], colours[ground]) >= least
