"""What a verdict binds to: digests over the bytes of sheets, filings and items. Pure."""

import hashlib
from collections.abc import Iterable


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def filing_digest(sheets: Iterable[tuple[str, int, int]]) -> str:
    """SHA-256 over (SHA-256 of the original, page number, degrees turned) of each sheet in order."""
    return _digest(f"{sha256}:{number}:{turn}" for sha256, number, turn in sheets)


def item_digest(filings: Iterable[tuple[str, str, str, str]]) -> str:
    """SHA-256 over (part, enrolment, session, filing digest) of the filings of one item, in any order."""
    return _digest(sorted(":".join(filing) for filing in filings))
