"""Wagtail's admin keeps its hands off dossiers: they change through dossiers.actions alone."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.models import Page

from dossiers.models import DossierPage, InstitutionPage


def _refuse(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, page) if _is_kept(page) else None


def _is_kept(page: Page) -> bool:
    """A dossier, or a body that has dossiers."""
    specific = page.specific
    return isinstance(specific, DossierPage) or (isinstance(specific, InstitutionPage) and page.numchild > 0)


def _refused(request: HttpRequest, page: Page) -> HttpResponse:
    messages.error(request, gettext("案卷只能在班次页上办理，这里不能改、移、删。什么也没有改动。"))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_edit_page")
def no_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An old draft must not overwrite a dossier; a body's own fields may be edited."""
    return _refuse(request, page) if isinstance(page.specific, DossierPage) else None


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def no_removal(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Neither a dossier nor a body that has dossiers disappears."""
    return _refuse(request, page)


@hooks.register("before_move_page")
def no_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A dossier's address is printed on its box."""
    return _refuse(request, page)


@hooks.register("before_bulk_action")
def no_bulk(request: HttpRequest, action_type: str, objects: Iterable, action: object) -> HttpResponse | None:
    """Many at once goes past the hooks of single pages: one dossier among them stops it."""
    kept = next((one for one in objects if isinstance(one, Page) and _is_kept(one)), None)
    return _refused(request, kept) if kept is not None else None


@hooks.register("before_copy_page")
def no_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy would be a class that never was."""
    return _refuse(request, page)


@hooks.register("before_create_page")
def no_create(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    """A dossier is opened by its body, under the ruleset in force."""
    if page_class is not DossierPage:
        return None
    messages.error(request, gettext("班次由机构在工作台上开立，这里不能新建。"))
    return redirect("wagtailadmin_explore", parent.pk)
