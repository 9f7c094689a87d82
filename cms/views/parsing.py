"""What an address or a form names, read without trusting it."""

from collections.abc import Iterable
from uuid import UUID


def uuids(texts: Iterable[str]) -> list[UUID]:
    """The UUIDs among these texts; what is none is left out."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def whole_number(text: str, default: int = 0) -> int:
    """A number, or the default where the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
