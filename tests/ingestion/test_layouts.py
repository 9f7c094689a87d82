"""Values on pages set in many ways: labels wrapped, above, split, worn; values in prose, at the foot, under headings."""

from datetime import date

import pytest

from dossiers.numbering import make_id_number
from ingestion.fields import read_fields
from ingestion.reading import FieldReading, FieldState, Line, Quad
from tests.ingestion.pages_of_text import document, line

NUMBER = "231299198804298782"


def fields_of(kind: str, lines: list[Line], *, part: str = "") -> dict[str, FieldReading]:
    return {reading.name: reading for reading in read_fields(document(kind, lines, part=part))}


def values_of(kind: str, lines: list[Line], *, part: str = "") -> dict[str, str]:
    return {name: reading.value for name, reading in fields_of(kind, lines, part=part).items()}


def aslant(text: str, x: float, y: float) -> Line:
    return Line(text, 0.99, Quad(((x, y), (x + 200, y - 150), (x + 220, y - 130), (x + 20, y + 20))))


def test_a_label_wrapped_in_its_cell_leads_to_the_value_beside_both_lines() -> None:
    lines = [
        line("培训职业（工种）或创", 100, 100),
        line("业培训类别", 130, 126),
        line("中式烹调师", 400, 113),
        line("培训等级", 600, 113),
        line("五级（初级工）", 750, 113),
    ]
    found = values_of("class_opening_application", lines)
    assert (found["occupation_or_startup_category"], found["skill_level"]) == ("中式烹调师", "五级（初级工）")


def test_a_label_above_its_value_is_read_downwards() -> None:
    lines = [
        line("姓名", 100, 100, height=16),
        line("身份证号", 500, 100, height=16),
        line("张玲月", 100, 124),
        line(NUMBER, 500, 124),
    ]
    found = values_of("skill_level_certificate", lines)
    assert (found["name"], found["id_number"]) == ("张玲月", NUMBER)


def test_an_empty_cell_takes_nothing_from_the_row_below() -> None:
    lines = [
        line("就业创业证编码", 100, 100),
        line("登记状态", 500, 100),
        line("选择培训机构", 100, 150),
        line("样本职业培训学校", 350, 150),
        line("原技术等级", 100, 200),
        line("原工作单位", 500, 200),
        line("户籍地址", 100, 240),
        line("样本县永安村", 350, 240),
    ]
    found = fields_of("trainee_registration_form", lines)
    assert "employment_certificate_no" not in found
    assert "previous_skill_level" not in found
    assert found["chosen_institution"].value == "样本职业培训学校"


def test_a_value_goes_on_below_itself_and_stops_at_the_next_label() -> None:
    lines = [
        line("发证机关", 100, 100),
        line("绥化市样本职业技能", 300, 100),
        line("培训学校", 300, 128),
        line("发证日期", 100, 160),
        line("2026.10.12", 300, 160),
    ]
    found = values_of("training_completion_certificate", lines)
    assert (found["issued_by"], found["issued_on"]) == ("绥化市样本职业技能培训学校", "2026-10-12")


def test_a_body_whose_name_is_whole_takes_no_line_below_it() -> None:
    lines = [line("签发机关", 100, 100), line("样本县公安局", 300, 100), line("样本专用", 300, 126)]
    assert values_of("id_card_back", lines)["issuing_authority"] == "样本县公安局"


def test_a_number_in_eighteen_boxes_is_one_number() -> None:
    boxes = [line(digit, 300 + 30 * place, 100) for place, digit in enumerate(NUMBER)]
    found = fields_of("trainee_registration_form", [line("身份证号", 100, 100), *boxes])
    assert (found["id_number"].value, found["id_number"].state) == (NUMBER, FieldState.CHECKED)


def test_a_certificate_in_one_sentence_is_read() -> None:
    lines = [
        line(f"学员张玲月，性别女，身份证号：{NUMBER}，", 100, 100),
        line("参加中式烹调师五级（初级工）培训，经考核合格，特发此证。", 100, 140),
        line("证书编号：JNPX120226000101", 600, 40),
        line("绥化市样本职业技能培训学校", 500, 800),
        line("二〇二六年十月十二日", 560, 840),
    ]
    found = values_of("training_completion_certificate", lines)
    assert found["name"] == "张玲月"
    assert found["id_number"] == NUMBER
    assert found["skill_level"] == "五级（初级工）"
    assert found["issued_by"] == "绥化市样本职业技能培训学校"
    assert found["issued_on"] == "2026-10-12"


