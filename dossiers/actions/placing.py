"""Sheets put at a place in the ledger and taken out again, inside one change; `ledger` holds the actions."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max, Q
from django.utils import timezone

from dossiers.actions.change import Change
from dossiers.actions.likenesses import refuse_same_picture
from dossiers.actions.proposing import leave_suggestions
from dossiers.actions.voiding import restore_returned_points, void_returned_points, void_verdicts
from dossiers.digests import filing_digest
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.ledgers import Per
from dossiers.models import DossierPage, Enrolment, Filing, FilingSheet, ReturnNote, Session, Sheet
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import ledger_of


def place(
    held: Change,
    sheets: Sequence[Sheet],
    *,
    item_id: str,
    part: str,
    enrolment: Enrolment | None,
    session: Session | None,
    replaces: Filing | None,
    dated_on: date | None,
    document_no: str,
    kind: str = "",
) -> Filing:
    """File sheets of the tray at a place; what was suggested for them goes, what they replace steps back.

    Sheets of the filing that is replaced may be among them: they are carried over into the new version.
    """
    _check_place(held.dossier, item_id, part, enrolment, session)
    carried = _sheets_of(replaces) if replaces is not None else frozenset()
    sheets = [
        sheet_in(sheet, Sheet.State.FILED if sheet.pk in carried else Sheet.State.IN_TRAY) for sheet in sheets
    ]
    if any(sheet.dossier_id != held.dossier.pk for sheet in sheets):
        raise NotAllowed(Act.FILE)
    refuse_same_picture(held.dossier, item_id, sheets, besides=replaces)
    suggestions = Filing.objects.filter(places__sheet__in=sheets, state=Filing.State.PROPOSED)
    suggested = suggestions.order_by("-confidence").first()
    filing = Filing(
        dossier=held.dossier,
        item_id=item_id,
        part=part,
        enrolment=enrolment,
        session=session,
        kind=kind or (suggested.kind if suggested else ""),
        state=Filing.State.FILED,
        version=_next_version(held.dossier, item_id, part, enrolment, session),
        proposed_by=suggested.proposed_by if suggested else "",
        confidence=suggested.confidence if suggested else 0,
        dated_on=dated_on or (suggested.dated_on if suggested else None),
        document_no=document_no or (suggested.document_no if suggested else ""),
        confirmed_by=held.by,
        confirmed_at=timezone.now(),
        sha256=filing_digest(
            (sheet.upload.blob.sha256, sheet.number, sheet.turn, sheet.region) for sheet in sheets
        ),
    )
    if replaces is not None:
        filing.replaces = _step_back(held.dossier, replaces, item_id)
    filing.save()
    for sheet in sheets:
        leave_suggestions(sheet)
    FilingSheet.objects.bulk_create(
        FilingSheet(filing=filing, sheet=sheet, position=position) for position, sheet in enumerate(sheets, 1)
    )
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(state=Sheet.State.FILED)
    if filing.replaces is not None:
        _settle_returns(filing)
    void_verdicts(held.dossier, [item_id])
    held.facts |= {"filing": str(filing.uuid), "item": item_id, "pages": len(sheets), "sha256": filing.sha256}
    return filing


def _check_place(
    dossier: DossierPage, item_id: str, part: str, enrolment: Enrolment | None, session: Session | None
) -> None:
    """The item must be one of this dossier's ledger, a trainee's paper must say whose, a recording which sitting."""
    ledger = ledger_of(dossier)
    if not ledger.has(item_id):
        raise NotReady(sentence("no_place", gettext_noop("还没有选归到哪一件。请先选台账项，再确认。")))
    item = ledger.item(item_id)
    if part and item.part(part) is None:
        raise NotReady(sentence("no_such_part", gettext_noop("这一件里没有所选的部分。请重新选择。")))
    if item.per == Per.TRAINEE and enrolment is None:
        raise NotReady(
            sentence("whose", gettext_noop("“%(item)s”须归到学员。请先选是谁的，再确认。"), item=item.name)
        )
    chosen = item.part(part)
    if chosen is not None and chosen.per == Per.SESSION and session is None:
        raise NotReady(
            sentence(
                "which_session",
                gettext_noop("“%(part)s”须归到课次。请先选是哪一节，再确认。"),
                part=chosen.name,
            )
        )
    if session is not None and session.dossier_id != dossier.pk:
        raise NotReady(sentence("other_session", gettext_noop("所选课次不在本班课程里。请重新选择。")))
    if enrolment is not None and enrolment.dossier_id != dossier.pk:
        raise NotReady(sentence("other_class", gettext_noop("所选学员不在本班名册。请在本班名册中选。")))


def _next_version(
    dossier: DossierPage, item_id: str, part: str, enrolment: Enrolment | None, session: Session | None
) -> int:
    kept = dossier.filings.exclude(state=Filing.State.PROPOSED).filter(
        item_id=item_id, part=part, enrolment=enrolment, session=session
    )
    return (kept.aggregate(last=Max("version"))["last"] or 0) + 1


def _step_back(dossier: DossierPage, replaced: Filing, item_id: str) -> Filing:
    replaced = locked_filing(replaced, Filing.State.FILED)
    if (replaced.dossier_id, replaced.item_id) != (dossier.pk, item_id):
        raise NotReady(sentence("other_item", gettext_noop("要替换的页不在这一件里。请重新选择要替换的页。")))
    replaced.state = Filing.State.REPLACED
    replaced.save(update_fields=["state"])
    return replaced


def _settle_returns(filing: Filing) -> None:
    """A return is mended when the page it names is gone; one on a page carried over goes on with it.

    One on the whole paper goes on while any of its pages does.
    """
    open_notes = ReturnNote.objects.filter(filing=filing.replaces, settled_at=None)
    carried = _sheets_of(filing) & _sheets_of(filing.replaces)
    going_on = open_notes.filter(Q(sheet__in=carried) | Q(sheet=None)) if carried else open_notes.none()
    going_on.update(filing=filing)
    mended = list(open_notes.all())
    ReturnNote.objects.filter(pk__in=[note.pk for note in mended]).update(
        settled_at=timezone.now(), settled_by_filing=filing
    )
    void_returned_points(mended)


def take_out(held: Change, filing: Filing) -> None:
    """Put a filing's sheets back into the tray; what it replaced steps forward unless it was handed in."""
    filing = locked_filing(filing, Filing.State.FILED)
    if filing.dossier_id != held.dossier.pk:
        raise NotAllowed(Act.FILE)
    filing.state = Filing.State.WITHDRAWN
    filing.withdrawn_at = timezone.now()
    filing.save(update_fields=["state", "withdrawn_at"])
    earlier = _step_forward(filing)
    kept = _sheets_of(earlier) if earlier is not None else frozenset()
    places = filing.places.exclude(sheet__in=kept).select_related("sheet").order_by("position")
    sheets = [place.sheet for place in places]
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(state=Sheet.State.IN_TRAY)
    if sheets:
        _suggest_again(filing, sheets)


