"""The regulation's forms, laid out whole: every field, mark and tick of each is read, and nothing else."""

from ingestion.documents import read_document
from ingestion.reading import FieldState, Image, Line
from tests.ingestion.drawn_pages import box, paper, portrait, seal, signature
from tests.ingestion.pages_of_text import document, line

NUMBER = "231299198804298782"


def read(kind: str, lines: list[Line], page: Image) -> dict[str, str]:
    found = read_document(document(kind, lines), page)
    return {r.name: r.value for r in found.fields if r.state != FieldState.MISSING}


def row(y: float, *cells: tuple[float, str]) -> list[Line]:
    return [line(text, x, y) for x, text in cells]


def test_every_field_of_the_opening_form_is_read() -> None:
    lines = [
        *row(60, (300, "职业技能培训开班申请表")),
        *row(120, (60, "培训机构名称：样本职业培训学校"), (760, "2026年9月7日")),
        *row(180, (60, "培训种类"), (300, "就业技能培训"), (560, "培训人数"), (800, "30")),
        *row(228, (60, "培训职业（工种）或创")),
        *row(240, (300, "中式烹调师"), (560, "培训等级"), (800, "五级（初级工）")),
        *row(254, (60, "业培训类别")),
        *row(320, (60, "培训起止时间"), (300, "2026年9月21日——10月22日")),
        *row(380, (60, "培训地点"), (300, "样本县站前街18号实训楼")),
        *row(440, (60, "培训课时"), (300, "80"), (480, "其中"), (600, "理论"), (800, "40")),
        *row(470, (600, "技能"), (800, "40")),
        *row(520, (300, "培训机构开展此次培训师资情况")),
        *row(570, (60, "姓名"), (300, "职称"), (560, "单位"), (800, "联系电话")),
        *row(610, (60, "潘思远"), (300, "讲师"), (560, "样本学校"), (800, "13900000001")),
        *row(700, (180, "培训机构意见"), (640, "人社部门审核意见")),
        *row(750, (80, "同意开班"), (560, "同意")),
        *row(820, (80, "经办人：江晚亭（签字）"), (540, "经办人：")),
        *row(890, (80, "机构法人：周若谷（签字）"), (540, "主管领导：顾长风（签字）")),
        *row(1080, (230, "2026年9月8日"), (700, "2026年9月10日")),
    ]
    page = paper(lines)
    seal(page, 380, 990)
    seal(page, 830, 990)
    signature(page, 650, 832)
    assert read("class_opening_application", lines, page) == {
        "institution_name": "样本职业培训学校",
        "application_date": "2026-09-07",
        "training_type": "就业技能培训",
        "trainee_count": "30",
        "occupation_or_startup_category": "中式烹调师",
        "skill_level": "五级（初级工）",
        "training_period": "2026年9月21日——10月22日",
        "start_date": "2026-09-21",
        "end_date": "2026-10-22",
        "training_place": "样本县站前街18号实训楼",
        "total_lessons": "80",
        "theory_lessons": "40",
        "practice_lessons": "40",
        "institution_opinion": "同意开班",
        "institution_date": "2026-09-08",
        "hr_opinion": "同意",
        "hr_approved_on": "2026-09-10",
        "institution_handler_signature": "true",
        "institution_legal_rep_signature": "true",
        "institution_seal": "true",
        "hr_handler_signature": "true",
        "hr_leader_signature": "true",
        "hr_seal": "true",
    }


