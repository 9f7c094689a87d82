"""The contents of a volume: order, page numbers, one row for many people, media, and a cover without names."""

import hashlib
from datetime import date

import pytest

from dossiers.contents import ElectronicFact, FilingFact, contents, duration, media_digest
from dossiers.numbering import make_id_number
from dossiers.paging import Span, paging
from tests.dossiers.pure.builders import NAMES, rules

ENTERPRISE = rules().ledger("enterprise_14")
KEY_GROUP = rules().ledger("key_group_17")
SCHOOL, FIRM = "北原职业培训学校", "云杉里餐饮管理有限公司"
HASH = "ab" * 32


def of_class(item_id, pages=1, **facts):
    return FilingFact(facts.pop("key", item_id), item_id, pages=pages, **facts)


def of_trainee(item_id, seq, pages=1, **facts):
    return FilingFact(
        facts.pop("key", (item_id, seq, facts.get("part"))),
        item_id,
        pages=pages,
        trainee_key=seq,
        trainee_seq=seq,
        trainee_name=NAMES[seq - 1],
        **facts,
    )


def video(session, seconds: float | None = 2400.0, sha256=HASH, carrier="硬盘YP-026"):
    return FilingFact(
        session,
        "theory_video_and_site_photos",
        part="theory_lesson_video",
        electronic=ElectronicFact(sha256, carrier, "节", seconds),
    )


def rows_of(ledger, *filings, **facts):
    return contents(ledger, filings, **facts).rows


def test_rows_come_in_ledger_order_whatever_order_papers_came_in():
    shuffled = [of_class("score_sheet"), of_class("class_opening_application"), of_class("lesson_plan")]
    assert [row.item_id for row in rows_of(ENTERPRISE, *shuffled)] == [
        "class_opening_application",
        "lesson_plan",
        "score_sheet",
    ]


def test_the_same_papers_have_another_order_in_the_other_ledger():
    papers = [of_class("subsidy_application"), of_class("lesson_plan")]
    assert [row.item_id for row in rows_of(ENTERPRISE, *papers)] == ["subsidy_application", "lesson_plan"]
    assert [row.item_id for row in rows_of(KEY_GROUP, *papers)] == ["lesson_plan", "subsidy_application"]


def test_items_without_papers_have_no_row_and_the_numbers_have_no_gap():
    rows = rows_of(ENTERPRISE, of_class("class_opening_application"), of_class("score_sheet"))
    assert [row.seq for row in rows] == [1, 2]
    assert contents(ENTERPRISE, []).rows == ()
    assert contents(ENTERPRISE, []).pages == 0


def test_page_numbers_are_first_pages_and_the_last_row_prints_its_span():
    rows = rows_of(
        ENTERPRISE,
        of_class("class_opening_application", 2),
        of_class("course_schedule", 3),
        of_class("subsidy_application", 2),
        of_class("lesson_plan", 46),
    )
    assert [row.page_no for row in rows] == ["1", "3", "6", "8-53"]
    assert [row.pages for row in rows] == [2, 3, 2, 46]


def test_a_last_row_of_one_page_prints_one_number():
    assert [row.page_no for row in rows_of(ENTERPRISE, of_class("score_sheet"))] == ["1"]


def test_pages_are_numbered_anew_the_moment_a_paper_comes_in_between():
    before = contents(ENTERPRISE, [of_class("course_schedule", 3), of_class("score_sheet", 2)])
    after = contents(
        ENTERPRISE,
        [of_class("course_schedule", 3), of_class("score_sheet", 2), of_class("lesson_plan", 10)],
    )
    assert str(before.spans["score_sheet"]) == "4-5"
    assert str(after.spans["score_sheet"]) == "14-15"
    assert (before.pages, after.pages) == (5, 15)


def test_a_volume_can_start_at_another_page():
    assert rows_of(ENTERPRISE, of_class("course_schedule", 3), start=101)[0].page_no == "101-103"


def test_the_cards_of_many_people_are_one_row_with_a_list_inside():
    cards = [of_trainee("identity_document_copy", seq, pages=1 + seq % 2) for seq in (3, 1, 2)]
    (row,) = rows_of(ENTERPRISE, *cards)
    assert (row.title, row.responsible_party) == ("身份证（社会保障卡）复印件（3人）", "李国栋等3人")
    assert (row.page_no, row.pages, row.remark) == ("1-5", 5, "复印件")
    assert [(inner.name, inner.page_from, inner.page_to) for inner in row.inner] == [
        ("李国栋", 1, 2),
        ("孙桂芳", 3, 3),
        ("周明远", 4, 5),
    ]


def test_one_person_is_named_alone():
    (row,) = rows_of(ENTERPRISE, of_trainee("identity_document_copy", 2))
    assert (row.title, row.responsible_party) == ("身份证（社会保障卡）复印件（1人）", "孙桂芳")


