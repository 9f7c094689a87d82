"""The table of kinds against the ledgers, and how words are compared."""

import pytest

from dossiers.rulesets import ruleset
from ingestion.kinds import kinds, normalised
from ingestion.specimens.papers import CLASS_PAPERS, TRAINEE_PAPERS

LEDGERS = ruleset("suihua_2019").ledgers
ASKED_FOR = [
    "id_card_front",
    "id_card_back",
    "social_security_card",
    "labour_contract",
    "training_completion_certificate",
    "vocational_qualification_certificate",
    "skill_level_certificate",
    "special_ability_certificate",
    "special_operation_certificate",
    "class_opening_application",
    "course_schedule",
    "lesson_plan",
    "trainee_roster",
    "trainee_registration_form",
    "subsidy_application",
    "attendance_record",
    "cooperation_agreement",
    "final_exam_paper",
    "score_sheet",
    "quality_spot_check_record",
    "business_licence",
    "business_plan",
    "improvement_plan",
    "living_allowance_payment_list",
    "employment_proof",
    "recognition_form",
    "school_graduation_certificate",
    "unemployment_certificate",
    "veteran_certificate",
    "disability_certificate",
    "graduate_proof",
    "site_photo",
    "divider_sheet",
    "invoice",
    "fiscal_receipt",
    "completion_report",
    "training_outline",
    "equipment_record",
    "commissioned_training_agreement",
    "appraisal_filing_form",
    "enterprise_training_filing",
    "other",
]


@pytest.mark.parametrize("kind_id", ASKED_FOR)
def test_every_paper_of_the_ledgers_has_its_row(kind_id: str) -> None:
    assert kind_id in kinds()


@pytest.mark.parametrize("ledger", LEDGERS)
def test_kinds_name_only_items_that_take_them(ledger: str) -> None:
    for found in kinds().values():
        item = found.item(ledger)
        if item:
            taking = [answer.id for answer in LEDGERS[ledger].answering(found.id)]
            assert item in taking, found.id


@pytest.mark.parametrize("ledger", LEDGERS)
def test_every_paper_that_an_item_takes_can_be_recognised(ledger: str) -> None:
    for item in LEDGERS[ledger]:
        for kind_id in item.kinds:
            if kind_id != "recording":
                assert kind_id in kinds(), item.id


def test_every_kind_has_a_drawn_specimen() -> None:
    drawn = {*TRAINEE_PAPERS, *CLASS_PAPERS}
    assert set(kinds()) <= drawn


def test_no_title_belongs_to_two_kinds() -> None:
    titles = [title for found in kinds().values() for title in found.titles]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    "printed", ["《开班申请表》", "〈开班申请表》", "开 班 申 请 表：", "【开班】申请表"]
)
def test_brackets_spaces_and_width_do_not_count(printed: str) -> None:
    assert normalised(printed) == "开班申请表"


def test_full_width_signs_are_read_as_half_width() -> None:
    assert normalised("甲方（用人单位）：ＡＢ１２") == "甲方用人单位AB12"
