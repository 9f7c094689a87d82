"""打卡记录: exports of check-in devices previewed row by row, taken in whole, taken out whole."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.check_in_files import cells_of, kept, opened, sealed, uploaded
from cms.rows.attendance_check_ins import MEANINGS, Preview, imports_of
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from cms.views.images import written_down
from dossiers.actions import attendance
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import CheckInImport, DossierPage
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE
from foundation.serving import range_response

COLUMN = re.compile(r"column-(\d{1,3})")
QUESTION = re.compile(r"q\d{1,4}")


@screen(Act.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def check_ins(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The exports taken in, and the way for another: chosen, previewed with its columns, then taken in whole."""
    if request.method != "POST":
        return _list(request, dossier)
    if not _may_keep(request, dossier):
        raise Http404
    with refusals(request) as refused:
        return _step(request, dossier)
    return _list(request, dossier, status=refused.status)


@screen(Act.ATTEND)
@require_POST
def undo_check_ins(request: HttpRequest, dossier: DossierPage, name) -> HttpResponse:
    """Take one export out again, whole."""
    taken = _export(request, dossier, name)
    if not request.user.is_of_institution:
        raise Http404
    with refusals(request) as refused:
        attendance.undo_check_ins(taken, by=request.user)
    if refused:
        return _list(request, dossier, status=refused.status)
    messages.success(
        request,
        gettext("已撤下“%(file)s”的 %(count)s 条打卡；文件仍留存。")
        % {"file": taken.file_name, "count": taken.rows_taken},
    )
    return redirect(dossier.screen("check-ins"))


@screen(Act.REVEAL)
@require_safe
def check_in_file(request: HttpRequest, dossier: DossierPage, name) -> HttpResponseBase:
    """The export as it came; it may hold ID numbers, so the look is written down.

    A device knows the whole body: a file with rows that are not this class's is opened by the keeper alone.
    """
    taken = _export(request, dossier, name)
    if not _may_open(request, taken):
        raise Http404
    refused = written_down(request, dossier.pk, "original", taken.uuid)
    if refused:
        return refused
    return range_response(
        request,
        taken.blob.sha256,
        media_type=taken.blob.media_type,
        file_name=taken.file_name,
        disposition="attachment",
    )


def _step(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    if "sealed" not in request.POST:
        file = uploaded(request.FILES.get("export"))
        return _preview(request, Preview(dossier, file, cells_of(file)))
    file = opened(request.POST["sealed"])
    preview = Preview(dossier, file, cells_of(file), chosen=_columns(request), answers=_answers(request))
    if request.POST.get("do") != "take":
        return _preview(request, preview)
    return _take(request, preview)


def _take(request: HttpRequest, preview: Preview) -> HttpResponse:
    with refusals(request) as refused:
        _require_seen(request, preview)
        taken = attendance.take_check_ins(
            preview.dossier, preview.export(kept(preview.file)), preview.read.records, by=request.user
        )
        messages.success(
            request,
            gettext("收进打卡 %(taken)s 条，未收 %(left)s 条；文件已留存，可整份撤下。")
            % {"taken": taken.rows_taken, "left": taken.rows_left},
        )
        return redirect(preview.dossier.screen("check-ins"))
    return _preview(request, preview, status=refused.status)


def _require_seen(request: HttpRequest, preview: Preview) -> None:
    if preview.read.of("ask"):
        raise NotReady(
            sentence(
                "names_open", gettext_noop("还有同名的人没有选是哪一位，什么也没有收进。请在上面逐个选好。")
            )
        )
    if preview.read.of("bad") and "leave_bad" not in request.POST:
        raise NotReady(
            sentence(
                "bad_rows",
                gettext_noop(
                    "有 %(count)s 行读不出，什么也没有收进。请在表格里改好再传；或勾选“这几行不收”，其余照收。"
                ),
                count=len(preview.read.of("bad")),
            )
        )
    if request.POST.get("digest") != preview.digest:
        raise Overtaken(
            sentence(
                "preview_changed",
                gettext_noop("所选的列、名册或已收的打卡有变，还没有收进。这是最新的预览，请再看一遍。"),
            )
        )


def _preview(request: HttpRequest, preview: Preview, status: int = 200) -> HttpResponse:
    context = dossier_context(request, preview.dossier, "attendance") | {
        "preview": preview,
        "sealed": sealed(preview.file),
        "meanings": MEANINGS.items(),
        "leave_bad": "leave_bad" in request.POST,
    }
    return render(request, "dossiers/attendance_check_ins_preview.html", context, status=status)


def _list(request: HttpRequest, dossier: DossierPage, status: int = 200) -> HttpResponse:
    imports = imports_of(dossier, request.user)
    for one in imports:
        one.dossier = dossier
    context = dossier_context(request, dossier, "attendance") | {
        "imports": [(one, _may_open(request, one)) for one in imports],
        "may_keep": _may_keep(request, dossier),
    }
    return render(request, "dossiers/attendance_check_ins.html", context, status=status)


def _may_open(request: HttpRequest, taken: CheckInImport) -> bool:
    of_keeper = request.user.is_of_institution and request.user.institution_id == taken.dossier.custodian_id
    return may(request.user, Act.REVEAL, taken.dossier) and (of_keeper or taken.rows_left == 0)


def _may_keep(request: HttpRequest, dossier: DossierPage) -> bool:
    open_to_change = dossier.progress.state in INSTITUTION_MAY_CHANGE
    return open_to_change and request.user.is_of_institution and may(request.user, Act.ATTEND, dossier)


def _export(request: HttpRequest, dossier: DossierPage, name) -> CheckInImport:
    found = next((one for one in imports_of(dossier, request.user) if one.uuid == name), None)
    if found is None:
        raise Http404
    found.dossier = dossier
    return found


def _columns(request: HttpRequest) -> dict[int, str]:
    named = ((COLUMN.fullmatch(name), value) for name, value in request.POST.items())
    return {int(found[1]): value for found, value in named if found and value}


def _answers(request: HttpRequest) -> dict[str, str]:
    return {name: value for name, value in request.POST.items() if QUESTION.fullmatch(name)}
