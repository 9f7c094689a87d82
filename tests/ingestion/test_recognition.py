"""What a page is taken for, from its lines alone."""

import pytest

from ingestion.kinds import kinds
from ingestion.reading import Line, Recognition
from ingestion.recognition import edit_distance, recognise
from tests.ingestion.pages_of_text import HEIGHT, WIDTH, line, running_text, title

BODY = running_text("兹有上述人员参加本次活动情况属实", "特此说明", "二〇二六年九月")
TITLES = [
    (found.id, words) for found in kinds().values() for words in found.titles if found.id != "id_card_back"
]
FRONT = [
    line("姓名 张玲月", 100, 100),
    line("性别女 民族汉", 100, 150),
    line("出生1988年4月29日", 100, 200),
    line("住址黑龙江省绥化市样本县", 100, 250),
    line("公民身份号码231299198804298782", 100, 350),
]
BACK = [
    line("中华人民共和国", 300, 700),
    line("居民身份证", 300, 750),
    line("签发机关样本县公安局", 200, 850),
    line("有效期限2018.08.26-2038.08.26", 200, 900),
]


def taken_for(lines: list[Line], previous: Recognition | None = None) -> Recognition:
    return recognise(lines, height=HEIGHT, width=WIDTH, previous=previous)[0]


@pytest.mark.parametrize(("kind_id", "words"), TITLES)
def test_every_title_of_the_table_is_recognised(kind_id: str, words: str) -> None:
    found = taken_for([title(words), *BODY])
    assert found.kind == kind_id
    assert found.confidence > 0.6


@pytest.mark.parametrize(
    "printed",
    ["《职业技能培训学员登记表》", "〈职业技能培训学员登记表》", "职 业 技 能 培 训 学 员 登 记 表"],
)
def test_a_title_is_known_in_any_brackets_and_spacing(printed: str) -> None:
    assert taken_for([title(printed), *BODY]).kind == "trainee_registration_form"


def test_a_title_that_an_engine_returns_in_pieces_is_put_together() -> None:
    pieces = [
        line(word, 250 + 130 * place, 100, height=48) for place, word in enumerate(["劳", "动", "合", "同"])
    ]
    assert taken_for([*pieces, *BODY]).kind == "labour_contract"


def test_one_wrong_character_in_a_long_title_is_forgiven() -> None:
    found = taken_for([title("职业技能培训质量抽查情兄记录表"), *BODY])
    assert found.kind == "quality_spot_check_record"
    assert found.confidence < taken_for([title("职业技能培训质量抽查情况记录表"), *BODY]).confidence


def test_a_title_mentioned_in_running_text_is_no_title() -> None:
    text = running_text(
        "考试合格的由培训机构发放职业培训合格证并纳入系统查询", "符合条件的参加鉴定后领取职业资格证书"
    )
    assert taken_for([title("关于发放证书的通知"), *text]).kind == "other"


def test_certainty_about_an_unknown_page_is_not_certainty_about_a_kind() -> None:
    found = taken_for([title("关于做好冬季取暖工作的通知"), *BODY])
    assert (found.kind, found.part, found.title) == ("other", "", "")


def test_a_page_without_words_is_other_with_no_confidence() -> None:
    assert (taken_for([]).kind, taken_for([]).confidence) == ("other", 0.0)


def test_both_sides_of_a_card_on_one_sheet_are_two_documents() -> None:
    found = recognise([*FRONT, *BACK], height=HEIGHT, width=WIDTH)
    assert [document.kind for document in found] == ["id_card_front", "id_card_back"]
    assert [len(document.lines) for document in found] == [len(FRONT), len(BACK)]


@pytest.mark.parametrize(("lines", "kind_id"), [(FRONT, "id_card_front"), (BACK, "id_card_back")])
def test_one_side_of_a_card_is_known_by_its_labels(lines: list[Line], kind_id: str) -> None:
    assert [document.kind for document in recognise(lines, height=HEIGHT, width=WIDTH)] == [kind_id]


