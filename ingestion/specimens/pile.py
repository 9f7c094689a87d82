"""Draws a mixed pile: pages of every kind out of order, as they come off a copier and two phones."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingestion.specimens.box import CLASS_NUMBERS, Bundle, Paper, class_people, draw_bundles
from ingestion.specimens.course import LedgerId, make_course
from ingestion.specimens.papers import PROOF_BY_CATEGORY
from ingestion.specimens.people import SpecimenPerson, make_people
from ingestion.specimens.truth import BoxTruth

TRAINEES = 12
PICTURE_SUFFIXES = (".jpg", ".jpg", ".jpg", ".png")
CLASS_PAPERS_BY_LEDGER: dict[LedgerId, tuple[str, ...]] = {
    "enterprise_14": ("cooperation_agreement",),
    "key_group_17": ("living_allowance_payment_list", "completion_report"),
}
CLASS_PAPERS = (
    "class_opening_application",
    "course_schedule",
    "trainee_roster",
    "attendance_record",
    "score_sheet",
    "subsidy_application",
    "quality_spot_check_record",
    "site_photo",
    "training_outline",
    "equipment_record",
    "invoice",
)
ODD_PAGES = ("other", "blank")


def make_mixed_pile(
    folder: Path, pages: int = 60, seed: int = 1, *, ledger: LedgerId = "key_group_17", class_no: str = ""
) -> BoxTruth:
    """`pages` pages of a class of twelve: class papers, papers of trainees, a stranger's paper, a letter, a blank."""
    course = make_course(class_no or CLASS_NUMBERS[ledger], ledger=ledger, seed=seed)
    people = class_people(ledger, TRAINEES, seed)
    return draw_bundles(folder, plan_of_pile(people, pages, seed, ledger=ledger), course, people, seed=seed)


def plan_of_pile(
    people: Sequence[SpecimenPerson], pages: int, seed: int, *, ledger: LedgerId
) -> list[Bundle]:
    """Which papers lie in which file, in the order of the pile."""
    rng = random.Random(f"pile-{ledger}-{seed}")
    bundles = _class_bundles(ledger, rng)
    count = sum(page_count(bundle) for bundle in bundles)
    bundles += _trainee_bundles(people, ledger, pages - count, seed, rng)
    rng.shuffle(bundles)
    return bundles


def _class_bundles(ledger: LedgerId, rng: random.Random) -> list[Bundle]:
    """One paper a file, except a lesson plan of two pages and a PDF that holds two papers."""
    names = [*CLASS_PAPERS, *CLASS_PAPERS_BY_LEDGER[ledger], *ODD_PAGES]
    together = Bundle(".pdf", (Paper(names.pop()), Paper(names.pop(0))))
    singles = [Bundle(rng.choice(PICTURE_SUFFIXES), (Paper(name),)) for name in names]
    return [*singles, together, Bundle(".tif", (Paper("lesson_plan"),))]


def _trainee_bundles(
    people: Sequence[SpecimenPerson], ledger: LedgerId, pages: int, seed: int, rng: random.Random
) -> list[Bundle]:
    stranger = make_people(1, seed + 7919)[0]
    bundles = [Bundle(".jpg", (Paper("trainee_registration_form", stranger, "other_class"),))]
    left = pages - 1
    if left < 0:
        raise ValueError("a mixed pile holds the class's papers too: ask for more pages")
    for bundle in _endless_papers(people, ledger, rng):
        size = page_count(bundle)
        if size <= left:
            bundles.append(bundle)
            left -= size
        if left == 0:
            return bundles
    return bundles


def _endless_papers(
    people: Sequence[SpecimenPerson], ledger: LedgerId, rng: random.Random
) -> Iterator[Bundle]:
    """Round after round over the class: identity, form, certificate, contract or proof, exam."""
    while True:
        for person in people:
            for names, suffix in _files_of(person, ledger, rng):
                yield Bundle(suffix, tuple(Paper(name, person) for name in names))


def _files_of(
    person: SpecimenPerson, ledger: LedgerId, rng: random.Random
) -> Iterator[tuple[tuple[str, ...], str]]:
    identities = (
        ("id_card_copy",),
        ("id_card_front", "id_card_back"),
        ("id_card_copy",),
        ("social_security_card",),
    )
    identity = identities[person.index % len(identities)]
    yield identity, ".pdf" if len(identity) > 1 else ".jpg"
    yield ("trainee_registration_form",), rng.choice(PICTURE_SUFFIXES)
    yield (_certificate_of(person),), rng.choice(PICTURE_SUFFIXES)
    if ledger == "enterprise_14" or person.index % 3 == 0:
        yield ("labour_contract",), rng.choice((".tif", ".pdf"))
    yield ("final_exam_paper",), rng.choice(PICTURE_SUFFIXES)
    proof = PROOF_BY_CATEGORY.get(person.person_category)
    if proof:
        yield (proof,), rng.choice(PICTURE_SUFFIXES)


def _certificate_of(person: SpecimenPerson) -> str:
    others = {
        3: "skill_level_certificate",
        5: "vocational_qualification_certificate",
        7: "special_ability_certificate",
    }
    return others.get(person.index, "training_completion_certificate")


def page_count(bundle: Bundle) -> int:
    """How many pages its papers will have."""
    two_pages = ("labour_contract", "lesson_plan")
    return sum(2 if paper.name in two_pages else 1 for paper in bundle.papers)
