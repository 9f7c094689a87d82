"""One returned page of a paper is exchanged: the rest is carried over into the new version, untouched."""

from collections.abc import Sequence
from typing import Any

from dossiers.actions import ledger
from dossiers.actions.change import change
from dossiers.actions.placing import locked_filing, place
from dossiers.exceptions import NotReady
from dossiers.models import Account, DossierPage, Filing, FilingSheet, ReturnNote, Sheet
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.statements import illegible
from dossiers.states import INSTITUTION_MAY_CHANGE


def returned_page(filing: Filing) -> Sheet | None:
    """The page of a longer paper that its oldest open return names, else one that its people cannot make out.

    None where the whole paper is returned, and where it has no other page.
    """
    pages = [one.sheet_id for one in filing.places.all()]
    if len(pages) < 2:
        return None
    notes = ReturnNote.objects.filter(filing=filing, settled_at=None)
    if notes.filter(sheet=None).exists():
        return None
    first = (
        notes.filter(sheet__in=pages).select_related("sheet__upload").order_by("returned_at", "pk").first()
    )
    if first is not None:
        return first.sheet
    said = illegible(filing.dossier).filter(sheet__in=pages).select_related("sheet__upload").first()
    return said.sheet if said else None


def file_or_mend(
    dossier: DossierPage,
    sheets: Sequence[Sheet],
    *,
    by: Account,
    returned: Filing | None,
    **where: Any,
) -> Filing:
    """File sheets where `where` says (as `ledger.file_sheets`); where they mend one returned page, only that goes."""
    page = returned_page(returned) if returned is not None else None
    if returned is None or page is None:
        return ledger.file_sheets(dossier, sheets, by=by, replaces=returned, **where)
    return replace_page(returned, page, sheets, by=by)


def replace_page(filing: Filing, page: Sheet, sheets: Sequence[Sheet], *, by: Account) -> Filing:
    """A new version of the paper in which `sheets`, out of the tray, stand where `page` stood.

    The return on that page is settled; returns on other pages of the paper stay open and go on with them.
    """
    with change(
        filing.dossier,
        by=by,
        act=Act.FILE,
        action="replace_page",
        states=INSTITUTION_MAY_CHANGE,
        replaces=str(filing.uuid),
        page=str(page.uuid),
    ) as held:
        old = locked_filing(filing, Filing.State.FILED)
        places = list(old.places.select_related("sheet").order_by("position"))
        position = _position(places, page)
        order = [one.sheet for one in places]
        order[position - 1 : position] = sheets
        new = place(
            held,
            order,
            item_id=old.item_id,
            part=old.part,
            enrolment=old.enrolment,
            session=old.session,
            kind=old.kind,
            replaces=old,
            dated_on=None if position == 1 else old.dated_on,
            document_no="" if position == 1 else old.document_no,
        )
        held.facts |= {"position": position}
        return _inherited(new, old)


def _position(places: Sequence[FilingSheet], page: Sheet) -> int:
    found = next((number for number, one in enumerate(places, 1) if one.sheet_id == page.pk), 0)
    if not found:
        raise NotReady(
            sentence(
                "page_not_there", gettext_noop("要换的那一页已不在这份材料里，没有换。请刷新后重新选择。")
            )
        )
    return found


def _inherited(new: Filing, old: Filing) -> Filing:
    """What the new first page does not say stays as the old one said it."""
    new.dated_on = new.dated_on or old.dated_on
    new.document_no = new.document_no or old.document_no
    new.title, new.responsible_party = old.title, old.responsible_party
    new.save(update_fields=["dated_on", "document_no", "title", "responsible_party"])
    return new
