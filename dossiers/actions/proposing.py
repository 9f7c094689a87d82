"""Suggestions of several pages, inside one change: a page more, a page less; `ledger` holds the actions."""

from django.db.models import Count, Max, QuerySet

from dossiers.models import Enrolment, Filing, FilingSheet, Sheet


def still_suggested(paper: Filing | None) -> Filing | None:
    """The paper, locked, while it is a suggestion; None where a person has filed it or put it elsewhere."""
    if paper is None:
        return None
    return (
        Filing.objects.select_for_update(of=("self",))
        .filter(pk=paper.pk, state=Filing.State.PROPOSED)
        .first()
    )


def continued(paper: Filing, sheet: Sheet, confidence: float) -> Filing:
    """One page more; the whole is no surer than its least sure page."""
    if not paper.places.filter(sheet=sheet).exists():
        leave_suggestions(sheet)
        last = paper.places.aggregate(last=Max("position"))["last"] or 0
        FilingSheet.objects.create(filing=paper, sheet=sheet, position=last + 1)
    paper.confidence = min(paper.confidence, confidence)
    paper.save(update_fields=["confidence"])
    return paper


def paper_begun_by(sheet: Sheet, *, item_id: str, part: str, enrolment: Enrolment | None) -> Filing | None:
    """The suggested paper of several pages that begins with this sheet and goes to this place, if there is one."""
    papers = _of_several_pages().filter(
        state=Filing.State.PROPOSED, item_id=item_id, part=part, enrolment=enrolment
    )
    for paper in papers.filter(places__sheet=sheet).prefetch_related("places"):
        if next(iter(paper.places.all())).sheet_id == sheet.pk:
            return paper
    return None


def leave_paper(sheet: Sheet) -> None:
    """A page put aside leaves the paper of several pages it was suggested in; a suggestion of its own it keeps."""
    wider = FilingSheet.objects.filter(
        sheet=sheet, filing__state=Filing.State.PROPOSED, filing__in=_of_several_pages()
    )
    wider.delete()


def _of_several_pages() -> QuerySet[Filing]:
    return Filing.objects.annotate(pages=Count("places")).filter(pages__gt=1)


def leave_suggestions(sheet: Sheet) -> None:
    """Take the sheet out of what was suggested for it; a paper of several pages keeps the others."""
    held = list(Filing.objects.filter(places__sheet=sheet, state=Filing.State.PROPOSED))
    FilingSheet.objects.filter(sheet=sheet, filing__in=held).delete()
    Filing.objects.filter(pk__in=[one.pk for one in held], places=None).delete()
