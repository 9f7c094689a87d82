"""What the player's script is told: once with the page, and window by window where faces are in the picture."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from cms.rows.player import PlayerPage
from cms.rows.player_lanes import incident_title
from cms.rows.player_people import contradicted
from cms.rows.player_time import carried
from media_processing.models import FaceTrack

WINDOW = 600.0  # seconds of faces fetched at once
FINE = 10_000  # fractions of the picture are sent as whole numbers
MARGIN = 60.0  # a sighting before and after lets the script go between them


def payload(player: PlayerPage, at: float) -> dict[str, Any]:
    """Small whatever the length: a second for each picture of the storyboard is the most of it."""
    return {
        "at": float(carried(at)),
        "duration": round(player.duration, 2),
        "clock": _clock(player),
        "storyboard": _storyboard(player),
        "incidents": [
            [round(one.start, 1), round(one.end, 1), incident_title(player.axis, one)]
            for one in player.incidents
        ],
        "stops": stops(player),
        "frame": round(1 / rate, 4)
        if (rate := player.probe.frames_per_second if player.probe else 0)
        else 0.04,
        "faces": player.dossier.screen("player-faces", player.upload.uuid) if player.tells_faces else "",
        "window": WINDOW,
        "words": {
            "seen": gettext("见 %(seen)s · 认出 %(told)s"),
            "copied": gettext("这一刻的链接已复制"),
            "unknown": "?",
        },
    }


def stops(player: PlayerPage) -> list[float]:
    """Where 'next' leads: incidents, and stretches in which lists and picture differ."""
    found = {round(one.start, 1) for one in player.incidents}
    for cells in player.attendance.cells.values():
        found |= {round(max(start, 0.0), 1) for start, _end in contradicted(player.shown.lessons, cells)}
    return sorted(found)


def faces(player: PlayerPage, since: float) -> dict[str, Any]:
    """Faces from `since` for one window: [second, x, y, w, h] in ten-thousandths of the picture."""
    until = since + WINDOW
    first, last = since - MARGIN, until + MARGIN
    known = dict(_told(player))
    rows = FaceTrack.objects.filter(upload=player.upload, start__lte=last, end__gte=first)
    found = []
    for track, sightings in rows.values_list("uuid", "sightings"):
        if track not in known:
            continue
        who, name, kind = known[track]
        inside = [
            [round(one[0], 1), *(round(part * FINE) for part in one[1:5])]
            for one in sightings
            if first <= one[0] <= last
        ]
        if inside:
            found.append({"track": str(track), "id": who, "who": name, "kind": kind, "seen": inside})
    heads = player.indexed.heads if player.indexed else []
    return {
        "from": since,
        "until": until,
        "tracks": found,
        "heads": [[one[0], one[1]] for one in heads if since <= one[0] < until],
    }


def _told(player: PlayerPage) -> Iterator[tuple[Any, tuple[str, str, str]]]:
    """Each track that is drawn, with a name or without. Nobody without consent, nobody of another class."""
    names = {one.pk: (str(one.uuid), one.name) for one in player.attendance.enrolments}
    for person, seen in player.presence.people.items():
        if person not in player.attendance.consenting or person not in names:
            continue
        for span in seen.spans:
            for track in span.tracks:
                yield track, (*names[person], "confirmed" if span.confirmed else "read")
    for stranger in player.presence.strangers:
        if not stranger.is_nobody:
            yield from _unknown(stranger.spans)


def _unknown(spans: Iterable[Any]) -> Iterator[tuple[Any, tuple[str, str, str]]]:
    for span in spans:
        for track in span.tracks:
            yield track, ("", "", "unknown")


def _clock(player: PlayerPage) -> dict[str, Any] | None:
    """Seconds since the epoch at second 0, the rate, and how many seconds the wall is ahead of UTC."""
    if player.clock is None:
        return None
    begins = timezone.localtime(player.clock.begins)
    ahead = begins.utcoffset()
    return {
        "begins": begins.timestamp(),
        "rate": player.clock.rate,
        "ahead": ahead.total_seconds() if ahead else 0,
    }


def _storyboard(player: PlayerPage) -> dict[str, Any] | None:
    told = player.indexed.storyboard if player.indexed else {}
    if not told.get("seconds"):
        return None
    return {
        **{name: told[name] for name in ("columns", "rows", "width", "height")},
        "seconds": [round(one, 1) for one in told["seconds"]],
        "url": player.dossier.screen("player-board", player.upload.uuid, 0).removesuffix("0/"),
    }
