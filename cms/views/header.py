"""The head of every screen of a dossier: which class, how far, and the tabs."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.models import DossierPage, Filing, Sheet
from dossiers.permissions import Act, may
from dossiers.rulesets import ruleset
from dossiers.states import DOSSIER_STATE_NAMES, STAGES, DossierState


@dataclass(frozen=True)
class Tab:
    """One tab of a dossier; `count` draws a badge when there is something to do."""

    name: str
    label: str
    url: str
    count: int = 0
    current: bool = False


TABS = (
    ("board", _("档案"), Act.SEE),
    ("tray", _("收件"), Act.UPLOAD),
    ("review", _("审核"), Act.REVIEW_MONEY),
    ("roster", _("学员"), Act.SEE),
    ("sessions", _("课程"), Act.SEE),
    ("contents", _("目录"), Act.SEE),
    ("history", _("经过"), Act.SEE),
)


def dossier_context(request: HttpRequest, dossier: DossierPage, tab: str) -> dict:
    """Context of templates/dossier_base.html: dossier, tabs, state, stage and the words for them."""
    return {
        "dossier": dossier,
        "dossier_state": gettext(DOSSIER_STATE_NAMES[DossierState(dossier.progress.state)]),
        "stage": next(stage for stage in STAGES if stage.id == dossier.progress.stage),
        "skill_level": _level(dossier),
        "tabs": [
            Tab(name, str(label), dossier.screen(name), _waiting(dossier, name), name == tab)
            for name, label, act in TABS
            if may(request.user, act, dossier)
        ],
        "may_file": may(request.user, Act.FILE, dossier),
        "may_upload": may(request.user, Act.UPLOAD, dossier),
        "may_hand_in": may(request.user, Act.HAND_IN, dossier),
    }


def _level(dossier: DossierPage) -> str:
    return ruleset(dossier.ruleset_id).skill_levels.get(dossier.skill_level, dossier.skill_level)


def _waiting(dossier: DossierPage, tab: str) -> int:
    if tab != "tray":
        return 0
    return dossier.filings.filter(
        state=Filing.State.PROPOSED, places__sheet__state=Sheet.State.IN_TRAY
    ).count()
