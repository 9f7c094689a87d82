"""When an item applies: plain facts about a class, its trainees and sessions, and named predicates over them.

There is no expression interpreter: a condition is the name of a function in `PREDICATES`. What is not known
yet is never held against anybody: the answer is then "not yet due", with what it waits for.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date

from dossiers.ledgers import Ledger, Status
from dossiers.sentences import Sentence, gettext_noop, sentence

DELIVERY_MODES: dict[str, str] = {
    "own": gettext_noop("企业自行培训"),
    "entrusted": gettext_noop("委托培训机构"),
    "institution": gettext_noop("培训机构开班"),
}


@dataclass(frozen=True)
class ClassFacts:
    """What conditions ask about a class. None = not known yet. Lessons after `today` are not missed."""

    ledger: Ledger
    stage: str
    training_type: str = ""
    delivery_mode: str = "own"
    theory_lessons: int | None = None
    startup_category: str | None = None
    living_allowance_paid: bool | None = False
    appraisable: bool | None = False
    today: date | None = None


@dataclass(frozen=True)
class TraineeFacts:
    """What conditions ask about one enrolment. None = not known yet."""

    key: Hashable
    seq: int
    name: str
    person_category: str | None = None
    passed: bool | None = None
    self_paid: bool = False
    employed_after_training: bool | None = None
    has_started_business: bool | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class SessionFacts:
    """One session of the timetable; `kind` is "theory" or "practice"."""

    key: Hashable
    date: date
    kind: str
    lessons: int
    label: str = ""


@dataclass(frozen=True)
class Facts:
    """What a predicate is asked about: the class, perhaps one trainee, perhaps the categories of a part."""

    of_class: ClassFacts
    trainee: TraineeFacts | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Applicability:
    """An answer of a predicate, with the reason where it is not plainly required."""

    status: Status
    why: Sentence | None = None


Predicate = Callable[[Facts], Applicability]
REQUIRED = Applicability(Status.REQUIRED)
PREDICATES: dict[str, Predicate] = {}
PREDICATES_ABOUT_A_TRAINEE: set[str] = set()


def applicability(condition: str, facts: Facts) -> Applicability:
    """Ask the predicate of this name."""
    return PREDICATES[condition](facts)


def _predicate(function: Predicate) -> Predicate:
    PREDICATES[function.__name__] = function
    return function


def _predicate_about_a_trainee(function: Predicate) -> Predicate:
    PREDICATES_ABOUT_A_TRAINEE.add(function.__name__)
    return _predicate(function)


def _does_not_apply(code: str, template: str, **params: object) -> Applicability:
    return Applicability(Status.NOT_APPLICABLE, sentence(code, template, **params))


def _waits(code: str, template: str) -> Applicability:
    return Applicability(Status.NOT_YET_DUE, sentence(code, template))


def _of_trainee(facts: Facts) -> TraineeFacts:
    if facts.trainee is None:
        raise ValueError("this condition is asked about a trainee")
    return facts.trainee


@_predicate
def always(facts: Facts) -> Applicability:
    return REQUIRED


@_predicate_about_a_trainee
def trainee_passed(facts: Facts) -> Applicability:
    passed = _of_trainee(facts).passed
    if passed is None:
        return _waits("awaiting_result", gettext_noop("待考核结果"))
    return REQUIRED if passed else _does_not_apply("not_passed", gettext_noop("未合格，不适用"))


@_predicate_about_a_trainee
def employed_after_training(facts: Facts) -> Applicability:
    employed = _of_trainee(facts).employed_after_training
    if employed is None:
        return _waits("awaiting_employment", gettext_noop("待登记就业情况"))
    return REQUIRED if employed else _does_not_apply("not_employed", gettext_noop("培训后未就业，不因此判缺"))


@_predicate_about_a_trainee
def self_paid(facts: Facts) -> Applicability:
    if _of_trainee(facts).self_paid:
        return REQUIRED
    return _does_not_apply("not_self_paid", gettext_noop("本人未先行垫付培训费"))


@_predicate_about_a_trainee
def has_started_business(facts: Facts) -> Applicability:
    started = _of_trainee(facts).has_started_business
    if started is None:
        return _waits("awaiting_business", gettext_noop("待登记是否已创办"))
    return REQUIRED if started else _does_not_apply("no_business", gettext_noop("尚未创办，无执照"))


@_predicate_about_a_trainee
def category_listed(facts: Facts) -> Applicability:
    """Item 17 asks a paper of some person categories and is silent about the others."""
    category = _of_trainee(facts).person_category
    if not category:
        return _waits("awaiting_category", gettext_noop("待登记人员类别"))
    if category in facts.categories:
        return REQUIRED
    return _does_not_apply("category_not_listed", gettext_noop("条文未对本人所属类别列出证件"))


@_predicate
def has_theory_lessons(facts: Facts) -> Applicability:
    lessons = facts.of_class.theory_lessons
    if lessons is None:
        return _waits("awaiting_schedule", gettext_noop("待课程安排计划"))
    return REQUIRED if lessons else _does_not_apply("no_theory", gettext_noop("本班无理论课"))


@_predicate
def entrusted(facts: Facts) -> Applicability:
    if facts.of_class.delivery_mode == "entrusted":
        return REQUIRED
    return _does_not_apply("not_entrusted", gettext_noop("本班未委托培训机构"))


@_predicate
def own_delivery(facts: Facts) -> Applicability:
    if facts.of_class.delivery_mode == "own":
        return REQUIRED
    return _does_not_apply("not_own", gettext_noop("本班非企业自行培训"))


@_predicate
def entrepreneurship(facts: Facts) -> Applicability:
    if facts.of_class.training_type == "entrepreneurship":
        return REQUIRED
    return _does_not_apply("not_entrepreneurship", gettext_noop("本班不是创业培训"))


@_predicate
def startup_plan_expected(facts: Facts) -> Applicability:
    return _startup_category(facts, "improve_enterprise", wanted=False)


@_predicate
def improvement_plan_expected(facts: Facts) -> Applicability:
    return _startup_category(facts, "improve_enterprise", wanted=True)


def _startup_category(facts: Facts, category: str, *, wanted: bool) -> Applicability:
    held = facts.of_class.startup_category
    if not held:
        return _waits("awaiting_startup_category", gettext_noop("待登记创业培训类别"))
    if (held == category) is wanted:
        return REQUIRED
    return _does_not_apply("other_startup_category", gettext_noop("本班创业培训类别不要求此件"))


@_predicate
def living_allowance_paid(facts: Facts) -> Applicability:
    paid = facts.of_class.living_allowance_paid
    if paid is None:
        return _waits("awaiting_allowance", gettext_noop("待登记是否发放生活补贴"))
    return REQUIRED if paid else _does_not_apply("no_allowance", gettext_noop("本班未发放生活补贴"))


@_predicate
def labour_preparation(facts: Facts) -> Applicability:
    if facts.of_class.training_type == "labour_preparation":
        return REQUIRED
    return _does_not_apply("not_labour_preparation", gettext_noop("本班不是劳动预备制培训"))


@_predicate
def occupation_appraisable(facts: Facts) -> Applicability:
    appraisable = facts.of_class.appraisable
    if appraisable is None:
        return _waits("awaiting_appraisal", gettext_noop("待登记是否参加鉴定"))
    if appraisable:
        return REQUIRED
    return _does_not_apply("not_appraised", gettext_noop("本班由培训主体自行考核"))
