"""Papers come in, are proposed, confirmed, moved, replaced, taken back: what an institution does to its ledger."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from dossiers.actions.change import Change, change
from dossiers.actions.placing import locked_filing, place, sheet_in, take_out
from dossiers.actions.proposing import (
    continued,
    leave_paper,
    leave_suggestions,
    paper_begun_by,
    still_suggested,
)
from dossiers.actions.voiding import void_returned_points, void_verdicts
from dossiers.actions.written import written
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import (
    Account,
    DossierPage,
    Enrolment,
    Filing,
    FilingSheet,
    ReturnNote,
    Session,
    Sheet,
    Upload,
)
from dossiers.permissions import Act, may_withdraw
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE
from foundation.models import Blob


def receive(
    dossier: DossierPage,
    *,
    by: Account,
    blob: Blob,
    file_name: str,
    medium: str,
    page_count: int,
    duration_seconds: float | None = None,
    target_item: str = "",
    target_enrolment: Enrolment | None = None,
    target_session: Session | None = None,
) -> tuple[Upload, bool]:
    """Acknowledge one stored file: a row for it and one for each page. The same bytes twice are one upload.

    Returns the upload and whether it is new.
    """
    with change(
        dossier, by=by, act=Act.UPLOAD, action="receive", states=INSTITUTION_MAY_CHANGE, sha256=blob.sha256
    ) as held:
        known = dossier.uploads.filter(blob=blob, withdrawn_at=None).first()
        if known:
            held.facts |= {"upload": str(known.uuid), "again": True}
            return known, False
        upload = Upload.objects.create(
            dossier=dossier,
            blob=blob,
            file_name=file_name,
            medium=medium,
            page_count=page_count,
            duration_seconds=duration_seconds,
            target_item=target_item,
            target_enrolment=target_enrolment,
            target_session=target_session,
            received_by=by,
        )
        Sheet.objects.bulk_create(
            Sheet(upload=upload, dossier=dossier, number=number) for number in range(1, page_count + 1)
        )
        held.facts |= {"upload": str(upload.uuid), "pages": page_count}
        return upload, True


def withdraw_upload(upload: Upload, *, by: Account) -> None:
    """Take a wrong upload back. The bytes stay; its sheets leave the tray. What is filed must be taken back first.

    The other body of an entrusted class takes back what its own people handed over, nothing else.
    """
    with change(
        upload.dossier, by=by, act=Act.UPLOAD, action="withdraw_upload", states=INSTITUTION_MAY_CHANGE
    ) as held:
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        require_withdrawable(by, upload.dossier, upload.received_by)
        if upload.sheets.filter(state=Sheet.State.FILED).exists():
            raise NotReady(
                sentence(
                    "upload_has_filed_pages",
                    gettext_noop("“%(file)s”中已有页归件，不能整份撤回。请先把归件的页退回收件，再撤回。"),
                    file=upload.file_name,
                )
            )
        Filing.objects.filter(places__sheet__upload=upload, state=Filing.State.PROPOSED).delete()
        upload.sheets.update(state=Sheet.State.WITHDRAWN)
        upload.state, upload.withdrawn_at = Upload.State.WITHDRAWN, timezone.now()
        upload.save(update_fields=["state", "withdrawn_at"])
        held.facts |= {"upload": str(upload.uuid)}


def require_withdrawable(account: Account, dossier: DossierPage, giver: Account) -> None:
    """Refuse to take back what the other body's people handed over."""
    if not may_withdraw(account, dossier, giver):
        raise NotReady(
            sentence(
                "handed_over_by_others",
                gettext_noop("这份文件是%(body)s上传的，没有撤回。请由上传单位或保管单位撤回。"),
                body=giver.institution.title,
            )
        )


