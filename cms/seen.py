"""What a person has looked at in this session: pages paged through, items opened. Nothing unseen is confirmed."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest

from dossiers.models import DossierPage

PAGES, READINGS, ITEMS = "pages_seen", "readings_seen", "items_opened"


def mark_seen(request: HttpRequest, dossier: DossierPage, sheet_ids: Iterable[int]) -> None:
    """These sheets stood large before her."""
    _note(request, PAGES, dossier, {str(sheet_id): True for sheet_id in sheet_ids})


def unseen(request: HttpRequest, dossier: DossierPage, sheet_ids: Iterable[int]) -> list[int]:
    """Those of these sheets she has not looked at."""
    seen = _noted(request, PAGES, dossier)
    return [sheet_id for sheet_id in sheet_ids if str(sheet_id) not in seen]


def mark_read(request: HttpRequest, dossier: DossierPage, sheet_id: int, reading: str) -> None:
    """This page stood before her with its values, as `reading` (a fingerprint) tells them."""
    _note(request, READINGS, dossier, {str(sheet_id): reading})


def not_read(request: HttpRequest, dossier: DossierPage, readings: Mapping[int, str]) -> list[int]:
    """Those of these sheets whose values, as they stand now, she has not looked at."""
    known = _noted(request, READINGS, dossier)
    return [sheet_id for sheet_id, reading in readings.items() if known.get(str(sheet_id)) != reading]


def mark_opened(request: HttpRequest, dossier: DossierPage, item_id: str, version: int, sha256: str) -> None:
    """She opened this item and saw these papers."""
    _note(request, ITEMS, dossier, {item_id: [version, sha256]})


def opened(request: HttpRequest, dossier: DossierPage) -> dict[str, tuple[int, str]]:
    """Items she opened, with the version and digest she saw."""
    return {item_id: (seen[0], seen[1]) for item_id, seen in _noted(request, ITEMS, dossier).items()}


def everything_opened(request: HttpRequest) -> dict[str, dict[str, list]]:
    """Items opened, by dossier."""
    return request.session.get(ITEMS, {})


def _noted(request: HttpRequest, kind: str, dossier: DossierPage) -> dict:
    return request.session.get(kind, {}).get(str(dossier.pk), {})


def _note(request: HttpRequest, kind: str, dossier: DossierPage, fresh: dict) -> None:
    known = _noted(request, kind, dossier)
    if all(known.get(key) == value for key, value in fresh.items()):
        return
    everything = request.session.get(kind, {})
    everything[str(dossier.pk)] = known | fresh
    request.session[kind] = everything
