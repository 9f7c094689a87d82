"""The benchmark's pages: for each part and level of wear a deck of papers, drawn, worn and saved with their truth."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PIL import Image
from pillow_heif import register_heif_opener

from ingestion.specimens import layouts_agreements as agreements
from ingestion.specimens import layouts_certificates as certificates
from ingestion.specimens import layouts_forms as forms
from ingestion.specimens import layouts_identity as identity
from ingestion.specimens import layouts_lists as lists
from ingestion.specimens import odd_pages as odd
from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.faces import Faces, printed_in
from ingestion.specimens.papers import CLASS_PAPERS, TRAINEE_PAPERS
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.scenes import Level, Scene, hard_scene, ordinary_scene, seen
from ingestion.specimens.trial_people import trial_course, trial_people
from ingestion.specimens.truth import PageTruth, page_truth
from ingestion.specimens.typefaces import FACES, Part

FILE_NAME = "truth.json"
BEGINNING = time.gmtime(0)
A4_LONG_SIDE = 11.7  # inches
FILLED_BY_HAND = 0.5
FORMS = ("registration", "opening", "spot_check", "subsidy_of_person", "exam", "contract", "business_plan")
ROSTER_LENGTH = 30
CERTIFICATES = (
    "training_completion_certificate",
    "skill_level_certificate",
    "vocational_qualification_certificate",
    "special_ability_certificate",
    "special_operation_certificate",
)
PROOFS = (
    "recognition_form",
    "school_graduation_certificate",
    "unemployment_certificate",
    "veteran_certificate",
    "disability_certificate",
    "graduate_proof",
    "employment_proof",
)


@dataclass(frozen=True)
class Facts:
    """What one file of the trial is about."""

    part: Part
    course: SpecimenCourse
    people: list[SpecimenPerson]
    rng: random.Random

    @property
    def one(self) -> SpecimenPerson:
        return self.people[0]


Draw = Callable[[Facts], list[SpecimenPage]]


@dataclass(frozen=True)
class Card:
    """A paper of the deck and how often it lies in it; `personal`: it is one trainee's."""

    name: str
    times: int
    draw: Draw
    personal: bool = True


def _kept_out(facts: Facts) -> bool:
    return facts.part == "kept-out"


def _certificate(kind: str) -> Draw:
    """Tuning: the demo's landscape and an upright one; kept out: booklet, bilingual and running text."""

    def draw(facts: Facts) -> list[SpecimenPage]:
        if _kept_out(facts):
            layouts = [certificates.booklet, certificates.bilingual]
            if kind == CERTIFICATES[0]:
                layouts.append(certificates.running_text)
            return facts.rng.choice(layouts)(kind, facts.course, facts.one, facts.rng)
        if facts.rng.random() < 0.5:
            return TRAINEE_PAPERS[kind](facts.course, facts.one, facts.rng)
        return certificates.upright(kind, facts.course, facts.one, facts.rng)

    return draw


def _proof(kind: str) -> Draw:
    def draw(facts: Facts) -> list[SpecimenPage]:
        if _kept_out(facts):
            return identity.proof(kind, facts.course, facts.one, facts.rng)
        return TRAINEE_PAPERS[kind](facts.course, facts.one, facts.rng)

    return draw


def _either(tuning: Draw, kept_out: Draw) -> Draw:
    return lambda facts: kept_out(facts) if _kept_out(facts) else tuning(facts)


def _of_trainee(name: str) -> Draw:
    return lambda facts: TRAINEE_PAPERS[name](facts.course, facts.one, facts.rng)


def _of_class(name: str) -> Draw:
    return lambda facts: CLASS_PAPERS[name](facts.course, facts.people, facts.rng)


def _count(facts: Facts) -> int:
    return facts.rng.randrange(18, 41)


def _divider(facts: Facts) -> list[SpecimenPage]:
    item = facts.rng.choice(("identity_document_copy", "certificate_copy", "trainee_roster", ""))
    trainee = str(facts.rng.randrange(1, 40)) if facts.rng.random() < 0.5 else ""
    return odd.divider(facts.course, item, trainee, facts.rng)


