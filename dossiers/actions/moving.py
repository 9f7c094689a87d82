"""A filed paper goes elsewhere, gets its pages in another order, or pages more: filed afresh, in one change."""

from collections.abc import Sequence

from dossiers.actions.change import change
from dossiers.actions.placing import place, take_out
from dossiers.actions.voiding import void_verdicts
from dossiers.exceptions import Overtaken
from dossiers.models import Account, Enrolment, Filing, Session, Sheet
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE


def move(
    filing: Filing,
    *,
    by: Account,
    item_id: str,
    part: str = "",
    enrolment: Enrolment | None = None,
    session: Session | None = None,
    order: Sequence[Sheet] | None = None,
    besides: Sequence[Sheet] = (),
) -> Filing:
    """Put a filed paper elsewhere, its pages in another order, or pages of the tray behind its own.

    It is filed afresh: the verdicts on both items are voided. Where it stays at its place it goes on replacing what it
    replaced; elsewhere that steps forward.
    """
    with change(
        filing.dossier,
        by=by,
        act=Act.FILE,
        action="move",
        states=INSTITUTION_MAY_CHANGE,
        moved=str(filing.uuid),
    ) as held:
        sheets = [one.sheet for one in filing.places.select_related("sheet").order_by("position")]
        if order is not None and sorted(one.pk for one in order) != sorted(one.pk for one in sheets):
            raise Overtaken(
                sentence("paper_changed", gettext_noop("这一份的页刚有变动，没有改顺序。请刷新后再排。"))
            )
        take_out(held, filing)
        void_verdicts(held.dossier, {filing.item_id})
        return place(
            held,
            [*(sheets if order is None else order), *besides],
            item_id=item_id,
            part=part,
            enrolment=enrolment,
            session=session,
            kind=filing.kind,
            replaces=_still_replaced(filing, (item_id, part, enrolment, session)),
            dated_on=filing.dated_on,
            document_no=filing.document_no,
        )


def _still_replaced(
    filing: Filing, where: tuple[str, str, Enrolment | None, Session | None]
) -> Filing | None:
    """What stepped forward when this paper was taken up, and steps back again: it goes to the same place."""
    if where != (filing.item_id, filing.part, filing.enrolment, filing.session):
        return None
    return Filing.objects.filter(pk=filing.replaces_id, state=Filing.State.FILED).first()
