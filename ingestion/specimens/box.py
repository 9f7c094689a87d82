"""Fills a folder with the papers of a class, as an institution would drop them, and writes their truth."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from ingestion.specimens.course import LedgerId, SpecimenCourse, make_course
from ingestion.specimens.papers import PROOF_BY_CATEGORY, draw_for, draw_for_class
from ingestion.specimens.people import (
    ENTERPRISE_CATEGORIES,
    KEY_GROUP_CATEGORIES,
    SpecimenPerson,
    make_people,
    with_wrong_digit,
)
from ingestion.specimens.sheet import SpecimenPage
from ingestion.specimens.truth import BoxTruth, PageTruth, page_truth
from ingestion.specimens.wear import NONE, Wear, ordinary_wear, worn

CLASS_NUMBERS: dict[LedgerId, str] = {"enterprise_14": "2026-014", "key_group_17": "2026-021"}
OTHER_CLASS_NUMBER = "2026-099"
RESOLUTION = 150


@dataclass(frozen=True)
class Faults:
    """What goes wrong in a box: papers left out, ID numbers failing their check, another class's papers."""

    missing: int = 3
    wrong_id_number: int = 1
    other_class: int = 1


NO_FAULTS = Faults(0, 0, 0)


@dataclass(frozen=True)
class Paper:
    """One paper to draw: whose (None = the class's) and what is wrong with it."""

    name: str
    person: SpecimenPerson | None = None
    fault: str = ""


@dataclass(frozen=True)
class Bundle:
    """Papers that lie in one file."""

    suffix: str
    papers: tuple[Paper, ...]


def make_box(
    folder: Path,
    *,
    ledger: LedgerId,
    trainees: int,
    seed: int,
    faults: Faults = Faults(),
    wear: bool = True,
    class_no: str = "",
    stacked: bool = False,
) -> BoxTruth:
    """Draw everything a class of this ledger holds into `folder`; the same seed draws the same box.

    `stacked`: every paper of trainees in PDFs of six, as a sheet feeder makes them, instead of a mixture.
    """
    rng = random.Random(f"box-{ledger}-{seed}")
    course = make_course(class_no or CLASS_NUMBERS[ledger], ledger=ledger, seed=seed)
    people = class_people(ledger, trainees, seed)
    papers = list(_trainee_papers(course, people))
    missing = _leave_out(papers, faults.missing, rng)
    _spoil_numbers(papers, faults.wrong_id_number, rng)
    papers += _strangers(course, faults.other_class, seed)
    bundles = [*_class_bundles(course), *(_stacks(papers) if stacked else _bundles_by_kind(papers))]
    return _drawn(folder, bundles, course, people, rng, wear=wear, missing=missing)


def class_people(ledger: LedgerId, trainees: int, seed: int) -> list[SpecimenPerson]:
    """The trainees of the box with this seed, in roster order."""
    categories = ENTERPRISE_CATEGORIES if ledger == "enterprise_14" else KEY_GROUP_CATEGORIES
    return make_people(trainees, seed, categories=categories)


def draw_bundles(
    folder: Path,
    bundles: Sequence[Bundle],
    course: SpecimenCourse,
    people: Sequence[SpecimenPerson],
    *,
    seed: int,
    wear: bool = True,
) -> BoxTruth:
    """Draw chosen files of a class: the door for piles of another make-up."""
    return _drawn(folder, bundles, course, people, random.Random(f"bundles-{seed}"), wear=wear, missing=())


def _trainee_papers(course: SpecimenCourse, people: Sequence[SpecimenPerson]) -> Iterator[Paper]:
    for person in people:
        yield Paper("social_security_card" if person.index % 9 == 8 else "id_card_copy", person)
        yield Paper("trainee_registration_form", person)
        if course.trains_employees:
            yield Paper("labour_contract", person)
        elif person.index % 3 == 0:
            yield Paper("employment_proof", person)
        yield Paper("final_exam_paper", person)
        yield Paper("training_completion_certificate", person)
        proof = PROOF_BY_CATEGORY.get(person.person_category)
        if proof and not course.trains_employees:
            yield Paper(proof, person)


def _leave_out(papers: list[Paper], count: int, rng: random.Random) -> tuple[dict[str, object], ...]:
    gone = rng.sample(papers, min(count, len(papers)))
    for paper in gone:
        papers.remove(paper)
    return tuple({"paper": paper.name, "trainee": paper.person.index} for paper in gone if paper.person)


def _spoil_numbers(papers: list[Paper], count: int, rng: random.Random) -> None:
    registered = [place for place, paper in enumerate(papers) if paper.name == "trainee_registration_form"]
    for place in rng.sample(registered, min(count, len(registered))):
        person = papers[place].person
        if person:
            spoilt = replace(person, id_number=with_wrong_digit(person.id_number))
            papers[place] = Paper(papers[place].name, spoilt, "wrong_id_number")


def _strangers(course: SpecimenCourse, count: int, seed: int) -> list[Paper]:
    strangers = make_people(count, seed + 7919)
    return [Paper("trainee_registration_form", person, "other_class") for person in strangers]


