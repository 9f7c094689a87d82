"""Pages of the tray that show what another page shows: here, or in another class this person may see."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from cms.rows.sheets import origin
from dossiers.actions.likenesses import alike
from dossiers.models import Account, DossierPage, FilingSheet, Likeness, Sheet
from dossiers.permissions import visible_sheets

LYING = frozenset({Sheet.State.IN_TRAY, Sheet.State.FILED})


@dataclass(frozen=True)
class Twin:
    """The other page: where it lies and how the two were found alike."""

    sheet: Sheet
    how: str
    is_here: bool
    was_returned: bool = False

    @property
    def text(self) -> str:
        if self.was_returned:
            return gettext("与退回的 %(page)s 是同一图像：没有重扫，退回的原因还在。") % {
                "page": origin(self.sheet)
            }
        if not self.is_here:
            return gettext("班次 %(class_no)s 有同一图像：%(page)s") % {
                "class_no": self.sheet.dossier.class_no,
                "page": origin(self.sheet),
            }
        told = {"page": origin(self.sheet), "state": self.sheet.get_state_display()}
        return gettext("与 %(page)s 是同一图像（%(state)s）") % told


def twins_of(
    dossier: DossierPage, sheets: Sequence[Sheet], viewer: Account | None
) -> dict[int, tuple[Twin, ...]]:
    """By sheet: the pages it repeats. Of two in one class the later repeats the earlier, unless that was filed first."""
    rows = alike(sheets).select_related("first__upload", "again__upload", "first__dossier", "again__dossier")
    pairs = [pair for pair in rows if {pair.first.state, pair.again.state} <= LYING or _crosses(pair)]
    strange = {end.pk for pair in pairs for end in (pair.first, pair.again) if end.dossier_id != dossier.pk}
    seen = set()
    if strange and viewer is not None:
        seen = set(visible_sheets(viewer).filter(pk__in=strange).values_list("pk", flat=True))
    returned = _returned(dossier) if pairs else set()
    found: defaultdict[int, list[Twin]] = defaultdict(list)
    for pair in pairs:
        for one, other in ((pair.first, pair.again), (pair.again, pair.first)):
            if one.dossier_id == dossier.pk and _repeats(one, other, pair, seen):
                is_here = other.dossier_id == dossier.pk
                found[one.pk].append(Twin(other, pair.how, is_here, is_here and other.pk in returned))
    return {pk: tuple(twins) for pk, twins in found.items()}


def _returned(dossier: DossierPage) -> set[int]:
    """The sheets that open returns name: one by one, or with the whole paper they lie in."""
    notes = dossier.returns.filter(settled_at=None)
    named = set(notes.exclude(sheet=None).values_list("sheet", flat=True))
    whole = FilingSheet.objects.filter(filing__in=notes.filter(sheet=None).values("filing"))
    return named | set(whole.values_list("sheet", flat=True))


def _crosses(pair: Likeness) -> bool:
    return pair.first.dossier_id != pair.again.dossier_id


def _repeats(one: Sheet, other: Sheet, pair: Likeness, seen: set[int]) -> bool:
    if other.dossier_id != one.dossier_id:
        return other.pk in seen
    if one.state == Sheet.State.FILED:
        return False
    return one.pk == pair.again_id or other.state == Sheet.State.FILED
