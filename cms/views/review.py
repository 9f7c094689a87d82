"""The review: one queue across classes, and one dossier with its items, its papers and its checklist."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from cms.rows.duplicates import count_among
from cms.rows.review import Review
from cms.rows.review_queue import Queue
from cms.seen import everything_opened, mark_opened, opened
from cms.views.doors import refusals, screen, site_view
from cms.views.header import dossier_context
from cms.views.parsing import uuids, whole_number
from cms.wording import say, state_name
from dossiers.actions import course
from dossiers.actions import review as judging
from dossiers.actions.review import Seen
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, FilingSheet, ItemRecord, ReturnNote, Sheet
from dossiers.permissions import Act, current_filings, may
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import ledger_of
from dossiers.states import DossierState

GONE = gettext_noop("这里已经变了样，没有做任何改动。请刷新后再看。")


@site_view(Act.REVIEW_MONEY)
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """Every item that wants this reviewer's hand, across classes."""
    queue = Queue(
        request.user,
        chosen={name: request.GET.get(name, "") for name in ("class", "item", "county")},
        opened=everything_opened(request),
        page=whole_number(request.GET.get("p", ""), 1),
    )
    return render(request, "dossiers/review_queue.html", {"queue": queue})


@screen(Act.REVIEW_MONEY)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, dossier: DossierPage, item_id: str = "") -> HttpResponse:
    """One dossier before its reviewer; a POST gives one verdict or makes one move."""
    if item_id and not ledger_of(dossier).has(item_id):
        raise Http404
    if request.method == "GET":
        return _drawn(request, dossier, item_id)
    with refusals(request) as refused:
        steps = STEPS if item_id else WHOLE_DOSSIER
        step = steps.get(request.POST.get("do", ""), _unknown)
        where = step(request, dossier, item_id)
    if refused:
        return _drawn(request, dossier, item_id, status=refused.status)
    return redirect(where)


def _drawn(request: HttpRequest, dossier: DossierPage, item_id: str, status: int = 200) -> HttpResponse:
    dossier.progress.refresh_from_db()
    asked = request.GET if request.method == "GET" else request.POST
    held = Review(
        dossier, request.user, item_id=item_id, page=asked.get("page", ""), opened=opened(request, dossier)
    )
    if held.current and held.current.record:
        seen = (held.current.record.version, held.current.sha256)
        mark_opened(request, dossier, held.current.item.id, *seen)
        held.opened[held.current.item.id] = seen
    closes = may(request.user, Act.CLOSE_REVIEW, dossier)
    context = dossier_context(request, dossier, "review") | {
        "review": held,
        "alike": count_among(dossier, request.user, held.current.filings) if held.current else 0,
        "focus": _focus(held, asked.get("point", "")),
        "state_name": state_name(dossier.progress.state),
        "typed": request.POST if status != 200 else {},
        "may_start": held.is_handed_in and may(request.user, Act.REVIEW, dossier),
        "may_close": held.is_open_for_verdicts and closes,
        "may_reopen": closes and dossier.progress.state == DossierState.COMPLETE,
        "obstacles": [say(one) for one in course.completion_obstacles(held.standing)] if closes else [],
        "reasons": held.current.item.return_reasons if held.current else (),
    }
    return render(request, "dossiers/review.html", context, status=status)


def _focus(held: Review, judged: str) -> str:
    """The point to stand on: after the one just judged, the next without a verdict."""
    if not held.current or not judged or not held.may_judge:
        return ""
    ids = [point.id for point in held.points]
    at = ids.index(judged) + 1 if judged in ids else 0
    turned = [*held.points[at:], *held.points[:at]]
    return next((point.id for point in turned if point.given is None), "")


