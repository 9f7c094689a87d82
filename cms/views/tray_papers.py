"""Steps of the tray about what goes together: papers gathered, parted, ordered; a page cut; a divider followed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from cms.intake_steps import Step, remember
from cms.rows.tray import Tray
from cms.rows.tray_entries import DIVIDER_APPLIED, DIVIDER_KIND
from cms.rows.tray_page import PageInView, aim_of, divider_place, regions
from cms.views.tray_forms import (
    EVERYTHING,
    Where,
    marked_sheets,
    paper_of,
    sheet_in_view,
    sheets_named,
    stay,
)
from dossiers.actions import cutting, ledger, moving, papers
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.sentences import gettext_noop, sentence
from ingestion import pieces
from ingestion.targets import UNREAD_BUT_AIMED


def bind(request: HttpRequest, dossier: DossierPage) -> Where:
    """Make one paper of the page in view and the marked ones, in the order in which they were marked."""
    current = sheet_in_view(request, dossier)
    marked = {str(sheet.uuid): sheet for sheet in marked_sheets(request, dossier)}
    if not marked.keys() - {str(current.uuid)}:
        raise NotReady(
            sentence("nothing_marked", gettext_noop("还没有选别的页。请先勾选要合为一份的页，再按合为一份。"))
        )
    chosen = [uuid for uuid in request.POST.get("order_marked", "").split(",") if uuid in marked]
    if sorted(chosen) == sorted(marked):
        order = [marked[uuid] for uuid in chosen]
        order = order if current in order else [current, *order]
    else:
        together = {current.pk: current} | {sheet.pk: sheet for sheet in marked.values()}
        order = sorted(together.values(), key=lambda sheet: (sheet.upload_id, sheet.number, sheet.cut))
    _rearranged(request, dossier, order, lambda: papers.bind(dossier, order, by=request.user))
    messages.success(
        request,
        gettext("%(count)s 页已合为一份，确认后一起归件。按 Ctrl Z 可撤销。") % {"count": len(order)},
    )
    return {"f": request.POST.get("f", ""), "sheet": str(order[0].uuid)}


def part(request: HttpRequest, dossier: DossierPage, about: str) -> Where:
    """From this page on, another paper."""
    filing, sheet = paper_of(dossier, about)
    says = pieces.suggestions_for([sheet]).get(str(sheet.uuid))
    _rearranged(
        request,
        dossier,
        [sheet],
        lambda: papers.part(filing, sheet, by=request.user, says=says or _like(filing)),
    )
    messages.success(request, gettext("从这一页起已另成一份。按 Ctrl Z 可撤销。"))
    return {"f": request.POST.get("f", ""), "sheet": str(sheet.uuid)}


def loosen(request: HttpRequest, dossier: DossierPage, about: str) -> Where:
    """This page out of its paper."""
    filing, sheet = paper_of(dossier, about)
    says = pieces.suggestions_for([sheet]).get(str(sheet.uuid))
    _rearranged(request, dossier, [sheet], lambda: papers.loosen(filing, sheet, by=request.user, says=says))
    messages.success(request, gettext("这一页已从这一份里拿出，原件不动。按 Ctrl Z 可撤销。"))
    return {"f": request.POST.get("f", ""), "sheet": str(sheet.uuid)}


def earlier(request: HttpRequest, dossier: DossierPage, about: str) -> Where:
    return _shift(request, dossier, about, -1)


def later(request: HttpRequest, dossier: DossierPage, about: str) -> Where:
    return _shift(request, dossier, about, 1)


def _shift(request: HttpRequest, dossier: DossierPage, about: str, by: int) -> Where:
    filing, sheet = paper_of(dossier, about)
    order = [str(place.sheet.uuid) for place in filing.places.select_related("sheet").order_by("position")]
    at = order.index(str(sheet.uuid))
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return _put_in_order(request, dossier, filing, order)


def reorder(request: HttpRequest, dossier: DossierPage) -> Where:
    """The pages of the paper in view in the order the form names them."""
    order = request.POST.getlist("order")
    filing, _sheet_of_it = paper_of(dossier, request.POST.get("sheet", ""))
    return _put_in_order(request, dossier, filing, order)


def _put_in_order(request: HttpRequest, dossier: DossierPage, filing: Filing, order: Sequence[str]) -> Where:
    named = {str(sheet.uuid): sheet for sheet in sheets_named(dossier, order)}
    sheets = [named[uuid] for uuid in order if uuid in named]
    if filing.state == Filing.State.FILED:
        step = moved_step(filing)
        moving.move(
            filing,
            by=request.user,
            item_id=filing.item_id,
            part=filing.part,
            enrolment=filing.enrolment,
            session=filing.session,
            order=sheets,
        )
        remember(request, dossier, step)
    else:
        _rearranged(request, dossier, sheets, lambda: papers.reorder(filing, order, by=request.user))
    return stay(request)


def route(request: HttpRequest, dossier: DossierPage) -> Where:
    """Let the pages behind a divider go where it says; one that says otherwise itself is not overruled, but told."""
    held = Tray(dossier, viewer=request.user)
    entry = held.find(request.POST.get("sheet", ""))
    place = divider_place(entry) if entry else None
    leads = PageInView(held, entry).leads if entry else None
    if entry is None or place is None or leads is None:
        raise NotReady(sentence("no_such_divider", EVERYTHING))
    if not leads.is_ready:
        raise NotReady(
            sentence("still_reading", gettext_noop("这份文件还在认读，没有归类。请等它读完，再确认分隔页。"))
        )
    if str(leads.count) != request.POST.get("count", str(leads.count)):
        raise Overtaken(
            sentence("pile_changed", gettext_noop("分隔页之后的页刚有变动，没有归类。请看过后再确认。"))
        )
    behind = [one.sheet for one in PageInView(held, entry).behind]
    lay = papers.as_they_lie([entry.sheet, *behind])
    with transaction.atomic():
        _follow(request, held, entry.sheet, behind)
        ledger.discard(entry.sheet, by=request.user)
    remember(request, dossier, Step.of("route", [entry.sheet], lay))
    told = {"count": len(behind), "place": leads.label}
    messages.success(request, gettext("分隔页之后 %(count)s 页已拟归 %(place)s，请逐份确认。") % told)
    return {"sheet": str(behind[0].uuid) if behind else ""}


def _follow(request: HttpRequest, held: Tray, divider: Sheet, behind: Sequence[Sheet]) -> None:
    """The papers behind the divider as it sends them; the divider is marked as followed."""
    entry = held.find(str(divider.uuid))
    place = divider_place(entry) if entry else None
    if entry is None or place is None:
        raise NotReady(sentence("no_such_divider", EVERYTHING))
    aimed = pieces.suggestions_for(behind, aim=aim_of(held, place))
    followed = papers.Suggestion(kind=DIVIDER_KIND, reasons=({"code": DIVIDER_APPLIED, "params": {}},))
    unread = papers.Suggestion(
        item_id=place.item_id if held.ledger.has(place.item_id) else "",
        enrolment=place.enrolment,
        confidence=UNREAD_BUT_AIMED,
        reasons=({"code": "by_divider", "params": {}},),
    )
    lying = papers.as_they_lie(behind)
    arranged = [papers.Paper(one.sheets, aimed.get(one.sheets[0], unread)) for one in lying]
    arranged.append(papers.Paper((str(divider.uuid),), followed))
    papers.arrange(held.dossier, arranged, by=request.user, action=papers.ROUTE)


def _rearranged(
    request: HttpRequest, dossier: DossierPage, sheets: Sequence[Sheet], act: Callable[[], None]
) -> None:
    """Do it, and remember how the pages of all papers it touches lay before."""
    lay = papers.as_they_lie(sheets)
    act()
    remember(request, dossier, Step.of("papers", sheets, lay))


def _like(filing: Filing) -> papers.Suggestion:
    """A paper of the same kind, of nobody yet."""
    return replace(papers.said(filing), enrolment="", confidence=0.0, reasons=(), alternatives=())


def cut(request: HttpRequest, dossier: DossierPage) -> Where:
    """One page into several papers: as it was read, or as the clerk says."""
    page = sheet_in_view(request, dossier)
    boxes = regions(page, request.POST.get("how", "read"), _share(request.POST.get("at", "")))
    if not boxes:
        raise NotReady(
            sentence(
                "nothing_to_cut_by",
                gettext_noop("没有读出这一页上有几份。请选上下、左右或四格，再拆分。"),
            )
        )
    lay = papers.as_they_lie([page])
    with transaction.atomic():
        made = cutting.cut(page, boxes, by=request.user)
        pieces.read_pieces(page, made)
    remember(request, dossier, Step.of("cut", [page], lay))
    messages.success(
        request, gettext("已拆成 %(count)s 份，原页不动。按 Ctrl Z 可合回。") % {"count": len(made)}
    )
    return {"f": "", "sheet": str(made[0].uuid)}


def _share(text: str) -> float:
    """Where the line runs, a share of the page; the middle where nothing sensible is said."""
    try:
        return min(max(float(text) / 100, 0.05), 0.95)
    except ValueError:
        return 0.5


def moved_step(filing: Filing, lay: Sequence[papers.Paper] = ()) -> Step:
    """How to bring a filed paper back to where it lies now."""
    sheets = [place.sheet for place in filing.places.select_related("sheet").order_by("position")]
    return Step.of(
        "move",
        sheets,
        lay,
        item_id=filing.item_id,
        part=filing.part,
        enrolment=str(filing.enrolment.uuid) if filing.enrolment else "",
        session=str(filing.session.uuid) if filing.session else "",
        kind=filing.kind,
        replaces=str(filing.replaces.uuid) if filing.replaces else "",
    )
