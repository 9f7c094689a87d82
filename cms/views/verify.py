"""Verification: one page after the other, value by value beside the roster; many at once where nothing differs.

A page that shows a number is looked at by a logged reveal before any of its numbers is printed.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.rows.roster_side import NUMBER
from cms.rows.values import Value
from cms.rows.verify import VerifyPage
from cms.rows.verify_queue import Queue
from cms.rows.verify_rows import options
from cms.seen import mark_read, mark_seen
from cms.verify_steps import remember, undo_last, undoable
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from cms.views.parsing import whole_number
from cms.wording import state_name
from dossiers.actions import ledger as filing_actions
from dossiers.actions import review as judging
from dossiers.actions import verification
from dossiers.actions.reveals import reveal_beside, reveal_image
from dossiers.actions.review import Seen
from dossiers.actions.verification import Basis, Said, Verdict
from dossiers.differences import number_says, same
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import DossierPage, Filing
from dossiers.numbering import normalised
from dossiers.permissions import Act, may_review_item
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import Standing
from dossiers.statements import Spot
from dossiers.states import REVIEWER_MAY_JUDGE

GONE = gettext_noop("这一页已被移走或替换，没有记下。请刷新后再看。")
LOOKING = gettext_noop("核对时与纸上号码比对")


class Insist(NotReady):
    """The value is against its own check; the same once more says that the paper reads so."""


@sensitive_post_parameters("typed")
@screen(Act.VERIFY)
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Show one page of the queue; a POST takes one step and comes back, to the same page or the next."""
    if request.method == "GET":
        return _drawn(request, dossier)
    insists = ""
    with refusals(request) as refused:
        try:
            where = STEPS.get(request.POST.get("do", ""), _unknown)(request, dossier)
        except Insist:
            insists = request.POST.get("spot", "")
            raise
    if refused:
        return _drawn(request, dossier, status=refused.status, insists=insists)
    return redirect(address(dossier, **where))