def test_two_people_on_one_sheet_are_two_fronts() -> None:
    lower = [Line(one.text, one.confidence, line(one.text, 100, one.quad.top + 600).quad) for one in FRONT]
    found = recognise([*FRONT, *lower], height=HEIGHT, width=WIDTH)
    assert [document.kind for document in found] == ["id_card_front", "id_card_front"]
    assert [len(document.lines) for document in found] == [len(FRONT), len(FRONT)]


def test_a_form_that_asks_for_name_and_number_is_no_card() -> None:
    lines = [title("职业技能培训学员登记表"), *[line(one.text, 100, one.quad.top + 200) for one in FRONT]]
    assert taken_for(lines).kind == "trainee_registration_form"


def test_the_signature_page_of_a_contract_needs_no_title() -> None:
    first = taken_for(
        [title("劳动合同"), *running_text("甲方（用人单位）：样本公司", "乙方（劳动者）：张玲月")]
    )
    assert first.part == "first_page"
    second = taken_for(running_text("甲方（盖章）", "乙方（签字）", "签订日期：2026年3月5日"), previous=first)
    assert (second.kind, second.part, second.follows_previous) == ("labour_contract", "signature_page", True)


def test_an_untitled_page_after_a_lesson_plan_belongs_to_it_with_less_confidence() -> None:
    first = taken_for([title("培训教案"), *BODY])
    second = taken_for(running_text("三、练习：学员分组讨论", "四、小结"), previous=first)
    assert (second.kind, second.part) == ("lesson_plan", "continued")
    assert second.confidence < first.confidence


def test_a_letter_after_a_contract_begins_a_paper_of_its_own() -> None:
    first = taken_for([title("劳动合同"), *BODY])
    assert taken_for([title("关于做好冬季取暖工作的通知"), *BODY], previous=first).kind == "other"


def test_an_untitled_page_after_a_certificate_belongs_to_nothing() -> None:
    first = taken_for([title("职业培训合格证"), *BODY])
    assert taken_for(running_text("三、练习：学员分组讨论"), previous=first).kind == "other"