DECK: tuple[Card, ...] = (
    Card("front", 4, lambda f: identity.card_alone(f.one, "front", patterned=_kept_out(f))),
    Card("back", 3, lambda f: identity.card_alone(f.one, "back", patterned=_kept_out(f))),
    Card(
        "both_sides",
        9,
        lambda f: identity.both_sides(
            f.one, f.rng, patterned=_kept_out(f), beside=_kept_out(f) and f.rng.random() < 0.5
        ),
    ),
    Card(
        "four_cards",
        10,
        lambda f: identity.four_cards(f.people, f.rng, patterned=_kept_out(f)),
        personal=False,
    ),
    Card("social_security_card", 1, _of_trainee("social_security_card")),
    *(Card(kind, 5 if kind == CERTIFICATES[0] else 2, _certificate(kind)) for kind in CERTIFICATES),
    Card(
        "two_certificates",
        10,
        lambda f: certificates.two_on_a_sheet(
            (f.course, f.people[0]), (f.course, f.people[1]), f.rng.choice(CERTIFICATES[:3]), f.rng
        ),
        personal=False,
    ),
    Card(
        "registration",
        4,
        _either(
            _of_trainee("trainee_registration_form"), lambda f: forms.registration(f.course, f.one, f.rng)
        ),
    ),
    *(Card(kind, 1, _proof(kind)) for kind in PROOFS),
    Card(
        "contract",
        1,
        _either(_of_trainee("labour_contract"), lambda f: agreements.contract(f.course, f.one, f.rng)),
    ),
    Card("subsidy_of_person", 1, lambda f: forms.subsidy_of_person(f.course, f.one, f.rng)),
    Card("exam", 1, _of_trainee("final_exam_paper")),
    Card("business_licence", 1, _of_trainee("business_licence")),
    Card("business_plan", 1, _of_trainee("business_plan")),
    Card("improvement_plan", 1, _of_trainee("improvement_plan")),
    Card(
        "opening",
        1,
        _either(_of_class("class_opening_application"), lambda f: forms.opening(f.course, _count(f), f.rng)),
        personal=False,
    ),
    Card(
        "spot_check",
        1,
        _either(
            _of_class("quality_spot_check_record"), lambda f: forms.spot_check(f.course, _count(f), f.rng)
        ),
        personal=False,
    ),
    Card("subsidy_of_body", 1, lambda f: forms.subsidy_of_body(f.course, _count(f), f.rng), personal=False),
    Card(
        "roster",
        2,
        _either(_of_class("trainee_roster"), lambda f: lists.roster(f.course, f.people, f.rng)),
        personal=False,
    ),
    Card(
        "scores",
        1,
        _either(_of_class("score_sheet"), lambda f: lists.score_sheet(f.course, f.people[:24], f.rng)),
        personal=False,
    ),
    Card(
        "payments",
        1,
        _either(
            _of_class("living_allowance_payment_list"),
            lambda f: lists.payment_list(f.course, f.people[:24], f.rng),
        ),
        personal=False,
    ),
    Card(
        "filing",
        1,
        _either(
            _of_class("appraisal_filing_form"), lambda f: lists.filing_form(f.course, f.people[:20], f.rng)
        ),
        personal=False,
    ),
    Card(
        "attendance",
        1,
        _either(_of_class("attendance_record"), lambda f: lists.attendance(f.course, f.people, f.rng)),
        personal=False,
    ),
    Card(
        "cooperation",
        1,
        _either(_of_class("cooperation_agreement"), lambda f: agreements.cooperation(f.course, f.rng)),
        personal=False,
    ),
    *(
        Card(name, 1, _of_class(name), personal=False)
        for name in (
            "course_schedule",
            "lesson_plan",
            "site_photo",
            "invoice",
            "fiscal_receipt",
            "completion_report",
            "training_outline",
            "equipment_record",
            "commissioned_training_agreement",
            "enterprise_training_filing",
        )
    ),
    Card("divider", 1, _divider, personal=False),
    Card("blank", 1, lambda f: odd.blank_page(), personal=False),
    Card("english", 1, lambda f: odd.english_page(f.rng), personal=False),
    Card("scenic", 1, lambda f: odd.scenic_page(f.rng), personal=False),
    Card("scribbled", 1, lambda f: odd.scribbled_page(f.rng), personal=False),
    Card("notice", 1, lambda f: odd.notice_page(f.rng), personal=False),
)


def make_trial(folder: Path, part: Part, level: Level, pages: int, *, seed: int = 1) -> tuple[PageTruth, ...]:
    """About `pages` pages of one part and level (a paper is never torn apart); writes them and truth.json."""
    folder.mkdir(parents=True, exist_ok=True)
    register_heif_opener()
    rng = random.Random(f"trial-{part}-{level}-{seed}")
    truths: list[PageTruth] = []
    for number, card in enumerate(_endless(rng), start=1):
        if len(truths) >= pages:
            break
        truths += _file(folder, number, card, part, level, rng)
    write_truth(folder, truths)
    return tuple(truths)


