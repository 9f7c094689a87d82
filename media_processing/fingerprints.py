"""The same stretch twice in one recording, or one recording in two classes: found by what was heard.

A fingerprint is a row of 32-bit numbers (chromaprint), one each 1365/11025 s. Heard twice, most numbers come again
bit for bit and the others differ in few bits, whatever was cut, scaled, mirrored or encoded anew. Numbers that come
often (silence, a hum) say nothing. The work grows with the length, not with its square.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_processing.passes import FINGERPRINTS_A_SECOND

Fingerprint = NDArray[np.uint32]
TOO_COMMON = 12
LEAST_VOTES = 8
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
    least_lag = round(LEAST_LAG_SECONDS * FINGERPRINTS_A_SECOND)
    for lag in _lags(one, other, same=same, least_lag=least_lag):
        yield from _runs(one, other, lag)


def _lags(one: Fingerprint, other: Fingerprint, *, same: bool, least_lag: int) -> list[int]:
    """How far apart equal numbers lie, where enough of them agree; neighbours are one lag."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(other.tolist()):
        places[number].append(place)
    votes: Counter[int] = Counter()
    for place, number in enumerate(one.tolist()):
        known = places.get(number, ())
        if len(known) > TOO_COMMON:
            continue
        for twin in known:
            if not same or place - twin >= least_lag:
                votes[place - twin] += 1
    strong = [lag for lag, count in votes.most_common(400) if count >= LEAST_VOTES]
    chosen: list[int] = []
    for lag in strong:
        if all(abs(lag - other_lag) > 2 for other_lag in chosen):
            chosen.append(lag)
    return chosen


def _runs(one: Fingerprint, other: Fingerprint, lag: int) -> Iterator[Shared]:
    """Where the two agree at this lag, long enough."""
    first, last = max(0, lag), min(len(one), len(other) + lag)
    if last - first < WINDOW:
        return
    differing = np.bitwise_xor(one[first:last], other[first - lag : last - lag])
    bits = np.unpackbits(differing.view(np.uint8)).reshape(-1, 32).sum(axis=1)
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


def _trimmed(bits: NDArray[np.uint64], begin: int, end: int) -> tuple[int, int]:
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
