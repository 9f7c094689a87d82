"""Pages that show the same: noted as evidence, and the second one refused within an item."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, Likeness, Sheet
from dossiers.sentences import gettext_noop, sentence


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


def filed_twins(dossier: DossierPage, item_id: str, sheets: Sequence[Sheet]) -> QuerySet[Filing]:
    """What is filed under this item already and shows the same as one of the sheets."""
    named = {sheet.pk for sheet in sheets}
    twins = {end for pair in alike(sheets).values_list("first_id", "again_id") for end in pair} - named
    return Filing.objects.filter(
        dossier=dossier, item_id=item_id, state=Filing.State.FILED, places__sheet__in=twins
    ).distinct()


def refuse_same_picture(
    dossier: DossierPage, item_id: str, sheets: Sequence[Sheet], *, besides: Filing | None
) -> None:
    """Refuse a page that lies in the item already, or twice in this paper. What it replaces does not count."""
    named = {sheet.pk for sheet in sheets}
    if alike(sheets).filter(first__in=named, again__in=named).exists():
        raise NotReady(
            sentence(
                "same_page_twice",
                gettext_noop("这几页里有两页是同一张图，没有归件。请弃置其中一页，再归。"),
            )
        )
    there = filed_twins(dossier, item_id, sheets).exclude(pk=besides.pk if besides else None)
    twin = there.select_related("enrolment").first()
    if twin is not None:
        raise NotReady(_already_there(twin))


def _already_there(twin: Filing):
    page = twin.places.select_related("sheet__upload").first()
    return sentence(
        "same_picture_filed",
        gettext_noop("同一张图已归在这一件里（%(file)s），没有再归。请弃置这一页，或替换已归的那份。"),
        file=page.sheet.upload.file_name if page else "",
    )