def test_a_body_in_small_print_at_the_very_foot_is_not_the_issuer() -> None:
    lines = [
        line("姓名：张玲月", 100, 100),
        line("样本职业技术学院", 500, 900, height=28),
        line("样本县人力资源和社会保障局", 100, 1200, height=14),
    ]
    assert values_of("graduate_proof", lines)["issued_by"] == "样本职业技术学院"


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2026年10月2日", "2026-10-02"),
        ("2026.5.12", "2026-05-12"),
        ("2026/5/12", "2026-05-12"),
        ("二〇二六年五月二十一日", "2026-05-21"),
        ("二零二六年十月三十日", "2026-10-30"),
        ("盖02026年5月1日", "2026-05-01"),
    ],
)
def test_dates_are_read_however_they_are_printed(printed: str, iso: str) -> None:
    assert values_of("skill_level_certificate", [line(f"发证日期：{printed}", 100, 100)])["issued_on"] == iso


def test_a_date_that_lost_a_figure_is_malformed_as_printed_and_none_takes_its_place() -> None:
    lines = [
        line("2026年3月1日", 100, 700),
        line("人社部门审核意见", 500, 720),
        line("资源和社026年09月09日", 500, 1000),
    ]
    reading = fields_of("class_opening_application", lines)["hr_approved_on"]
    assert (reading.value, reading.state, reading.problem) == (
        "026年09月09日",
        FieldState.MALFORMED,
        "no_such_date",
    )


def test_each_opinion_has_the_date_beneath_its_own_heading() -> None:
    lines = [
        line("培训机构意见", 150, 700),
        line("人社部门审核意见", 600, 700),
        line("2026年9月7日", 200, 900),
        line("2026年9月9日", 650, 900),
    ]
    found = values_of("class_opening_application", lines)
    assert (found["institution_date"], found["hr_approved_on"]) == ("2026-09-07", "2026-09-09")


def test_a_period_without_its_second_year_ends_in_the_first_and_says_so() -> None:
    found = fields_of("class_opening_application", [line("培训起止时间 2026年9月21日——10月22日", 100, 100)])
    assert (found["start_date"].value, found["end_date"].value) == ("2026-09-21", "2026-10-22")
    assert found["end_date"].problem == "year_missing"
    assert found["training_period"].value == "2026年9月21日——10月22日"


def test_a_period_that_would_end_before_it_begins_is_suspect() -> None:
    found = fields_of("class_opening_application", [line("培训起止时间 2026年11月21日——1月22日", 100, 100)])
    assert (found["end_date"].state, found["end_date"].problem) == (FieldState.SUSPECT, "dates_out_of_order")


def test_the_term_of_a_contract_is_read_from_its_clause() -> None:
    lines = [
        line("甲方（用人单位）：样本食品有限公司", 100, 100),
        line("乙方（劳动者）：张玲月", 100, 140),
        line(f"居民身份证号码：{NUMBER}", 100, 180),
        line("本合同为固定期限劳动合同，自2026年3月5日起至2029年3月", 100, 240),
        line("4日止。", 100, 280),
    ]
    found = values_of("labour_contract", lines, part="first_page")
    assert (found["start_on"], found["end_on"]) == ("2026-03-05", "2029-03-04")
    assert (found["employer"], found["employee"], found["name"]) == ("样本食品有限公司", "张玲月", "张玲月")


def test_an_open_ended_contract_says_so_and_misses_no_end() -> None:
    lines = [line("本合同为无固定期限劳动合同，自2026年3月5日起生效。", 100, 240)]
    found = fields_of("labour_contract", lines, part="first_page")
    assert (found["start_on"].value, found["open_ended"].value) == ("2026-03-05", "true")
    assert "end_on" not in found


