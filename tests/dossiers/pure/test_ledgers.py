"""The two ledgers as tables: counts, order, ids, and the traps of the regulation's own text."""

from datetime import date

import pytest

from dossiers.exceptions import NoRulesetError
from dossiers.ledgers import KINDS, Per, Severity
from dossiers.rulesets import all_rulesets, ruleset, ruleset_for
from tests.dossiers.pure.builders import rules

ENTERPRISE_ORDER = [
    "class_opening_application",
    "course_schedule",
    "subsidy_application",
    "lesson_plan",
    "trainee_roster",
    "trainee_registration_form",
    "identity_document_copy",
    "labour_contract_copy",
    "theory_video_and_site_photos",
    "certificate_copy",
    "attendance_record",
    "cooperation_agreement",
    "final_exam_paper",
    "score_sheet",
]
KEY_GROUP_ORDER = [
    "class_opening_application",
    "course_schedule",
    "lesson_plan",
    "trainee_roster",
    "trainee_registration_form",
    "identity_document_copy",
    "certificate_copy",
    "employment_proof_copy",
    "quality_spot_check_record",
    "subsidy_application",
    "theory_video_and_site_photos",
    "attendance_record",
    "entrepreneurship_training_material",
    "living_allowance_payment_list",
    "final_exam_paper",
    "score_sheet",
    "category_proof_copy",
]


def test_article_seven_has_14_items_although_its_printed_list_has_17_lines():
    ledger = rules().ledger("enterprise_14")
    assert [item.id for item in ledger.items] == ENTERPRISE_ORDER
    assert [item.seq for item in ledger.items] == [str(seq) for seq in range(1, 15)]


def test_the_third_article_ten_has_17_items_in_its_own_order():
    ledger = rules().ledger("key_group_17")
    assert [item.id for item in ledger.items] == KEY_GROUP_ORDER
    assert [item.seq for item in ledger.items] == [str(seq) for seq in range(1, 18)]
    assert ledger.article == "第十条（其三）"


@pytest.mark.parametrize(
    ("item_id", "enterprise", "key_group"),
    [
        ("subsidy_application", "3", "10"),
        ("lesson_plan", "4", "3"),
        ("certificate_copy", "10", "7"),
        ("score_sheet", "14", "16"),
    ],
)
def test_one_stable_id_has_another_number_in_the_other_ledger(item_id, enterprise, key_group):
    assert rules().ledger("enterprise_14").item(item_id).seq == enterprise
    assert rules().ledger("key_group_17").item(item_id).seq == key_group


@pytest.mark.parametrize(
    ("item_id", "ledger_id"),
    [
        ("labour_contract_copy", "key_group_17"),
        ("cooperation_agreement", "key_group_17"),
        ("category_proof_copy", "enterprise_14"),
        ("employment_proof_copy", "enterprise_14"),
    ],
)
def test_some_items_are_in_one_ledger_only(item_id, ledger_id):
    assert not rules().ledger(ledger_id).has(item_id)
    with pytest.raises(KeyError):
        rules().ledger(ledger_id).item(item_id)


def test_item_17_has_parts_17_1_to_17_5():
    parts = rules().ledger("key_group_17").item("category_proof_copy").parts
    assert [part.seq for part in parts] == ["17.1", "17.2", "17.3", "17.4", "17.4", "17.5"]
    assert {part.id for part in parts if part.seq == "17.4"} == {
        "veteran_certificate_copy",
        "disability_certificate_copy",
    }


def test_a_contract_copy_has_its_first_page_and_its_signature_page():
    parts = rules().ledger("enterprise_14").item("labour_contract_copy").parts
    assert [part.id for part in parts] == ["first_page", "signature_page"]


def test_five_kinds_of_certificate_answer_the_certificate_item_in_both_ledgers():
    for ledger in rules().ledgers.values():
        assert len(ledger.item("certificate_copy").any_of) == 5


@pytest.mark.parametrize(
    ("ledger_id", "extras"),
    [
        (
            "enterprise_14",
            [
                "training_outline",
                "equipment_parameters_and_photos",
                "enterprise_training_filing",
                "quality_spot_check_record",
                "appraisal_filing_form",
                "tax_invoice",
            ],
        ),
        (
            "key_group_17",
            [
                "training_outline",
                "equipment_parameters_and_photos",
                "commissioned_training_agreement",
                "appraisal_filing_form",
                "class_completion_acceptance_report",
                "receipt_or_invoice",
            ],
        ),
    ],
)
def test_further_papers_stand_beside_the_numbers(ledger_id, extras):
    ledger = rules().ledger(ledger_id)
    assert [item.id for item in ledger.extras] == extras
    assert {item.seq for item in ledger.extras} == {None}


def test_the_spot_check_is_numbered_in_one_ledger_and_beside_the_numbers_in_the_other():
    assert rules().ledger("key_group_17").item("quality_spot_check_record").seq == "9"
    extra = rules().ledger("enterprise_14").item("quality_spot_check_record")
    assert (extra.seq, extra.clause, extra.optional) == (None, "第五条（四）", True)