def test_both_pages_of_a_contract_lie_together_first_page_first():
    catalogue = contents(
        ENTERPRISE,
        [
            of_trainee("labour_contract_copy", 2, part="signature_page", key="2b", responsible=FIRM),
            of_trainee("labour_contract_copy", 1, part="signature_page", key="1b", responsible=FIRM),
            of_trainee("labour_contract_copy", 2, part="first_page", key="2a", responsible=FIRM),
            of_trainee("labour_contract_copy", 1, part="first_page", key="1a", responsible=FIRM),
        ],
    )
    assert list(catalogue.spans) == ["1a", "1b", "2a", "2b"]
    (row,) = catalogue.rows
    assert row.responsible_party == FIRM
    assert row.title == "劳动合同复印件（第1页与签字页）（2人）"
    assert [(inner.page_from, inner.page_to) for inner in row.inner] == [(1, 2), (3, 4)]


def test_several_papers_of_one_item_keep_the_order_they_were_given():
    papers = [
        of_class("trainee_roster", 2, key="subsidy", order=2),
        of_class("trainee_roster", 1, key="opening", order=1),
    ]
    catalogue = contents(ENTERPRISE, papers)
    assert list(catalogue.spans) == ["opening", "subsidy"]
    assert len(catalogue.rows) == 1


def test_electronic_media_have_no_page_number_but_carrier_count_duration_and_hash():
    rows = rows_of(
        ENTERPRISE,
        of_class("lesson_plan", 4),
        video("s1"),
        video("s2", sha256="cd" * 32),
        of_class("score_sheet", 2),
    )
    media = rows[1]
    assert (media.page_no, media.pages, media.span) == ("—", 0, None)
    whole = hashlib.sha256(("ab" * 32 + "\n" + "cd" * 32 + "\n").encode()).hexdigest()
    assert media.digest == whole
    assert media.remark == f"硬盘YP-026；录像2节 1:20:00；SHA-256 {whole[:12]}"
    assert [row.page_no for row in rows] == ["1", "—", "5-6"]


def test_a_single_medium_shows_its_own_hash():
    (row,) = rows_of(ENTERPRISE, video("s1"))
    assert row.digest == HASH
    assert row.remark.endswith(HASH[:12])


def test_paper_photos_beside_recordings_have_pages():
    photos = FilingFact("p", "theory_video_and_site_photos", part="training_site_photo", pages=3)
    (row,) = rows_of(ENTERPRISE, video("s1"), photos)
    assert (row.page_no, row.pages) == ("1-3", 3)
    assert "录像1节" in row.remark


def test_media_of_unknown_length_show_no_duration():
    (row,) = rows_of(ENTERPRISE, video("s1", seconds=None))
    assert row.remark == f"硬盘YP-026；录像1节；SHA-256 {HASH[:12]}"


def test_a_persons_paper_without_pages_stands_in_the_list_inside_without_numbers():
    scan = ElectronicFact(HASH, "硬盘YP-026", "张")
    (row,) = rows_of(
        ENTERPRISE,
        of_trainee("final_exam_paper", 1, electronic=scan),
        of_trainee("final_exam_paper", 2, pages=4),
    )
    assert [(inner.page_from, inner.page_to) for inner in row.inner] == [(None, None), (1, 4)]


def test_forms_of_single_persons_beside_the_classs_own_do_not_count_into_the_title():
    (row,) = rows_of(
        KEY_GROUP,
        of_class("subsidy_application", 2, part="training_body_form", responsible=SCHOOL),
        of_trainee("subsidy_application", 2, part="individual_form"),
    )
    assert (row.title, row.responsible_party) == ("职业技能培训补贴资金申请表", SCHOOL)
    assert [inner.name for inner in row.inner] == ["孙桂芳"]


def test_digital_photos_are_counted_in_sheets():
    photo = ElectronicFact(HASH, "硬盘YP-026", "张")
    papers = [FilingFact(at, "theory_video_and_site_photos", electronic=photo) for at in range(12)]
    assert "照片12张" in rows_of(ENTERPRISE, *papers)[0].remark


def test_when_a_recording_comes_last_the_last_row_with_pages_prints_the_span():
    rows = rows_of(ENTERPRISE, of_class("lesson_plan", 4), video("s1"))
    assert [row.page_no for row in rows] == ["1-4", "—"]


def test_further_papers_share_one_bracketed_row_at_the_end():
    rows = rows_of(
        ENTERPRISE,
        of_class("tax_invoice", 1, responsible=FIRM),
        of_class("score_sheet", 2),
        of_class("quality_spot_check_record", 2, responsible="北林区人社局"),
    )
    assert rows[-1].title == "[其他基础台账材料：职业技能培训质量抽查情况记录表、税务发票]"
    assert (rows[-1].item_id, rows[-1].page_no, rows[-1].pages) == (None, "3-5", 3)
    assert rows[-1].responsible_party == f"北林区人社局、{FIRM}"


def test_the_spot_check_record_is_a_row_of_its_own_where_it_is_numbered():
    (row,) = rows_of(KEY_GROUP, of_class("quality_spot_check_record", 2))
    assert (row.item_id, row.title) == ("quality_spot_check_record", "职业技能培训质量抽查情况记录表")


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ([date(2026, 10, 9)], "20261009"),
        ([date(2026, 10, 9), date(2026, 11, 26)], "20261126"),
        (["2026-10-09"], "20261009"),
        (["202611"], "20261100"),
        (["2026"], "20260000"),
        ([None], ""),
        ([None, date(2026, 10, 9)], "20261009"),
    ],
)
def test_dates_have_eight_digits_the_last_of_several_and_zeros_for_the_unknown(dates, shown):
    papers = [of_class("lesson_plan", key=at, dated_on=given) for at, given in enumerate(dates)]
    assert rows_of(ENTERPRISE, *papers)[0].dated_on == shown


