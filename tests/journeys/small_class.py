"""A class of three as it arrives at a clerk's desk: a roster, a pile of worn papers, a lesson's recording; all 样本."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from ingestion.specimens.box import Bundle, Paper, class_people, draw_bundles
from ingestion.specimens.clip import make_clip
from ingestion.specimens.course import SpecimenCourse, make_course
from ingestion.specimens.papers import PROOF_BY_CATEGORY
from ingestion.specimens.people import SpecimenPerson, with_wrong_digit
from ingestion.specimens.truth import BoxTruth, PageTruth

CLASS_NO = "2026-033"
SEED = 33
CATEGORIES = {
    "rural_transfer_worker": "农村转移就业劳动者",
    "laid_off_unemployed": "下岗失业人员",
    "poor_labourer": "贫困劳动力",
}


@dataclass(frozen=True)
class SmallClass:
    """Who is in it, what was taught, and the files in `folder`; `late` came after everybody asked for it."""

    folder: Path
    course: SpecimenCourse
    people: Sequence[SpecimenPerson]
    pile: BoxTruth
    late: BoxTruth
    mended: BoxTruth
    clip: Path
    roster: Path
    bad_roster: Path
    _truths: dict[str, PageTruth] = field(default_factory=dict)

    @property
    def files(self) -> list[Path]:
        """The pile as it is dropped."""
        return [*dict.fromkeys(self.folder / "pile" / page.file for page in self.pile.pages), self.clip]

    def truth_of(self, origin: str) -> PageTruth:
        """What is true of the page that the tray names so."""
        return self._truths[origin]


def make_small_class(folder: Path) -> SmallClass:
    course = make_course(CLASS_NO, ledger="key_group_17", seed=SEED, days=1, starts_on=date(2026, 11, 9))
    people = class_people("key_group_17", 3, SEED)
    piles = {
        "pile": _draw(folder / "pile", _pile(people), course, people, "a"),
        "late": _draw(folder / "late", _late(people), course, people, "b"),
        "mended": _draw(folder / "mended", _mended(people), course, people, "c"),
    }
    session = course.sessions[0]
    clip = make_clip(folder / f"{session.on:%m%d}-{session.starts_at[:2]}.mp4", course, seconds=3)
    good = [(person.name, person.id_number, CATEGORIES[person.person_category]) for person in people]
    bad = [good[0], (good[1][0], with_wrong_digit(good[1][1]), good[1][2]), good[2]]
    return SmallClass(
        folder=folder,
        course=course,
        people=people,
        clip=clip,
        roster=_table(folder / "名册.xlsx", good),
        bad_roster=_table(folder / "名册有误.xlsx", bad),
        _truths={_origin(pile, page): page for pile in piles.values() for page in pile.pages},
        **piles,
    )


def _pile(people: Sequence[SpecimenPerson]) -> list[Bundle]:
    """Everything but one exam paper and the completion report; one form carries a number that fails its check."""
    wrong = replace(people[1], id_number=with_wrong_digit(people[1].id_number))
    proofs = [
        Paper(PROOF_BY_CATEGORY[person.person_category], person)
        for person in people
        if person.person_category in PROOF_BY_CATEGORY
    ]
    return [
        Bundle(".pdf", (Paper("class_opening_application"), Paper("course_schedule"))),
        Bundle(".tif", (Paper("lesson_plan"),)),
        Bundle(".jpg", (Paper("trainee_roster"),)),
        Bundle(".png", (Paper("attendance_record"),)),
        Bundle(".pdf", (Paper("score_sheet"), Paper("subsidy_application"), Paper("invoice"))),
        *[Bundle(".jpg", (Paper("site_photo"),))] * 3,
        Bundle(".pdf", tuple(Paper("id_card_copy", person) for person in people)),
        Bundle(".jpg", (Paper("trainee_registration_form", people[0]),)),
        Bundle(".jpg", (Paper("trainee_registration_form", wrong, "wrong_id_number"),)),
        Bundle(".jpg", (Paper("trainee_registration_form", people[2]),)),
        Bundle(".pdf", tuple(Paper("final_exam_paper", person) for person in people[:2])),
        Bundle(".pdf", tuple(Paper("training_completion_certificate", person) for person in people)),
        Bundle(".pdf", tuple(proofs)),
    ]


def _late(people: Sequence[SpecimenPerson]) -> list[Bundle]:
    return [
        Bundle(".jpg", (Paper("final_exam_paper", people[2]),)),
        Bundle(".jpg", (Paper("completion_report"),)),
    ]


def _mended(people: Sequence[SpecimenPerson]) -> list[Bundle]:
    """The exam paper of the first trainee once more, as the reviewer asked for it."""
    return [Bundle(".jpg", (Paper("final_exam_paper", people[0]),))]


def _draw(
    folder: Path, bundles: list[Bundle], course: SpecimenCourse, people: Sequence[SpecimenPerson], mark: str
) -> BoxTruth:
    """Draw, and give the files names that are short enough for the tray to print whole."""
    drawn = draw_bundles(folder, bundles, course, people, seed=ord(mark))
    names = {}
    for number, name in enumerate(dict.fromkeys(page.file for page in drawn.pages), 1):
        names[name] = f"{mark}{number:02}{Path(name).suffix}"
        (folder / name).rename(folder / names[name])
    return replace(drawn, pages=tuple(replace(page, file=names[page.file]) for page in drawn.pages))


def _origin(pile: BoxTruth, page: PageTruth) -> str:
    """How the tray names a page: its file, and which page of it where there are several."""
    return page.file if len(list(pile.of_file(page.file))) == 1 else f"{page.file} 第 {page.page} 页"


def _table(target: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    book = Workbook()
    for row in [("姓名", "身份证号", "人员类别"), *rows]:
        book.active.append(row)
    book.save(target)
    return target
