"""Numbers that harm people stay out of stored text: every run that looks like an ID number is masked."""

import re
import unicodedata

# What engines make of digits now and then counts as one: O for 0, l, I and | for 1, B for 8, S for 5, Z for 2.
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9OoDlI|BSZ](?:[ \t·]?[0-9OoDlI|BSZ]){12,19}[ \t]?[0-9XxOoDlI|BSZ*]?")
_LEAST_DIGITS = 12
WHOLE_NUMBER = 15
SHOWN = 4  # characters left at either end
_BLANKS = re.compile(r"[ \t·]")


def masked(text: str) -> str:
    """The text with every run of 14 to 21 digits cut to its first and last four."""
    return "\n".join(_RUN.sub(_mask, unicodedata.normalize("NFKC", line)) for line in text.splitlines())


def _mask(found: re.Match[str]) -> str:
    run = _BLANKS.sub("", found.group())
    if sum(character.isdigit() for character in run) < _LEAST_DIGITS:
        return found.group()
    if len(run) < WHOLE_NUMBER:
        return "*" * len(run)
    return run[:SHOWN] + "*" * (len(run) - 2 * SHOWN) + run[-SHOWN:]