def propose(
    sheet: Sheet,
    *,
    engine: str,
    item_id: str,
    part: str = "",
    enrolment: Enrolment | None = None,
    session: Session | None = None,
    kind: str = "",
    confidence: float,
    reasons: Sequence[dict[str, Any]] = (),
    alternatives: Sequence[dict[str, Any]] = (),
    dated_on: date | None = None,
    document_no: str = "",
    continues: Filing | None = None,
) -> Filing | None:
    """Write down what a reading suggests for one sheet; replaces the sheet's earlier suggestion.

    A sheet that `continues` a suggested paper becomes its next page, or keeps its place where it was one already; so
    does the first page of a suggested paper that is read again and still goes to the same place.
    Returns None when a person has decided about the sheet in the meantime: a machine never undoes that.
    """
    with transaction.atomic():
        sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
        if sheet.state != Sheet.State.IN_TRAY:
            return None
        paper = still_suggested(continues)
        if paper is not None:
            return continued(paper, sheet, confidence)
        if (headed := paper_begun_by(sheet, item_id=item_id, part=part, enrolment=enrolment)) is not None:
            return headed
        leave_suggestions(sheet)
        filing = Filing.objects.create(
            dossier_id=sheet.dossier_id,
            item_id=item_id,
            part=part,
            enrolment=enrolment,
            session=session,
            kind=kind,
            proposed_by=engine,
            confidence=confidence,
            reasons=list(reasons),
            alternatives=list(alternatives),
            dated_on=dated_on,
            document_no=document_no,
        )
        FilingSheet.objects.create(filing=filing, sheet=sheet, position=1)
        return filing


def note_read(upload: Upload, *, engine: str, proposed: int, unread: int = 0) -> None:
    """Log once that an upload was read, by which engine, and how many sheets got a suggestion."""
    with change(
        upload.dossier,
        by=None,
        act=None,
        label=engine,
        action="read",
        upload=str(upload.uuid),
        proposed=proposed,
        unread=unread,
    ):
        Upload.objects.filter(pk=upload.pk, withdrawn_at=None).update(state=Upload.State.READ)


def note_unreadable(upload: Upload, *, engine: str, problem: str) -> None:
    """Log that an upload could not be read; it stays, and its sheets can be filed by hand."""
    with change(
        upload.dossier,
        by=None,
        act=None,
        label=engine,
        action="unreadable",
        upload=str(upload.uuid),
        problem=problem,
    ):
        Upload.objects.filter(pk=upload.pk, withdrawn_at=None).update(
            state=Upload.State.UNREADABLE, problem=problem
        )


def file_sheets(
    dossier: DossierPage,
    sheets: Sequence[Sheet],
    *,
    by: Account,
    item_id: str,
    part: str = "",
    enrolment: Enrolment | None = None,
    session: Session | None = None,
    kind: str = "",
    replaces: Filing | None = None,
    dated_on: date | None = None,
    document_no: str = "",
) -> Filing:
    """A person states what these sheets are: confirms a suggestion, or decides otherwise.

    With `replaces`, the earlier filing steps back and the return on it is settled. Verdicts given on the
    item's earlier papers are voided: they were given on other bytes.
    """
    with change(dossier, by=by, act=Act.FILE, action="file", states=INSTITUTION_MAY_CHANGE) as held:
        return place(
            held,
            sheets,
            item_id=item_id,
            part=part,
            enrolment=enrolment,
            session=session,
            kind=kind,
            replaces=replaces,
            dated_on=dated_on,
            document_no=document_no,
        )


def confirm(filing: Filing, *, by: Account, replaces: Filing | None = None) -> Filing:
    """A person says yes to a suggestion, as it stands."""
    with change(filing.dossier, by=by, act=Act.FILE, action="confirm", states=INSTITUTION_MAY_CHANGE) as held:
        return _confirm(held, filing, replaces=replaces)


def confirm_many(dossier: DossierPage, filings: Iterable[Filing], *, by: Account) -> list[Filing]:
    """A person says yes to a group of suggestions she has paged through; all or none."""
    with change(dossier, by=by, act=Act.FILE, action="confirm_group", states=INSTITUTION_MAY_CHANGE) as held:
        done = [_confirm(held, filing, replaces=None) for filing in filings]
        held.facts = {"filings": [str(filing.uuid) for filing in done]}
        return done