def test_certificate_numbers_are_drawn_together():
    papers = [
        of_trainee("certificate_copy", seq, document_no=f"JNPX120226{210 + seq:06d}", responsible=SCHOOL)
        for seq in range(1, 4)
    ]
    (row,) = rows_of(ENTERPRISE, *papers)
    assert row.document_no == "JNPX120226000211—000213"
    assert (row.title, row.responsible_party) == ("职业资格证书等复印件（3人）", SCHOOL)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [([""], ""), (["甲1"], "甲1"), (["甲1", "甲2"], "甲1、甲2"), (["甲1", "甲2", "甲3"], "甲1等3号")],
)
def test_other_document_numbers_are_listed_or_counted(numbers, shown):
    papers = [of_class("cooperation_agreement", key=number, document_no=number) for number in numbers]
    assert rows_of(ENTERPRISE, *papers)[0].document_no == shown


def test_remarks_of_item_filings_and_caller_are_joined_once_each():
    (row,) = rows_of(
        ENTERPRISE,
        of_trainee("certificate_copy", 1, remark="补发"),
        of_trainee("certificate_copy", 2, remark="补发"),
        remarks={"certificate_copy": "2人未合格"},
    )
    assert row.remark == "复印件；补发；2人未合格"


def test_the_opening_application_says_how_many_copies_there_are():
    (row,) = rows_of(ENTERPRISE, of_class("class_opening_application", 2, responsible=SCHOOL))
    assert (row.remark, row.responsible_party) == ("一式三份，本卷存一份", SCHOOL)


def test_more_than_two_bodies_are_shortened():
    papers = [
        of_class("cooperation_agreement", key=name, responsible=name) for name in ("甲方", "乙方", "丙方")
    ]
    assert rows_of(ENTERPRISE, *papers)[0].responsible_party == "甲方、乙方等"


def test_the_version_for_the_cover_names_nobody():
    papers = [
        of_trainee("identity_document_copy", 1, remark="李国栋的证件已换"),
        of_trainee("identity_document_copy", 2, remark="孙桂芳、李国栋同页"),
        of_trainee("certificate_copy", 1, responsible="李国栋", document_no="李国栋字1号"),
        of_trainee("final_exam_paper", 3),
        of_class("lesson_plan", remark="3册", responsible=SCHOOL),
        of_class("score_sheet", remark="周明远补考"),
    ]
    catalogue = contents(
        ENTERPRISE, papers, for_cover=True, remarks={"certificate_copy": "孙桂芳未合格", "score_sheet": "2页"}
    )
    shown = repr(catalogue.rows)
    assert not [name for name in NAMES[:3] if name in shown]
    assert catalogue.rows[1].responsible_party == "学员2人"
    assert all(row.inner == () for row in catalogue.rows)
    assert catalogue.rows[0].remark == "3册"
    assert catalogue.rows[-1].remark == "2页"
    inside = contents(ENTERPRISE, papers)
    assert [row.page_no for row in inside.rows] == [row.page_no for row in catalogue.rows]


def test_every_filing_knows_where_it_lies():
    papers = [of_trainee("final_exam_paper", seq, pages=4) for seq in (1, 2)] + [of_class("score_sheet", 2)]
    spans = contents(ENTERPRISE, papers).spans
    assert [str(span) for span in spans.values()] == ["1-4", "5-8", "9-10"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.2, "0:00:01"), (59, "0:00:59"), (76800, "21:20:00"), (360000, "100:00:00")]
)
def test_durations_are_hours_minutes_seconds(seconds, shown):
    assert duration(seconds) == shown


def test_the_digest_of_media_does_not_depend_on_their_order():
    assert media_digest(["b" * 64, "a" * 64]) == media_digest(["a" * 64, "b" * 64])
    assert media_digest([]) == ""


def test_paging_gives_consecutive_spans_and_none_to_what_has_no_page():
    spans = paging([("a", 2), ("b", 0), ("c", 1)])
    assert spans == {"a": Span(1, 2), "c": Span(3, 3)}
    assert (str(spans["a"]), str(spans["c"]), spans["a"].pages) == ("1-2", "3", 2)


def test_a_number_that_holds_an_id_number_is_no_document_number():
    number = make_id_number(date(1990, 3, 7), 421)
    papers = [of_trainee("certificate_copy", 1, document_no=f"T{number}"), of_trainee("certificate_copy", 2)]
    assert rows_of(ENTERPRISE, *papers)[0].document_no == ""


def test_proofs_of_a_category_carry_no_document_number():
    assert (
        rows_of(KEY_GROUP, of_trainee("category_proof_copy", 1, document_no="12345678"))[0].document_no == ""
    )