def write_truth(folder: Path, truths: Sequence[PageTruth]) -> None:
    told = {"pages": [asdict(truth) for truth in truths]}
    (folder / FILE_NAME).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def read_truth(folder: Path) -> tuple[PageTruth, ...]:
    told = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    return tuple(PageTruth(**(page | {"wear": tuple(page["wear"])})) for page in told["pages"])


def _endless(rng: random.Random) -> Iterator[Card]:
    """Deck after deck, each shuffled."""
    while True:
        deck = [card for card in DECK for _ in range(card.times)]
        rng.shuffle(deck)
        yield from deck


def _file(
    folder: Path, number: int, card: Card, part: Part, level: Level, rng: random.Random
) -> list[PageTruth]:
    seed = rng.randrange(2**31)
    ledger = "enterprise_14" if card.name in ("cooperation", "enterprise_training_filing") else "key_group_17"
    course = replace(trial_course(part, ledger, seed), first_serial=rng.randrange(1, 900_000))
    facts = Facts(part, course, trial_people(part, ROSTER_LENGTH, seed), random.Random(seed))
    faces = _faces(card, part, level, rng)
    with printed_in(faces):
        drawn = card.draw(facts)
    hardest = level == "hard" and rng.random() < 1 / 3
    worn = [(_worn(page, level, rng, hardest=hardest)) for page in drawn]
    file = folder / f"{number:04d}{_suffix(level, len(worn), rng)}"
    save(file, [page.image for page, _ in worn])
    of_file = (card.name, *("filled_by_hand" for _ in range(faces.filled_by_hand)), *file.suffixes)
    return [
        page_truth(
            page,
            file=file.name,
            page=place,
            person=facts.one if card.personal else None,
            rotation=scene.rotation,
            wear=(*scene.names, *of_file),
        )
        for place, (page, scene) in enumerate(worn, start=1)
    ]


def _faces(card: Card, part: Part, level: Level, rng: random.Random) -> Faces:
    """Forms of the hard level are filled in by hand half of the time."""
    if level == "hard" and card.name in FORMS and rng.random() < FILLED_BY_HAND:
        return replace(FACES[part][0], filled_by_hand=True)
    return rng.choice(FACES[part])


def _worn(
    page: SpecimenPage, level: Level, rng: random.Random, *, hardest: bool
) -> tuple[SpecimenPage, Scene]:
    scene = ordinary_scene(rng) if level == "ordinary" else hard_scene(rng, hardest=hardest)
    if page.kind == "site_photo":
        scene = replace(scene, quarter_turns=0)
    return seen(page, scene), scene


def _suffix(level: Level, pages: int, rng: random.Random) -> str:
    if pages > 1:
        return rng.choice((".pdf", ".tif"))
    ordinary = (".jpg",) * 11 + (".pdf",) * 5 + (".png",) * 2 + (".tif",) * 2
    hard = (
        (".jpg",) * 5
        + (".cmyk.jpg",) * 3
        + (".exif.jpg",) * 3
        + (".tif",) * 3
        + (".heic",) * 3
        + (".pdf",) * 3
    )
    return rng.choice(ordinary if level == "ordinary" else hard)


def save(file: Path, images: Sequence[Image.Image]) -> None:
    """Write one picture, or all of them as a PDF or TIFF; CMYK and EXIF-turned JPEG by the ending."""
    first, rest = images[0], list(images[1:])
    resolution = max(first.size) / A4_LONG_SIDE
    if file.name.endswith(".cmyk.jpg"):
        first.convert("CMYK").save(file, "JPEG", quality=90)
    elif file.name.endswith(".exif.jpg"):
        exif = Image.Exif()
        exif[0x0112] = 6  # to be seen, this picture is to be turned a quarter clockwise
        first.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=90, exif=exif)
    elif file.suffix == ".pdf":
        drawn = {"creationDate": BEGINNING, "modDate": BEGINNING}  # the same pages, the same bytes
        first.save(file, "PDF", save_all=True, append_images=rest, resolution=resolution, quality=85, **drawn)
    elif file.suffix == ".tif":
        first.save(file, "TIFF", save_all=True, append_images=rest, compression="jpeg")
    elif file.suffix == ".heic":
        first.save(file, quality=80)
    else:
        first.save(file, quality=90)
