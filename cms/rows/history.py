"""The log in words: one sentence an action, from a table, with the names its facts point to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.sheets import item_title, shortened
from dossiers.ledgers import Ledger
from dossiers.models import AccessEntry, Account, DossierPage, Filing, HistoryEntry, Sheet, Upload
from dossiers.permissions import visible_filings, visible_sheets
from dossiers.standing import ledger_of
from dossiers.states import STAGE_NAMES

ITEMS_SHOWN = 3
SENTENCES: dict[str, str | Promise] = {
    "open": _("立卷开班"),
    "move_stage": _("阶段推进到“%(stage)s”"),
    "enrol": _("录入学员 %(enrolments)s 人"),
    "withdraw_trainee": _("学员%(who)s退学"),
    "state_facts": _("登记学员%(who)s的训后情况"),
    "set_sessions": _("录入课次 %(sessions)s 节"),
    "change_session": _("改一节课次"),
    "drop_session": _("删去一节课次"),
    "receive": _("收到文件%(file)s，%(pages)s 页"),
    "receive_again": _("再次收到同一文件%(file)s，未重复入库"),
    "withdraw_upload": _("撤回文件%(file)s"),
    "read": _("读完文件%(file)s，提出 %(proposed)s 页归件建议"),
    "unreadable": _("文件%(file)s没有读成，留待人工归件"),
    "file": _("归件：%(item)s%(who)s，%(pages)s 页"),
    "replace_page": _("只换一页：%(item)s%(who)s 第 %(position)s 页，其余各页照旧"),
    "confirm": _("确认归件：%(item)s%(who)s，%(pages)s 页"),
    "confirm_group": _("整组确认归件 %(filings)s 份"),
    "unfile": _("退回收件：%(item)s%(who)s"),
    "unfile_group": _("整组退回收件，%(filings)s 份"),
    "discard": _("弃置一页，原件留存"),
    "put_back": _("取回弃置的一页"),
    "turn": _("旋转一页的显示方向"),
    "cut_page": _("一页拆成 %(pieces)s 份，原页留存"),
    "put_page_together": _("拆开的一页合回原样"),
    "bind_papers": _("收件里 %(pages)s 页合为一份"),
    "part_paper": _("收件里一份分成两份"),
    "loosen_page": _("从收件的一份里拿出一页"),
    "reorder_paper": _("调整收件里一份的页序，%(pages)s 页"),
    "route_pages": _("按分隔页归类，%(pages)s 页"),
    "restore_papers": _("收件里的 %(pages)s 页恢复原来的分法"),
    "move": _("移动或重排归件：%(item)s%(who)s，%(pages)s 页"),
    "align_recording": _("对齐录像时钟%(file)s"),
    "align_undone": _("撤销对时%(file)s"),
    "verify": _("核对一页：%(item)s%(who)s，%(values)s 项"),
    "verify_many": _("成批确认 %(pages)s 页上的 %(values)s 项"),
    "verify_undone": _("撤销核对 %(values)s 项"),
    "verify_at_bureau": _("核对一页：%(item)s%(who)s，%(values)s 项"),
    "verify_many_at_bureau": _("成批确认 %(pages)s 页上的 %(values)s 项"),
    "verify_undone_at_bureau": _("撤销核对 %(values)s 项"),
    "settle_attendance": _("认定考勤：%(who)s，%(lessons)s 课时"),
    "unsettle_attendance": _("撤销考勤认定，%(lessons)s 课时"),
    "settle_attendance_at_bureau": _("认定考勤：%(who)s，%(lessons)s 课时"),
    "unsettle_attendance_at_bureau": _("撤销考勤认定，%(lessons)s 课时"),
    "take_check_ins": _("收进打卡 %(check_ins)s 条"),
    "undo_check_ins": _("撤下打卡 %(check_ins)s 条"),
    "write_sign_ins": _("记下签到表，%(lines)s 行"),
    "undo_sign_ins": _("撤下签到表，%(lines)s 行"),
    "name_faces": _("指认录像里的人：%(who)s，%(faces)s 段"),
    "reject_faces": _("录像里认作的%(who)s不是此人，%(faces)s 段"),
    "faces_of_nobody": _("录像里 %(faces)s 段的人不是本班学员"),
    "faces_undone": _("撤销对录像里 %(faces)s 段的指认"),
    "keep_frame": _("取依据帧%(who)s"),
    "drop_frame": _("去掉一幅依据帧"),
    "name_faces_at_bureau": _("指认录像里的人：%(who)s，%(faces)s 段"),
    "reject_faces_at_bureau": _("录像里认作的%(who)s不是此人，%(faces)s 段"),
    "faces_of_nobody_at_bureau": _("录像里 %(faces)s 段的人不是本班学员"),
    "faces_undone_at_bureau": _("撤销对录像里 %(faces)s 段的指认"),
    "keep_frame_at_bureau": _("取依据帧%(who)s"),
    "drop_frame_at_bureau": _("去掉一幅依据帧"),
    "record_consent": _("记下学员 %(enrolments)s 人对采集生物识别信息的答复"),
    "withdraw_consent": _("学员%(who)s撤回生物识别同意，模板和认作结果已删"),
    "remember_faces": _("制作人脸模板 %(enrolments)s 份"),
    "forget_faces": _("删去人脸模板 %(templates)s 份"),
    "hand_in": _("报送，新送 %(filings)s 份"),
    "take_back": _("撤回报送"),
    "look_in": _("视频监控：记下一次查看"),
    "look_in_corrected": _("视频监控：更正一条记录"),
    "start_review": _("开始审核"),
    "tick_point": _("核定要点：%(items)s%(point)s"),
    "excuse_point": _("免核要点：%(items)s%(point)s，理由：%(reason)s"),
    "clear_point": _("收回要点的判定：%(items)s%(point)s"),
    "return_point": _("退回要点：%(items)s%(point)s，原因：%(reason)s"),
    "return_pages": _("退回几页：%(items)s%(point)s，原因：%(reason)s"),
    "return_item": _("退回：%(items)s，原因：%(reason)s"),
    "take_return_back": _("收回退回：%(items)s"),
    "tick_items": _("核定：%(items)s"),
    "return_items": _("退回：%(items)s，原因：%(reason)s"),
    "answer_return": _("书面答复一处退回"),
    "return": _("整卷退回补正，共 %(returns)s 处"),
    "complete": _("审结"),
    "reopen": _("重新打开，原因：%(reason)s"),
}
# The institution's own steps: what of them came after the last hand-in is not the bureau's to read yet.
BEFORE_HAND_IN = frozenset(
    {
        "move_stage",
        "enrol",
        "withdraw_trainee",
        "state_facts",
        "set_sessions",
        "change_session",
        "drop_session",
        "receive",
        "withdraw_upload",
        "read",
        "unreadable",
        "file",
        "confirm",
        "confirm_group",
        "replace_page",
        "unfile",
        "unfile_group",
        "discard",
        "put_back",
        "turn",
        "cut_page",
        "put_page_together",
        "bind_papers",
        "part_paper",
        "loosen_page",
        "reorder_paper",
        "route_pages",
        "restore_papers",
        "move",
        "align_recording",
        "align_undone",
        "verify",
        "verify_many",
        "verify_undone",
        "name_faces",
        "reject_faces",
        "faces_of_nobody",
        "faces_undone",
        "keep_frame",
        "drop_frame",
        "settle_attendance",
        "unsettle_attendance",
        "take_check_ins",
        "undo_check_ins",
        "write_sign_ins",
        "undo_sign_ins",
        "record_consent",
        "remember_faces",
        "answer_return",
    }
)
NOT_HANDED_IN = _("机构的一步，报送后可见")
REVEALED: dict[str, str | Promise] = {
    "image": _("看证件图像"),
    "original": _("看原件"),
    "searchable": _("下载可检索 PDF"),
    "id_number": _("看完整证号"),
    "faces": _("看认人的录像"),
}


@dataclass(frozen=True)
class HistoryRow:
    """One entry of the log."""

    seq: int
    at: datetime
    who: str
    text: str
    is_broken: bool


@dataclass(frozen=True)
class RevealRow:
    """Who opened what, when, why."""

    at: datetime
    who: str
    role: str
    text: str
    reason: str


@dataclass(frozen=True)
class _Names:
    """What the identifiers of a page of entries are called, for this viewer."""

    ledger: Ledger
    people: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    filings: Mapping[str, Filing] = field(default_factory=dict)


def history_rows(
    dossier: DossierPage, entries: Sequence[HistoryEntry], viewer: Account, broken: Iterable[int] = ()
) -> list[HistoryRow]:
    """These entries in words; three queries however many."""
    names, breaks = _names(dossier, entries, viewer), set(broken)
    return [
        HistoryRow(
            entry.seq,
            entry.at,
            entry.actor_label,
            str(NOT_HANDED_IN) if _is_kept_back(dossier, entry, viewer) else told(entry, names),
            entry.seq in breaks,
        )
        for entry in entries
    ]


def _is_kept_back(dossier: DossierPage, entry: HistoryEntry, viewer: Account) -> bool:
    """Whether the entry tells the bureau of work that was not handed in."""
    if viewer.is_of_institution or entry.action not in BEFORE_HAND_IN:
        return False
    last = dossier.progress.handed_in_at
    return last is None or entry.at > last


def told(entry: HistoryEntry, names: _Names) -> str:
    """One entry as a sentence; an action the table does not know prints as its code."""
    action = "receive_again" if entry.facts.get("again") else entry.action
    template = SENTENCES.get(action)
    return str(template) % _params(entry.facts, names) if template else action


def reveal_rows(dossier: DossierPage, viewer: Account, most: int = 100) -> list[RevealRow]:
    """The latest openings of identity papers in this class."""
    entries = list(dossier.reveals.select_related("account").order_by("-at")[:most])
    names = _subjects(dossier, entries, viewer)
    return [
        RevealRow(
            at=entry.at,
            who=entry.account.full_name,
            role=entry.account.get_role_display(),
            text=_joined(str(REVEALED.get(entry.what, entry.what)), names.get(str(entry.subject), "")),
            reason=entry.reason,
        )
        for entry in entries
    ]


def _names(dossier: DossierPage, entries: Sequence[HistoryEntry], viewer: Account) -> _Names:
    wanted = {key: {entry.facts[key] for entry in entries if _is_one(entry, key)} for key in _KEYS}
    filings = visible_filings(viewer, dossier.filings.all()).filter(uuid__in=wanted["filing"])
    return _Names(
        ledger=ledger_of(dossier),
        people=_named(dossier.enrolments.filter(uuid__in=wanted["enrolment"]), "name"),
        files=_files(dossier, wanted["upload"], viewer),
        filings={str(filing.uuid): filing for filing in filings.select_related("enrolment")},
    )


_KEYS = ("enrolment", "upload", "filing")


def _is_one(entry: HistoryEntry, key: str) -> bool:
    return isinstance(entry.facts.get(key), str)


def _named(rows, name: str) -> dict[str, str]:
    return {str(uuid): text for uuid, text in rows.values_list("uuid", name)}


def _files(dossier: DossierPage, wanted: Iterable[str], viewer: Account) -> dict[str, str]:
    """File names are the institution's own; the bureau is told only that there was a file."""
    if not viewer.is_of_institution:
        return {}
    return _named(Upload.objects.filter(dossier=dossier, uuid__in=list(wanted)), "file_name")