def test_every_field_of_the_registration_form_is_read() -> None:
    lines = [
        *row(40, (300, "职业技能培训学员登记表")),
        *row(100, (60, "姓名"), (180, "张玲月"), (320, "身份证号"), (440, NUMBER)),
        *row(
            150, (60, "性别"), (180, "女"), (260, "民族"), (380, "汉"), (440, "出生年月"), (600, "1988年4月")
        ),
        *row(200, (60, "文化程度"), (240, "高中"), (420, "原技术等级"), (640, "无")),
        *row(250, (60, "原从事专业"), (240, "务农"), (420, "原工作单位"), (640, "样本村")),
        *row(300, (60, "户籍地址"), (240, "绥化市样本县永安村6组28号")),
        *row(350, (60, "联系方式"), (240, "13800003168")),
        *row(480, (60, "人员类别")),
        *row(740, (60, "就业创业证编码"), (240, "2312990026000012"), (620, "登记状态")),
        *row(790, (60, "选择培训机构"), (300, "样本职业培训学校")),
        *row(850, (60, "选择培训专业或创")),
        *row(864, (300, "中式烹调师"), (480, "培训专业等级")),
        *row(876, (60, "业培训类别")),
        *row(940, (240, "以上内容真实准确，若与实际不符，愿承担相关法律责任。")),
        *row(970, (60, "申请确认")),
        *row(1000, (420, "填表人签名：张玲月")),
        *row(1100, (60, "培训机构意见"), (240, "同意")),
        *row(1180, (420, "（盖章）2026年9月7日")),
    ]
    options = (
        ("贫困家庭子女", 260, 400),
        ("贫困劳动力", 600, 400),
        ("城乡未继续升学初高中毕业生", 260, 440),
        ("农村转移就业劳动者", 600, 440),
        ("下岗失业人员", 260, 480),
        ("转岗职工", 600, 480),
        ("退役军人", 260, 520),
        ("毕业年度高校毕业生", 600, 520),
        ("距刑满释放不足一年的服刑人员", 260, 560),
        ("戒毒人员", 600, 560),
        ("残疾人", 260, 600),
        ("就业", 740, 740),
        ("失业", 820, 740),
        ("无状态", 900, 740),
        ("五级", 640, 864),
        ("四级", 740, 864),
        ("三级", 840, 864),
    )
    lines += [line(words, x, y) for words, x, y in options]
    page = paper(lines)
    for words, x, y in options:
        box(page, x - 25, y + 3, ticked="hook" if words in ("退役军人", "失业", "五级") else "")
    seal(page, 700, 1130, radius=80)
    portrait(page, 840, 90, width=130, height=180)
    assert read("trainee_registration_form", lines, page) == {
        "name": "张玲月",
        "id_number": NUMBER,
        "sex": "女",
        "ethnicity": "汉",
        "birth_year_month": "1988-04",
        "education_level": "高中",
        "previous_skill_level": "无",
        "previous_occupation": "务农",
        "previous_employer": "样本村",
        "household_address": "绥化市样本县永安村6组28号",
        "phone": "13800003168",
        "employment_certificate_no": "2312990026000012",
        "chosen_institution": "样本职业培训学校",
        "chosen_programme": "中式烹调师",
        "skill_level": "5",
        "person_category": "veteran",
        "registration_status": "unemployed",
        "photo": "true",
        "trainee_signature": "true",
        "institution_opinion": "同意",
        "institution_seal": "true",
        "institution_date": "2026-09-07",
    }


def test_every_field_of_the_spot_check_form_is_read() -> None:
    lines = [
        *row(60, (250, "职业技能培训质量抽查情况记录表")),
        *row(140, (60, "培训机构（企业）名称"), (420, "样本职业培训学校")),
        *row(200, (60, "培训种类"), (300, "就业技能培训")),
        *row(188, (480, "培训职业（工种）或创业培")),
        *row(214, (580, "训类别")),
        *row(202, (800, "保育师")),
        *row(260, (60, "审批培训班人数"), (300, "30"), (480, "检查时培训人数"), (800, "29")),
        *row(320, (60, "检查日期"), (300, "2026年9月22日"), (480, "授课老师姓名"), (800, "潘思远")),
        *row(400, (60, "现场检查情况：")),
        *row(450, (90, "学员在座，教师按课表授课，设备正常。")),
        *row(700, (60, "检查人签字：")),
        *row(770, (700, "2026年9月22日")),
        *row(860, (60, "培训机构（企业）负责人确认签字：")),
        *row(930, (700, "2026年9月23日")),
    ]
    page = paper(lines)
    signature(page, 330, 712)
    signature(page, 440, 872)
    assert read("quality_spot_check_record", lines, page) == {
        "institution_or_enterprise_name": "样本职业培训学校",
        "training_type": "就业技能培训",
        "occupation_or_startup_category": "保育师",
        "approved_trainee_count": "30",
        "present_trainee_count": "29",
        "inspected_on": "2026-09-22",
        "lecturer_name": "潘思远",
        "findings": "学员在座，教师按课表授课，设备正常。",
        "inspector_signature": "true",
        "inspector_signed_on": "2026-09-22",
        "responsible_person_signature": "true",
        "responsible_signed_on": "2026-09-23",
    }


