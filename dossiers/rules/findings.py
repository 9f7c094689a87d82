"""What a rule finds: an outcome, the figures it used, and what would settle it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dossiers.sentences import Sentence, gettext_noop, sentence

Figures = Mapping[str, object]
NO_FIGURES: Figures = MappingProxyType({})


class Outcome(StrEnum):
    """In the order in which they want a hand."""

    FAIL = "fail"
    WARN = "warn"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"


#: Of several findings about one rule, the one that weighs most speaks for it.
WEIGHT = {outcome: place for place, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Judged:
    """What a check says before the rule's own weight is put on it; `about` are keys of trainees or sessions."""

    outcome: Outcome
    figures: Figures = field(default_factory=lambda: NO_FIGURES)
    settle: Sentence | None = None
    about: tuple[str, ...] = ()

    def of(self, about: Iterable[str]) -> "Judged":
        """The same, about these."""
        return replace(self, about=tuple(about))


@dataclass(frozen=True)
class Finding:
    """A rule's finding with its words: `clause` and `quote` are the regulation's."""

    rule: str
    clause: str
    quote: str
    outcome: Outcome
    figures: Figures = field(default_factory=lambda: NO_FIGURES)
    settle: Sentence | None = None
    about: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """One line of `manage.py evaluate_rules --json`."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "outcome": self.outcome.value,
            "figures": {name: _plain(value) for name, value in self.figures.items()},
            "settle": str(self.settle) if self.settle else "",
            "about": list(self.about),
        }


def passed(**figures: object) -> Judged:
    return Judged(Outcome.PASS, MappingProxyType(figures))


def not_asked(**figures: object) -> Judged:
    """The rule has nothing to look at here: nobody paid herself, no session was theory."""
    return Judged(Outcome.NOT_APPLICABLE, MappingProxyType(figures))


def failed(settle: Sentence, /, **figures: object) -> Judged:
    return Judged(Outcome.FAIL, MappingProxyType(figures), settle)


def doubtful(settle: Sentence, /, **figures: object) -> Judged:
    return Judged(Outcome.WARN, MappingProxyType(figures), settle)


def unknown(missing: Iterable[str], /, **figures: object) -> Judged:
    """Not to be told yet: `missing` names the facts, which screens word."""
    names = tuple(dict.fromkeys(missing))
    words = "、".join(LABELS.get(name, name) for name in names)
    told = sentence("facts_missing", gettext_noop("还缺：%(facts)s。补上后才能判断。"), facts=words)
    return Judged(Outcome.UNKNOWN, MappingProxyType({**figures, "missing": names}), told)


def provisional(**figures: object) -> Judged:
    """A count that touches a year whose days off nobody has announced decides nothing."""
    told = sentence(
        "calendar_provisional",
        gettext_noop("所涉年度的放假安排尚未公布，天数是暂计的。请在放假安排公布并录入日历后再看。"),
    )
    return Judged(Outcome.UNKNOWN, MappingProxyType(figures), told)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return value


#: Facts as people call them.
LABELS: dict[str, str] = {
    "submitted_on": gettext_noop("申报日期"),
    "realname_applied_on": gettext_noop("实名制系统申请日期"),
    "approved_on": gettext_noop("人社部门审核日期"),
    "agreement_signed_on": gettext_noop("合作协议签订日期"),
    "starts_on": gettext_noop("培训开始日期"),
    "ends_on": gettext_noop("培训结束日期"),
    "first_lesson_on": gettext_noop("首课日期"),
    "last_lesson_on": gettext_noop("末课日期"),
    "appraisal_filed_on": gettext_noop("鉴定名单提交日期"),
    "appraisal_on": gettext_noop("鉴定日期"),
    "exam_end_on": gettext_noop("考核结束日期"),
    "certificates_on": gettext_noop("发证日期"),
    "reported_on": gettext_noop("报送日期"),
    "notice_start_on": gettext_noop("公示开始日期"),
    "notice_end_on": gettext_noop("公示结束日期"),
    "paid_on": gettext_noop("拨付日期"),
    "payee": gettext_noop("收款方"),
    "total_lessons": gettext_noop("总课时"),
    "theory_lessons": gettext_noop("理论课时"),
    "practice_lessons": gettext_noop("实操课时"),
    "homeroom_teachers": gettext_noop("班主任"),
    "sessions": gettext_noop("课程安排"),
    "minutes": gettext_noop("课次起止时间"),
    "trainees": gettext_noop("学员名册"),
    "attended_lessons": gettext_noop("实到课时"),
    "recorded_seconds": gettext_noop("录像时长"),
    "check_in": gettext_noop("打卡记录"),
    "contract": gettext_noop("劳动合同"),
    "signed_on": gettext_noop("合同签订日期"),
    "start_on": gettext_noop("合同起始日期"),
    "end_on": gettext_noop("合同终止日期"),
    "renewed": gettext_noop("是否续签合同"),
    "certificate": gettext_noop("证书编号"),
    "score": gettext_noop("考试成绩"),
    "passed": gettext_noop("是否合格"),
    "claimed": gettext_noop("是否申领"),
    "realname_record_no": gettext_noop("实名制记录号"),
    "self_paid": gettext_noop("是否先行垫付"),
    "personal_application": gettext_noop("个人补贴申请表"),
    "receipt": gettext_noop("收费票据"),
    "paid_to": gettext_noop("补贴付给谁"),
    "subsidies_this_year": gettext_noop("本年已享受次数"),
    "had_same_subsidy": gettext_noop("同职业同等级享受记录"),
    "overlapping_minutes": gettext_noop("同时段其他班次"),
    "born_on": gettext_noop("出生日期"),
    "sex": gettext_noop("性别"),
    "draws_pension": gettext_noop("是否已领养老金"),
    "release_on": gettext_noop("刑满释放日期"),
    "tuition_paid": gettext_noop("已拨付学费的年度"),
    "in_opening_roster": gettext_noop("开班名册"),
    "in_claim_roster": gettext_noop("申领名册"),
    "registration_signed": gettext_noop("登记表签名"),
    "category": gettext_noop("人员类别"),
    "standard_cents": gettext_noop("补贴标准"),
    "fee_cents": gettext_noop("收费标准"),
    "approved_count": gettext_noop("核定人数"),
    "advance_cents": gettext_noop("先行拨付金额"),
    "claimed_cents": gettext_noop("申请金额"),
    "invoice_cents": gettext_noop("发票金额"),
    "paid_cents": gettext_noop("已拨付金额"),
    "reclaimed_cents": gettext_noop("已追回金额"),
    "shares": gettext_noop("补贴分配比例"),
    "items": gettext_noop("台账材料"),
    "marks": gettext_noop("签字与盖章"),
    "foreign_pages": gettext_noop("各页的班次归属"),
    "contents_version": gettext_noop("目录版本"),
    "dossier_version": gettext_noop("案卷版本"),
    "opening_form_copies": gettext_noop("开班申请表份数"),
    "spot_checks": gettext_noop("抽查记录"),
    "textbooks": gettext_noop("教材"),
    "textbooks_not_listed": gettext_noop("教材是否在推荐目录"),
    "partner_listed": gettext_noop("受托机构是否在定点名单"),
    "capacity_cut_transfer": gettext_noop("是否去产能转岗"),
    "project_based": gettext_noop("是否项目制"),
    "violation": gettext_noop("是否违规"),
    "teacher_busy_elsewhere": gettext_noop("教师同时段安排"),
    "room_taken_elsewhere": gettext_noop("教室同时段安排"),
    "appraisable": gettext_noop("是否可鉴定职业"),
}
