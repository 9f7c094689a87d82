"""The seven states of a ledger item as the screens show them: a shape and a word, never a colour alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ShownState:
    """How one state looks: `icon` beside the word, `mark` inside the 15 px square, if it needs one."""

    id: str
    word: str | Promise
    icon: str
    mark: str = ""


SHOWN_STATES = {
    state.id: state
    for state in (
        ShownState("ticked", _("已核"), "circle-check", "check"),
        ShownState("submitted", _("已提交"), "send", "arrow-up"),
        ShownState("to_confirm", _("待确认"), "circle-half-2"),
        ShownState("returned", _("退回"), "arrow-back-up", "arrow-back-up"),
        ShownState("expected", _("待收"), "circle"),
        ShownState("not_due", _("未到期"), "circle-dashed"),
        ShownState("not_applicable", _("不适用"), "circle-minus", "minus"),
    )
}


def shown_state(state: str) -> ShownState:
    """The look of a state; takes the id or the enum member of dossiers.states."""
    return SHOWN_STATES[getattr(state, "value", state)]


def legend() -> Iterator[ShownState]:
    """All states in the order of the legend, most settled first."""
    return iter(SHOWN_STATES.values())