def test_a_template_that_names_both_terms_is_not_open_ended() -> None:
    lines = [
        line("（一）有固定期限：自2026年3月5日起至2027年3月4日止。", 100, 240),
        line("（二）无固定期限：自  年  月  日起。", 100, 280),
    ]
    found = values_of("labour_contract", lines, part="first_page")
    assert found["end_on"] == "2027-03-04"
    assert "open_ended" not in found


def test_a_watermark_aslant_over_a_cell_is_no_value() -> None:
    lines = [line("培训地点", 100, 200), aslant("内部资料", 220, 260), line("样本县实训楼", 420, 200)]
    assert values_of("class_opening_application", lines)["training_place"] == "样本县实训楼"


def test_a_label_with_one_wrong_character_is_still_a_label() -> None:
    lines = [line("有政期限", 100, 100), line("2015.09.19-2035.09.19", 250, 100)]
    assert values_of("id_card_back", lines)["valid_until"] == "2035-09-19"


def test_a_card_without_its_pale_labels_is_read_by_where_its_values_stand() -> None:
    lines = [
        line("张玲月", 180, 100),
        line("性时", 100, 150),
        line("女", 180, 150),
        line("1988年4月29日", 180, 200),
        line("黑龙江省绥化市样本县", 180, 250),
        line("永安村6组28号", 180, 285),
        line(NUMBER, 300, 350),
    ]
    found = values_of("id_card_front", lines)
    assert found["name"] == "张玲月"
    assert found["sex"] == "女"
    assert found["birth_date"] == "1988-04-29"
    assert found["address"] == "黑龙江省绥化市样本县永安村6组28号"


def test_what_is_not_in_the_column_of_values_is_no_name() -> None:
    lines = [line("样本", 600, 60), line("性别", 100, 150), line("女", 180, 150), line(NUMBER, 300, 350)]
    assert fields_of("id_card_front", lines)["name"].state == FieldState.MISSING


@pytest.mark.parametrize(
    "address", ["住址黑龙江省缓化市样本县民族路12号", "住址黑毛江省绥化市样本县民族路12号"]
)
def test_a_place_that_does_not_exist_is_spelled_as_the_only_near_one(address: str) -> None:
    assert (
        values_of("id_card_front", [line(address, 100, 200)])["address"] == "黑龙江省绥化市样本县民族路12号"
    )


def test_the_number_of_a_special_operation_certificate_holds_its_holders() -> None:
    found = fields_of(
        "special_operation_certificate",
        [line("姓名 张玲月", 100, 100), line("证号", 100, 140), line(f"T{NUMBER}", 250, 140)],
    )
    assert found["certificate_no"].value == f"T{NUMBER}"
    assert (found["id_number"].value, found["id_number"].state) == (NUMBER, FieldState.CHECKED)


def test_two_names_in_one_cell_are_malformed_as_printed() -> None:
    found = fields_of("quality_spot_check_record", [line("授课老师姓名 顾长风江晚亭", 100, 100)])
    assert (found["lecturer_name"].value, found["lecturer_name"].state) == (
        "顾长风江晚亭",
        FieldState.MALFORMED,
    )


def test_an_own_number_for_every_field_that_a_form_asks_for_and_no_sum_is_wrong_unseen() -> None:
    lines = [
        line("培训课时 16", 100, 100),
        line("理论", 400, 90),
        line("8", 500, 90),
        line("技能", 400, 120),
        line("7", 500, 120),
    ]
    found = fields_of("class_opening_application", lines)
    assert {found[name].problem for name in ("total_lessons", "theory_lessons", "practice_lessons")} == {
        "lessons_do_not_add_up"
    }


def test_lessons_that_add_up_confirm_each_other() -> None:
    lines = [line("培训课时 16", 100, 100), line("理论 8", 400, 90), line("技能 8", 400, 130)]
    found = fields_of("class_opening_application", lines)
    assert found["total_lessons"].state == FieldState.CHECKED


def test_more_present_than_approved_is_suspect() -> None:
    lines = [line("审批培训班人数", 100, 100), line("30", 320, 100), line("检查时培训人数 31", 500, 100)]
    found = fields_of("quality_spot_check_record", lines)
    assert found["present_trainee_count"].problem == "counts_out_of_order"


