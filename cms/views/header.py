"""The head of every screen of a dossier: which class, how far, and the tabs."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.components.navigation import Crumb, DossierHead, Tab
from cms.rows.course import level_of
from cms.rows.verify_queue import waiting
from dossiers.actions.verification import may_verify_in
from dossiers.models import Account, DossierPage, Sheet
from dossiers.permissions import Act, may
from dossiers.states import DOSSIER_STATE_NAMES, STAGES, DossierState

TABS = (
    ("board", _("档案"), Act.SEE),
    ("tray", _("收件"), Act.UPLOAD),
    ("verify", _("核对"), Act.VERIFY),
    ("review", _("审核"), Act.REVIEW_MONEY),
    ("roster", pgettext_lazy("several", "学员"), Act.SEE),
    ("sessions", _("课程与录像"), Act.SEE),
    ("attendance", _("考勤"), Act.SEE),
    ("supervision", _("监控"), Act.SEE),
    ("contents", _("目录"), Act.SEE),
    ("history", _("经过"), Act.SEE),
)


def dossier_context(request: HttpRequest, dossier: DossierPage, tab: str) -> dict:
    """Context of templates/dossier_base.html: the head with its tabs, and what this person may do here."""
    return {
        "dossier": dossier,
        "head": _head(request, dossier, tab),
        "may_file": may(request.user, Act.FILE, dossier),
        "may_upload": may(request.user, Act.UPLOAD, dossier),
        "may_hand_in": may(request.user, Act.HAND_IN, dossier),
    }


def _head(request: HttpRequest, dossier: DossierPage, tab: str) -> DossierHead:
    stage = next(stage for stage in STAGES if stage.id == dossier.progress.stage)
    state = DOSSIER_STATE_NAMES[DossierState(dossier.progress.state)]
    return DossierHead(
        class_no=dossier.class_no,
        occupation=dossier.occupation,
        level=level_of(dossier),
        stage=f"{gettext(stage.name)} · {gettext(state)}",
        crumbs=(
            Crumb(dossier.opener.title, reverse("classes")),
            Crumb(_("%(year)s 年度") % {"year": dossier.opened_on.year}),
        ),
        tabs=tuple(
            _tab(request, dossier, name, label, is_current=name == tab)
            for name, label, act in TABS
            if may(request.user, act, dossier)
        ),
    )


def _tab(request: HttpRequest, dossier: DossierPage, name: str, label: str, *, is_current: bool) -> Tab:
    count = COUNTED[name](request.user, dossier) if name in COUNTED else 0
    return Tab(label, dossier.screen(name), is_current, count or None, wants_hand=bool(count))


def _in_tray(_viewer: Account, dossier: DossierPage) -> int:
    return dossier.sheets.filter(state=Sheet.State.IN_TRAY).count()


def _to_verify(viewer: Account, dossier: DossierPage) -> int:
    """Pages with values nobody has spoken on, while this viewer may."""
    return waiting(viewer, dossier) if dossier.progress.state in may_verify_in(viewer) else 0


COUNTED = {"tray": _in_tray, "verify": _to_verify}
