"""What is true of a generated pile: per page its kind, item, trainee and values; written as truth.json."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingestion.kinds import kinds
from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import PrintedValue, SpecimenDocument, SpecimenPage

FILE_NAME = "truth.json"
PRINTED_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
PRINTED_MONTH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月")
OPEN_ENDED = "长期"


@dataclass(frozen=True)
class PageTruth:
    """`trainee` counts from 0 on the roster; None = the class's, or nobody's. `page` counts from 1.

    Boxes and quads are pixels of the drawn picture, `width` by `height`; a reader of a PDF may see another size.
    `documents` are all that lie on the page, each {kind, part, trainee, quad, continues, fields: {name: {value,
    printed, quad}}, rows: [{column: {value, printed, quad}}]}; `fields`, `rows`, `kind` are those of the page. Values
    are as printed, dates ISO 8601. Names end in _signature, _seal or _photo where the value is "true" or "false";
    of check boxes the value is the ids of the ticked ones, joined by |. `lines` is all text printed on the page,
    {text, quad, by_hand}; `overprint` how many characters of seals and watermarks lie over it. `wear` names what was done.
    """

    file: str
    page: int
    kind: str
    part: str
    items: dict[str, str]
    trainee: int | None
    name: str
    id_number: str
    fields: dict[str, dict[str, Any]]
    also: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    rotation: int = 0
    fault: str = ""
    width: int = 0
    height: int = 0
    documents: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    overprint: int = 0
    wear: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoxTruth:
    """A generated folder: who is in the class, what lies in it, what was left out on purpose."""

    course: SpecimenCourse
    people: tuple[SpecimenPerson, ...]
    pages: tuple[PageTruth, ...]
    missing: tuple[dict[str, Any], ...] = ()

    def write(self, folder: Path) -> Path:
        """Write truth.json into `folder`; readers of a pile leave that name alone."""
        target = folder / FILE_NAME
        target.write_text(
            json.dumps(self.as_dict(), ensure_ascii=False, indent=1, default=str), encoding="utf-8"
        )
        return target

    def as_dict(self) -> dict[str, Any]:
        return {
            "course": asdict(self.course),
            "people": [asdict(person) for person in self.people],
            "pages": [asdict(page) for page in self.pages],
            "missing": list(self.missing),
        }

    def of_file(self, name: str) -> Iterator[PageTruth]:
        return (page for page in self.pages if page.file == name)


def page_truth(
    drawn: SpecimenPage,
    *,
    file: str,
    page: int,
    person: SpecimenPerson | None,
    rotation: int = 0,
    fault: str = "",
    wear: tuple[str, ...] = (),
) -> PageTruth:
    """The truth of one page as it lies in `file`, after wear. A paper of another class has no trainee."""
    known = kinds().get(drawn.kind)
    trainee = person.index if person and fault != "other_class" else None
    return PageTruth(
        file=file,
        page=page,
        kind=drawn.kind,
        part=drawn.part,
        items=dict(known.items) if known else {},
        trainee=trainee,
        name=person.name if person else "",
        id_number=person.id_number if person else "",
        fields={
            name: {"value": told(printed.value), "box": [round(edge, 1) for edge in printed.box]}
            for name, printed in drawn.fields.items()
        },
        also=list(drawn.also),
        rows=list(drawn.rows),
        rotation=rotation,
        fault=fault,
        width=drawn.image.width,
        height=drawn.image.height,
        documents=[_document(document, trainee) for document in drawn.documents],
        lines=[{"text": run.value, "quad": _quad(run), "by_hand": run.by_hand} for run in drawn.runs],
        overprint=drawn.overprint,
        wear=wear,
    )


def _document(document: SpecimenDocument, trainee: int | None) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "part": document.part,
        "trainee": trainee if document.trainee is None else document.trainee,
        "continues": document.continues,
        "quad": [[round(x, 1), round(y, 1)] for x, y in document.outline],
        "fields": _values(document.fields),
        "rows": [_values(row) for row in document.rows],
    }


def _values(fields: dict[str, PrintedValue]) -> dict[str, dict[str, Any]]:
    return {
        name: {"value": told(printed.value), "printed": printed.value, "quad": _quad(printed)}
        for name, printed in fields.items()
    }


def _quad(printed: PrintedValue) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in printed.quad]


def told(printed: str) -> str:
    """What a reader is to say of a printed value: dates as ISO 8601, an open end as "true", the rest as it stands."""
    return "true" if printed == OPEN_ENDED else as_iso(printed)


def as_iso(printed: str) -> str:
    """A printed date (or year and month) as ISO 8601; any other text as it stands."""
    found = PRINTED_DATE.fullmatch(printed.strip()) or PRINTED_MONTH.fullmatch(printed.strip())
    if not found:
        return printed
    return "-".join(f"{int(part):0{4 if place == 0 else 2}d}" for place, part in enumerate(found.groups()))
