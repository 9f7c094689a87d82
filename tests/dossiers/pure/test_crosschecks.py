"""One paper against the others: every check passes, fails and says that it does not know; nothing silent passes."""

from dataclasses import replace

import pytest

from dossiers.crosschecks import OF_CLASS, OF_TRAINEE, findings
from dossiers.numbering import mask
from tests.dossiers.pure.papers_at_hand import (
    OFF_BY_ONE,
    back,
    certificate,
    contract,
    form,
    front,
    opening,
    spot_check,
)
from tests.dossiers.pure.papers_of_a_class import (
    ANNA,
    BORIS,
    CLARA,
    PROGRAMME,
    RULES,
    TRAINEES,
    of_class,
    outcomes,
    paper,
)
from tests.dossiers.pure.papers_of_a_class import found as findings_of

CARD, FORM, CONTRACT = "identity_document_copy", "trainee_registration_form", "labour_contract_copy"
CERTIFICATE, PROOF, OPENING = "certificate_copy", "category_proof_copy", "class_opening_application"


def test_every_check_of_the_table_has_its_function_and_every_function_its_line() -> None:
    assert set(RULES.crosschecks) == set(OF_TRAINEE) | set(OF_CLASS)
    assert not set(OF_TRAINEE) & set(OF_CLASS)


def test_nothing_is_said_of_papers_nobody_filed() -> None:
    assert findings(of_class(), RULES.crosschecks) == ()


