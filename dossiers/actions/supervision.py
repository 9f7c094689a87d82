"""The bureau writes down that it looked into a lesson (全程远程视频监控). Entries are never rewritten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from dossiers.actions.change import change
from dossiers.exceptions import NotAllowed, NotReady
from dossiers.models import Account, DossierPage, LookIn, Room, Session
from dossiers.permissions import may_supervise
from dossiers.search_text import mask_numbers
from dossiers.sentences import gettext_noop, sentence
from foundation.models import Blob

LONGEST_SEEN = 2000
MOST_HEADS = 2000
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Look:
    """One look-in before it is written down. `heads`: None where nobody counted."""

    way: str
    looked_at: datetime
    seen: str
    session: Session | None = None
    room: Room | None = None
    heads: int | None = None
    is_problem: bool = False
    still: Blob | None = None
    corrects: LookIn | None = None


def look_in(dossier: DossierPage, look: Look, *, by: Account) -> LookIn:
    """Write a look-in down, for both sides to read; a correction is a new one that names what it corrects."""
    action = "look_in_corrected" if look.corrects else "look_in"
    with change(dossier, by=by, act=None, action=action) as held:
        if not may_supervise(by, dossier):
            raise NotAllowed("look_in")
        _require_of_this_class(dossier, look)
        made = LookIn.objects.create(
            dossier=dossier,
            session=look.session,
            room=look.room,
            way=look.way,
            looked_at=look.looked_at,
            heads=look.heads,
            seen=_seen(look),
            is_problem=look.is_problem,
            still=look.still,
            corrects=look.corrects,
            made_by=by,
        )
        held.facts |= {"look_in": str(made.uuid), "way": look.way, "problem": look.is_problem}
        return made


def _require_of_this_class(dossier: DossierPage, look: Look) -> None:
    """Nothing of another class is named, nothing in the future is claimed, no count that cannot be."""
    if look.way not in LookIn.Way.values:
        raise NotReady(sentence("look_way", gettext_noop("请选是怎样看的：实时视频、录像，或到现场。")))
    if look.session is not None and look.session.dossier_id != dossier.pk:
        raise NotAllowed("look_in")
    if look.corrects is not None and look.corrects.dossier_id != dossier.pk:
        raise NotAllowed("look_in")
    if look.room is not None and look.room.institution_id not in (dossier.trainer_id, dossier.opener_id):
        raise NotAllowed("look_in")
    if look.looked_at > timezone.now() + CLOCKS_DIFFER:
        raise NotReady(
            sentence("look_in_future", gettext_noop("查看时间晚于现在，没有记下。请改成实际查看的时间。"))
        )
    if look.heads is not None and look.heads > MOST_HEADS:
        raise NotReady(
            sentence(
                "look_heads",
                gettext_noop("见到人数最多写 %(most)s 人，没有记下。请核对。"),
                most=MOST_HEADS,
            )
        )


def _seen(look: Look) -> str:
    kept = mask_numbers(look.seen.strip())
    if not kept:
        raise NotReady(sentence("look_unseen", gettext_noop("还没有写所见，没有记下。请写一句看到了什么。")))
    if len(kept) > LONGEST_SEEN:
        raise NotReady(
            sentence(
                "look_too_long",
                gettext_noop("所见写了 %(count)s 字，最多 %(most)s 字，没有记下。请删短后再记下。"),
                count=len(kept),
                most=LONGEST_SEEN,
            )
        )
    return kept