# Verdicts -------------------------------------------------------------------------------------------------
def _tick_point(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    point = request.POST.get("point", "")
    judging.tick_point(dossier, _seen(request, item_id), point, by=request.user)
    return _again(request, dossier, item_id, point)


def _excuse_point(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    point, reason = request.POST.get("point", ""), _reason(request)
    judging.excuse_point(dossier, _seen(request, item_id), point, by=request.user, reason=reason)
    return _again(request, dossier, item_id, point)


def _clear_point(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    point = request.POST.get("point", "")
    judging.clear_point(dossier, _seen(request, item_id), point, by=request.user)
    return _again(request, dossier, item_id)


def _return(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    """Return one point, or the item where no point is named, with the page it is about."""
    point = request.POST.get("point", "")
    filing, sheet = _page_named(request, dossier, item_id)
    others = _pages_named(request, dossier, item_id, besides=sheet) if filing and sheet else []
    told = {"reason": _reason(request), "remedy": request.POST.get("remedy", "").strip()}
    seen = _seen(request, item_id)
    if others:
        judging.return_pages(dossier, seen, point, by=request.user, pages=[(filing, sheet), *others], **told)
    elif point:
        judging.return_point(dossier, seen, point, by=request.user, filing=filing, sheet=sheet, **told)
    else:
        judging.return_item(dossier, seen, by=request.user, filing=filing, sheet=sheet, **told)
    messages.success(request, gettext("已记下退回原因。整卷退回后，机构登录即可看到。"))
    return _again(request, dossier, item_id, point)


def _take_return_back(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    note = ReturnNote.objects.filter(
        dossier=dossier, uuid__in=uuids([request.POST.get("note", "")]), record__item_id=item_id
    ).first()
    if note is None:
        raise NotReady(sentence("gone", GONE))
    judging.take_return_back(note, _seen(request, item_id), by=request.user)
    return _again(request, dossier, item_id)


def _tick_item(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    """Tick every point of the opened item that has no verdict yet, and go on to the next item."""
    (record,) = judging.tick_items(dossier, [_seen(request, item_id)], by=request.user)
    held = Review(dossier, request.user, item_id=item_id)
    if record.verdict != ItemRecord.Verdict.TICKED:
        messages.warning(request, gettext("其余要点已核；这一件还有退回，没有算作已核。"))
        return _again(request, dossier, item_id)
    messages.success(request, gettext("%(item)s 已核。") % {"item": held.title})
    return held.next_line.url if held.next_line else dossier.screen("review-item", item_id)


def _tick_items(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    """Tick several items off that were opened before; all or none."""
    seen = _opened_of(request, dossier)
    records = judging.tick_items(dossier, seen, by=request.user)
    done = sum(record.verdict == ItemRecord.Verdict.TICKED for record in records)
    messages.success(request, gettext("已核 %(count)s 件。") % {"count": done})
    if done < len(records):
        messages.warning(
            request, gettext("另有 %(count)s 件还有退回，没有算作已核。") % {"count": len(records) - done}
        )
    return dossier.screen("review")


def _return_items(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    """Return several opened items for one reason; all or none."""
    seen = _opened_of(request, dossier)
    judging.return_items(dossier, seen, by=request.user, reason=_reason(request))
    messages.success(request, gettext("已记下 %(count)s 件的退回原因。") % {"count": len(seen)})
    return dossier.screen("review")


# Moves ----------------------------------------------------------------------------------------------------
def _start(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    course.start_review(dossier, by=request.user)
    messages.success(request, gettext("已开始审核。从现在起机构不能改动这一卷。"))
    return dossier.screen("review-item", item_id) if item_id else dossier.screen("review")


def _return_dossier(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    course.return_dossier(dossier, by=request.user)
    messages.success(request, gettext("已退回整卷。机构登录即可看到每一处原因。"))
    return dossier.screen("review")


def _complete(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    course.complete(dossier, by=request.user)
    messages.success(request, gettext("已审结。"))
    return dossier.screen("review")


def _reopen(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    course.reopen(dossier, by=request.user, reason=_reason(request))
    messages.success(request, gettext("已重新打开。机构可以补改，再报送。"))
    return dossier.screen("review")


def _unknown(request: HttpRequest, dossier: DossierPage, item_id: str) -> str:
    raise NotReady(sentence("gone", GONE))


WHOLE_DOSSIER = {
    "tick_items": _tick_items,
    "return_items": _return_items,
    "start": _start,
    "return_dossier": _return_dossier,
    "complete": _complete,
    "reopen": _reopen,
}
STEPS = WHOLE_DOSSIER | {
    "tick": _tick_point,
    "excuse": _excuse_point,
    "clear": _clear_point,
    "return": _return,
    "take_back": _take_return_back,
    "tick_item": _tick_item,
}


# What the form carries ------------------------------------------------------------------------------------
def _seen(request: HttpRequest, item_id: str) -> Seen:
    """The version and digest of what stood on the page when the button was pressed."""
    version = whole_number(request.POST.get("version", ""), -1)
    return Seen(item_id, version, request.POST.get("sha256", ""))


def _opened_of(request: HttpRequest, dossier: DossierPage) -> list[Seen]:
    """What she saw of the marked items; one that was never opened cannot be judged in bulk."""
    held, ledger = opened(request, dossier), ledger_of(dossier)
    marked = [item_id for item_id in request.POST.getlist("item") if ledger.has(item_id)]
    if not marked:
        raise NotReady(sentence("nothing_marked", gettext_noop("还没有选件。请先勾选看过的件。")))
    unopened = [gettext(ledger.item(item_id).short_name) for item_id in marked if item_id not in held]
    if unopened:
        raise NotReady(
            sentence(
                "not_opened",
                gettext_noop("“%(items)s”还没有打开看过，没有核任何一件。请先逐件打开。"),
                items=gettext("、").join(unopened),
            )
        )
    return [Seen(item_id, *held[item_id]) for item_id in marked]


def _reason(request: HttpRequest) -> str:
    """A common reason pressed, or the one written."""
    return request.POST.get("common") or request.POST.get("reason", "")


def _page_named(
    request: HttpRequest, dossier: DossierPage, item_id: str
) -> tuple[Filing | None, Sheet | None]:
    """The page a return is about; without one, the only paper there is, else the whole item."""
    filings = current_filings(request.user, dossier).filter(item_id=item_id)
    named = uuids([request.POST.get("sheet", "")])
    if named:
        filing = filings.filter(places__sheet__uuid=named[0]).first()
        sheet = Sheet.objects.filter(places__filing=filing, uuid=named[0]).first() if filing else None
        return filing, sheet
    rows = list(filings[:2])
    return (rows[0] if len(rows) == 1 else None), None


def _pages_named(
    request: HttpRequest, dossier: DossierPage, item_id: str, *, besides: Sheet
) -> list[tuple[Filing, Sheet]]:
    """Further pages that go back for the same reason, as they lie in the item."""
    named = uuids(request.POST.getlist("also"))
    filings = current_filings(request.user, dossier).filter(item_id=item_id)
    rows = FilingSheet.objects.filter(filing__in=filings, sheet__uuid__in=named).exclude(sheet=besides)
    rows = rows.select_related("filing", "sheet").order_by("filing__enrolment__seq", "filing_id", "position")
    return [(row.filing, row.sheet) for row in rows]


def _again(request: HttpRequest, dossier: DossierPage, item_id: str, point: str = "") -> str:
    """Back to the same item and page; what she opened follows her own verdict."""
    seen = _seen(request, item_id)
    mark_opened(request, dossier, item_id, seen.version + 1, seen.sha256)
    asked = {"page": request.POST.get("page", ""), "point": point}
    query = urlencode({name: value for name, value in asked.items() if value})
    return dossier.screen("review-item", item_id) + (f"?{query}" if query else "")
