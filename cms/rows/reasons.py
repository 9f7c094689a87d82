"""Why a page was proposed where it was, or why not: the codes that proposals keep, in words.

A proposal stores codes and harmless parameters; names and numbers are never among them, so each code has a
sentence that stands without parameters, and some a fuller one.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import wording

PLAIN: dict[str, str | Promise] = {
    "class_paper": _("每班一份，不分人"),
    "id_number_matches": _("证号与名册一致"),
    "partial_number_matches": _("证号可读部分与名册一致"),
    "id_number_check_failed": _("证号校验不符，未采用"),
    "id_number_differs": _("姓名相同而证号不同，请看原件"),
    "number_twice_on_roster": _("名册中有两人同一证号"),
    "name_matches": _("姓名与名册一致"),
    "former_name_matches": _("曾用名与名册一致"),
    "name_differs": _("姓名读法与名册不同，请看原件"),
    "near_name": _("姓名与名册中一人相近"),
    "name_unsure": _("姓名没有读准，名册中有相近的名字"),
    "name_not_on_roster": _("读出的姓名不在名册"),
    "name_and_number_disagree": _("姓名是一人，证号是另一人，请看原件"),
    "no_name": _("没有读出姓名和证号"),
    "namesakes": _("名册中有人同名"),
    "not_on_roster": _("证号不在本班名册，疑属他班"),
    "trainee_withdrawn": _("此人已退学"),
    "several_people": _("一面上不止一人，请看原件"),
    "other_class": _("纸上写的是别的班次，疑属他班"),
    "occupation_differs": _("纸上职业与本班不同"),
    "known_elsewhere": _("此人或同一图像已见于别的班次"),
    "item_not_open": _("这一件按本班情况不用交"),
    "kind_unknown": _("认不出是哪种材料"),
    "not_in_ledger": _("本班台账不收这种材料"),
    "follows_previous_page": _("随前一页归入"),
    "taken_back": _("从档案退回收件，原来的去处留作建议"),
    "target": _("上传时指定了去处"),
    "target_differs": _("读到的与上传时指定的去处不同"),
    "bound_by_hand": _("由人合为一份"),
    "divider": _("分隔页：它后面的页有指定的去处，确认后才生效"),
    "by_divider": _("分隔页指定了去处"),
    "divider_differs": _("读到的与分隔页指定的去处不同，请看原件"),
    "divider_applied": _("分隔页，后面的页已按它归类"),
    "divider_only_class": _("分隔页只写了班次：后面的页按各自读到的归类"),
    "divider_other_class": _("分隔页是别的班次的，后面的页没有按它归类。请抽出放错的一叠。"),
    "divider_no_such_item": _("分隔页上的件不在本班台账里，后面的页没有按它归类。请重新打印分隔页。"),
    "divider_no_such_trainee": _("分隔页上的学员不在本班名册，后面的页没有按它归类。请重新打印分隔页。"),
    "divider_tampered": _("分隔页的二维码内容不完整或被改过，没有采用。请重新打印分隔页。"),
    "divider_not_ours": _("分隔页的二维码不是本系统这一版打印的，没有采用。请重新打印分隔页。"),
    "divider_unreadable": _("像是分隔页，二维码没有读出，后面的页没有按它归类。请重扫这一页，或逐页归件。"),
    "session_by_date": _("按文件名的日期认出课次"),
    "session_by_time": _("按文件名的日期和时间认出课次"),
    "no_date_in_name": _("文件名里没有日期，课次请手选"),
    "no_session_that_day": _("文件名的日期没有理论课，课次请手选"),
    "session_has_recording": _("那一节已有录像，请看是否重复"),
    "time_fits_no_session": _("文件名的时间与当天课次对不上，课次请手选"),
    "several_sessions_that_day": _("当天不止一节理论课，课次请手选"),
    "recording_does_not_play": _("录像不能在浏览器里直接播放，可转码播放或下载原件"),
    "blank": _("这一页是空白页，可以弃置；原件仍在。"),
    "text_layer_differs": _("PDF 自带的文字与页面上看到的不一致，已按图像认读，请对照原件"),
    "mirrored": _("这一页左右颠倒，已翻转后认读，请对照原件；最好重新扫描"),
    "no_text": _("这一页上没有认出文字，可能是照片；请看图后归件"),
    "foreign": _("这一页认出的多是外文，请看图后归件"),
    "handwriting": _("这一页字迹潦草或模糊，没有读准，疑为手写；请看图后归件"),
    "blurred": _("照片模糊，字认不准，请看原件"),
    "cut_off": _("照片上纸角出了画面"),
    "edges_unseen": _("照片上没有看到纸的四边"),
    "unread": _("这一页没有读成，请看图后手工归件。"),
}
FULLER: dict[str, str | Promise] = {
    "name_differs": _("姓名读作“%(read)s”，名册为“%(name)s”"),
    "near_name": _("姓名读作“%(read)s”，名册中仅“%(name)s”相近"),
    "name_not_on_roster": _("名册中没有“%(read)s”"),
    "namesakes": _("名册中有 %(count)s 人同名"),
    "trainee_withdrawn": _("%(name)s已退学"),
    "several_people": _("一面上有 %(people)s 人，请看原件"),
    "other_class": _("纸上写的是班次 %(class_no)s，疑属他班"),
    "occupation_differs": _("纸上职业为“%(printed)s”，本班为“%(ours)s”"),
    "known_elsewhere": _("此人或同一图像已见于班次 %(classes)s"),
    "item_not_open": _("“%(item)s”按本班情况不用交"),
}
# What a code means for the left column: settle these first.
DOUBTS: dict[str, frozenset[str]] = {
    "divider": frozenset(
        {
            "divider",
            "divider_only_class",
            "divider_other_class",
            "divider_no_such_item",
            "divider_no_such_trainee",
            "divider_tampered",
            "divider_not_ours",
            "divider_unreadable",
        }
    ),
    "several": frozenset({"several_people"}),
    "differs": frozenset({"target_differs", "divider_differs"}),
    "duplicate": frozenset({"session_has_recording"}),
    "other_class": frozenset({"other_class", "not_on_roster", "known_elsewhere"}),
    "id": frozenset({"id_number_check_failed", "id_number_differs", "name_and_number_disagree"}),
}


def reason_text(reason: Mapping[str, Any]) -> str:
    """One stored reason in the reader's language; a code no table knows prints nothing misleading."""
    code, params = str(reason.get("code", "")), dict(reason.get("params") or {})
    template = FULLER.get(code)
    if template is not None:
        try:
            return gettext(str(template)) % params
        except KeyError:
            return str(PLAIN[code])
    if code in PLAIN:
        return str(PLAIN[code])
    return wording.say(code) if wording.knows(code) else gettext("请看原件后决定")
