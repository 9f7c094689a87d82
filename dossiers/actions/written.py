"""What people write into a dossier: trimmed, ID numbers in it masked, and no longer than there is room for."""

from dossiers.exceptions import NotReady
from dossiers.search_text import mask_numbers
from dossiers.sentences import gettext_noop, sentence

LONGEST = 300  # characters of a reason, a remedy, a reply


def written(text: str) -> str:
    """The text as it is kept; refused rather than cut where it is too long (a database may cut or fail)."""
    kept = mask_numbers(text.strip())
    if len(kept) > LONGEST:
        raise NotReady(
            sentence(
                "too_long",
                gettext_noop("写了 %(count)s 字，最多 %(most)s 字，没有记下。请删短后再提交。"),
                count=len(kept),
                most=LONGEST,
            )
        )
    return kept
