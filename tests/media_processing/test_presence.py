"""Who was there: tracks go to the one person they are clearly like, or to nobody. Templates here are made up."""

import time

import numpy as np
import pytest

from media_processing.face_tracks import tracks_of
from media_processing.presence import PresenceOptions, attendance, by_key
from media_processing.sightings import Box, Face, Sample, Sighting, Template
from media_processing.tracks import Stretch

OPTIONS = PresenceOptions(threshold=0.4, step_seconds=10)
RNG = np.random.default_rng(4)


def template(seed: int) -> Template:
    """An invented person: a direction of her own in 128 dimensions."""
    made = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    return made / np.linalg.norm(made)


def seen(of: Template, *, at: float, x: float = 100, size: float = 50, blur: float = 0.6) -> Sighting:
    """A sighting of her: her own direction with noise, as a small blurred face gives it."""
    noisy = of + blur * RNG.normal(size=128).astype(np.float32) / np.sqrt(128)
    quality = 1 / (1 + blur)
    return Sighting(at, Face(Box(x, 100, size, size), 0.9, quality), noisy / np.linalg.norm(noisy))


LI, WANG, STRANGER = template(1), template(2), template(3)
PEOPLE = {"li": (LI,), "wang": (WANG,)}
TIMES = [10.0 * number for number in range(12)]


def test_a_face_followed_over_samples_is_one_track() -> None:
    samples = [Sample(at, (seen(LI, at=at, x=100 + at / 5), seen(WANG, at=at, x=400))) for at in TIMES]
    tracks = tracks_of(samples)
    assert sorted(len(track.sightings) for track in tracks) == [12, 12]


def test_who_is_there_is_named_with_her_span() -> None:
    present = by_key(attendance([Sample(at, (seen(LI, at=at),)) for at in TIMES], PEOPLE, OPTIONS))
    assert present["li"].spans == (Stretch(0, 115),)
    assert present["wang"].spans == () and present["wang"].verifiable == ()


def test_faces_too_blurred_alone_are_told_together() -> None:
    blurred = [Sample(at, (seen(LI, at=at, blur=2.8),)) for at in TIMES]
    single = sum(
        float(one.template @ LI) >= OPTIONS.threshold for sample in blurred for one in sample.sightings
    )
    assert single < 10
    assert by_key(attendance(blurred, PEOPLE, OPTIONS))["li"].spans


def test_a_stranger_is_nobody_and_grouped_for_naming() -> None:
    there = [Sample(at, (seen(STRANGER, at=at),)) for at in TIMES[:5]]
    gone = [Sample(at, ()) for at in np.arange(50, 150, 10).tolist()]
    back = [Sample(at, (seen(STRANGER, at=at, x=600),)) for at in (150.0, 160.0, 170.0)]
    found = attendance([*there, *gone, *back], PEOPLE, OPTIONS)
    assert all(one.spans == () for one in found.present)
    (stranger,) = found.unknown
    assert len(stranger.spans) == 2


def test_somebody_else_on_her_seat_begins_a_track_of_his_own() -> None:
    samples = [Sample(at, (seen(LI if at < 60 else STRANGER, at=at),)) for at in TIMES]
    found = attendance(samples, PEOPLE, OPTIONS)
    assert by_key(found)["li"].spans == (Stretch(0, 55),)
    assert len(found.unknown) == 1


def test_one_person_is_in_one_place_at_a_time() -> None:
    twin = LI + 0.9 * template(8)
    twin /= np.linalg.norm(twin)
    samples = [Sample(at, (seen(LI, at=at, x=100), seen(twin, at=at, x=700))) for at in TIMES]
    found = attendance(samples, PEOPLE, OPTIONS)
    assert {round(one.face.box.left) for one in by_key(found)["li"].sightings} == {100}
    assert len(found.unknown) == 1


def test_two_people_too_alike_leave_the_face_unnamed() -> None:
    sister = LI + 0.15 * template(9)
    people = {"li": (LI,), "sister": (sister / np.linalg.norm(sister),)}
    between = LI + 0.075 * template(9)
    samples = [Sample(at, (seen(between / np.linalg.norm(between), at=at, blur=0.2),)) for at in TIMES]
    found = attendance(samples, people, OPTIONS)
    assert all(one.spans == () for one in found.present) and len(found.unknown) == 1


def test_a_head_turned_away_does_not_end_the_span_and_a_long_absence_does() -> None:
    turned = [Sample(at, () if at in (40.0, 50.0) else (seen(LI, at=at),)) for at in TIMES]
    assert len(by_key(attendance(turned, PEOPLE, OPTIONS))["li"].spans) == 1
    away = [Sample(at, () if 20 < at < 110 else (seen(LI, at=at),)) for at in [*TIMES, 120.0, 130.0]]
    assert len(by_key(attendance(away, PEOPLE, OPTIONS))["li"].spans) == 2


