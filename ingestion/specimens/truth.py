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
from ingestion.specimens.sheet import SpecimenPage

FILE_NAME = "truth.json"
PRINTED_DATE = re.compile(r"(\d{4})\s*[年.]\s*(\d{1,2})\s*[月.]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class PageTruth:
    """`trainee` counts from 0 on the roster; None = the class's, or nobody's. `page` counts from 1.

    Boxes of fields are pixels of the drawn picture, `width` by `height`; a reader of a PDF may see another size.
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
) -> PageTruth:
    """The truth of one page as it lies in `file`, after wear. A paper of another class has no trainee."""
    known = kinds().get(drawn.kind)
    return PageTruth(
        file=file,
        page=page,
        kind=drawn.kind,
        part=drawn.part,
        items=dict(known.items) if known else {},
        trainee=person.index if person and fault != "other_class" else None,
        name=person.name if person else "",
        id_number=person.id_number if person else "",
        fields=dict(_fields(drawn)),
        also=list(drawn.also),
        rows=list(drawn.rows),
        rotation=rotation,
        fault=fault,
        width=drawn.image.width,
        height=drawn.image.height,
    )


def _fields(drawn: SpecimenPage) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, printed in drawn.fields.items():
        box = [round(edge, 1) for edge in printed.box]
        if name == "valid":
            yield from _validity(printed.value, box)
        else:
            yield name, {"value": as_iso(printed.value), "box": box}


def _validity(printed: str, box: list[float]) -> Iterator[tuple[str, dict[str, Any]]]:
    start, _, end = printed.partition("-")
    yield "valid_from", {"value": as_iso(start), "box": box}
    if end == "长期":
        yield "long_term", {"value": "true", "box": box}
    else:
        yield "valid_until", {"value": as_iso(end), "box": box}


def as_iso(printed: str) -> str:
    """A printed date as ISO 8601; any other text as it stands."""
    found = PRINTED_DATE.fullmatch(printed.strip())
    if not found:
        return printed
    year, month, day = (int(part) for part in found.groups())
    return f"{year:04d}-{month:02d}-{day:02d}"