CASES = [
    # check, papers that agree, that differ, that were not read
    ("card_number", [front(id_number=ANNA)], [front(id_number=BORIS)], [front(id_number=("", "missing"))]),
    (
        "card_number",
        [paper("social_security_card", CARD, 1, id_number=ANNA)],
        [front(id_number=OFF_BY_ONE)],
        [front()],
    ),
    ("card_name", [front(name="王 海燕")], [front(name="王海艳")], [front(name=("", "missing"))]),
    ("card_valid", [back(valid_until="2026-10-30")], [back(valid_until="2026-10-29")], [back()]),
    (
        "card_valid",
        [back(long_term="true")],
        [back(valid_until="2020-01-01")],
        [back(valid_until=("", "missing"))],
    ),
    ("form_number", [form(id_number=ANNA), front(id_number=ANNA)], [form(id_number=BORIS)], [form()]),
    ("form_name", [form(name="王海燕")], [form(name="王海艳")], [form(name=("", "missing"))]),
    ("form_sex", [form(sex="女")], [form(sex="男")], [form()]),
    (
        "form_sex",
        [form(sex="女"), front(sex="女")],
        [form(sex="女"), front(sex="男")],
        [form(sex=("", "missing"))],
    ),
    ("form_birth", [form(birth_year_month="1988-06")], [form(birth_year_month="1988-07")], [form()]),
    (
        "form_birth",
        [form(birth_date="1988-06-02")],
        [form(birth_date="1988-06-03")],
        [form(birth_date=("", "missing"))],
    ),
    ("form_category", [form(person_category="退役军人")], [form(person_category="残疾人")], [form()]),
    (
        "form_category",
        [form(person_category="disabled|veteran")],
        [form(person_category="disabled")],
        [form()],
    ),
    (
        "form_programme",
        [form(chosen_programme="中式烹调师", skill_level="五级（初级工）")],
        [form(chosen_programme="保育员")],
        [form()],
    ),
    (
        "form_programme",
        [form(chosen_programme="中式烹调师（五级）")],
        [form(chosen_programme="中式烹调师", skill_level="四级")],
        [form(chosen_programme=("", "missing"))],
    ),
    ("form_dated", [form(institution_date="2026-10-19")], [form(institution_date="2026-10-20")], [form()]),
    (
        "form_signed",
        [form(trainee_signature="true", photo="true", institution_seal="true")],
        [form(trainee_signature="false", photo="true", institution_seal="true")],
        [form(photo="true", institution_seal="true")],
    ),
    (
        "proof_person",
        [paper("veteran_certificate", PROOF, 1, name="王海燕", id_number=ANNA)],
        [paper("veteran_certificate", PROOF, 1, name="王海燕", id_number=BORIS)],
        [paper("veteran_certificate", PROOF, 1)],
    ),
    (
        "proof_dated",
        [paper("veteran_certificate", PROOF, 1, issued_on="2026-10-19")],
        [paper("veteran_certificate", PROOF, 1, issued_on="2026-10-21")],
        [paper("veteran_certificate", PROOF, 1, issued_on=("", "missing"))],
    ),
    (
        "employment_person",
        [paper("employment_proof", "employment_proof_copy", 1, name="王海燕")],
        [paper("employment_proof", "employment_proof_copy", 1, name="赵立新")],
        [paper("employment_proof", "employment_proof_copy", 1)],
    ),
    (
        "licence_holder",
        [paper("business_licence", "entrepreneurship_training_material", 1, name="王海燕")],
        [paper("business_licence", "entrepreneurship_training_material", 1, name="李国栋")],
        [paper("business_licence", "entrepreneurship_training_material", 1)],
    ),
    (
        "exam_person",
        [paper("final_exam_paper", "final_exam_paper", 1, name="王海燕")],
        [paper("final_exam_paper", "final_exam_paper", 1, name="李国栋")],
        [paper("final_exam_paper", "final_exam_paper", 1)],
    ),
    (
        "contract_person",
        [contract(employee="王海燕", id_number=ANNA)],
        [contract(employee="王海燕", id_number=BORIS)],
        [contract()],
    ),
    (
        "contract_employer",
        [contract(employer="北原食品有限公司")],
        [contract(employer="南山机械厂")],
        [contract()],
    ),
    (
        "contract_signed_before",
        [contract(signed_on="2026-10-19")],
        [contract(signed_on="2026-10-20")],
        [contract()],
    ),
    (
        "contract_term",
        [contract(start_on="2020-03-01", end_on="2021-02-28")],
        [contract(start_on="2020-03-01", end_on="2021-02-27")],
        [contract(start_on="2020-03-01")],
    ),
    (
        "contract_term",
        [contract(open_ended="true")],
        [contract(start_on="2026-01-01", end_on="2026-12-30")],
        [contract()],
    ),
    (
        "contract_signed",
        [contract(party_a_seal="true"), contract(party_b_signature="true")],
        [contract(party_a_seal="true", party_b_signature="false")],
        [contract(party_a_seal="true")],
    ),
    (
        "certificate_person",
        [certificate(name="王海燕", id_number=ANNA)],
        [certificate(name="王海燕", id_number=CLARA)],
        [certificate()],
    ),
    (
        "certificate_programme",
        [certificate(occupation="中式烹调师", skill_level="五级")],
        [certificate(occupation="美发师", skill_level="五级")],
        [certificate(skill_level=("", "missing"))],
    ),
    (
        "certificate_number",
        [certificate(certificate_no="JNPX120226000101", issued_on="2026-11-05")],
        [certificate(certificate_no="GQPX120226000101")],
        [certificate(certificate_no=("", "missing"))],
    ),
    (
        "certificate_number",
        [certificate(certificate_no="JNPX120226000101")],
        [certificate(certificate_no=("JNPX1202260001011", "malformed"))],
        [certificate()],
    ),
    (
        "certificate_unique",
        [certificate(certificate_no="JNPX120226000101")],
        [certificate(certificate_no="JNPX120226000101"), certificate(2, certificate_no="JNPX120226000101")],
        [certificate()],
    ),
    (
        "certificate_after_exam",
        [certificate(issued_on="2026-10-30")],
        [certificate(issued_on="2026-10-29")],
        [certificate()],
    ),
    (
        "agreement_before",
        [
            opening(application_date="2026-10-09"),
            paper("cooperation_agreement", "cooperation_agreement", signed_on="2026-10-09"),
        ],
        [
            opening(application_date="2026-10-09"),
            paper("cooperation_agreement", "cooperation_agreement", signed_on="2026-10-10"),
        ],
        [paper("cooperation_agreement", "cooperation_agreement", signed_on="2026-10-10")],
    ),
    ("opening_count", [opening(trainee_count="3")], [opening(trainee_count="30")], [opening()]),
    (
        "opening_approved",
        [opening(hr_approved_on="2026-10-19")],
        [opening(hr_approved_on="2026-10-20")],
        [opening()],
    ),
    (
        "check_dated",
        [spot_check(inspected_on="2026-10-19")],
        [spot_check(inspected_on="2026-11-02")],
        [spot_check()],
    ),
    (
        "check_lecturer",
        [spot_check(inspected_on="2026-10-19", lecturer_name="高远")],
        [spot_check(inspected_on="2026-10-19", lecturer_name="潘思远")],
        [spot_check(inspected_on="2026-10-21", lecturer_name="高远")],
    ),
    (
        "check_signed",
        [spot_check(inspector_signature="true", responsible_person_signature="true")],
        [spot_check(inspector_signature="true", responsible_person_signature="false")],
        [spot_check()],
    ),
]


SEALED = [
    ("agreement_sealed", "cooperation_agreement", ["party_a_seal", "party_b_seal"]),
    ("roster_sealed", "trainee_roster", ["institution_seal"]),
    ("scores_sealed", "score_sheet", ["institution_seal"]),
    ("subsidy_sealed", "subsidy_application", ["applicant_seal"]),
]


@pytest.mark.parametrize(("check", "kind", "seals"), SEALED)
def test_a_seal_on_one_page_of_a_paper_is_enough_and_none_on_any_is_told(check, kind, seals) -> None:
    bare = paper(kind, kind, **dict.fromkeys(seals, "false"))
    sealed = paper(kind, kind, **dict.fromkeys(seals, "true"))
    assert outcomes(check, bare, sealed) == ["pass"]
    assert outcomes(check, bare) == ["fail"]
    assert outcomes(check, paper(kind, kind)) == ["unknown"]


