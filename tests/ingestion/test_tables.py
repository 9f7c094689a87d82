"""Lines of tables: heads held against the columns of the kind, cells judged, rulings missing, pages that go on."""

from datetime import date

import numpy as np
import pytest

from dossiers.numbering import make_id_number
from ingestion.columns import named, tables
from ingestion.fields import read_fields
from ingestion.kinds import kinds
from ingestion.reading import FieldState, Line, Quad, Recognition, Row
from ingestion.tables import read_rows
from tests.ingestion.ruled_tables import HEIGHT, PITCH, TOP, WIDTH, Drawn, leaning

WOMAN = make_id_number(date(1988, 6, 2), 120)
MAN = make_id_number(date(1991, 11, 23), 231)
OTHER = make_id_number(date(1975, 1, 9), 452)  # a woman's, whatever her line says
PHONE = "13800001234"
PEOPLE = [
    ["1", "王海燕", "女", WOMAN, "高中", "样本县康庄路1号", PHONE],
    ["2", "李国栋", "男", MAN, "初中", "样本县永安村6组", PHONE],
    ["3", "孙桂芳", "男", OTHER, "大专", "样本县", PHONE],
]


def said(row: Row, name: str) -> str:
    return next((reading.value for reading in row if reading.name == name), "")


def state(row: Row, name: str) -> FieldState | None:
    return next((reading.state for reading in row if reading.name == name), None)


def people(rows: tuple[Row, ...]) -> list[tuple[str, str]]:
    return [(said(row, "name"), said(row, "id_number")) for row in rows]


TRUE = [("王海燕", WOMAN), ("李国栋", MAN), ("孙桂芳", OTHER)]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"down": False},
        {"across": False},
        {"across": False, "down": False},
        {"across": False, "down": False, "left_aligned": True},
        {"left_aligned": True},
        {"joined": [(1, 2)]},
        {"joined": [(0, 1), (3, 4)]},
        {"joined": [(2, 3)], "down": False},
        {"without": [("down", 2, 1), ("down", 3, 2), ("across", 2, 3)]},
    ],
    ids=lambda how: "-".join(how) or "ruled",
)
def test_every_line_is_read_with_its_columns(how: dict) -> None:
    drawn = Drawn(PEOPLE, **how)
    rows = read_rows(drawn.found(), drawn.picture)
    assert people(rows) == TRUE
    assert [said(row, "education_level") for row in rows] == ["高中", "初中", "大专"]
    assert [said(row, "seq") for row in rows] == ["1", "2", "3"]
    assert {state(row, "id_number") for row in rows} == {FieldState.CHECKED}


def test_a_page_that_leans_is_read_by_its_leaning_rulings() -> None:
    rows = read_rows(*leaning(Drawn(PEOPLE * 5), 0.03))
    assert people(rows) == TRUE * 5
    assert {said(row, "phone") for row in rows} == {PHONE}


def test_a_line_that_spans_two_cells_is_cut_at_its_space_though_its_box_lies_askew() -> None:
    drawn = Drawn([[one[0], "王海", *one[2:]] for one in PEOPLE], joined=[(1, 2)])
    drawn.lines = [
        Line(
            line.text,
            0.97,
            Quad.from_box(line.quad.left + 75, line.quad.top, line.quad.right + 5, line.quad.bottom),
        )
        if " " in line.text
        else line
        for line in drawn.lines
    ]
    rows = read_rows(drawn.found(), drawn.picture)
    assert [(said(row, "name"), said(row, "sex")) for row in rows] == [
        ("王海", "女"),
        ("王海", "男"),
        ("王海", "男"),
    ]


def test_a_cell_of_two_lines_is_one_value() -> None:
    wrapped = [
        [*row[:3], f"{row[3][:12]}\n{row[3][12:]}", row[4], "样本县康庄路\n104号5栋", row[6]]
        for row in PEOPLE
    ]
    drawn = Drawn(wrapped)
    rows = read_rows(drawn.found(), drawn.picture)
    assert people(rows) == TRUE
    assert [said(row, "household_address") for row in rows] == ["样本县康庄路104号5栋"] * 3


def test_a_head_of_two_lines_names_its_column() -> None:
    heads = ("序号", "姓名", "性别", "身份证号", "文化\n程度", "户籍地址/\n工作单位", "联系\n电话")
    drawn = Drawn(PEOPLE, heads=heads)
    rows = read_rows(drawn.found(), drawn.picture)
    assert people(rows) == TRUE
    assert said(rows[0], "education_level") == "高中"
    assert said(rows[0], "household_address") == "样本县康庄路1号"


