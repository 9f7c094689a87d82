"""Numbers that harm people stay out of stored text: every run that looks like an ID number is masked."""

import re
import unicodedata
from collections.abc import Sequence

# What engines make of digits now and then counts as one: O for 0, l, I and | for 1, B for 8, S for 5, Z for 2.
# A run has no upper end: two numbers on one line, or a row's number before one, must not leave a whole one over.
_RUN = re.compile(r"(?<![0-9])[0-9OoDlI|BSZ](?:[ \t·]?[0-9OoDlI|BSZ]){12,}[ \t]?[0-9XxOoDlI|BSZ*]?")
_PIECES = re.compile(  # region, birthday and tail set apart by more than one blank, by dots or dashes
    r"[0-9]{6}[ \t·.\-]{1,4}(?:19|20)[0-9]{6}[ \t·.\-]{1,4}[0-9]{3}[0-9Xx]"
)
_LEAST_DIGITS = 12
WHOLE_NUMBER = 15
SHOWN = 4  # characters left at either end
_ACROSS = (
    re.compile(  # an ID number and nothing else, in pieces: what is looser would join a telephone and a date
        r"[1-9] ?(?:[0-9] ?){5}(?:1 ?9|2 ?0) ?[0-9] ?[0-9] ?(?:0 ?[1-9]|1 ?[0-2]) ?"
        r"(?:0 ?[1-9]|[12] ?[0-9]|3 ?[01]) ?(?:[0-9] ?){3}[0-9Xx]"
    )
)
_AS_DIGITS = str.maketrans("OoDlI|BSZ", "000111852")
BAR = "\x00"
_BLANKS = re.compile(r"[ \t·.\-]")


def masked(text: str) -> str:
    """The text with every run of 14 digits or more cut to its first and last four."""
    lines = (unicodedata.normalize("NFKC", line) for line in text.splitlines())
    return "\n".join(_RUN.sub(_mask, _PIECES.sub(_mask, line)) for line in lines)


def _mask(found: re.Match[str]) -> str:
    run = _BLANKS.sub("", found.group())
    if sum(character.isdigit() for character in run) < _LEAST_DIGITS:
        return found.group()
    if len(run) < WHOLE_NUMBER:
        return "*" * len(run)
    return run[:SHOWN] + "*" * (len(run) - 2 * SHOWN) + run[-SHOWN:]


def masked_in_place(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts that stand beside each other, each as long as before, with a star for every character masked.

    A number that an engine cut into pieces, or that stands in boxes, one digit each, is one number.
    """
    alone = [_starred(text, _PIECES, _RUN) for text in texts]
    # What is masked already is no piece of another number.
    barred = [BAR * len(text) if text != given else text for text, given in zip(alone, texts, strict=True)]
    together = _starred(" ".join(barred).translate(_AS_DIGITS), _ACROSS)
    found, at = [], 0
    for text in alone:
        piece = together[at : at + len(text)]
        found.append(_with_stars(text, piece))
        at += len(text) + 1
    return tuple(found)


def _with_stars(text: str, starred: str) -> str:
    return "".join("*" if star == "*" else shown for shown, star in zip(text, starred, strict=True))


def _starred(text: str, *patterns: re.Pattern[str]) -> str:
    plain = "".join(_one_for_one(character) for character in text)
    shown = list(text)
    for pattern in patterns:
        for run in pattern.finditer(plain):
            for at in _hidden(run):
                shown[at] = "*"
    return "".join(shown)


def _hidden(run: re.Match[str]) -> list[int]:
    """Where the characters stand that are not shown of this run."""
    places = [at for at in range(*run.span()) if not _BLANKS.match(run.string[at])]
    if sum(run.string[at].isdigit() for at in places) < _LEAST_DIGITS:
        return []
    return places if len(places) < WHOLE_NUMBER else places[SHOWN:-SHOWN]


def _one_for_one(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
