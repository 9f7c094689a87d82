"""Pages that show the same: noted as evidence, and the second one refused within an item."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, Likeness, Sheet
from dossiers.sentences import Sentence, gettext_noop, sentence


def note_alike(
    first: Sheet, again: Sheet, *, how: str, distance: int = 0, agreed: Iterable[str] = ()
) -> Likeness:
    """Write down that two sheets show the same; the later word on the same two replaces the earlier."""
    found, _is_new = Likeness.objects.update_or_create(
        first=first, again=again, defaults={"how": how, "distance": distance, "agreed": sorted(agreed)}
    )
    return found


def alike(sheets: Iterable[Sheet]) -> QuerySet[Likeness]:
    """Every likeness that one of these sheets has a part in."""
    named = [sheet.pk for sheet in sheets]
    return Likeness.objects.filter(Q(first__in=named) | Q(again__in=named))


def refuse_same_picture(
    dossier: DossierPage, item_id: str, sheets: Sequence[Sheet], *, besides: Filing | None
) -> None:
    """Refuse what lies in the item already: every page of it, or one page twice in this paper.

    A page that many papers have alike, as the printed middle of a contract, is none. What is replaced does not count.
    """
    named = {sheet.pk for sheet in sheets}
    pairs = list(alike(sheets).values_list("first_id", "again_id"))
    if any(first in named and again in named for first, again in pairs):
        raise NotReady(
            sentence(
                "same_page_twice",
                gettext_noop("这几页里有两页是同一张图，没有归件。请弃置其中一页，再归。"),
            )
        )
    twins = {
        other: page
        for first, again in pairs
        for page, other in ((first, again), (again, first))
        if page in named
    }
    there = Filing.objects.filter(
        dossier=dossier, item_id=item_id, state=Filing.State.FILED, places__sheet__in=twins
    ).exclude(pk=besides.pk if besides else None)
    lying = set(there.values_list("places__sheet", flat=True)) & twins.keys()
    if named and {twins[other] for other in lying} == named:
        raise NotReady(_already_there(there.first()))


def _already_there(twin: Filing | None) -> Sentence:
    page = twin.places.select_related("sheet__upload").first() if twin else None
    return sentence(
        "same_picture_filed",
        gettext_noop("同一张图已归在这一件里（%(file)s），没有再归。请弃置这一页，或替换已归的那份。"),
        file=page.sheet.upload.file_name if page else "",
    )