def test_a_black_picture_tells_nothing_and_is_not_verifiable() -> None:
    samples = [
        Sample(at, (seen(LI, at=at),)) if at < 40 or at > 80 else Sample(at, blind=True) for at in TIMES
    ]
    (li,) = [one for one in attendance(samples, PEOPLE, OPTIONS).present if one.key == "li"]
    assert not any(span.start < 60 < span.end for span in li.verifiable)


def test_an_empty_seat_among_visible_neighbours_is_verifiable() -> None:
    samples = [
        Sample(at, (seen(WANG, at=at, x=220), *((seen(LI, at=at),) if at < 30 else ()))) for at in TIMES
    ]
    (li,) = [one for one in attendance(samples, PEOPLE, OPTIONS).present if one.key == "li"]
    assert li.spans[-1].end < 40
    assert any(span.start < 100 < span.end for span in li.verifiable)


def test_one_glimpse_names_nobody() -> None:
    assert by_key(attendance([Sample(0, (seen(LI, at=0),))], PEOPLE, OPTIONS))["li"].spans == ()


def test_a_template_stays_out_of_every_repr() -> None:
    assert "array" not in repr(seen(LI, at=0)) and "0." not in repr(seen(LI, at=0)).replace("0.0 s", "")


@pytest.mark.parametrize("people", [{}, {"li": ()}])
def test_nobody_with_a_portrait_is_nobody_named(people: dict) -> None:
    found = attendance([Sample(at, (seen(LI, at=at),)) for at in TIMES], people, OPTIONS)
    assert all(one.spans == () for one in found.present) and len(found.unknown) == 1


def test_who_takes_an_empty_seat_after_a_while_is_not_who_left_it() -> None:
    alike = STRANGER + 0.3 * LI
    alike /= np.linalg.norm(alike)
    left = [Sample(at, (seen(LI, at=at),)) for at in TIMES]
    away = [Sample(at, ()) for at in (120.0, 130.0, 140.0)]
    taken = [Sample(at, (seen(alike, at=at),)) for at in np.arange(150, 270, 10).tolist()]
    found = attendance([*left, *away, *taken], {"li": (LI,)}, OPTIONS)
    assert by_key(found)["li"].spans == (Stretch(0, 115),)
    assert len(found.unknown) == 1


def test_who_returns_to_another_seat_is_gathered_though_her_second_place_alone_would_not_name_her() -> None:
    tired = LI + 1.35 * template(12)
    tired /= np.linalg.norm(tired)
    between = LI + 0.6 * template(12)
    between /= np.linalg.norm(between)
    there = [Sample(at, (seen(between, at=at, blur=0.2),)) for at in TIMES]
    gone = [Sample(at, ()) for at in (120.0, 130.0, 140.0, 150.0)]
    back = [Sample(at, (seen(tired, at=at, x=900, blur=0.2),)) for at in np.arange(160, 220, 10).tolist()]
    found = by_key(
        attendance([*there, *gone, *back], {"li": (LI,)}, PresenceOptions(threshold=0.7, step_seconds=10))
    )
    assert float(tired @ LI) < 0.7 < float(between @ LI)
    assert [span.start for span in found["li"].spans] == [0, 155]


def test_a_face_shown_for_a_moment_does_not_join_whose_place_it_is() -> None:
    samples = [Sample(at, (seen(STRANGER if at == 60 else LI, at=at),)) for at in TIMES]
    found = attendance(samples, PEOPLE, OPTIONS)
    assert 60.0 not in [one.seconds for one in by_key(found)["li"].sightings]


def test_a_span_goes_on_through_a_frozen_picture_and_not_through_a_long_one() -> None:
    def lesson(blind_until: float) -> list[Sample]:
        ends = blind_until + 60
        return [
            Sample(at, blind=True) if 50 <= at < blind_until else Sample(at, (seen(LI, at=at),))
            for at in np.arange(0, ends, 10).tolist()
        ]

    assert len(by_key(attendance(lesson(100), PEOPLE, OPTIONS))["li"].spans) == 1
    assert len(by_key(attendance(lesson(300), PEOPLE, OPTIONS))["li"].spans) == 2


def test_eight_hours_of_twelve_people_are_decided_in_seconds() -> None:
    people = [template(seed) for seed in range(20, 32)]
    samples = [
        Sample(
            at,
            tuple(
                seen(one, at=at, x=100 + 150 * place)
                for place, one in enumerate(people)
                if (number + place) % 40
            ),
        )
        for number, at in enumerate(np.arange(0, 8 * 3600, 60).tolist())
    ]
    begun = time.process_time()
    found = attendance(samples, {str(number): (one,) for number, one in enumerate(people)}, OPTIONS)
    assert all(one.spans for one in found.present) and time.process_time() - begun < 10
