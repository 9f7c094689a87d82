"""Which stretches deserve to be decoded in full? Asked of keyframes and packet sizes alone; a false alarm costs only time."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from media_processing.passes import Keyframes, Packets
from media_processing.tracks import Stretch

BLACK_LEVEL, BLACK_SHARE = 40, 0.9
STILL_LEVEL, STILL_SHARE = 12, 0.004
WINDOW_SECONDS = 1.0
STARVED_SHARE = 0.35  # of the usual bytes between keyframes: a frozen or black picture costs next to nothing
THIN_SHARE, THIN_BINS, LOCAL_BINS = 0.68, 4, 30
MARGIN_SECONDS = 1.0


def suspicious(keyframes: Keyframes, within: Stretch) -> tuple[Stretch, ...]:
    """Stretches that may be black or frozen, widened to the keyframes around them and joined; what was looked at lies
    `within`.
    """
    found = [*_dark(keyframes), *_still(keyframes), *_starved(keyframes.packets)]
    edges = np.array([within.start, *keyframes.seconds, within.end])
    return joined(_to_edges(stretch, edges) for stretch in found)


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Overlapping or touching stretches as one, in order."""
    out: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: one.start):
        if out and stretch.start <= out[-1].end:
            out[-1] = Stretch(out[-1].start, max(out[-1].end, stretch.end))
        else:
            out.append(stretch)
    return tuple(out)


def without(stretches: Iterable[Stretch], taken: Sequence[Stretch], *, least: float) -> tuple[Stretch, ...]:
    """What is left of the stretches outside others, where at least so many seconds are: a black picture is frozen too."""
    left = list(stretches)
    for other in taken:
        pieces: list[Stretch] = []
        for one in left:
            if not one.overlaps(other):
                pieces.append(one)
                continue
            pieces += [Stretch(one.start, other.start), Stretch(other.end, one.end)]
        left = pieces
    return tuple(one for one in left if one.seconds >= least)


def _dark(keyframes: Keyframes) -> list[Stretch]:
    return [
        Stretch(at - MARGIN_SECONDS, at + MARGIN_SECONDS)
        for at, picture in keyframes
        if np.count_nonzero(picture < BLACK_LEVEL) >= BLACK_SHARE * picture.size
    ]


def _still(keyframes: Keyframes) -> list[Stretch]:
    """Two keyframes between which next to nothing moved: a burnt-in clock may run on."""
    found: list[Stretch] = []
    for number in range(1, len(keyframes.seconds)):
        before, after = keyframes.pictures[number - 1], keyframes.pictures[number]
        moved = np.count_nonzero(np.abs(after.astype(np.int16) - before) > STILL_LEVEL)
        if moved < STILL_SHARE * after.size:
            found.append(Stretch(keyframes.seconds[number - 1], keyframes.seconds[number]))
    return found


def _starved(packets: Packets) -> list[Stretch]:
    """Seconds in which the packets between keyframes are far smaller than usual, and longer stretches in which they
    are clearly smaller than in the minute around: where little moves anyway, a frozen picture saves little."""
    between = ~packets.is_key
    if np.count_nonzero(between) < 10:
        return []
    seconds, sizes = packets.seconds[between], packets.bytes[between]
    bins = np.floor(seconds / WINDOW_SECONDS).astype(np.int64)
    bins -= (first := int(bins.min()))
    count = np.bincount(bins)
    mean = np.bincount(bins, weights=sizes) / np.maximum(count, 1)
    usual = float(np.median(mean[count > 0]))
    starved = (count > 0) & ((mean < STARVED_SHARE * usual) | _thin(mean))
    return [
        Stretch((number + first) * WINDOW_SECONDS, (number + first + 1) * WINDOW_SECONDS)
        for number in np.flatnonzero(starved).tolist()
    ]


def _thin(mean: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where THIN_BINS and more in a row lie under the local median."""
    around = np.pad(mean, LOCAL_BINS, mode="reflect" if len(mean) > LOCAL_BINS else "edge")
    local = np.median(np.lib.stride_tricks.sliding_window_view(around, 2 * LOCAL_BINS + 1), axis=1)
    under = (mean < THIN_SHARE * local).astype(np.int64)
    if len(under) < THIN_BINS:
        return np.zeros(len(under), bool)
    full = np.convolve(under, np.ones(THIN_BINS, np.int64), mode="valid") == THIN_BINS
    thin = np.zeros(len(under), bool)
    for offset in range(THIN_BINS):
        thin[offset : offset + len(full)] |= full
    return thin


def _to_edges(stretch: Stretch, edges: NDArray[np.float64]) -> Stretch:
    """From the keyframe before to the keyframe behind, and a little more."""
    before = edges[edges <= stretch.start]
    behind = edges[edges >= stretch.end]
    start = float(before[-1]) if before.size else float(edges[0])
    end = float(behind[0]) if behind.size else float(edges[-1])
    return Stretch(max(0.0, start - MARGIN_SECONDS), end + MARGIN_SECONDS)
