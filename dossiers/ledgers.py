"""The shape of a ledger: items, their parts, their review points.

What the two ledgers hold is data (`dossiers.rulesets`); this room only knows their shape. When an item
applies is the name of a predicate in `dossiers.conditions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dossiers.sentences import gettext_noop

ENTERPRISE_14 = "enterprise_14"
KEY_GROUP_17 = "key_group_17"


class Per(StrEnum):
    """Of what a ledger asks one paper."""

    CLASS = "class"
    TRAINEE = "trainee"
    SESSION = "session"
    VISIT = "visit"


class Status(StrEnum):
    """Whether an item is asked for now."""

    REQUIRED = "required"
    NOT_YET_DUE = "not_yet_due"
    NOT_APPLICABLE = "not_applicable"
    OPTIONAL = "optional"


class Severity(StrEnum):
    """What a gap means: it keeps the dossier from being handed in, or it is only pointed out."""

    MISSING = "missing"
    WARN = "warn"


UNITS: dict[Per, str] = {
    Per.CLASS: gettext_noop("份"),
    Per.TRAINEE: gettext_noop("人"),
    Per.SESSION: gettext_noop("节"),
    Per.VISIT: gettext_noop("次"),
}


PRODUCERS: dict[str, str] = {
    "training_body": gettext_noop("培训主体"),
    "enterprise": gettext_noop("企业"),
    "both_bodies": gettext_noop("企业与培训机构"),
    "trainee": gettext_noop("学员"),
    "employer": gettext_noop("用人单位"),
    "appraisal_body": gettext_noop("发证机构"),
    "authorities": gettext_noop("人社、财政部门"),
}
KINDS: dict[str, str] = {
    "class_opening_application": gettext_noop("开班申请表"),
    "course_schedule": gettext_noop("课程安排计划"),
    "lesson_plan": gettext_noop("教案"),
    "trainee_roster": gettext_noop("人员名册"),
    "trainee_registration_form": gettext_noop("学员登记表"),
    "id_card_front": gettext_noop("身份证人像面"),
    "id_card_back": gettext_noop("身份证国徽面"),
    "social_security_card": gettext_noop("社会保障卡"),
    "labour_contract": gettext_noop("劳动合同"),
    "training_completion_certificate": gettext_noop("培训合格证"),
    "vocational_qualification_certificate": gettext_noop("职业资格证书"),
    "skill_level_certificate": gettext_noop("职业技能等级证书"),
    "special_ability_certificate": gettext_noop("专项职业能力证书"),
    "special_operation_certificate": gettext_noop("特种作业操作证"),
    "subsidy_application": gettext_noop("补贴资金申请表"),
    "attendance_record": gettext_noop("考勤材料"),
    "cooperation_agreement": gettext_noop("合作协议"),
    "final_exam_paper": gettext_noop("结业考试试卷"),
    "score_sheet": gettext_noop("成绩单"),
    "quality_spot_check_record": gettext_noop("质量抽查情况记录表"),
    "business_licence": gettext_noop("营业执照"),
    "business_plan": gettext_noop("创业计划书"),
    "improvement_plan": gettext_noop("企业改善计划"),
    "living_allowance_payment_list": gettext_noop("生活补贴发放明细"),
    "employment_proof": gettext_noop("就业证明"),
    "recognition_form": gettext_noop("认定表"),
    "school_graduation_certificate": gettext_noop("初、高中毕业证"),
    "unemployment_certificate": gettext_noop("就业创业证或就业失业登记证"),
    "veteran_certificate": gettext_noop("退役军人证"),
    "disability_certificate": gettext_noop("残疾证"),
    "graduate_proof": gettext_noop("高校毕业证明或毕业证"),
    "site_photo": gettext_noop("培训现场照片"),
    "recording": gettext_noop("课程录像"),
    "invoice": gettext_noop("税务发票"),
    "fiscal_receipt": gettext_noop("行政事业性收费票据"),
    "completion_report": gettext_noop("结业验收情况报告"),
    "training_outline": gettext_noop("培训大纲"),
    "equipment_record": gettext_noop("设备参数和照片"),
    "commissioned_training_agreement": gettext_noop("委托培养协议"),
    "appraisal_filing_form": gettext_noop("鉴定资格证书发证备案表"),
    "enterprise_training_filing": gettext_noop("企业培训备案"),
    "divider_sheet": gettext_noop("分隔页"),
    "other": gettext_noop("其他"),
}
EVIDENCE: dict[str, str] = {
    "id_number_valid": gettext_noop("证号校验位"),
    "id_number_matches_roster": gettext_noop("证号与名册"),
    "name_matches_roster": gettext_noop("姓名与名册"),
    "validity_covers_training": gettext_noop("证件有效期与培训期"),
    "filed_for_everyone": gettext_noop("逐人收齐"),
    "filed_for_every_session": gettext_noop("逐节收齐"),
    "playable": gettext_noop("录像可播放"),
    "recorded_in_full": gettext_noop("录像与课程时间"),
    "lessons_add_up": gettext_noop("理论与技能课时之和"),
    "roster_without_duplicates": gettext_noop("名册无重复"),
    "category_recorded": gettext_noop("人员类别已登记"),
    "certificate_number_wellformed": gettext_noop("证书编号"),
}


@dataclass(frozen=True)
class ReviewPoint:
    """One thing a reviewer ticks. `evidence` names what the system can say beside it; only a person ticks.

    `parts`: the parts of its item that it is about; none named, all of them. A verdict binds to those alone.
    """

    id: str
    text: str
    to_be_confirmed: bool = False
    evidence: str | None = None
    parts: tuple[str, ...] = ()

    def is_about(self, part: str) -> bool:
        """Whether a paper filed under this part is looked at for this point; one without a part always is."""
        return not self.parts or not part or part in self.parts


@dataclass(frozen=True)
class Part:
    """A piece of an item that must be there for itself: the signature page, the video, item 17.3.

    `categories` narrows a part to person categories (17.1 to 17.5), `session_kind` one per session to theory
    or practice. `due_stage` None means that of the item, `unit` "" that of `per`.
    """

    id: str
    name: str
    per: Per
    condition: str = "always"
    kinds: tuple[str, ...] = ()
    seq: str | None = None
    any_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    min_count: int = 1
    due_stage: str | None = None
    session_kind: str | None = None
    unit: str = ""
    privacy: str = "none"


@dataclass(frozen=True)
class LedgerItem:
    """One numbered item, or (seq None) a further paper that another article asks for.

    `kinds` are the document kinds that can answer it; of these, `any_of` are the ones that answer alone (the
    back of an ID card goes with its front). `optional` papers are never missing.
    """

    id: str
    seq: str | None
    name: str
    short_name: str
    clause: str
    quote: str
    per: Per
    producer: str
    medium: str
    due_stage: str
    any_of: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    condition: str = "always"
    severity: Severity = Severity.MISSING
    optional: bool = False
    review: tuple[ReviewPoint, ...] = ()
    kinds: tuple[str, ...] = ()
    note: str = ""
    catalogue_remark: str = ""
    min_count: int = 1
    privacy: str = "none"
    return_reasons: tuple[str, ...] = ()

    def part(self, part_id: str | None) -> Part | None:
        return next((part for part in self.parts if part.id == part_id), None)

    def point(self, point_id: str) -> ReviewPoint | None:
        return next((point for point in self.review if point.id == point_id), None)


@dataclass(frozen=True)
class Ledger:
    """The numbered items of one article in its own order, then the papers that stand beside them."""

    id: str
    title: str
    article: str
    custodian: str
    items: tuple[LedgerItem, ...]
    extras: tuple[LedgerItem, ...]

    def __iter__(self) -> Iterator[LedgerItem]:
        yield from self.items
        yield from self.extras

    def item(self, item_id: str) -> LedgerItem:
        """The item of this stable id; KeyError if this ledger has none."""
        for item in self:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def has(self, item_id: str) -> bool:
        return any(item.id == item_id for item in self)

    def answering(self, kind: str) -> tuple[LedgerItem, ...]:
        """The items a document of this kind can answer, in the order of the article."""
        return tuple(item for item in self if kind in item.kinds)