def test_two_line_cells_without_any_ruling_stay_with_the_nearest_number() -> None:
    wrapped = [[*row[:5], "样本县康庄路\n104号5栋", row[6]] for row in PEOPLE]
    drawn = Drawn(wrapped, across=False, down=False)
    rows = read_rows(drawn.found(), drawn.picture)
    assert [said(row, "household_address") for row in rows] == ["样本县康庄路104号5栋"] * 3


def test_a_cell_over_several_lines_belongs_to_each() -> None:
    merged = [[*row[:4], "高中" if number == 1 else "", *row[5:]] for number, row in enumerate(PEOPLE)]
    drawn = Drawn(merged, without=[("across", 2, 4), ("across", 3, 4)])
    rows = read_rows(drawn.found(), drawn.picture)
    assert [said(row, "education_level") for row in rows] == ["高中"] * 3


def test_an_empty_cell_behind_a_ruling_stays_empty() -> None:
    bare = [[*row[:4], "高中" if number == 1 else "", *row[5:]] for number, row in enumerate(PEOPLE)]
    drawn = Drawn(bare)
    rows = read_rows(drawn.found(), drawn.picture)
    assert [said(row, "education_level") for row in rows] == ["", "高中", ""]


def test_a_page_without_a_head_has_the_columns_of_the_page_its_paper_began_on() -> None:
    first = Drawn(PEOPLE)
    second = Drawn(PEOPLE, heads=None)
    rows = read_rows(second.found(head=first.found()), second.picture)
    assert people(rows) == TRUE
    assert said(rows[0], "phone") == PHONE
    unruled = Drawn(PEOPLE, heads=None, across=False, down=False)
    rows = read_rows(unruled.found(head=first.found()), unruled.picture)
    assert people(rows) == TRUE
    assert said(rows[0], "household_address") == "样本县康庄路1号"


def test_columns_nobody_names_are_known_by_what_they_hold_and_the_rest_is_not_guessed() -> None:
    drawn = Drawn(PEOPLE, heads=None)
    rows = read_rows(drawn.found(), drawn.picture)
    assert people(rows) == TRUE
    assert {reading.name for row in rows for reading in row} <= {"seq", "name", "sex", "id_number"}


def test_a_head_that_what_stands_below_contradicts_is_not_believed() -> None:
    heads = ("序号", "身份证号", "性别", "姓名", "文化程度", "户籍地址", "联系电话")
    drawn = Drawn(PEOPLE, heads=heads)
    assert people(read_rows(drawn.found(), drawn.picture)) == TRUE


def test_numbers_are_checked_suspect_or_malformed_and_never_just_read() -> None:
    wrong = WOMAN[:-1] + ("1" if WOMAN[-1] != "1" else "2")
    rows_in = [
        ["1", "王海燕", "女", wrong, "", "", ""],
        ["2", "李国栋", "男", MAN[:-1], "", "", ""],
        ["3", "孙桂芳", "女", OTHER.replace("0", "O"), "", "", ""],
        ["4", "周明远", "男", "", "", "", ""],
    ]
    drawn = Drawn(rows_in)
    rows = read_rows(drawn.found(), drawn.picture)
    assert [state(row, "id_number") for row in rows] == [
        FieldState.SUSPECT,
        FieldState.MALFORMED,
        FieldState.CHECKED,
        FieldState.MISSING,
    ]
    assert [said(row, "id_number") for row in rows] == [wrong, MAN[:-1], OTHER, ""]


def test_sex_is_held_against_a_number_that_passed_its_check() -> None:
    drawn = Drawn(PEOPLE)
    rows = read_rows(drawn.found(), drawn.picture)
    expected = [
        FieldState.CHECKED if (int(number[16]) % 2 == 1) == (sex == "男") else FieldState.SUSPECT
        for _seq, _name, sex, number, *_rest in PEOPLE
    ]
    assert [state(row, "sex") for row in rows] == expected
    assert len(set(expected)) == 2


def test_what_is_no_line_of_a_person_is_left_out() -> None:
    foot = Line(
        "填表人：沈知秋  负责人：周若谷", 0.9, Quad.from_box(90, TOP + 7 * PITCH, 500, TOP + 7 * PITCH + 20)
    )
    rows_in = [*PEOPLE, ["", "以下空白", "", "", "", "", ""], ["", "合计", "", "", "", "", ""]]
    drawn = Drawn(rows_in, extra=[foot])
    assert people(read_rows(drawn.found(), drawn.picture)) == TRUE
    unruled = Drawn(PEOPLE, across=False, down=False, extra=[foot])
    assert people(read_rows(unruled.found(), unruled.picture)) == TRUE


