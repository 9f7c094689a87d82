"""What a page was read as, ready to print: kind, name, masked numbers, each with its certainty and place."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.field_names import FIELD_NAMES, field_name
from cms.rows.problems import problem_text
from cms.rows.verify_rows import shown
from dossiers.ledgers import KINDS
from dossiers.models import Sheet
from dossiers.search_text import mask_numbers
from foundation.secrets import mask
from ingestion.models import FieldReading, PageReading

STATE_NOTES: dict[str, str | Promise] = {
    "checked": _("校验相符"),
    "suspect": _("校验不符，未采用"),
    "malformed": _("格式不合"),
    "missing": _("没有读出"),
}
BASIS = ("name", "id_number", "certificate_no", "class_no", "occupation")


@dataclass(frozen=True)
class FieldRow:
    """One value read on a page; `points` draws its box, in pixels of the page as uploaded."""

    label: str
    value: str
    confidence: float
    note: str
    is_doubtful: bool
    points: str = ""


@dataclass(frozen=True)
class PageEvidence:
    """What the engine says about one sheet."""

    kind: str
    kind_confidence: float
    fields: tuple[FieldRow, ...]
    engine: str

    @property
    def basis(self) -> tuple[FieldRow, ...]:
        """The few fields a place is proposed on."""
        names = {str(FIELD_NAMES[name]) for name in BASIS}
        return tuple(row for row in self.fields if row.label in names)


def evidence_of(sheet: Sheet) -> PageEvidence | None:
    """None while nobody has read the sheet."""
    reading = PageReading.objects.filter(sheet=sheet).prefetch_related("fields").first()
    if reading is None:
        return None
    return PageEvidence(
        kind=kind_name(reading.kind),
        kind_confidence=min(max(reading.kind_confidence, 0.0), 1.0),
        fields=tuple(field_row(field) for field in reading.fields.all()),
        engine=reading.engine,
    )


def kind_name(kind: str) -> str:
    return gettext(KINDS[kind]) if kind in KINDS else gettext("未认出")


def field_row(field: FieldReading) -> FieldRow:
    return FieldRow(
        label=field_name(field.name),
        value=_shown(field),
        confidence=min(max(field.confidence, 0.0), 1.0),
        note=problem_text(field.problem) or str(STATE_NOTES.get(field.state, "")),
        is_doubtful=field.state in ("suspect", "malformed") or field.confidence < 0.5,
        points=points(field.quad),
    )


def _shown(field: FieldReading) -> str:
    """A phone number is masked; so is an ID number, under whatever name it was read."""
    return mask(field.plain) if field.name == "phone" else mask_numbers(shown(field.name, field.plain))


def points(quad: list[list[float]] | None) -> str:
    """Corners as SVG writes them; numbers with a point in every language."""
    return " ".join(f"{float(x):.1f},{float(y):.1f}" for x, y in quad) if quad else ""
