"""What a page or a question is found by: overlapping pairs of Chinese characters, runs of letters and digits.

Pure. A word of two characters is one pair, so it is found wherever it stands; a single one is not found.
Whatever looks like an ID number is dropped: it is found by blind index alone.
"""

import re
import unicodedata
from collections.abc import Iterator

# An ID number, old or new, whole or with blanks between: fifteen to eighteen digits, the last perhaps an X.
LONG_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ \u3000-]?[0-9]){13,16}[ \u3000-]?[0-9Xx](?![0-9])")
# What no text keeps: such a number, or any longer run of digits one may stand in. A row's number or a bank's
# digits glued to it, full-width digits, and pieces set apart by other signs do not save it.
_KEPT_BACK = re.compile(
    LONG_NUMBER.pattern
    + r"|(?<![0-9\uff10-\uff19])[0-9\uff10-\uff19](?:[ \u00a0\u3000-]?[0-9\uff10-\uff19]){13,}"
    + r"[ \u00a0\u3000-]?[0-9\uff10-\uff19XxＸｘ]"
    + r"|[0-9]{6}[\s·.-]{1,4}(?:19|20)[0-9]{6}[\s·.-]{1,4}[0-9]{3}[0-9Xx]"
)
_MOMENT = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{0,9}")
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇]"
_RUN = re.compile(rf"{_HAN}+|[a-z]+|[0-9]+")
_CHINESE = re.compile(_HAN)
_SPACED = re.compile(rf"(?<={_HAN})[ \t\u3000]+(?={_HAN})")  # titles are printed with blanks: 合 格 证
_MASK = re.compile(r"[0-9]{0,4}\*{3,}[0-9a-z]{0,4}")
_KEEP = 4


def normal(text: str) -> str:
    """One spelling for comparing: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def mask_numbers(text: str) -> str:
    """The same text with every ID-like number showing its first four and last four characters."""
    return _KEPT_BACK.sub(lambda found: _masked(found.group()), text)


def mask_in_name(file_name: str) -> str:
    """The name of a file without a whole ID number; a camera's date and time stay, no region begins with 20."""
    return _KEPT_BACK.sub(
        lambda found: found.group() if _MOMENT.fullmatch(found.group()) else _masked(found.group()), file_name
    )


def holds_number(text: str) -> bool:
    """Whether something that looks like a whole ID number stands in the text."""
    return bool(_KEPT_BACK.search(unicodedata.normalize("NFKC", text)))


def first_number(text: str) -> str:
    """The first thing that looks like a whole ID number, or nothing."""
    plain = unicodedata.normalize("NFKC", text)
    found = LONG_NUMBER.search(plain) or _KEPT_BACK.search(plain)
    return found.group() if found else ""


def search_tokens(text: str) -> tuple[str, ...]:
    """The tokens of a text in order: 培训合格证 -> 培训 训合 合格 格证."""
    plain = _SPACED.sub("", _without_numbers(text))
    return tuple(token for run in _RUN.findall(plain) for token in _of_run(run))


def question_tokens(question: str) -> tuple[tuple[str, ...], ...]:
    """One tuple of tokens for each blank-separated word asked for; each word is a phrase of its own."""
    words = _without_numbers(question).split()
    return tuple(tokens for word in words if (tokens := search_tokens(word)))


def compact(text: str) -> str:
    """A line or a question without blanks, for finding one in the other."""
    return "".join(normal(text).split())


def _without_numbers(text: str) -> str:
    """Normalised, ID-like numbers and what is left of masked ones taken out."""
    return _MASK.sub(" ", _KEPT_BACK.sub(" ", normal(text)))


def _of_run(run: str) -> Iterator[str]:
    if not _CHINESE.match(run) or len(run) == 1:
        yield run
        return
    for at in range(len(run) - 1):
        yield run[at : at + 2]


def _masked(number: str) -> str:
    return number[:_KEEP] + "*" * (len(number) - 2 * _KEEP) + number[-_KEEP:]