def _params(facts: Mapping, names: _Names) -> dict[str, object]:
    filing = names.filings.get(str(facts.get("filing", "")))
    file_name = names.files.get(str(facts.get("upload", "")), "")
    return {
        "stage": gettext(STAGE_NAMES.get(facts.get("stage", ""), "")),
        "enrolments": _count(facts.get("enrolments")),
        "sessions": _count(facts.get("sessions")),
        "filings": _count(facts.get("filings")),
        "returns": _count(facts.get("returns")),
        "pages": _count(facts.get("pages")),
        "pieces": _count(facts.get("pieces")),
        "position": _count(facts.get("position")),
        "proposed": _count(facts.get("proposed")),
        "values": _count(facts.get("values")),
        "templates": _count(facts.get("templates")),
        "faces": _count(facts.get("faces")),
        "lessons": _count(facts.get("lessons")),
        "check_ins": _count(facts.get("check_ins")),
        "lines": _count(facts.get("lines")),
        "who": _spaced(_who(facts, filing, names)),
        "file": f"“{shortened(file_name)}”" if file_name else "",
        "item": _item(facts.get("item") or (filing.item_id if filing else ""), names.ledger),
        "items": _items(facts.get("items"), names.ledger),
        "point": _point(facts, names.ledger),
        "reason": facts.get("reason", ""),
    }