def test_a_photograph_with_a_banner_is_a_site_photo_and_one_without_is_not() -> None:
    assert taken_for([line("电工培训班2026-014培训现场", 200, 100)]).kind == "site_photo"
    assert taken_for([line("欢迎光临", 200, 100)]).kind == "other"


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("", "", 0), ("教案", "教案", 0), ("教案", "教", 1), ("合同书", "合司", 2)]
)
def test_edit_distance_counts_changes(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


def beside(lines: list[Line], *, right: float = 0, down: float = 0) -> list[Line]:
    """The same lines elsewhere on the page."""
    return [
        line(one.text, one.quad.left + right, one.quad.top + down, height=one.quad.height) for one in lines
    ]


SMALL_BACK = [
    line("中华人民共和国", 190, 60),
    line("居民身份证", 170, 120),
    line("签发机关", 100, 265),
    line("样本县公安局", 200, 265),
    line("有效期限", 100, 325),
    line("2018.08.26-2038.08.26", 200, 325),
]
SMALL_FRONT = [
    line("姓名", 40, 50),
    line("张玲月", 120, 50),
    line("性别", 40, 105),
    line("女", 120, 105),
    line("民族汉", 210, 105),
    line("出生", 40, 160),
    line("1988年4月29日", 120, 160),
    line("住址", 40, 215),
    line("黑龙江省绥化市样本县", 120, 215),
    line("公民身份号码", 40, 350),
    line("231299198804298782", 220, 350),
]


def four_cards() -> list[Line]:
    return [
        *SMALL_FRONT,
        *beside(SMALL_BACK, right=700),
        *beside(SMALL_FRONT, down=600),
        *beside(SMALL_BACK, right=700, down=600),
    ]


def test_four_cards_on_a_sheet_each_have_their_own_lines_and_outline() -> None:
    found = recognise(four_cards(), height=HEIGHT, width=1500)
    assert [card.kind for card in found] == [
        "id_card_front",
        "id_card_front",
        "id_card_back",
        "id_card_back",
    ]
    assert [len(card.lines) for card in found] == [len(SMALL_FRONT)] * 2 + [len(SMALL_BACK)] * 2
    for one in found:
        assert sum(one.quad.overlap(other.quad) > 0.05 for other in found) == 1
        assert one.quad.width / one.quad.height == pytest.approx(85.6 / 54, rel=0.25)


def test_a_note_beside_a_card_is_not_on_it() -> None:
    found = recognise([*SMALL_FRONT, line("仅用于职业培训补贴申领", 300, 900)], height=HEIGHT, width=WIDTH)
    assert all("补贴" not in one.text for one in found[0].lines)


def test_worn_words_of_a_back_count_where_they_stand_rightly() -> None:
    worn = {"签发机关": "减机关", "有效期限": "有故制限"}
    lines = [Line(worn.get(one.text, one.text), 0.7, one.quad) for one in SMALL_BACK]
    assert [card.kind for card in recognise(lines, height=HEIGHT, width=WIDTH)] == ["id_card_back"]


def test_the_words_of_a_card_strewn_over_a_letter_are_no_card() -> None:
    strewn = [
        line("姓名", 100, 1200),
        line("公民身份号码应当保密", 600, 300),
        line("性别不限", 100, 200),
        line("民族团结", 700, 900),
    ]
    assert taken_for([title("关于办理居住登记的通知"), *strewn, *BODY]).kind == "other"


CERTIFICATE = [
    line("职业培训合格证", 350, 60, height=48),
    line("姓名", 100, 150),
    line("张玲月", 250, 150),
    line("证书编号", 100, 200),
    line("JNPX120226000101", 250, 200),
    line("发证日期：2026年10月12日", 400, 420),
]


def test_two_certificates_on_a_sheet_are_two_documents() -> None:
    found = recognise([*CERTIFICATE, *beside(CERTIFICATE, down=650)], height=HEIGHT, width=WIDTH)
    assert [document.kind for document in found] == ["training_completion_certificate"] * 2
    assert [len(document.lines) for document in found] == [len(CERTIFICATE)] * 2
    assert found[0].quad.bottom < found[1].quad.top


def test_a_certificate_beside_an_id_card_are_two_documents_each_with_its_lines() -> None:
    lines = [*CERTIFICATE, *beside(SMALL_BACK, right=100, down=800)]
    found = recognise(lines, height=HEIGHT, width=WIDTH)
    assert [document.kind for document in found] == ["training_completion_certificate", "id_card_back"]
    assert len(found[0].lines) == len(CERTIFICATE)


def test_a_booklet_that_bears_its_title_on_both_leaves_is_one_document() -> None:
    cover = [line("职业技能等级证书", 60, 300, height=40)]
    inside = [line("职业技能等级证书", 600, 60, height=40), *beside(CERTIFICATE[1:], right=500)]
    assert len(recognise([*cover, *inside], height=HEIGHT, width=WIDTH)) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ["Annual Report", "The committee met twice during the year", "and approved the accounts."],
        ["KFC", "停车场入口", "限高2.2米"],
        ["2026", "08:30", "¥ 12.50", "合计 12.50"],
        ["亲爱的妈妈：", "我在学校一切都好，请放心。", "姓名和地址写在信封上。"],
        ["年度体检报告", "姓名：张玲月", "性别：女", "血压：120/80"],
    ],
)
def test_nothing_is_invented_on_foreign_pages(rows: list[str]) -> None:
    lines = [line(row, 100, 100 + 60 * place, height=36) for place, row in enumerate(rows)]
    assert [document.kind for document in recognise(lines, height=HEIGHT, width=WIDTH)] == ["other"]