def _class_bundles(course: SpecimenCourse) -> list[Bundle]:
    common = [
        Bundle(".jpg", (Paper("class_opening_application"),)),
        Bundle(".pdf", (Paper("course_schedule"), Paper("trainee_roster"))),
        Bundle(".tif", (Paper("lesson_plan"),)),
        Bundle(".png", (Paper("attendance_record"),)),
        Bundle(".pdf", (Paper("score_sheet"), Paper("subsidy_application"))),
        Bundle(".jpg", (Paper("quality_spot_check_record"),)),
        Bundle(".jpg", (Paper("site_photo"),)),
        Bundle(".pdf", (Paper("invoice"),)),
    ]
    if course.trains_employees:
        return [*common, Bundle(".pdf", (Paper("cooperation_agreement"),))]
    return [
        *common,
        Bundle(".png", (Paper("completion_report"),)),
        Bundle(".jpg", (Paper("living_allowance_payment_list"),)),
    ]


def _bundles_by_kind(papers: Sequence[Paper]) -> Iterator[Bundle]:
    """ID copies in PDFs of six, contracts as TIFF, exam papers in PDFs of four, the rest singly."""
    yield from _stacked([p for p in papers if p.name == "id_card_copy"], 6, ".pdf")
    yield from _stacked([p for p in papers if p.name == "final_exam_paper"], 4, ".pdf")
    yield from _stacked([p for p in papers if p.name == "labour_contract"], 1, ".tif")
    stacked = ("id_card_copy", "final_exam_paper", "labour_contract")
    singles = [p for p in papers if p.name not in stacked]
    for place, paper in enumerate(singles):
        yield Bundle(".png" if place % 5 == 4 else ".jpg", (paper,))


def _stacks(papers: Sequence[Paper]) -> Iterator[Bundle]:
    """One kind after the other, in PDFs of six."""
    for name in dict.fromkeys(paper.name for paper in papers):
        yield from _stacked([paper for paper in papers if paper.name == name], 6, ".pdf")


def _stacked(papers: Sequence[Paper], height: int, suffix: str) -> Iterator[Bundle]:
    for start in range(0, len(papers), height):
        yield Bundle(suffix, tuple(papers[start : start + height]))


def _drawn(
    folder: Path,
    bundles: Sequence[Bundle],
    course: SpecimenCourse,
    people: Sequence[SpecimenPerson],
    rng: random.Random,
    *,
    wear: bool,
    missing: tuple[dict[str, object], ...],
) -> BoxTruth:
    folder.mkdir(parents=True, exist_ok=True)
    truths: list[PageTruth] = []
    for number, bundle in enumerate(bundles, start=1):
        stem = "IMG" if bundle.suffix == ".jpg" else "scan"
        file = folder / f"{stem}_{number:04d}{bundle.suffix}"
        pages = list(_bundle_pages(bundle, course, people, file.name, rng, wear=wear))
        save_pages(file, [page.image for page, _ in pages])
        truths += [truth for _, truth in pages]
    truth = BoxTruth(course, tuple(people), tuple(truths), missing)
    truth.write(folder)
    return truth


def _bundle_pages(
    bundle: Bundle,
    course: SpecimenCourse,
    people: Sequence[SpecimenPerson],
    file_name: str,
    rng: random.Random,
    *,
    wear: bool,
) -> Iterator[tuple[SpecimenPage, PageTruth]]:
    number = 0
    for paper in bundle.papers:
        of_class = replace(course, class_no=OTHER_CLASS_NUMBER) if paper.fault == "other_class" else course
        for drawn in _draw(paper, of_class, people, rng):
            number += 1
            treatment = _wear_for(drawn, rng) if wear else NONE
            page = drawn if treatment == NONE else worn(drawn, treatment, seed=rng.randrange(2**31))
            yield (
                page,
                page_truth(
                    page,
                    file=file_name,
                    page=number,
                    person=paper.person,
                    rotation=treatment.rotation,
                    fault=paper.fault,
                ),
            )


def _draw(
    paper: Paper, course: SpecimenCourse, people: Sequence[SpecimenPerson], rng: random.Random
) -> list[SpecimenPage]:
    if paper.person:
        return draw_for(paper.person, paper.name, course, rng)
    return draw_for_class(paper.name, course, people, rng)


def _wear_for(page: SpecimenPage, rng: random.Random) -> Wear:
    treatment = ordinary_wear(rng, turns=page.kind != "site_photo")
    return replace(treatment, skew=0.0) if page.kind == "site_photo" else treatment


def save_pages(file: Path, images: Sequence[Image.Image]) -> None:
    """Write one picture, or all of them as a PDF or TIFF of many pages."""
    first, rest = images[0], list(images[1:])
    if file.suffix == ".pdf":
        first.save(file, "PDF", save_all=True, append_images=rest, resolution=RESOLUTION, quality=85)
    elif file.suffix == ".tif":
        first.save(
            file, "TIFF", save_all=True, append_images=rest, compression="jpeg", dpi=(RESOLUTION, RESOLUTION)
        )
    elif file.suffix == ".jpg":
        first.save(file, "JPEG", quality=90, dpi=(RESOLUTION, RESOLUTION))
    else:
        first.save(file, "PNG", dpi=(RESOLUTION, RESOLUTION))
