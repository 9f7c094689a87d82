"""Doors of the top bar, tabs of a dossier, crumbs: rows that the shell prints."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.permissions import Act


@dataclass(frozen=True)
class Crumb:
    """A step above this page; without an address it is plain text."""

    label: str | Promise
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """One tab; `count` beside it, in amber when it `wants_hand`."""

    label: str | Promise
    url: str
    is_current: bool = False
    count: int | None = None
    wants_hand: bool = False


@dataclass(frozen=True)
class DossierHead:
    """Head of every screen of a class: its number, what is taught, where it stands, its tabs."""

    class_no: str
    occupation: str
    level: str
    stage: str | Promise
    crumbs: tuple[Crumb, ...]
    tabs: tuple[Tab, ...]


@dataclass(frozen=True)
class Section:
    """One door of the top bar: shown to whoever may `act`, current on its own address and on `also`."""

    id: str
    url_name: str
    label: str | Promise
    icon: str
    act: Act | None = None
    also: tuple[str, ...] = ()


ROOMS = ("make-room", "room", "change-room", "camera-test", "slide-region")
SECTIONS = (
    Section("desk", "desk", _("工作台"), "layout-rows"),
    Section("classes", "classes", pgettext_lazy("several", "班次"), "folder", Act.SEE, also=("open-class",)),
    Section("tray", "intakes", _("收件"), "inbox", Act.FILE),
    Section("review", "review-queue", _("审核"), "clipboard-check", Act.REVIEW_MONEY),
    Section(
        "supervision", "supervision-today", _("监控"), "device-tv", Act.SUPERVISE, also=("rooms", *ROOMS)
    ),
    Section("rooms", "rooms", _("教室"), "school", Act.KEEP_ROOMS, also=ROOMS),
    Section("search", "search", _("查询"), "search", Act.SEARCH),
    Section("accounts", "accounts", _("账号"), "users", Act.MANAGE_ACCOUNTS, also=("bodies", "found-body")),
)


@dataclass(frozen=True)
class Door:
    """A section as one person sees it now."""

    section: Section
    url: str
    is_current: bool


def doors(request: HttpRequest, acts: Iterable[str], current: str = "") -> tuple[Door, ...]:
    """The doors this person has; a screen beneath a dossier lights 班次 unless the view names a section."""
    current = current or section_of(request)
    held = frozenset(acts)
    open_to_her = (section for section in SECTIONS if section.act is None or section.act in held)
    return tuple(Door(section, reverse(section.url_name), section.id == current) for section in open_to_her)


def section_of(request: HttpRequest) -> str:
    if getattr(request, "screen", None):
        return "classes"
    match = getattr(request, "resolver_match", None)
    name = match.url_name if match else ""
    return next((section.id for section in SECTIONS if name in (section.url_name, *section.also)), "")
