"""What a verdict binds to: digests over the bytes of sheets, filings and items. Pure."""

import hashlib
from collections.abc import Iterable, Sequence

#: One sheet as a digest sees it: SHA-256 of the original, page number, degrees turned, region of a piece or None.
SheetFacts = tuple[str, int, int] | tuple[str, int, int, Sequence[float] | None]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def filing_digest(sheets: Iterable[SheetFacts]) -> str:
    """SHA-256 over original, page number, degrees turned and, of a piece, its region; each sheet in order."""
    return _digest(_line(*facts) for facts in sheets)


def _line(sha256: str, number: int, turn: int, region: Sequence[float] | None = None) -> str:
    whole = f"{sha256}:{number}:{turn}"
    return whole if region is None else f"{whole}:{','.join(f'{edge:.4f}' for edge in region)}"


def page_mark(sheet: SheetFacts, *, place: str) -> str:
    """A short mark of one page at one place (part, trainee, sitting): what of a verdict's pages still lies there."""
    return _digest([_line(*sheet), place])[:16]


def item_digest(filings: Iterable[tuple[str, str, str, str]]) -> str:
    """SHA-256 over (part, enrolment, session, filing digest) of the filings of one item, in any order."""
    return _digest(sorted(":".join(filing) for filing in filings))
