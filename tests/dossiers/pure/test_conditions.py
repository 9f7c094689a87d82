"""Every predicate by a table: what it says of a class or a trainee, and why."""

import pytest

from dossiers.conditions import (
    PREDICATES,
    PREDICATES_ABOUT_A_TRAINEE,
    Facts,
    applicability,
)
from dossiers.ledgers import Status
from tests.dossiers.pure.builders import enterprise_class, key_group_class, trainee

REQUIRED, NOT_YET, NOT_APPLICABLE = Status.REQUIRED, Status.NOT_YET_DUE, Status.NOT_APPLICABLE

OF_CLASS = [
    ("always", {}, REQUIRED, None),
    ("has_theory_lessons", {"theory_lessons": 8}, REQUIRED, None),
    ("has_theory_lessons", {"theory_lessons": 0}, NOT_APPLICABLE, "本班无理论课"),
    ("has_theory_lessons", {"theory_lessons": None}, NOT_YET, "待课程安排计划"),
    ("entrusted", {"delivery_mode": "entrusted"}, REQUIRED, None),
    ("entrusted", {"delivery_mode": "own"}, NOT_APPLICABLE, "本班未委托培训机构"),
    ("own_delivery", {"delivery_mode": "own"}, REQUIRED, None),
    ("own_delivery", {"delivery_mode": "entrusted"}, NOT_APPLICABLE, "本班非企业自行培训"),
    ("entrepreneurship", {"training_type": "entrepreneurship"}, REQUIRED, None),
    ("entrepreneurship", {"training_type": "employment_skill"}, NOT_APPLICABLE, "本班不是创业培训"),
    ("startup_plan_expected", {"startup_category": "awareness"}, REQUIRED, None),
    ("startup_plan_expected", {"startup_category": "start_enterprise"}, REQUIRED, None),
    ("startup_plan_expected", {"startup_category": "online"}, REQUIRED, None),
    ("startup_plan_expected", {"startup_category": "practice"}, REQUIRED, None),
    ("startup_plan_expected", {"startup_category": "improve_enterprise"}, NOT_APPLICABLE, "不要求此件"),
    ("startup_plan_expected", {"startup_category": None}, NOT_YET, "待登记创业培训类别"),
    ("improvement_plan_expected", {"startup_category": "improve_enterprise"}, REQUIRED, None),
    ("improvement_plan_expected", {"startup_category": "online"}, NOT_APPLICABLE, "不要求此件"),
    ("improvement_plan_expected", {"startup_category": None}, NOT_YET, "待登记创业培训类别"),
    ("living_allowance_paid", {"living_allowance_paid": True}, REQUIRED, None),
    ("living_allowance_paid", {"living_allowance_paid": False}, NOT_APPLICABLE, "未发放生活补贴"),
    ("living_allowance_paid", {"living_allowance_paid": None}, NOT_YET, "待登记是否发放生活补贴"),
    ("labour_preparation", {"training_type": "labour_preparation"}, REQUIRED, None),
    ("labour_preparation", {"training_type": "practical_skill"}, NOT_APPLICABLE, "不是劳动预备制"),
    ("occupation_appraisable", {"appraisable": True}, REQUIRED, None),
    ("occupation_appraisable", {"appraisable": False}, NOT_APPLICABLE, "自行考核"),
    ("occupation_appraisable", {"appraisable": None}, NOT_YET, "待登记是否参加鉴定"),
]
OF_TRAINEE = [
    ("trainee_passed", {"passed": True}, REQUIRED, None),
    ("trainee_passed", {"passed": False}, NOT_APPLICABLE, "未合格"),
    ("trainee_passed", {"passed": None}, NOT_YET, "待考核结果"),
    ("employed_after_training", {"employed_after_training": True}, REQUIRED, None),
    ("employed_after_training", {"employed_after_training": False}, NOT_APPLICABLE, "不因此判缺"),
    ("employed_after_training", {"employed_after_training": None}, NOT_YET, "待登记就业情况"),
    ("self_paid", {"self_paid": True}, REQUIRED, None),
    ("self_paid", {"self_paid": False}, NOT_APPLICABLE, "未先行垫付"),
    ("has_started_business", {"has_started_business": True}, REQUIRED, None),
    ("has_started_business", {"has_started_business": False}, NOT_APPLICABLE, "尚未创办"),
    ("has_started_business", {"has_started_business": None}, NOT_YET, "待登记是否已创办"),
    ("category_listed", {"person_category": "veteran"}, REQUIRED, None),
    ("category_listed", {"person_category": "drug_rehab"}, NOT_APPLICABLE, "条文未对本人所属类别列出证件"),
    ("category_listed", {"person_category": None}, NOT_YET, "待登记人员类别"),
]


@pytest.mark.parametrize(("condition", "facts", "status", "why"), OF_CLASS)
def test_what_a_predicate_says_of_a_class(condition, facts, status, why):
    answer = applicability(condition, Facts(enterprise_class(**facts)))
    assert answer.status == status
    assert (why is None) == (answer.why is None)
    assert why is None or why in str(answer.why)


@pytest.mark.parametrize(("condition", "facts", "status", "why"), OF_TRAINEE)
def test_what_a_predicate_says_of_a_trainee(condition, facts, status, why):
    answer = applicability(condition, Facts(key_group_class(), trainee(**facts), ("veteran",)))
    assert answer.status == status
    assert (why is None) == (answer.why is None)
    assert why is None or why in str(answer.why)


def test_every_predicate_stands_in_a_table():
    assert {row[0] for row in OF_CLASS + OF_TRAINEE} == set(PREDICATES)
    assert {row[0] for row in OF_TRAINEE} == PREDICATES_ABOUT_A_TRAINEE


@pytest.mark.parametrize("condition", sorted(PREDICATES_ABOUT_A_TRAINEE))
def test_a_predicate_about_a_trainee_is_not_asked_about_a_class(condition):
    with pytest.raises(ValueError, match="trainee"):
        applicability(condition, Facts(key_group_class()))
