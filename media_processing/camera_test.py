"""What a camera can and cannot show of a room: pictures, faces, sound and recorder in, figures and advice out. Pure.

Faces are found, never remembered: no template is made here. A seat is a place where a face was seen, so the class may
sit, or one person may sit down in every seat in turn. Findings are codes with figures; the front words them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.camera_facts import (
    BAD,
    GOOD,
    MIND,
    Finding,
    Heard,
    Light,
    Look,
    Recorder,
    Report,
    Seat,
    grey_of,
)
from media_processing.sightings import Face
from media_processing.tracks import Picture, Region

#: Below this engines find fewer than nine of ten true pairs in compressed pictures (docs/decisions/0012-faces.md).
LEAST_PIXELS, HOPELESS_PIXELS = 32, 24
LEAST_QUALITY = 0.15
LEAST_GOOD_SIGHTINGS = 2
SAME_SEAT = 1.2  # face sizes between two sightings of one seat
BRIGHT, DARK = 250, 12
MOST_OVER, MOST_UNDER, MOST_GLARE = 0.06, 0.35, 0.03
DIM_MEAN, BACKLIT_FACE, BACKLIT_ROOM = 60.0, 70.0, 115.0
MOST_BLUR = 0.62
FRAME_SECONDS = 0.1
QUIET_DB, LOUD_CLIPPED, MUTE_DB, FLAT_DB, MOST_HUM = -38.0, 0.002, -70.0, 6.0, 0.55
MOST_KEYFRAME_SECONDS = 12.0
LEAST_HEIGHT, LEAST_FRAMES = 720, 8.0
LEAST_SECONDS = 20.0


def report(
    looks: Sequence[Look],
    sound: NDArray[np.int16] | None,
    recorder: Recorder,
    *,
    seats: int,
    rate: int = 16000,
    sees_faces: bool = True,
    slides: Region | None = None,
) -> Report:
    """The whole test; `seats` is how many the room has, `sound` mono samples or None without a sound track.

    `slides`, where drawn, are left out of what is too bright: a projection is meant to be.
    """
    found = seats_of(looks)
    light = light_of(looks, slides) if looks else None
    heard = heard_in(sound, rate) if sound is not None and sound.size else None
    busiest = max(looks, key=lambda look: len(look.faces), default=None)
    told = [
        *_of_seats(found, seats, sees_faces=sees_faces),
        *_of_light(light, knows_slides=slides is not None),
        *_of_sound(heard),
        *_of_recorder(recorder),
    ]
    return Report(
        seconds=recorder.facts.duration_seconds,
        looks=len(looks),
        shown_at=busiest.seconds if busiest else 0.0,
        seats=found,
        light=light,
        heard=heard,
        recorder=recorder,
        findings=tuple(told),
    )


# Seats ----------------------------------------------------------------------------------------------------
@dataclass
class _Place:
    faces: list[Face] = field(default_factory=list)

    def holds(self, face: Face) -> float:
        """How far off, in face sizes, this face is from the place's middle."""
        x, y = np.median([one.box.centre for one in self.faces], axis=0)
        size = float(np.median([one.box.size for one in self.faces]))
        across, down = face.box.centre[0] - x, face.box.centre[1] - y
        return float(np.hypot(across, down)) / max(1.0, min(size, face.box.size))


def seats_of(looks: Sequence[Look]) -> tuple[Seat, ...]:
    """Faces of all pictures gathered by place, the front row last; one picture gives a place one face at most."""
    places: list[_Place] = []
    for look in looks:
        free = list(places)
        for face in sorted(look.faces, key=lambda one: -one.box.size):
            near = min(free, key=lambda place: place.holds(face), default=None)
            if near is not None and near.holds(face) <= SAME_SEAT:
                near.faces.append(face)
                free.remove(near)
            else:
                places.append(_Place([face]))
    size = looks[0].size if looks else (1, 1)
    kept = [place for place in places if len(place.faces) >= LEAST_GOOD_SIGHTINGS or len(looks) < 3]
    return tuple(sorted((_seat(place, size, len(looks)) for place in kept), key=lambda seat: seat.box[1]))


def _seat(place: _Place, size: tuple[int, int], looks: int) -> Seat:
    width, height = size
    edges = np.median(
        [(one.box.left, one.box.top, one.box.width, one.box.height) for one in place.faces], axis=0
    )
    left, top, wide, high = (float(edge) for edge in edges)
    pixels = int(np.median([one.box.size for one in place.faces]))
    large = [one for one in place.faces if one.box.size >= LEAST_PIXELS]
    clear = [one for one in large if one.quality >= LEAST_QUALITY]
    wanted = min(LEAST_GOOD_SIGHTINGS, max(1, looks))
    why = "" if len(clear) >= wanted else "small" if len(large) < wanted else "faint"
    return Seat(
        box=(
            round(left / width, 4),
            round(top / height, 4),
            round(wide / width, 4),
            round(high / height, 4),
        ),
        pixels=pixels,
        quality=round(max(one.quality for one in place.faces), 3),
        seen=len(place.faces),
        why=why,
    )


