"""The same stretch twice in one recording, or one recording in two classes: found by what was heard.

A fingerprint is a row of 32-bit numbers (chromaprint), one each 1365/11025 s. Heard twice, most numbers come again
bit for bit and the others differ in few bits, whatever was cut, scaled, mirrored or encoded anew. Numbers that come
often (silence, a hum) say nothing. The work grows with the length, not with its square.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_processing.passes import FINGERPRINTS_A_SECOND

Fingerprint = NDArray[np.uint32]
Places = NDArray[np.int64]
TOO_COMMON = 12
LEAST_VOTES = 8
GAP = 240  # numbers, half a minute: equal ones of a repeated stretch lie nearer to each other
MOST_BITS = 8  # of 32 that differ, averaged over WINDOW numbers
WINDOW = 16
LEAST_SECONDS = 5.0
LEAST_LAG_SECONDS = 3.0
SPAN_SECONDS = 1.2  # a number is made of the two seconds behind it: its middle


@dataclass(frozen=True)
class Shared:
    """A stretch heard at `start` of the one and at `other_start` of the other, `seconds` long."""

    start: float
    other_start: float
    seconds: float


def repeats_in(fingerprint: Fingerprint) -> tuple[Shared, ...]:
    """Stretches that were heard before in the same recording; `other_start` is where first."""
    found = _shared(fingerprint, fingerprint, same=True)
    return _longest_first(found)


def shared_by(one: Fingerprint, other: Fingerprint) -> tuple[Shared, ...]:
    """Stretches that both recordings hold, the longest first, none told twice."""
    return _longest_first(_shared(one, other, same=False))


def _shared(one: Fingerprint, other: Fingerprint, *, same: bool) -> Iterator[Shared]:
    least_lag = round(LEAST_LAG_SECONDS * FINGERPRINTS_A_SECOND) if same else -len(other) - 1
    for lag, first, last in _suspected(*_equal(one, other, least_lag)):
        yield from _runs(one, other, lag, max(0, lag, first), min(len(one), len(other) + lag, last))


def _equal(one: Fingerprint, other: Fingerprint, least_lag: int) -> tuple[Places, Places]:
    """Places in the one with how far behind the same number of the other they lie, by lag; common numbers say nothing."""
    order = np.argsort(other, kind="stable")
    there = other[order]
    begin, end = np.searchsorted(there, one, "left"), np.searchsorted(there, one, "right")
    count = np.where(end - begin <= TOO_COMMON, end - begin, 0)
    places = np.repeat(np.arange(len(one)), count)
    within = np.arange(len(places)) - np.repeat(np.cumsum(count) - count, count)
    lags = places - order[np.repeat(begin, count) + within]
    wanted = lags >= least_lag
    places, lags = places[wanted], lags[wanted]
    by_lag = np.lexsort((places, lags))
    return places[by_lag], lags[by_lag]


def _suspected(places: Places, lags: Places) -> Iterator[tuple[int, int, int]]:
    """Lags with the stretch in which enough equal numbers lie near each other; what is strewn over hours is chance."""
    known, starts, counts = np.unique(lags, return_index=True, return_counts=True)
    total = {int(lag): int(count) for lag, count in zip(known, counts, strict=True)}
    begins = {int(lag): int(start) for lag, start in zip(known, starts, strict=True)}
    votes = {lag: sum(total.get(lag + beside, 0) for beside in (-1, 0, 1)) for lag in total}
    chosen: list[tuple[int, int, int]] = []
    for lag in sorted(
        (one for one in votes if votes[one] >= LEAST_VOTES), key=lambda one: (-votes[one], -total[one])
    ):
        near = [one for one in (lag - 1, lag, lag + 1) if one in begins]
        held = np.sort(np.concatenate([places[begins[one] : begins[one] + total[one]] for one in near]))
        for part in np.split(held, np.flatnonzero(np.diff(held) > GAP) + 1):
            first, last = int(part[0]) - GAP, int(part[-1]) + GAP
            told = any(abs(lag - other) <= 2 and first < end and start < last for other, start, end in chosen)
            if len(part) >= LEAST_VOTES and not told:
                chosen.append((lag, first, last))
    yield from chosen


def _runs(one: Fingerprint, other: Fingerprint, lag: int, first: int, last: int) -> Iterator[Shared]:
    """Where the two agree at this lag, long enough."""
    if last - first < WINDOW:
        return
    bits = np.bitwise_count(np.bitwise_xor(one[first:last], other[first - lag : last - lag]))
    smooth = np.convolve(bits, np.ones(WINDOW) / WINDOW, mode="same")
    agrees = smooth <= MOST_BITS
    edges = np.flatnonzero(np.diff(np.concatenate(([False], agrees, [False])).astype(np.int8)))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        begin, end = _trimmed(bits, begin, end)
        seconds = (end - begin) / FINGERPRINTS_A_SECOND
        if seconds >= LEAST_SECONDS and _tells_something(one[first + begin : first + end]):
            start = (first + begin) / FINGERPRINTS_A_SECOND
            start += SPAN_SECONDS
            yield Shared(round(start, 2), round(start - lag / FINGERPRINTS_A_SECOND, 2), round(seconds, 2))


def _trimmed(bits: NDArray[np.uint8], begin: int, end: int) -> tuple[int, int]:
    """Cut back to where single numbers agree: the smoothing blurs the edges by half its window."""
    good = np.flatnonzero(bits[begin:end] <= MOST_BITS)
    return (begin + int(good[0]), begin + int(good[-1]) + 1) if good.size else (begin, begin)


def _tells_something(numbers: Fingerprint) -> bool:
    """Silence and hums repeat few numbers over and over."""
    return len(np.unique(numbers)) >= 0.3 * len(numbers)


def _longest_first(found: Iterator[Shared]) -> tuple[Shared, ...]:
    kept: list[Shared] = []
    for one in sorted(found, key=lambda shared: -shared.seconds):
        if not any(_mostly_within(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def _mostly_within(one: Shared, other: Shared) -> bool:
    start, end = max(one.start, other.start), min(one.start + one.seconds, other.start + other.seconds)
    return end - start > 0.5 * one.seconds
