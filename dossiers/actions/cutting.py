"""One page with several papers on it is cut into pieces, each a sheet of its own; the page itself stays whole."""

from collections.abc import Sequence

from django.db.models import Max

from dossiers.actions.change import change
from dossiers.actions.placing import sheet_in
from dossiers.actions.proposing import leave_suggestions
from dossiers.cutting import MOST_PIECES, Box, is_a_piece
from dossiers.exceptions import NotReady
from dossiers.models import Account, Sheet, Upload
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE


def cut(sheet: Sheet, regions: Sequence[Box], *, by: Account) -> list[Sheet]:
    """Cut a page of the tray into these regions (fractions of the page as uploaded); returns the pieces in order."""
    _check(sheet, regions)
    with change(
        sheet.dossier,
        by=by,
        act=Act.FILE,
        action="cut_page",
        states=INSTITUTION_MAY_CHANGE,
        sheet=str(sheet.uuid),
        pieces=len(regions),
    ):
        page = sheet_in(sheet, Sheet.State.IN_TRAY)
        leave_suggestions(page)
        page.state = Sheet.State.CUT
        page.save(update_fields=["state"])
        pieces = [
            Sheet(
                upload=page.upload,
                dossier_id=page.dossier_id,
                number=page.number,
                cut=number,
                cut_from=page,
                region=list(region),
                width=round(page.width * (region[2] - region[0])),
                height=round(page.height * (region[3] - region[1])),
                turn=page.turn,
                shows_identity=page.shows_identity,
            )
            for number, region in enumerate(regions, _next_cut(page))
        ]
        return Sheet.objects.bulk_create(pieces)


def put_together(page: Sheet, *, by: Account) -> None:
    """Take a cut back: the pieces leave the tray, the page lies there whole. What is filed must be taken back first."""
    with change(
        page.dossier,
        by=by,
        act=Act.FILE,
        action="put_page_together",
        states=INSTITUTION_MAY_CHANGE,
        sheet=str(page.uuid),
    ):
        page = sheet_in(page, Sheet.State.CUT)
        pieces = page.pieces.exclude(state=Sheet.State.WITHDRAWN)
        if pieces.filter(state=Sheet.State.FILED).exists():
            raise NotReady(
                sentence(
                    "piece_is_filed",
                    gettext_noop("拆开的几份里有已归件的，没有合回。请先把它退回收件，再撤销拆分。"),
                )
            )
        for piece in pieces:
            leave_suggestions(piece)
        pieces.update(state=Sheet.State.WITHDRAWN)
        page.state = Sheet.State.IN_TRAY
        page.save(update_fields=["state"])


def _check(sheet: Sheet, regions: Sequence[Box]) -> None:
    if sheet.upload.medium == Upload.Medium.RECORDING:
        raise NotReady(sentence("recording_not_cut", gettext_noop("录像不能拆分。")))
    if sheet.cut_from_id is not None:
        raise NotReady(
            sentence(
                "piece_not_cut_again",
                gettext_noop("这一份已是拆开的，不能再拆。请撤销上一次拆分，再按新的分法拆。"),
            )
        )
    if not 2 <= len(regions) <= MOST_PIECES or not all(is_a_piece(region) for region in regions):
        raise NotReady(
            sentence(
                "no_such_cut", gettext_noop("没有拆开：每一份都要占页面的一部分，至少两份。请另选拆法。")
            )
        )


def _next_cut(page: Sheet) -> int:
    """Pieces taken back keep their numbers: what was once filed from them points there."""
    return (page.pieces.aggregate(last=Max("cut"))["last"] or 0) + 1