def _step_forward(filing: Filing) -> Filing | None:
    """What this filing replaced lies there again with its returns, unless its replacement was handed in."""
    if filing.replaces_id is None or filing.handed_in_at is not None:
        return None
    if not Filing.objects.filter(pk=filing.replaces_id, state=Filing.State.REPLACED).update(
        state=Filing.State.FILED
    ):
        return None
    ReturnNote.objects.filter(filing=filing, settled_at=None).update(filing=filing.replaces_id)
    reopened = ReturnNote.objects.filter(settled_by_filing=filing)
    notes = list(reopened)
    reopened.update(settled_at=None, settled_by_filing=None)
    restore_returned_points(notes)
    return filing.replaces


def _sheets_of(filing: Filing) -> frozenset[int]:
    return frozenset(filing.places.values_list("sheet_id", flat=True))


def _suggest_again(filing: Filing, sheets: Sequence[Sheet]) -> None:
    """Sheets that come back to the tray keep their last place as a suggestion, and stay one paper."""
    suggestion = Filing.objects.create(
        dossier_id=filing.dossier_id,
        item_id=filing.item_id,
        part=filing.part,
        enrolment=filing.enrolment,
        session=filing.session,
        kind=filing.kind,
        proposed_by=filing.proposed_by,
        confidence=filing.confidence,
        reasons=[{"code": "taken_back", "params": {}}],
        dated_on=filing.dated_on,
        document_no=filing.document_no,
    )
    FilingSheet.objects.bulk_create(
        FilingSheet(filing=suggestion, sheet=sheet, position=position)
        for position, sheet in enumerate(sheets, 1)
    )


def sheet_in(sheet: Sheet, state: str) -> Sheet:
    """The sheet, locked, if it still is in this state; Overtaken otherwise."""
    found = Sheet.objects.select_for_update(of=("self",)).select_related("upload__blob").get(pk=sheet.pk)
    if found.state != state:
        raise Overtaken(
            sentence(
                "sheet_moved",
                gettext_noop("这一页刚被别人处理过（现为“%(state)s”）。请刷新后再看。"),
                state=found.get_state_display(),
            )
        )
    return found


def locked_filing(filing: Filing, state: str) -> Filing:
    """The filing, locked, if it still is in this state; Overtaken otherwise."""
    found = Filing.objects.select_for_update(of=("self",)).filter(pk=filing.pk, state=state).first()
    if found is None:
        raise Overtaken(sentence("filing_moved", gettext_noop("这份材料刚被别人处理过。请刷新后再看。")))
    return found