def test_every_item_has_a_clause_a_quote_points_and_reasons_to_return_it():
    for ledger in rules().ledgers.values():
        for item in ledger:
            assert item.clause.startswith("第")
            assert item.quote
            assert item.review
            assert len(item.return_reasons) > 4


def test_numbered_items_carry_article_and_number_as_their_clause():
    assert rules().ledger("enterprise_14").item("identity_document_copy").clause == "第七条 7"
    assert rules().ledger("key_group_17").item("identity_document_copy").clause == "第十条（其三） 6"


def test_what_is_only_practice_is_flagged_to_be_confirmed():
    item = rules().ledger("enterprise_14").item("identity_document_copy")
    assert item.point("both_sides").to_be_confirmed
    assert not item.point("everyone").to_be_confirmed
    assert item.point("nothing of the kind") is None


def test_review_points_keep_the_same_ids_in_both_ledgers():
    enterprise, key_group = rules().ledgers.values()
    for item in enterprise:
        if key_group.has(item.id):
            assert [point.id for point in item.review] == [
                point.id for point in key_group.item(item.id).review
            ]


def test_missing_proof_of_employment_only_warns():
    assert rules().ledger("key_group_17").item("employment_proof_copy").severity == Severity.WARN
    assert rules().ledger("key_group_17").item("final_exam_paper").severity == Severity.MISSING


def test_every_kind_that_names_a_ledger_paper_is_answered_by_some_item():
    answered = {kind for ledger in rules().ledgers.values() for item in ledger for kind in item.kinds}
    assert set(KINDS) - answered == {"divider_sheet", "other"}


@pytest.mark.parametrize(
    ("kind", "ledger_id", "items"),
    [
        ("labour_contract", "enterprise_14", ["labour_contract_copy"]),
        ("labour_contract", "key_group_17", ["employment_proof_copy"]),
        ("invoice", "enterprise_14", ["tax_invoice"]),
        ("fiscal_receipt", "enterprise_14", []),
        ("fiscal_receipt", "key_group_17", ["receipt_or_invoice"]),
        (
            "training_completion_certificate",
            "key_group_17",
            ["certificate_copy", "entrepreneurship_training_material"],
        ),
        ("divider_sheet", "enterprise_14", []),
    ],
)
def test_a_kind_finds_the_items_it_can_answer(kind, ledger_id, items):
    assert [item.id for item in rules().ledger(ledger_id).answering(kind)] == items


def test_video_is_per_theory_session_and_photos_are_at_least_three():
    video, photos = rules().ledger("enterprise_14").item("theory_video_and_site_photos").parts
    assert (video.per, video.session_kind) == (Per.SESSION, "theory")
    assert (photos.per, photos.min_count) == (Per.CLASS, 3)


@pytest.mark.parametrize(
    ("place", "on"),
    [("suihua", date(2026, 11, 24)), ("2312", date(2019, 12, 5)), ("231299", date(2026, 1, 1))],
)
def test_a_ruleset_is_found_by_place_and_day(place, on):
    assert ruleset_for(place, on).id == "suihua_2019"


@pytest.mark.parametrize(
    ("place", "on"), [("230100", date(2026, 1, 1)), ("suihua", date(2019, 12, 4)), ("", date(2026, 1, 1))]
)
def test_elsewhere_or_earlier_no_ruleset_holds(place, on):
    with pytest.raises(NoRulesetError):
        ruleset_for(place, on)


@pytest.mark.parametrize("name", ["nowhere_1999", "../rulesets", "", ".", "suihua_2019/.."])
def test_an_unknown_ruleset_is_refused_and_no_path_leads_out_of_the_folder(name):
    with pytest.raises(NoRulesetError):
        ruleset(name)


def test_rulesets_are_loaded_once():
    assert ruleset("suihua_2019") is ruleset("suihua_2019")
    assert all_rulesets()[0] is ruleset("suihua_2019")


def test_training_types_know_their_ledgers():
    assert {kind.id for kind in rules().training_types_of("enterprise_14")} >= {"pre_job", "apprenticeship"}
    assert "entrepreneurship" not in {kind.id for kind in rules().training_types_of("enterprise_14")}
    assert rules().training_type("entrepreneurship").ledgers == ("key_group_17",)


def test_sentence_disability_and_rehabilitation_are_sensitive():
    sensitive = {category.id for category in rules().person_categories if category.sensitive}
    assert sensitive == {"disabled", "prisoner_within_one_year", "drug_rehab"}
    assert rules().person_category("disabled").sensitive


def test_the_columns_of_the_contents_are_seven_and_170_mm_wide():
    columns = rules().archive.columns
    assert [column.label for column in columns] == [
        "顺序号",
        "文号",
        "责任者",
        "题名",
        "日期",
        "页号",
        "备注",
    ]
    assert sum(column.width for column in columns) == 170


def test_rules_carry_their_words_and_figures():
    assert rules().rules["R10"].params["attendance_min_pct"] == 70
    assert rules().rules["R12"].quote == "创业培训学员的到课率达到90%以上"
    assert len(rules().rules) == 50
