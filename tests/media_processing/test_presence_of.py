"""People's words on faces hold, also when the faces are followed anew; a word never becomes an absence."""

from uuid import UUID, uuid4

import pytest

from dossiers.models import PresenceWord
from media_processing.models import FaceTrack, PresenceFound
from media_processing.presence_of import presence_of
from media_processing.words_on_faces import IS, IS_NOT, NOBODY, Followed, Word, join
from tests import factories as make

MEI, LI = 1, 2
SEAT = (0.40, 0.50, 0.03, 0.06)
ELSEWHERE = (0.80, 0.50, 0.03, 0.06)


def followed(
    person: int | None = None, *, place=SEAT, start=0.0, end=100.0, group=None, track: UUID | None = None
):
    sightings = [(start + 5, *place), (end - 5, *place)]
    return Followed(track or uuid4(), start, end, person, group, 0.6, sightings)


def word(
    verdict: str, track: UUID, person: int | None = None, *, by_bureau=False, spans=((0.0, 100.0),)
) -> Word:
    return Word(track, verdict, person, spans, SEAT, by_bureau)


def test_what_the_machine_takes_stays_unconfirmed_until_a_person_says_so():
    track = followed(MEI)
    assert not join([track], []).people[MEI][0].confirmed
    assert join([track], [word(IS, track.track, MEI)]).people[MEI][0].confirmed


def test_not_this_person_takes_the_track_away_and_leaves_it_to_be_named():
    track = followed(MEI)
    joined = join([track], [word(IS_NOT, track.track, MEI)])
    assert MEI not in joined.people
    assert joined.strangers[0].not_these == (MEI,) and not joined.strangers[0].is_nobody


def test_not_this_person_holds_when_the_faces_are_followed_anew():
    said = word(IS_NOT, uuid4(), MEI)
    assert MEI not in join([followed(MEI, start=10, end=95)], [said]).people
    assert MEI in join([followed(MEI, place=ELSEWHERE)], [said]).people
    assert MEI in join([followed(MEI, start=300, end=400)], [said]).people


def test_a_named_stranger_stays_named_when_the_faces_are_followed_anew():
    joined = join([followed(group=3, start=10, end=95)], [word(IS, uuid4(), LI)])
    assert joined.people[LI][0].confirmed and joined.people[LI][0].tracks and not joined.strangers


def test_a_word_whose_evidence_is_gone_still_says_that_she_was_there():
    span = join([], [word(IS, uuid4(), MEI)]).people[MEI][0]
    assert (span.start, span.end, span.confirmed, span.tracks) == (0.0, 100.0, True, ())


def test_a_group_is_nobody_only_when_every_track_of_it_is():
    one, other = followed(group=1), followed(group=1, start=200, end=300)
    half = join([one, other], [word(NOBODY, one.track)])
    assert len(half.strangers) == 1 and not half.strangers[0].is_nobody
    whole = join([one, other], [word(NOBODY, one.track), word(NOBODY, other.track, spans=((200, 300),))])
    assert whole.strangers[0].is_nobody


@pytest.mark.parametrize(
    ("institution", "bureau", "whose"),
    [((IS, MEI), (IS, LI), LI), ((IS, MEI), (IS_NOT, MEI), None), ((NOBODY, None), (IS, MEI), MEI)],
)
def test_where_the_sides_differ_the_bureaus_word_goes_before_and_the_difference_is_told(
    institution, bureau, whose
):
    track = followed(MEI)
    joined = join(
        [track],
        [
            word(institution[0], track.track, institution[1]),
            word(*[bureau[0], track.track, bureau[1]], by_bureau=True),
        ],
    )
    assert set(joined.people) == ({whose} if whose else set())
    spans = joined.people[whose] if whose else joined.strangers[0].spans
    assert spans[0].disputed


@pytest.mark.django_db
def test_a_word_makes_verifiable_what_it_says_and_queries_do_not_grow(django_assert_num_queries):
    dossier = make.make_dossier(trainees=2)
    she, other = dossier.enrolments.all()
    uploads = [make.make_upload(dossier, medium="recording") for _ in range(4)]
    facts = {"engine": "yunet_sface", "engine_version": "1", "threshold": 0.4, "sample_seconds": 10.0}
    for upload in uploads:
        PresenceFound.objects.create(upload=upload, enrolment=she, verifiable=[[0, 50]], **facts)
        FaceTrack.objects.create(upload=upload, enrolment=she, start=0, end=50, sightings=[[5, *SEAT, 0.6]])
    PresenceWord.objects.create(
        dossier=dossier,
        upload=uploads[0],
        enrolment=other,
        track=uuid4(),
        spans=[[100, 200]],
        place=list(ELSEWHERE),
        verdict=IS,
        made_by=make.make_account("clerk", institution=dossier.custodian),
    )
    with django_assert_num_queries(4):
        found = presence_of([upload.pk for upload in uploads])
    assert found[uploads[1].pk].people[she.pk].verifiable == ((0.0, 50.0),)
    assert found[uploads[1].pk].people[she.pk].was_looked_for
    named = found[uploads[0].pk].people[other.pk]
    assert named.spans[0].confirmed and named.verifiable == ((100.0, 200.0),) and not named.was_looked_for
    assert other.pk not in found[uploads[1].pk].people
