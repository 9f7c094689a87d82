"""Classes as a list: each with its ring, its strip of squares, and what it still lacks in a few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from cms.rows.course import level_of
from cms.rows.item import item_address
from cms.rows.sheets import item_title
from dossiers.ledgers import Per
from dossiers.models import Account, DossierPage
from dossiers.standings import Glance, GlanceItem, glances
from dossiers.states import DOSSIER_STATE_NAMES, STAGE_NAMES, DossierState, ItemState

LACKS_SHOWN = 2


@dataclass(frozen=True)
class Square:
    """One square of the strip."""

    state: ItemState
    title: str
    url: str


@dataclass(frozen=True)
class ClassRow:
    """One class ready to print."""

    class_no: str
    occupation: str
    level: str
    body: str
    trainees: int
    stage: str
    state: str
    state_id: str
    have: int
    due: int
    squares: tuple[Square, ...]
    lacks: str
    url: str
    handed_in_at: datetime | None
    is_resubmitted: bool

    @property
    def is_waiting(self) -> bool:
        """Whether the bureau has it and has not settled it."""
        return self.state_id in (DossierState.HANDED_IN, DossierState.UNDER_REVIEW)


def class_rows(dossiers: Iterable[DossierPage], viewer: Account) -> list[ClassRow]:
    """Rows in the given order, in a fixed number of queries; dossiers come from `visible_dossiers`."""
    return [_class_row(glance, viewer) for glance in glances(dossiers, viewer)]


def _class_row(glance: Glance, viewer: Account) -> ClassRow:
    dossier = glance.dossier
    progress = dossier.progress
    return ClassRow(
        class_no=dossier.class_no,
        occupation=dossier.occupation,
        level=level_of(dossier),
        body=_body(dossier, viewer),
        trainees=glance.trainees,
        stage=gettext(STAGE_NAMES[progress.stage]),
        state=gettext(DOSSIER_STATE_NAMES[DossierState(progress.state)]),
        state_id=progress.state,
        have=glance.have,
        due=glance.due,
        squares=tuple(
            Square(item.state, item_title(item.item), item_address(dossier, item.item.id))
            for item in glance.numbered
        ),
        lacks=lacks(glance),
        url=dossier.screen("board"),
        handed_in_at=progress.handed_in_at,
        is_resubmitted=progress.handed_in_at != progress.first_handed_in_at,
    )


def _body(dossier: DossierPage, viewer: Account) -> str:
    """The other body for whoever works in one of them; for the bureau who trains."""
    if viewer.institution_id == dossier.trainer_id and dossier.opener_id != dossier.trainer_id:
        return dossier.opener.short_name or dossier.opener.title
    if viewer.is_of_institution and viewer.institution_id == dossier.trainer_id:
        return ""
    return dossier.trainer.short_name or dossier.trainer.title


def lacks(glance: Glance) -> str:
    """What is still missing: 身份证 2 人，补 2 处."""
    found = [_lack(item) for item in glance.items if _is_open(item)]
    shown = found[:LACKS_SHOWN]
    if len(found) > LACKS_SHOWN:
        shown.append(gettext("另 %(count)s 件") % {"count": len(found) - LACKS_SHOWN})
    if glance.returns:
        shown.append(gettext("补 %(count)s 处") % {"count": glance.returns})
    return gettext("，").join(shown)


def _is_open(item: GlanceItem) -> bool:
    return bool(item.count.missing) and item.state in (ItemState.EXPECTED, ItemState.TO_CONFIRM)


def _lack(item: GlanceItem) -> str:
    name = gettext(item.item.short_name)
    people = {gap.trainee_key for gap in item.count.missing if gap.trainee_key is not None}
    if item.item.per == Per.TRAINEE and people:
        return gettext("%(item)s %(count)s 人") % {"item": name, "count": len(people)}
    return name