@pytest.mark.parametrize(
    ("printed", "state", "problem"),
    [
        ("2018.08.26-2038.08.26", FieldState.CHECKED, ""),
        ("2018.08.26-2037.08.26", FieldState.SUSPECT, "validity_span"),
        ("2038.08.26-2018.08.26", FieldState.SUSPECT, "dates_out_of_order"),
    ],
)
def test_the_validity_of_a_card_is_five_ten_or_twenty_years(
    printed: str, state: FieldState, problem: str
) -> None:
    lines = [line("签发机关样本县公安局", 100, 100), line(f"有效期限 {printed}", 100, 150)]
    found = fields_of("id_card_back", lines)
    assert {(found[name].state, found[name].problem) for name in ("valid_from", "valid_until")} == {
        (state, problem)
    }


def test_a_certificate_number_of_another_year_than_its_issue_is_suspect() -> None:
    lines = [line("证书编号：JNPX120226000101", 100, 100), line("发证日期：2025年10月12日", 100, 150)]
    found = fields_of("training_completion_certificate", lines)
    assert found["certificate_no"].problem == "certificate_year"


def test_a_number_against_both_birth_date_and_sex_is_not_accepted() -> None:
    number = make_id_number(date(1970, 1, 1), 11)
    lines = [
        line("姓名 张玲月", 100, 100),
        line("性别女 民族汉", 100, 150),
        line("出生1988年4月29日", 100, 200),
        line(f"公民身份号码{number}", 100, 350),
    ]
    found = fields_of("id_card_front", lines)
    assert found["id_number"].state == FieldState.SUSPECT


@pytest.mark.parametrize("kind", ["id_card_front", "skill_level_certificate", "class_opening_application"])
def test_what_a_kind_demands_and_nobody_found_is_missing_with_its_code(kind: str) -> None:
    found = fields_of(kind, [line("样本", 100, 100)])
    assert found
    assert {reading.state for reading in found.values()} == {FieldState.MISSING}
    assert {reading.problem for reading in found.values()} == {"not_found"}


def test_findings_are_all_that_is_written_under_their_heading() -> None:
    lines = [
        line("授课老师姓名 潘思远", 100, 100),
        line("现场检查情况：", 100, 200),
        line("学员在座，教师按课表授课，", 130, 240),
        line("设备正常运行。班次：2026-021。", 100, 280),
        line("检查人签字：", 100, 500),
    ]
    found = values_of("quality_spot_check_record", lines)
    assert found["findings"] == "学员在座，教师按课表授课，设备正常运行。班次：2026-021。"


def test_a_value_that_nobody_saw_is_missing_at_the_place_its_label_gives_it() -> None:
    lines = [line("性别", 100, 150), line("民族汉", 210, 150), line(NUMBER, 300, 350)]
    reading = fields_of("id_card_front", lines)["sex"]
    assert reading.state == FieldState.MISSING
    assert reading.quad is not None
    assert (reading.quad.left, reading.quad.right) == pytest.approx((140, 210), abs=8)


def test_a_value_without_room_behind_its_label_is_missing_without_a_place() -> None:
    reading = fields_of("id_card_front", [line("性别", 100, 150), line("民族汉", 150, 150)])["sex"]
    assert (reading.state, reading.quad) == (FieldState.MISSING, None)


@pytest.mark.parametrize("printed", ["2085年1月27日", "1920年1月27日"])
def test_a_date_out_of_our_time_is_suspect(printed: str) -> None:
    reading = fields_of("skill_level_certificate", [line(f"发证日期：{printed}", 100, 100)])["issued_on"]
    assert (reading.state, reading.problem) == (FieldState.SUSPECT, "date_unlikely")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("五级（初级工）", "五级（初级工）"),
        ("业培训专用三级（高级工）", "三级（高级工）"),
        ("四级（中级工", "四级（中级工）"),
        ("高级技师", "高级技师"),
        ("样本职业培训专用", None),
        ("以上内容真实准确，若与实际不符，愿承担相关法律责任。", None),
    ],
)
def test_a_level_is_what_levels_are_written_like(printed: str, value: str | None) -> None:
    found = values_of("special_ability_certificate", [line("技能等级", 100, 100), line(printed, 300, 100)])
    assert found.get("skill_level") == value
