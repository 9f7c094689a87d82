"""Consent is separate by kind, given and taken back in one step; what rested on it is told in the same transaction."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dossiers.actions import consent as actions
from dossiers.consents import FACE, FINGERPRINT, Standing, answer_of, answers, consenting, keep_until
from dossiers.exceptions import MoveRefused, NotAllowed, NotReady, RulesetError
from dossiers.models import Consent
from dossiers.rulesets.consent import consent_versions, holding, parsed, version_to_sign
from dossiers.signals import consent_ended
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def room():
    dossier = make.make_dossier(trainees=3)
    return dossier, make.make_account("clerk", institution=dossier.custodian), list(dossier.enrolments.all())


@pytest.fixture
def ended():
    """What those who keep evidence were told."""
    told = []

    def hear(enrolments, kind, **_sent):
        told.append((tuple(enrolments), str(kind)))

    consent_ended.connect(hear, dispatch_uid="test")
    yield told
    consent_ended.disconnect(dispatch_uid="test")


def give(people, by, *, kinds=(FACE,), is_given=True, signed_on=None):
    return actions.record(people, kinds=kinds, is_given=is_given, signed_on=signed_on or TODAY(), by=by)


def test_who_was_never_asked_agreed_to_nothing(room):
    dossier, _by, people = room
    assert answers(dossier) == {} and consenting([one.pk for one in people], FACE) == set()
    assert answer_of(people[0], FACE).standing == Standing.NOT_ASKED


def test_a_consent_to_the_face_says_nothing_of_the_fingerprint(room):
    dossier, by, people = room
    give(people[:2], by)
    assert consenting([one.pk for one in people], FACE) == {people[0].pk, people[1].pk}
    assert consenting([one.pk for one in people], FINGERPRINT) == set()
    assert answers(dossier)[people[0].pk][FACE].standing == Standing.GIVEN


def test_a_refusal_is_an_answer_and_no_consent(room, ended):
    _dossier, by, people = room
    give(people[:1], by)
    give(people[:1], by, is_given=False)
    assert answer_of(people[0], FACE).standing == Standing.REFUSED
    assert consenting([people[0].pk], FACE) == set() and ended == [((people[0].pk,), "face")]


def test_withdrawing_is_one_step_without_a_reason_and_tells_who_keeps_evidence(room, ended):
    dossier, by, people = room
    [row] = give(people[:1], by)
    actions.withdraw(row, by=by)
    assert answer_of(people[0], FACE).standing == Standing.WITHDRAWN
    assert ended == [((people[0].pk,), "face")]
    assert dossier.history.last().action == "withdraw_consent"
    with pytest.raises(NotReady):
        actions.withdraw(row, by=by)


@pytest.mark.parametrize("state", ["handed_in", "under_review", "complete"])
def test_she_may_withdraw_in_every_state_although_nothing_else_changes_then(state):
    dossier = make.make_dossier(trainees=1, state=state)
    by = make.make_account("clerk", institution=dossier.custodian)
    she = dossier.enrolments.get()
    row = Consent.objects.create(
        enrolment=she, kind=FACE, text_version="2026-1", signed_on=TODAY(), recorded_by=by
    )
    actions.withdraw(row, by=by)
    assert answer_of(she, FACE).standing == Standing.WITHDRAWN
    with pytest.raises(MoveRefused):
        give([she], by)


def test_what_was_given_may_be_given_anew_and_each_answer_stays_on_record(room):
    _dossier, by, people = room
    [row] = give(people[:1], by)
    actions.withdraw(row, by=by)
    give(people[:1], by)
    assert answer_of(people[0], FACE).standing == Standing.GIVEN
    assert people[0].consents.count() == 2


def test_only_those_who_keep_the_dossier_record_and_withdraw(room):
    dossier, by, people = room
    [row] = give(people[:1], by)
    for role in ("reviewer", "archivist"):
        stranger = make.make_account(role, county=dossier.opener.county)
        with pytest.raises(NotAllowed):
            give(people, stranger)
        with pytest.raises(NotAllowed):
            actions.withdraw(row, by=stranger)
    assert consenting([people[0].pk], FACE) == {people[0].pk}


def test_nobody_chosen_no_kind_and_a_day_to_come_are_refused_with_what_to_do(room):
    dossier, by, people = room
    for attempt in (
        {"people": []},
        {"people": people, "kinds": ()},
        {"people": people, "signed_on": TODAY() + timedelta(days=1)},
    ):
        with pytest.raises(NotReady):
            give(attempt.pop("people"), by, **attempt)
    other = make.make_upload(make.make_dossier()).sheets.get()
    with pytest.raises(NotReady):
        actions.record(people, kinds=[FACE], is_given=True, signed_on=TODAY(), by=by, sheet=other)
    assert not Consent.objects.exists() and not dossier.history.exists()


def test_under_a_text_that_no_longer_holds_she_is_to_be_asked_anew(room):
    _dossier, by, people = room
    Consent.objects.create(
        enrolment=people[0], kind=FACE, text_version="2019-0", signed_on=TODAY(), recorded_by=by
    )
    assert answer_of(people[0], FACE).standing == Standing.LAPSED
    assert consenting([people[0].pk], FACE) == set()


def test_what_was_promised_counts_from_the_day_the_class_or_she_ended(room):
    _dossier, _by, people = room
    text = version_to_sign(TODAY()).texts[FACE]
    assert keep_until(people[0], text) == date(2026, 10, 30) + timedelta(days=text.keep_days)
    people[0].withdrawn_on = date(2026, 10, 20)
    assert keep_until(people[0], text) == date(2026, 10, 20) + timedelta(days=text.keep_days)


def _table(**changes) -> dict:
    text = dict.fromkeys(("title", "data", "purpose", "way", "effect", "withdrawal", "other_way"), "…")
    text |= {"retention": "结业后第 30 天删除", "keep_days": 30}
    row = {"id": "1", "since": date(2026, 1, 1), "until": None, "kinds": {"face": text, "fingerprint": text}}
    return row | changes


def test_a_signed_text_holds_until_its_edition_ends_although_a_newer_one_is_laid_before_people():
    old, new = parsed({"versions": [_table(until=date(2026, 6, 30)), _table(id="2", since=date(2026, 3, 1))]})
    assert old.holds(date(2026, 6, 30)) and not old.holds(date(2026, 7, 1)) and new.holds(date(2030, 1, 1))
    assert holding(date(2026, 6, 30), (old, new)) == ("1", "2")
    assert holding(date(2026, 7, 1), (old, new)) == ("2",)


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": {"face": {}}},
        {"kinds": {kind: {"keep_days": 30, "retention": "30"} for kind in ("face", "fingerprint")}},
    ],
)
def test_a_text_that_leaves_something_out_is_refused(changes):
    with pytest.raises(RulesetError):
        parsed({"versions": [_table(**changes)]})


def test_the_days_of_the_table_are_those_the_text_promises():
    table = _table()
    table["kinds"]["face"]["keep_days"] = 90
    with pytest.raises(RulesetError, match="retention"):
        parsed({"versions": [table]})
    assert consent_versions()
