"""What is to be said of a page as a whole before anybody trusts its words: foreign, by hand, without words."""

import unicodedata
from collections.abc import Sequence

from ingestion.attempts import MIRRORED, SURE_WORDS, surety
from ingestion.kinds import OTHER
from ingestion.reading import DocumentReading, Line

BLANK, NO_TEXT, FOREIGN, HANDWRITING = "blank", "no_text", "foreign", "handwriting"
NOTES = (BLANK, NO_TEXT, FOREIGN, HANDWRITING, MIRRORED)
FEWEST_CHARACTERS = 4
ENOUGH_LETTERS, FOREIGN_SHARE = 40, 0.9


def notes_on(
    lines: Sequence[Line], documents: Sequence[DocumentReading], *, seen: bool = True
) -> tuple[str, ...]:
    """Codes for a page that was taken for no paper of the ledger; a known paper needs no excuse.

    `seen`: somebody looked. An engine that reads nothing cannot say that there is nothing.
    """
    if not seen or any(document.kind != OTHER for document in documents):
        return ()
    letters = [character for line in lines for character in line.text if character.isalpha()]
    if len(letters) < FEWEST_CHARACTERS:
        return (NO_TEXT,)
    if surety(lines) < SURE_WORDS:
        return (HANDWRITING,)
    chinese = sum(unicodedata.east_asian_width(letter) in "WF" for letter in letters)
    if len(letters) >= ENOUGH_LETTERS and chinese <= (1 - FOREIGN_SHARE) * len(letters):
        return (FOREIGN,)
    return ()