def _of_seats(found: Sequence[Seat], seats: int, *, sees_faces: bool) -> Iterator[Finding]:
    if not sees_faces:
        yield Finding(MIND, "no_face_engine")
        return
    if not found:
        yield Finding(BAD, "no_faces")
        return
    good = sum(seat.is_verifiable for seat in found)
    small = [seat for seat in found if seat.why == "small"]
    faint = [seat for seat in found if seat.why == "faint"]
    if good:
        yield Finding(
            GOOD if good >= max(seats, len(found)) else MIND, "seats_good", {"good": good, "seats": seats}
        )
    else:
        yield Finding(BAD, "seats_none", {"found": len(found)})
    if small:
        least = min(seat.pixels for seat in small)
        code = "seats_hopeless" if least < HOPELESS_PIXELS else "seats_small"
        where = _where(small)
        yield Finding(BAD, f"{code}_{where}", {"count": len(small), "pixels": least, "least": LEAST_PIXELS})
    if faint:
        yield Finding(MIND, "seats_faint", {"count": len(faint)})
    if seats > len(found):
        yield Finding(MIND, "seats_unseen", {"count": seats - len(found), "seats": seats})


def _where(small: Sequence[Seat]) -> str:
    """Far seats lie high in the picture of a fixed camera."""
    return "back" if float(np.median([seat.box[1] for seat in small])) < 0.5 else "some"


# Light and sharpness --------------------------------------------------------------------------------------
def light_of(looks: Sequence[Look], slides: Region | None = None) -> Light:
    """The middle of all pictures, figure by figure."""
    greys = [grey_of(look.picture) for look in looks]
    bare = [_without(grey, slides) for grey in greys]
    faces = [value for look in looks for value in _face_means(look)]
    return Light(
        mean=_middle(float(grey.mean()) for grey in bare),
        over=_middle(float(np.mean(grey >= BRIGHT)) for grey in bare),
        under=_middle(float(np.mean(grey <= DARK)) for grey in bare),
        glare=_middle(_largest_bright(grey) for grey in bare),
        blur=_middle(blur_of(grey) for grey in greys),
        faces=round(float(np.median(faces)), 1) if faces else None,
    )


def _without(grey: Picture, slides: Region | None) -> Picture:
    """The picture with the projection as bright as the rest of it."""
    if slides is None:
        return grey
    bare = grey.copy()
    slides.cut(bare)[:] = int(np.median(grey))
    return bare


def blur_of(grey: Picture) -> float:
    """0 for a sharp picture to 1 for one that blurring changes no more (Crete and others, 2007)."""
    picture = grey.astype(np.float32)
    worst = 0.0
    for axis, kernel in ((0, (1, 9)), (1, (9, 1))):
        blurred = cv2.blur(picture, kernel)
        before = np.abs(np.diff(picture, axis=axis))
        lost = np.maximum(0.0, before - np.abs(np.diff(blurred, axis=axis)))
        strong = before > 4  # a wall's noise says nothing of the lens
        if not strong.any():
            return 1.0
        worst = max(worst, 1.0 - float(lost[strong].sum()) / max(1e-6, float(before[strong].sum())))
    return round(worst, 3)


def _largest_bright(grey: Picture) -> float:
    """The share of the largest bright patch: a window, a lamp, a reflection."""
    bright = (grey >= BRIGHT).astype(np.uint8)
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(bright)
    return float(stats[1:, cv2.CC_STAT_AREA].max(initial=0)) / bright.size


def _face_means(look: Look) -> Iterator[float]:
    scale = look.picture.shape[1] / look.size[0]
    for face in look.faces:
        left, top = int(face.box.left * scale), int(face.box.top * scale)
        right, bottom = left + int(face.box.width * scale), top + int(face.box.height * scale)
        cut = look.picture[max(0, top) : bottom, max(0, left) : right]
        if cut.size:
            yield float(cut.mean())


def _of_light(light: Light | None, *, knows_slides: bool) -> Iterator[Finding]:
    if light is None:
        yield Finding(BAD, "no_pictures")
        return
    if light.mean < DIM_MEAN or light.under > MOST_UNDER:
        yield Finding(BAD, "too_dark", {"percent": round(light.under * 100)})
    if light.glare > MOST_GLARE:
        code = "glare" if knows_slides else "glare_or_slides"
        yield Finding(MIND, code, {"percent": round(light.glare * 100)})
    elif light.over > MOST_OVER:
        yield Finding(MIND, "too_bright", {"percent": round(light.over * 100)})
    if light.faces is not None and light.faces < BACKLIT_FACE and light.mean > BACKLIT_ROOM:
        yield Finding(BAD, "backlit")
    if light.blur > MOST_BLUR:
        yield Finding(BAD, "blurred")
    if (
        light.mean >= DIM_MEAN
        and light.glare <= MOST_GLARE
        and light.over <= MOST_OVER
        and light.blur <= MOST_BLUR
    ):
        yield Finding(GOOD, "light_good")


