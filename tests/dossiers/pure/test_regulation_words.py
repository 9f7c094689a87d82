"""Kinds of training and of people that the regulation names, and what it asks of papers, stand in the tables; by hand."""

import pytest

from dossiers.rulesets import ruleset

RULES = ruleset("suihua_2019")

# item, words of the point; where the words of the regulation ask for it
BOTH_LEDGERS = [
    ("class_opening_application", "两侧意见栏均有经办人签字"),  # 附件1 经办人（签字）
    ("class_opening_application", "机构法人签字并盖章"),  # 附件1 机构法人（签字）（盖章）
    ("class_opening_application", "人社主管领导签字并盖章"),  # 附件1 主管领导（签字）（盖章）
    ("class_opening_application", "审核日期不晚于首次上课"),  # 经人社部门审核后开班
    ("class_opening_application", "理论课时与技能课时之和等于培训课时"),  # 学时分列清楚
    ("course_schedule", "理论与实操分列"),
    ("course_schedule", "每天不超过 8 课时"),
    ("course_schedule", "每课时 40 分钟"),
    ("lesson_plan", "教材在推荐目录内"),
    ("trainee_roster", "人员类别在第二条范围内"),
    ("trainee_roster", "已盖章"),
    ("trainee_registration_form", "本人签名"),  # 附件2注1 此表需本人填写
    ("trainee_registration_form", "一寸免冠彩色照片"),
    ("trainee_registration_form", "恰选一个人员类别"),
    ("trainee_registration_form", "机构盖章并有日期"),
    ("trainee_registration_form", "后附证明材料"),  # 附件2注1
    ("theory_video_and_site_photos", "理论课逐节有录像"),  # 理论课全程录像
    ("certificate_copy", "培训合格证编号符合规则"),
    ("attendance_record", "每名学员出勤率达标"),
    ("attendance_record", "设备编号与报备参数一致"),
    ("score_sheet", "写明合格线"),
    ("subsidy_application", "人数与标准之积等于金额"),
    ("subsidy_application", "已扣除先行拨付"),
    ("subsidy_application", "账户信息齐全"),
    ("subsidy_application", "已盖章"),
    ("quality_spot_check_record", "检查人签字"),
    ("quality_spot_check_record", "机构（企业）负责人确认签字"),
    ("quality_spot_check_record", "检查日期在培训期内"),
    ("equipment_parameters_and_photos", "写明监控和打卡设备的参数"),
    ("equipment_parameters_and_photos", "附设备照片"),
    ("appraisal_filing_form", "提前 5 天提交"),
]
ONE_LEDGER = [
    ("enterprise_14", "labour_contract_copy", "有起止期限，且不少于 1 年"),
    ("enterprise_14", "cooperation_agreement", "写明责任义务"),
    ("enterprise_14", "cooperation_agreement", "写明补贴分配比例"),
    ("enterprise_14", "cooperation_agreement", "受托机构在公布的定点名单内"),
    ("enterprise_14", "enterprise_training_filing", "以正式文件提出并经备案"),
    ("enterprise_14", "tax_invoice", "由申领企业开具"),
    ("key_group_17", "receipt_or_invoice", "由培训机构开具"),
    ("key_group_17", "class_completion_acceptance_report", "有验收结论并盖章"),
    ("key_group_17", "category_proof_copy", "证件与登记表所选类别一致"),
]

KINDS_OF_TRAINING = [
    ("岗前培训", "第四条（一）", "enterprise_14"),
    ("岗位技能提升培训", "第四条（二）", "enterprise_14"),
    ("企业新型学徒培训", "第四条（三）", "enterprise_14"),
    ("安全技能培训", "第四条（四）", "enterprise_14"),
    ("以工代训培训", "第四条（五）", "enterprise_14"),
    ("转业转岗培训", "第四条（六）", "enterprise_14"),
    ("劳动预备制培训", "第九条（一）", "key_group_17"),
    ("就业技能培训", "第九条（二）", "key_group_17"),
    ("实用技能培训", "第九条（三）", "key_group_17"),
    ("创业培训", "第九条（四）", "key_group_17"),
]
PEOPLE_OF_ARTICLE_TWO = {
    "贫困家庭子女",
    "贫困劳动力",
    "城乡未继续升学初高中毕业生",
    "农村转移就业劳动者",
    "下岗失业人员",
    "转岗职工",
    "退役军人",
    "毕业年度高校毕业生",
    "距刑满释放不足一年的服刑人员",
    "戒毒人员",
    "残疾人",
    "技工院校非全日制扩招人员",
    "企业职工",
}


@pytest.mark.parametrize(("label", "clause", "ledger_id"), KINDS_OF_TRAINING)
def test_every_kind_of_training_stands_under_its_clause_with_its_ledger(label, clause, ledger_id):
    kind = next(kind for kind in RULES.training_types if kind.label == label)
    assert kind.clause == clause
    assert ledger_id in kind.ledgers


def test_everybody_whom_article_two_names_is_a_category():
    assert {category.label for category in RULES.person_categories} >= PEOPLE_OF_ARTICLE_TWO


def test_the_kinds_of_entrepreneurship_training_are_those_of_the_notes():
    assert [option.label for option in RULES.startup_categories] == [
        "创业意识培训",
        "创办企业培训",
        "改善企业培训",
        "网络创业培训",
        "创业实训",
    ]


def test_the_form_offers_the_five_kinds_of_training_of_its_note():
    assert {kind.label for kind in RULES.training_types if kind.on_form} == {
        "就业技能培训",
        "岗前培训",
        "岗位技能提升培训",
        "安全技能培训",
        "创业培训",
    }


def points_of(ledger_id: str, item_id: str) -> set[str]:
    return {point.text for point in RULES.ledger(ledger_id).item(item_id).review}


@pytest.mark.parametrize("ledger_id", ["enterprise_14", "key_group_17"])
@pytest.mark.parametrize(("item_id", "words"), BOTH_LEDGERS)
def test_what_the_regulation_asks_of_a_paper_is_a_point_of_its_review(ledger_id, item_id, words):
    assert words in points_of(ledger_id, item_id)


@pytest.mark.parametrize(("ledger_id", "item_id", "words"), ONE_LEDGER)
def test_what_one_article_alone_asks_is_a_point_of_its_ledger(ledger_id, item_id, words):
    assert words in points_of(ledger_id, item_id)