def test_every_field_of_a_training_bodys_subsidy_application_is_read() -> None:
    lines = [
        *row(40, (280, "职业技能培训补贴资金申请表")),
        *row(100, (60, "申请单位"), (300, "样本职业培训学校")),
        *row(
            150, (60, "统一社会信用代码"), (300, "91231299MA00000000"), (560, "法定代表人"), (760, "周若谷")
        ),
        *row(200, (60, "联系人"), (300, "江晚亭"), (560, "联系电话"), (760, "13900000018")),
        *row(250, (60, "班次编号"), (300, "2026-021"), (560, "培训种类"), (760, "就业技能培训")),
        *row(300, (60, "培训工种"), (300, "保育师"), (560, "培训等级"), (760, "五级（初级工）")),
        *row(350, (60, "培训起止时间"), (240, "2026年9月21日至2026年10月22日"), (860, "总课时"), (940, "80")),
        *row(400, (60, "参训人数"), (300, "30"), (560, "结业人数"), (760, "30")),
        *row(450, (60, "合格人数"), (300, "29"), (560, "取证人数"), (760, "29")),
        *row(500, (60, "补贴标准"), (300, "1200元/人"), (560, "补贴金额"), (760, "34800元")),
        *row(550, (60, "已预拨金额"), (300, "17400元"), (560, "本次申请金额"), (760, "17400元")),
        *row(600, (60, "开户银行"), (300, "样本银行站前支行"), (560, "银行账号"), (760, "6200000012345678")),
        *row(660, (60, "经办人签字："), (560, "法定代表人签字：")),
        *row(780, (60, "申请单位意见")),
        *row(980, (60, "人社部门审批意见")),
        *row(1200, (60, "财政部门意见"), (300, "同意拨付")),
    ]
    page = paper(lines)
    signature(page, 200, 672)
    for y in (790, 980, 1200):
        seal(page, 760, y, radius=80)
    assert read("subsidy_application", lines, page) == {
        "applicant_name": "样本职业培训学校",
        "unified_social_credit_code": "91231299MA00000000",
        "legal_rep": "周若谷",
        "contact": "江晚亭",
        "phone": "13900000018",
        "class_no": "2026-021",
        "training_type": "就业技能培训",
        "occupation": "保育师",
        "skill_level": "五级（初级工）",
        "training_period": "2026年9月21日至2026年10月22日",
        "start_date": "2026-09-21",
        "end_date": "2026-10-22",
        "total_lessons": "80",
        "enrolled_count": "30",
        "completed_count": "30",
        "passed_count": "29",
        "certified_count": "29",
        "subsidy_standard": "1200元/人",
        "subsidy_total": "34800元",
        "advance_paid": "17400元",
        "balance_requested": "17400元",
        "bank_name": "样本银行站前支行",
        "bank_account": "6200000012345678",
        "handler_signature": "true",
        "legal_rep_signature": "false",
        "applicant_seal": "true",
        "hr_approval_seal": "true",
        "finance_opinion": "同意拨付",
        "finance_opinion_seal": "true",
    }


def test_every_field_of_a_trainees_subsidy_application_is_read() -> None:
    lines = [
        *row(40, (280, "职业技能培训补贴资金申请表")),
        *row(100, (60, "姓名"), (300, "张玲月"), (560, "性别"), (760, "女")),
        *row(150, (60, "身份证号"), (300, NUMBER)),
        *row(200, (60, "人员类别"), (300, "退役军人"), (560, "联系电话"), (760, "13800003168")),
        *row(250, (60, "户籍地址"), (300, "绥化市样本县永安村6组28号")),
        *row(300, (60, "培训机构"), (300, "样本职业培训学校"), (660, "班次编号"), (800, "2026-021")),
        *row(350, (60, "培训工种"), (300, "保育师"), (560, "培训等级"), (760, "五级（初级工）")),
        *row(400, (60, "证书种类"), (300, "培训合格证"), (560, "证书编号"), (760, "JNPX120226")),
        *row(450, (60, "发证日期"), (300, "2026年11月2日"), (560, "培训费用"), (760, "1500元")),
        *row(500, (60, "申请补贴金额"), (300, "1200元")),
        *row(550, (60, "开户银行"), (300, "样本银行"), (560, "银行账号"), (760, "6217000012345678")),
        *row(640, (560, "申请人签名：")),
        *row(820, (60, "培训机构意见")),
        *row(1040, (60, "人社部门意见"), (300, "同意")),
    ]
    page = paper(lines)
    signature(page, 720, 652)
    seal(page, 760, 820)
    found = read("subsidy_application", lines, page)
    assert found["certificate_no"] == "JNPX120226"
    expected = {
        "name": "张玲月",
        "sex": "女",
        "id_number": NUMBER,
        "person_category": "退役军人",
        "phone": "13800003168",
        "household_address": "绥化市样本县永安村6组28号",
        "institution_name": "样本职业培训学校",
        "class_no": "2026-021",
        "certificate_type": "培训合格证",
        "certificate_issued_on": "2026-11-02",
        "fee_paid": "1500元",
        "subsidy_requested": "1200元",
        "applicant_signature": "true",
        "institution_opinion_seal": "true",
        "hr_opinion": "同意",
        "hr_opinion_seal": "false",
    }
    assert {name: found.get(name) for name in expected} == expected