# Sound ----------------------------------------------------------------------------------------------------
def heard_in(sound: NDArray[np.int16], rate: int) -> Heard:
    """Levels of tenths of a second; hum is the share of the quiet that lies on 50 Hz and its multiples."""
    step = max(1, int(rate * FRAME_SECONDS))
    whole = sound[: sound.size // step * step].astype(np.float64) / 32768.0
    frames = whole.reshape(-1, step) if whole.size else np.zeros((1, step))
    levels = 20 * np.log10(np.maximum(1e-6, np.sqrt(np.mean(frames**2, axis=1))))
    quiet = frames[levels <= np.quantile(levels, 0.3)]
    return Heard(
        level=round(float(np.quantile(levels, 0.9)), 1),
        floor=round(float(np.quantile(levels, 0.1)), 1),
        clipped=round(float(np.mean(np.abs(sound.astype(np.int32)) >= 32700)), 5),
        hum=round(_hum(quiet.ravel(), rate), 3),
    )


def _hum(quiet: NDArray[np.float64], rate: int) -> float:
    length = min(quiet.size, rate * 4)
    if length < rate // 2:
        return 0.0
    power = np.abs(np.fft.rfft(quiet[:length] * np.hanning(length))) ** 2
    hertz = np.fft.rfftfreq(length, 1 / rate)
    audible = (hertz >= 30) & (hertz <= 4000)
    off = np.abs(hertz - 50 * np.round(hertz / 50))
    humming = audible & (off <= 3) & (hertz >= 45) & (hertz <= 450)
    return float(power[humming].sum() / max(1e-12, power[audible].sum()))


def _of_sound(heard: Heard | None) -> Iterator[Finding]:
    if heard is None:
        yield Finding(BAD, "no_sound")
    elif heard.level <= MUTE_DB:
        yield Finding(BAD, "mute")
    else:
        yield from _of_audible(heard)


def _of_audible(heard: Heard) -> Iterator[Finding]:
    told = []
    if heard.level < QUIET_DB:
        told.append(Finding(MIND, "too_quiet", {"decibel": round(heard.level)}))
    if heard.clipped > LOUD_CLIPPED:
        told.append(Finding(MIND, "too_loud", {"permille": round(heard.clipped * 1000)}))
    if heard.hum > MOST_HUM and heard.floor > MUTE_DB:
        told.append(Finding(MIND, "hum"))
    if heard.level - heard.floor < FLAT_DB:
        told.append(Finding(MIND, "no_speech"))
    yield from told or [Finding(GOOD, "sound_good", {"decibel": round(heard.level)})]


# Recorder -------------------------------------------------------------------------------------------------
def _of_recorder(recorder: Recorder) -> Iterator[Finding]:
    facts, picture = recorder.facts, recorder.facts.picture
    if facts.duration_seconds < LEAST_SECONDS:
        yield Finding(MIND, "short_clip", {"seconds": round(facts.duration_seconds)})
    if picture is None:
        return
    if min(picture.height, picture.width) < LEAST_HEIGHT:
        yield Finding(MIND, "low_resolution", {"width": picture.width, "height": picture.height})
    if picture.frames_per_second and picture.frames_per_second < LEAST_FRAMES:
        yield Finding(MIND, "few_frames", {"frames": round(picture.frames_per_second)})
    if recorder.keyframe_seconds > MOST_KEYFRAME_SECONDS:
        yield Finding(MIND, "far_keyframes", {"seconds": round(recorder.keyframe_seconds)})
    if not facts.has_browser_tracks:
        yield Finding(MIND, "not_in_browsers", {"codec": picture.codec})
    if recorder.has_clock is False:
        yield Finding(MIND, "no_clock")


def as_json(made: Report) -> dict[str, object]:
    """What is kept of a test: figures, boxes and codes; nothing from which a face could be known again."""
    facts, picture, sound = made.recorder.facts, made.recorder.facts.picture, made.recorder.facts.sound
    return {
        "seconds": round(made.seconds, 1),
        "looks": made.looks,
        "shown_at": round(made.shown_at, 2),
        "verifiable": made.verifiable,
        "seats": [asdict(seat) | {"is_verifiable": seat.is_verifiable} for seat in made.seats],
        "light": asdict(made.light) if made.light else None,
        "heard": asdict(made.heard) if made.heard else None,
        "recorder": {
            "containers": list(facts.containers),
            "video": picture.codec if picture else "",
            "audio": sound.codec if sound else "",
            "width": picture.width if picture else 0,
            "height": picture.height if picture else 0,
            "frames_per_second": round(picture.frames_per_second, 2) if picture else 0,
            "keyframe_seconds": round(made.recorder.keyframe_seconds, 2),
            "bits_a_second": round(made.recorder.bits_a_second),
            "plays": facts.has_browser_tracks,
            "has_clock": made.recorder.has_clock,
        },
        "findings": [asdict(finding) for finding in made.findings],
    }


def _middle(values: Iterator[float]) -> float:
    return round(float(np.median(list(values))), 4)