@pytest.mark.parametrize(
    ("check", "agree", "differ", "silent"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)]
)
def test_what_agrees_passes_what_differs_does_not_what_is_silent_is_unknown(
    check, agree, differ, silent
) -> None:
    breach = "fail" if RULES.crosschecks[check].severity == "block" else "warn"
    assert set(outcomes(check, *agree)) == {"pass"}
    assert breach in outcomes(check, *differ)
    assert outcomes(check, *silent)
    assert set(outcomes(check, *silent)) == {"unknown"}


@pytest.mark.parametrize("check", ["card_number", "card_name", "certificate_person", "form_number"])
def test_a_doubtful_reading_neither_passes_nor_fails(check: str) -> None:
    fields = {"name": ("王海燕", "suspect"), "id_number": (ANNA, "suspect")}
    papers = [front(**fields), form(**fields), certificate(**fields)]
    assert set(outcomes(check, *papers)) == {"warn"}


def test_a_breach_names_the_page_the_field_and_both_sides_with_masked_numbers() -> None:
    (finding,) = findings_of("card_number", front(id_number=BORIS))
    assert [place.name for place in finding.places] == ["id_number"]
    assert finding.trainee == 1
    text = str(finding.told)
    assert mask(BORIS) in text
    assert mask(ANNA) in text
    for number in (ANNA, BORIS):
        assert number not in text
        assert number not in repr(finding)
    assert finding.settle is not None


def test_a_chip_says_it_in_a_few_words_and_of_a_doubt_no_more_than_that() -> None:
    (doubtful,) = findings_of("card_number", front(id_number=(OFF_BY_ONE, "suspect")))
    assert str(doubtful.chip) == "身份证人像面证号读得有疑问"
    (finding,) = findings_of("opening_count", opening(trainee_count="30"))
    assert str(finding.chip) == "开班表 30 人，名册 3 人"


def test_who_has_left_the_class_is_not_asked_for_papers_but_was_counted_at_its_opening() -> None:
    people = (*TRAINEES[:2], replace(TRAINEES[2], withdrawn=True))
    gone = paper("id_card_front", CARD, 3, id_number=ANNA)
    assert outcomes("card_number", gone, trainees=people) == []
    assert outcomes("opening_count", opening(trainee_count="3"), trainees=people) == ["pass"]


# Pairs ----------------------------------------------------------------------------------------------------
def test_front_and_back_make_a_pair_and_a_social_security_card_stands_alone() -> None:
    assert outcomes("card_sides", front(name="王海燕"), back(valid_until="2030-01-01")) == ["pass"]
    (lacking,) = findings_of("card_sides", front(name="王海燕"))
    assert str(lacking.chip) == "缺身份证国徽面"
    (lacking,) = findings_of("card_sides", back(valid_until="2030-01-01"))
    assert str(lacking.chip) == "缺身份证人像面"
    assert outcomes("card_sides", paper("social_security_card", CARD, 1, name="王海燕")) == []


def test_form_and_card_that_part_are_told_apart_though_both_may_be_wrong() -> None:
    (finding,) = findings_of("form_number", form(id_number=ANNA), front(id_number=BORIS))
    assert finding.outcome == "fail"
    assert finding.told.params["against"] == "身份证"


def test_a_group_the_form_has_no_box_for_is_not_looked_for_on_it() -> None:
    people = (replace(TRAINEES[0], category="enterprise_employee"),)
    assert outcomes("form_category", form(person_category="veteran"), trainees=people) == []


def test_a_proof_must_prove_the_group_on_the_roster() -> None:
    assert outcomes("proof_category", paper("veteran_certificate", PROOF, 1, name="王海燕")) == ["pass"]
    (finding,) = findings_of("proof_category", paper("disability_certificate", PROOF, 1, name="王海燕"))
    assert str(finding.chip) == "证件是残疾证，名册为退役军人"
    assert outcomes("proof_category", paper("veteran_certificate", PROOF, 3, name="孙桂芳")) == ["unknown"]


def test_a_year_from_signing_to_the_first_lesson_is_asked_of_pre_job_training_alone() -> None:
    pre_job = replace(PROGRAMME, training_type="pre_job")
    old, fresh = contract(signed_on="2025-10-18"), contract(signed_on="2025-10-19")
    assert outcomes("contract_recent", old, programme=pre_job) == ["fail"]
    assert outcomes("contract_recent", fresh, programme=pre_job) == ["pass"]
    assert outcomes("contract_recent", old) == []


def test_a_contract_filed_as_proof_of_employment_is_judged_there() -> None:
    proof = paper("labour_contract", "employment_proof_copy", 1, name="李国栋")
    assert outcomes("employment_person", proof) == ["fail"]
    assert outcomes("contract_person", proof) == []
