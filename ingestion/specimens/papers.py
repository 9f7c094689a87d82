"""The catalogue of drawers: every kind of paper by name, of the class or of one trainee."""

import random
from collections.abc import Callable, Sequence

from ingestion.specimens import agreements, certificates, classwork, forms, identity
from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.sheet import SpecimenPage

People = Sequence[SpecimenPerson]
TraineeDrawer = Callable[[SpecimenCourse, SpecimenPerson, random.Random], list[SpecimenPage]]
ClassDrawer = Callable[[SpecimenCourse, People, random.Random], list[SpecimenPage]]

TRAINEE_PAPERS: dict[str, TraineeDrawer] = {
    "id_card_copy": identity.id_card_copy,
    "id_card_front": identity.id_card_front,
    "id_card_back": identity.id_card_back,
    "social_security_card": identity.social_security_card,
    "trainee_registration_form": forms.trainee_registration_form,
    "labour_contract": agreements.labour_contract,
    "employment_proof": identity.employment_proof,
    "training_completion_certificate": certificates.training_completion_certificate,
    "vocational_qualification_certificate": certificates.vocational_qualification_certificate,
    "skill_level_certificate": certificates.skill_level_certificate,
    "special_ability_certificate": certificates.special_ability_certificate,
    "special_operation_certificate": certificates.special_operation_certificate,
    "final_exam_paper": classwork.final_exam_paper,
    "recognition_form": identity.recognition_form,
    "school_graduation_certificate": identity.school_graduation_certificate,
    "unemployment_certificate": identity.unemployment_certificate,
    "veteran_certificate": identity.veteran_certificate,
    "disability_certificate": identity.disability_certificate,
    "graduate_proof": identity.graduate_proof,
    "business_licence": agreements.business_licence,
    "business_plan": agreements.business_plan,
    "improvement_plan": agreements.improvement_plan,
}
CLASS_PAPERS: dict[str, ClassDrawer] = {
    "class_opening_application": lambda c, p, r: [forms.class_opening_application(c, len(p), r)],
    "course_schedule": lambda c, p, r: classwork.course_schedule(c, r),
    "lesson_plan": lambda c, p, r: classwork.lesson_plan(c, r),
    "trainee_roster": lambda c, p, r: forms.trainee_roster(c, list(p), r),
    "attendance_record": lambda c, p, r: classwork.attendance_record(c, list(p), r),
    "score_sheet": lambda c, p, r: classwork.score_sheet(c, list(p), r),
    "cooperation_agreement": lambda c, p, r: agreements.cooperation_agreement(c, r),
    "subsidy_application": lambda c, p, r: agreements.subsidy_application(c, len(p), r),
    "quality_spot_check_record": lambda c, p, r: [forms.quality_spot_check_record(c, len(p), r)],
    "living_allowance_payment_list": lambda c, p, r: agreements.living_allowance_payment_list(c, list(p), r),
    "site_photo": lambda c, p, r: classwork.site_photo(c, r),
    "invoice": lambda c, p, r: agreements.invoice(c, len(p), r),
    "fiscal_receipt": lambda c, p, r: agreements.fiscal_receipt(c, len(p), r),
    "completion_report": lambda c, p, r: agreements.completion_report(c, len(p), r),
    "training_outline": lambda c, p, r: agreements.training_outline(c, r),
    "equipment_record": lambda c, p, r: agreements.equipment_record(c, r),
    "commissioned_training_agreement": lambda c, p, r: agreements.commissioned_training_agreement(c, r),
    "appraisal_filing_form": lambda c, p, r: agreements.appraisal_filing_form(c, list(p), r),
    "enterprise_training_filing": lambda c, p, r: agreements.enterprise_training_filing(c, len(p), r),
    "divider_sheet": lambda c, p, r: classwork.divider_sheet(c, r),
    "blank": lambda c, p, r: classwork.blank_page(c, r),
    "other": lambda c, p, r: classwork.foreign_page(c, r),
}
PROOF_BY_CATEGORY = {
    "poor_labourer": "recognition_form",
    "junior_senior_graduate_not_continuing": "school_graduation_certificate",
    "laid_off_unemployed": "unemployment_certificate",
    "veteran": "veteran_certificate",
    "disabled": "disability_certificate",
    "graduating_year_college_student": "graduate_proof",
}


def draw_for(
    person: SpecimenPerson, paper: str, course: SpecimenCourse, rng: random.Random
) -> list[SpecimenPage]:
    """The pages of one trainee's paper."""
    return TRAINEE_PAPERS[paper](course, person, rng)


def draw_for_class(
    paper: str, course: SpecimenCourse, people: People, rng: random.Random
) -> list[SpecimenPage]:
    """The pages of a paper that the class has once."""
    return CLASS_PAPERS[paper](course, people, rng)