def test_words_below_a_table_are_no_line_though_the_pages_edge_looks_like_a_ruling() -> None:
    foot = ["填表人:", "沈知秋", "负责人", ":周若谷(盖章)", "", "", ""]
    drawn = Drawn([*PEOPLE, foot])
    assert people(read_rows(drawn.found(), drawn.picture)) == TRUE


def test_a_line_whose_name_was_read_badly_is_kept_and_says_so() -> None:
    rows_in = [["1", "王x1", "女", "", "", "", ""], *PEOPLE[1:]]
    drawn = Drawn(rows_in)
    rows = read_rows(drawn.found(), drawn.picture)
    assert len(rows) == 3
    assert (said(rows[0], "name"), state(rows[0], "name")) == ("王x1", FieldState.MALFORMED)


def test_scores_days_and_lessons_are_figures_or_malformed() -> None:
    heads = ("序号", "姓名", "身份证号", "理论成绩", "实操成绩", "结果")
    rows_in = [["1", "王海燕", WOMAN, "87", "9O", "合格"], ["2", "李国栋", MAN, "缺考", "91.5", "不合格"]]
    drawn = Drawn(rows_in, heads=heads, widths=(60, 120, 260, 120, 120, 120))
    rows = read_rows(drawn.found("score_sheet"), drawn.picture)
    assert [(said(row, "theory_score"), state(row, "theory_score")) for row in rows] == [
        ("87", FieldState.READ),
        ("缺考", FieldState.MALFORMED),
    ]
    assert [said(row, "practice_score") for row in rows] == ["90", "91.5"]


def test_every_value_has_a_tight_place_on_the_page() -> None:
    drawn = Drawn(PEOPLE)
    rows = read_rows(drawn.found(), drawn.picture)
    printed = {line.text: line.quad for line in drawn.lines}
    for row in rows:
        for reading in row:
            assert reading.quad is not None
            assert reading.quad.overlap(printed[reading.value]) > 0.7 or reading.value in ("男", "女", PHONE)


def test_a_kind_without_a_table_and_a_page_without_lines_have_none() -> None:
    drawn = Drawn(PEOPLE)
    assert read_rows(drawn.found("labour_contract"), drawn.picture) == ()
    empty = Drawn([], heads=None)
    assert read_rows(empty.found(), np.full((HEIGHT, WIDTH, 3), 255, np.uint8)) == ()


def test_each_head_names_one_column_and_a_strange_head_none() -> None:
    table = tables()["trainee_roster"]
    columns = named(["序号", "姓 名", "身份证号码", "政治面貌", "姓名"], table)
    assert [column.id if column else "" for column in columns] == ["seq", "name", "id_number", "", ""]


def test_every_table_belongs_to_a_known_kind_and_its_keys_are_columns() -> None:
    for kind, table in tables().items():
        assert kind in kinds()
        ids = [column.id for column in table.columns]
        assert len(ids) == len(set(ids))
        assert table.keys | table.demanded <= set(ids)


def test_the_exam_date_above_a_score_sheet_is_read() -> None:
    lines = [Line("考试日期：2026年11月02日", 0.97, Quad.from_box(80, 120, 420, 144))]
    found = read_fields(
        Recognition("score_sheet", 0.9, Quad.from_box(0, 0, WIDTH, HEIGHT), lines=tuple(lines))
    )
    assert [(reading.name, reading.value) for reading in found] == [("exam_on", "2026-11-02")]


def test_a_schedule_has_a_line_a_sitting_and_its_sum_is_none() -> None:
    heads = ("日期", "时间", "课程内容", "课时", "授课教师")
    rows_in = [
        ["10月19日", "08:30-11:30", "食品安全", "4", "高远"],
        ["2026年10月20日", "13:30-16:30", "刀工", "4", "潘思远"],
        ["合计8课时", "其中理论4课时", "", "", ""],
    ]
    widths = (170, 170, 200, 80, 140)
    for ruled in (True, False):
        drawn = Drawn(rows_in, heads=heads, widths=widths, across=ruled, down=ruled)
        rows = read_rows(drawn.found("course_schedule"), drawn.picture)
        assert [said(row, "held_on") for row in rows] == ["--10-19", "2026-10-20"]
        assert [said(row, "lessons") for row in rows] == ["4", "4"]