def unfile(filing: Filing, *, by: Account) -> None:
    """Take a filing back into the tray and void its verdicts.

    What it replaced steps forward again, its return unsettled, unless the replacement was handed in meanwhile.
    """
    unfile_many(filing.dossier, [filing], by=by)


def unfile_many(dossier: DossierPage, filings: Sequence[Filing], *, by: Account) -> None:
    """Take a group of filings back into the tray; all or none."""
    named = [str(filing.uuid) for filing in filings]
    facts = {"filing": named[0]} if len(named) == 1 else {"filings": named}
    with change(
        dossier,
        by=by,
        act=Act.FILE,
        action="unfile" if len(named) == 1 else "unfile_group",
        states=INSTITUTION_MAY_CHANGE,
        **facts,
    ) as held:
        for filing in filings:
            take_out(held, filing)
        void_verdicts(held.dossier, {filing.item_id for filing in filings})


def discard(sheet: Sheet, *, by: Account) -> None:
    """Put a sheet aside (blank, belongs elsewhere). The bytes stay and it can be put back."""
    _set_aside(sheet, by=by, action="discard", origin=Sheet.State.IN_TRAY, target=Sheet.State.DISCARDED)


def put_back(sheet: Sheet, *, by: Account) -> None:
    """Bring a discarded sheet back into the tray."""
    _set_aside(sheet, by=by, action="put_back", origin=Sheet.State.DISCARDED, target=Sheet.State.IN_TRAY)


def turn(sheet: Sheet, *, by: Account, degrees: int) -> None:
    """Turn the view of a sheet in the tray by quarter turns; the original is untouched."""
    with change(
        sheet.dossier,
        by=by,
        act=Act.FILE,
        action="turn",
        states=INSTITUTION_MAY_CHANGE,
        sheet=str(sheet.uuid),
    ) as held:
        sheet = sheet_in(sheet, Sheet.State.IN_TRAY)
        sheet.turn = (sheet.turn + degrees) % 360
        sheet.save(update_fields=["turn"])
        held.facts |= {"turn": sheet.turn}


def answer_return(note: ReturnNote, *, by: Account, reply: str) -> None:
    """The institution answers a return in words where there is nothing to replace."""
    if not reply.strip():
        raise NotReady(sentence("reply_missing", gettext_noop("请写明答复，例如补了什么、为何无须补。")))
    with change(
        note.dossier,
        by=by,
        act=Act.ANSWER_RETURN,
        action="answer_return",
        states=INSTITUTION_MAY_CHANGE,
        note=str(note.uuid),
    ):
        note = ReturnNote.objects.select_for_update().get(pk=note.pk)
        if note.settled_at is not None:
            raise Overtaken(
                sentence("return_settled", gettext_noop("这处退回已经补正或答复过。请刷新后再看。"))
            )
        void_returned_points([note])
        note.reply, note.settled_at = written(reply), timezone.now()
        note.save(update_fields=["reply", "settled_at"])


def _confirm(held: Change, filing: Filing, *, replaces: Filing | None) -> Filing:
    filing = locked_filing(filing, Filing.State.PROPOSED)
    sheets = [one.sheet for one in filing.places.select_related("sheet").order_by("position")]
    return place(
        held,
        sheets,
        item_id=filing.item_id,
        part=filing.part,
        enrolment=filing.enrolment,
        session=filing.session,
        replaces=replaces,
        dated_on=filing.dated_on,
        document_no=filing.document_no,
        kind=filing.kind,
    )


def _set_aside(sheet: Sheet, *, by: Account, action: str, origin: str, target: str) -> None:
    with change(
        sheet.dossier,
        by=by,
        act=Act.FILE,
        action=action,
        states=INSTITUTION_MAY_CHANGE,
        sheet=str(sheet.uuid),
    ):
        sheet = sheet_in(sheet, origin)
        if target == Sheet.State.DISCARDED:
            leave_paper(sheet)
        sheet.state = target
        sheet.save(update_fields=["state"])