# One page -------------------------------------------------------------------------------------------------
def _drawn(request: HttpRequest, dossier: DossierPage, status: int = 200, insists: str = "") -> HttpResponse:
    dossier.progress.refresh_from_db()
    asked = request.GET if request.method == "GET" else request.POST
    queue = Queue(dossier, request.user, chosen=asked.get("f", ""), current=asked.get("sheet", ""))
    page = _page(request, dossier, queue, insists) if queue.line else None
    if page:
        mark_seen(request, dossier, [page.sheet.pk])
        mark_read(request, dossier, page.sheet.pk, page.fingerprint)
    context = dossier_context(request, dossier, "verify") | {
        "queue": queue,
        "page": page,
        "state_name": state_name(dossier.progress.state),
        "undo": undoable(request, dossier),
        "verify_url": dossier.screen("verify"),
        "bulk_url": dossier.screen("verify-bulk"),
        "returning": _returning(request, dossier, page),
        "may_take_out": _may_take_out(request, page),
    }
    answer = render(request, "dossiers/verify.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _page(request: HttpRequest, dossier: DossierPage, queue: Queue, insists: str = "") -> VerifyPage:
    spot = request.POST.get("spot", "")
    page = VerifyPage(
        dossier,
        request.user,
        queue.line,
        queue.roster,
        chosen=spot or request.GET.get("field", ""),
        typed={spot: request.POST.get("typed", "")} if spot and request.POST.get("choice") == "typed" else {},
        insists=insists,
    )
    with refusals(request) as refused:
        _look(request, page)
    page.sees_numbers = not refused
    return page


def _look(request: HttpRequest, page: VerifyPage) -> None:
    """Write down that this page, and roster numbers it does not show itself, are looked at. QuotaSpent beyond that."""
    if not page.holds_numbers:
        return
    quota = settings.REVEALS_A_DAY
    reveal_image(request.user, page.dossier, what="image", subject=page.sheet.uuid, daily_quota=quota)
    reveal_beside(request.user, page.dossier, page.disclosed, reason=LOOKING, daily_quota=quota)


def _may_take_out(request: HttpRequest, page: VerifyPage | None) -> bool:
    if page is None or request.user.is_of_bureau or not page.may_say:
        return False
    return page.line.filing is not None and page.line.filing.state == Filing.State.FILED


def _returning(request: HttpRequest, dossier: DossierPage, page: VerifyPage | None) -> dict | None:
    """What the form for returning a page carries, for a reviewer who may judge its item now."""
    filing = page.line.filing if page else None
    if filing is None or dossier.progress.state not in REVIEWER_MAY_JUDGE:
        return None
    if not may_review_item(request.user, filing.item_id, dossier):
        return None
    found = Standing(dossier, request.user).item(filing.item_id)
    if found is None or found.record is None:
        return None
    return {
        "version": found.record.version,
        "sha256": found.sha256,
        "reasons": found.item.return_reasons,
        "typed": request.POST if request.POST.get("do") == "return" else {},
    }


# Steps ----------------------------------------------------------------------------------------------------
def _say(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """One word on one value."""
    queue, page = _asked(request, dossier)
    try:
        value = page.value(Spot.read(request.POST.get("spot", "")))
    except ValueError:
        value = None
    if value is None:
        raise NotReady(sentence("page_gone", GONE))
    said = _said(request, page, value)
    made = verification.state_values(page.sheet, [said], by=request.user, seen=_last_word(request))
    remember(request, dossier, made)
    return {"f": queue.chosen, "sheet": str(page.sheet.uuid)}


def _said(request: HttpRequest, page: VerifyPage, value: Value) -> Said:
    """What her choice says of the value; nothing is chosen for her."""
    choice, held = request.POST.get("choice", ""), page.held(value.spot)
    if choice == "reading":
        return as_read(value)
    if choice == "roster" and held:
        return Said(value.spot, Verdict.CORRECTED, Basis.ROSTER, held, value.read)
    if choice == "unreadable":
        return Said(value.spot, Verdict.UNREADABLE, Basis.READING, "", value.read)
    if choice == "typed":
        return _typed(request, value)
    raise NotReady(
        sentence("no_value_chosen", gettext_noop("还没有选以哪个为准。请按 1、2、3 选一个，看不清按 T。"))
    )


def as_read(value: Value, basis: str = Basis.READING) -> Said:
    return Said(value.spot, Verdict.CONFIRMED, basis, value.read, value.read)


def _typed(request: HttpRequest, value: Value) -> Said:
    """A value typed; a number that fails its check must be given twice: the paper itself may be wrong."""
    text = request.POST.get("typed", "").strip()
    if value.name == NUMBER:
        text = normalised(text)
    allowed = options(value.name, value.read)
    if allowed and text not in dict(allowed):
        raise NotReady(sentence("not_an_option", gettext_noop("请从给出的两项里选一项，再记下。")))
    if text and same(value.name, text, value.read):
        return as_read(value)
    if value.name == NUMBER and text and request.POST.get("insist") != "yes":
        _require_sound(text)
    return Said(value.spot, Verdict.CORRECTED, Basis.TYPED, text, value.read)


def _require_sound(number: str) -> None:
    said = number_says(number)
    if said.is_sound:
        return
    if said.is_whole and said.expected and not said.digit_follows:
        raise Insist(
            sentence(
                "typed_digit",
                gettext_noop(
                    "输入的号码校验位不符：末位是 %(last)s，按前 17 位应为 %(expected)s，没有记下。"
                    "请对照原件改正；纸上确实如此，请再按一次“记下”。"
                ),
                last=said.last,
                expected=said.expected,
            )
        )
    raise Insist(
        sentence(
            "typed_number",
            gettext_noop(
                "输入的号码不合身份证号的写法，没有记下。请对照原件改正；纸上确实如此，请再按一次“记下”。"
            ),
        )
    )


def _confirm(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """All that is left on the page stands as it was read; refused while anything is open."""
    queue, page = _asked(request, dossier)
    if page.open_values:
        raise NotReady(
            sentence(
                "values_open",
                gettext_noop("第 %(numbers)s 项还没有定，没有确认本页。请先逐项选定。"),
                numbers=page.open_numbers,
            )
        )
    following = queue.next_open
    made = verification.state_values(
        page.sheet, [as_read(one) for one in page.left], by=request.user, seen=_last_word(request)
    )
    remember(request, dossier, made)
    told = ngettext(
        "已确认本页 %(count)s 项。按 Ctrl Z 可撤销。",
        "已确认本页 %(count)s 项。按 Ctrl Z 可撤销。",
        len(made),
    )
    messages.success(request, told % {"count": len(made)})
    return {"f": queue.chosen, "sheet": str((following or page.line).uuid)}


def _undo(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    sheet = undo_last(request, dossier)
    messages.success(request, gettext("已撤销上一步。"))
    return {"f": request.POST.get("f", ""), "sheet": sheet}


def _return(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """The bureau returns this page with a reason, bound to the papers she saw."""
    queue, page = _asked(request, dossier)
    filing = page.line.filing
    if filing is None:
        raise NotReady(sentence("page_gone", GONE))
    version = whole_number(request.POST.get("version", ""), -1)
    judging.return_item(
        dossier,
        Seen(filing.item_id, version, request.POST.get("sha256", "")),
        by=request.user,
        reason=request.POST.get("common") or request.POST.get("reason", ""),
        remedy=request.POST.get("remedy", "").strip(),
        filing=filing,
        sheet=page.sheet,
    )
    messages.success(request, gettext("已记下退回原因。整卷退回后，机构登录即可看到。"))
    return {"f": queue.chosen, "sheet": str((queue.next_open or page.line).uuid)}


def _take_out(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """The institution takes the page's filing back into the tray: it lies in the wrong place."""
    queue, page = _asked(request, dossier)
    if page.line.filing is None:
        raise NotReady(sentence("page_gone", GONE))
    filing_actions.unfile(page.line.filing, by=request.user)
    messages.success(request, gettext("已退回收件。请在“收件”里改归到别处。"))
    return {"f": queue.chosen, "sheet": str(page.sheet.uuid)}


def _unknown(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    raise NotReady(sentence("page_gone", GONE))


STEPS = {
    "say": _say,
    "confirm": _confirm,
    "undo": _undo,
    "return": _return,
    "take_out": _take_out,
}


def _asked(request: HttpRequest, dossier: DossierPage) -> tuple[Queue, VerifyPage]:
    """The page a form speaks of, as it is now: looked at, there, and read as she saw it."""
    name = request.POST.get("sheet", "")
    queue = Queue(dossier, request.user, chosen=request.POST.get("f", ""), current=name)
    if queue.line is None or str(queue.line.uuid) != name:
        raise NotReady(sentence("page_gone", GONE))
    page = VerifyPage(dossier, request.user, queue.line, queue.roster)
    _look(request, page)
    if request.POST.get("reading", "") != page.fingerprint:
        raise Overtaken(
            sentence(
                "read_anew",
                gettext_noop(
                    "这一页刚重新认读过，或名册、归属刚有变动，您的这一步没有记下。已换成最新的样子，请再看一眼。"
                ),
            )
        )
    return queue, page


def _last_word(request: HttpRequest) -> int:
    return whole_number(request.POST.get("seen", ""))


def address(dossier: DossierPage, **asked: str) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return dossier.screen("verify") + (f"?{query}" if query else "")