def _who(facts: Mapping, filing: Filing | None, names: _Names) -> str:
    if filing and filing.enrolment:
        return filing.enrolment.name
    return names.people.get(str(facts.get("enrolment", "")), "")


def _count(value: object) -> int:
    if isinstance(value, list | dict):
        return len(value)
    return value if isinstance(value, int) else 0


def _item(item_id: str, ledger: Ledger) -> str:
    return item_title(ledger.item(item_id)) if item_id and ledger.has(item_id) else ""


def _items(value: object, ledger: Ledger) -> str:
    found = [_item(item_id, ledger) for item_id in value] if isinstance(value, dict | list) else []
    shown = gettext("、").join(found[:ITEMS_SHOWN])
    if len(found) > ITEMS_SHOWN:
        shown += gettext(" 等 %(count)s 件") % {"count": len(found)}
    return shown


def _point(facts: Mapping, ledger: Ledger) -> str:
    for item_id in facts.get("items") or ():
        point = ledger.item(item_id).point(facts.get("point", "")) if ledger.has(item_id) else None
        if point:
            return _spaced("· " + gettext(point.text))
    return ""


def _spaced(text: str) -> str:
    return f" {text}" if text else ""


def _joined(what: str, whose: str) -> str:
    return gettext("%(what)s：%(whose)s") % {"what": what, "whose": whose} if whose else what


def _subjects(dossier: DossierPage, entries: Sequence[AccessEntry], viewer: Account) -> dict[str, str]:
    """Of whom each opened thing is, where the viewer may know it."""
    wanted = [entry.subject for entry in entries]
    sheets = visible_sheets(viewer).filter(dossier=dossier, uuid__in=wanted)
    of_sheets = (
        Sheet.objects.filter(pk__in=sheets.values("pk"), places__filing__enrolment__isnull=False)
        .order_by("places__filing__state")
        .values_list("uuid", "places__filing__enrolment__name")
    )
    of_papers = (
        visible_filings(viewer)
        .filter(dossier=dossier, uuid__in=wanted, enrolment__isnull=False)
        .values_list("uuid", "enrolment__name")
    )
    people = _named(dossier.enrolments.filter(uuid__in=wanted), "name")
    return {str(uuid): name for uuid, name in (*of_sheets, *of_papers)} | people
