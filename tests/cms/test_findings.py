"""What papers say against each other, on the board, the trainee's page and beside the reviewer's points."""

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.rows.crosschecks import CrossFindings
from cms.rows.remembered import Remembered
from dossiers.actions.verification import Said, state_values
from dossiers.crosschecks import Outcome
from dossiers.models import DossierPage, Enrolment, FieldStatement, Filing, Sheet
from dossiers.standing import Standing
from dossiers.statements import Spot
from ingestion.models import FieldReading, PageReading
from tests.factories import make_account, make_dossier, make_filing, make_institution, make_session

pytestmark = pytest.mark.django_db

CARD, FORM = "identity_document_copy", "trainee_registration_form"


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def clerk(school):
    return make_account("clerk", institution=school)


@pytest.fixture
def reviewer():
    return make_account("reviewer", full_name="赵审核")


@pytest.fixture
def dossier(school) -> DossierPage:
    return make_dossier(school, trainees=2)


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def say(sheet: Sheet, kind: str, *, rows: Sequence[dict[str, str]] = (), **values: str) -> None:
    """What was read on a page: values of its one document, and the lines of its table."""
    reading = PageReading.objects.create(sheet=sheet, engine="null", kind=kind, documents=[{"kind": kind}])
    given = [(name, value, None) for name, value in values.items()]
    given += [(name, value, at) for at, row in enumerate(rows) for name, value in row.items()]
    FieldReading.objects.bulk_create(
        FieldReading(
            reading=reading,
            name=name,
            row=row,
            value=FieldReading.sealed(value),
            value_index=FieldReading.index_of(name, value),
            state="checked" if name == "id_number" else "read",
            confidence=0.95,
        )
        for name, value, row in given
    )


def filed(
    dossier: DossierPage, item: str, kind: str, trainee: Enrolment | None = None, *, rows=(), **values
) -> Filing:
    filing = make_filing(dossier, item, enrolment=trainee, kind=kind)
    say(filing.places.get().sheet, kind, rows=rows, **values)
    return filing


def number_of(enrolment: Enrolment) -> str:
    return enrolment.person.id_number.reveal()


def found(dossier: DossierPage, viewer, check: str) -> list[str]:
    checks = CrossFindings(Standing(dossier, viewer))
    return [finding.outcome.value for finding in checks.found if finding.check.id == check]


def card_of(dossier: DossierPage, enrolment: Enrolment, **changed: str) -> Filing:
    values = {"name": enrolment.name, "id_number": number_of(enrolment)} | changed
    return filed(dossier, CARD, "id_card_front", enrolment, **values)


# The board ------------------------------------------------------------------------------------------------
def test_a_contradiction_stands_on_the_boards_row_with_who_and_what_and_leads_to_its_page(dossier, clerk):
    first, second = dossier.enrolments.all()
    filing = card_of(dossier, first, id_number=number_of(second))
    row = next(
        row for row in browser_of(clerk).get(dossier.screen("board")).context["numbered"] if row.id == CARD
    )
    chip = next(one for one in row.findings if one.is_contradiction)
    assert (chip.kind, chip.text) == ("block", f"{first.name}：身份证号与名册不同")
    assert str(filing.places.get().sheet.uuid) in chip.url


def test_no_page_shows_a_number_whole(dossier, clerk):
    first, second = dossier.enrolments.all()
    card_of(dossier, first, id_number=number_of(second))
    client = browser_of(clerk)
    for address in (
        dossier.screen("board") + f"?item={CARD}",
        dossier.screen("item", CARD),
        dossier.screen("trainee", first.uuid),
    ):
        page = client.get(address).content.decode()
        assert "身份证人像面" in page
        assert number_of(first) not in page
        assert number_of(second) not in page


def test_papers_that_agree_make_no_chip_and_what_was_not_read_is_told_in_the_opened_row(dossier, clerk):
    first, second = dossier.enrolments.all()
    card_of(dossier, first)
    filed(dossier, CARD, "id_card_back", first)
    make_filing(dossier, CARD, enrolment=second, kind="id_card_back")
    client = browser_of(clerk)
    row = next(row for row in client.get(dossier.screen("board")).context["numbered"] if row.id == CARD)
    assert [one.text for one in row.findings if one.is_contradiction] == [f"{second.name}：缺身份证人像面"]
    page = client.get(dossier.screen("item", CARD)).content.decode()
    assert "相符 3 处" in page
    assert "没有读出或无从比对" in page


def test_what_lies_in_the_tray_is_not_held_against_anything(dossier, clerk):
    first, second = dossier.enrolments.all()
    filing = make_filing(dossier, CARD, enrolment=first, kind="id_card_front", state="proposed")
    say(filing.places.get().sheet, "id_card_front", id_number=number_of(second))
    assert CrossFindings(Standing(dossier, clerk)).found == ()


def test_a_word_of_a_person_wins_over_the_reading(dossier, clerk):
    first, second = dossier.enrolments.all()
    filing = card_of(dossier, first, id_number=number_of(second))
    assert found(dossier, clerk, "card_number") == ["fail"]
    said = Said(
        Spot.of(0, None, "id_number"),
        FieldStatement.Verdict.CORRECTED,
        FieldStatement.Basis.TYPED,
        value=number_of(first),
        read=number_of(second),
    )
    state_values(filing.places.get().sheet, [said], by=clerk, seen=0)
    assert found(dossier, clerk, "card_number") == ["pass"]


def test_lines_of_a_roster_are_held_against_the_roster_entered(dossier, clerk):
    first, second = dossier.enrolments.all()
    rows = [{"seq": "1", "name": first.name, "id_number": number_of(first)}]
    filed(dossier, "trainee_roster", "trainee_roster", rows=rows)
    (absent,) = [
        finding
        for finding in CrossFindings(Standing(dossier, clerk)).found
        if finding.check.id == "roster_people"
    ]
    assert (absent.outcome, absent.trainee) == (Outcome.FAIL, second.pk)


def test_the_timetable_and_the_lesson_plans_are_compared(dossier, clerk):
    make_session(dossier, topic="食品安全")
    filing = make_filing(dossier, "lesson_plan", kind="lesson_plan")
    PageReading.objects.create(
        sheet=filing.places.get().sheet, engine="null", kind="lesson_plan", masked_text="第一课 食品安全"
    )
    assert found(dossier, clerk, "plan_covers") == ["pass"]
    make_session(dossier, topic="刀工", starts_at="13:30")
    assert found(dossier, clerk, "plan_covers") == ["warn"]


# The trainee's page ---------------------------------------------------------------------------------------
def test_a_trainees_page_lists_every_comparison_of_hers_and_nobody_elses(dossier, clerk):
    first, second = dossier.enrolments.all()
    card_of(dossier, first, name="王海艳")
    card_of(dossier, second)
    rows = browser_of(clerk).get(dossier.screen("trainee", first.uuid)).context["checks"]
    assert [row.outcome for row in rows] == sorted(
        (row.outcome for row in rows), key=["fail", "warn", "unknown", "pass"].index
    )
    assert {row.who for row in rows} == {first.name}
    assert "王海艳" in rows[0].text
    page = browser_of(clerk).get(dossier.screen("trainee", second.uuid)).content.decode()
    assert "王海艳" not in page


# The reviewer ---------------------------------------------------------------------------------------------
def test_beside_a_point_stands_what_speaks_against_it_with_its_page(school, reviewer):
    dossier = make_dossier(school, trainees=2, state="under_review")
    first, second = dossier.enrolments.all()
    filing = card_of(dossier, first, id_number=number_of(second))
    review = browser_of(reviewer).get(dossier.screen("review-item", CARD)).context["review"]
    point = next(point for point in review.points if point.id == "number_matches_roster")
    doubt = next(hint for hint in point.hints if hint.kind == "doubt")
    assert first.name in doubt.text
    assert doubt.sheet == str(filing.places.get().sheet.uuid)


def test_what_no_point_asks_about_stands_above_the_list(school, reviewer):
    dossier = make_dossier(school, trainees=2, state="under_review")
    filed(dossier, "class_opening_application", "class_opening_application", trainee_count="30")
    client = browser_of(reviewer)
    page = client.get(dossier.screen("review-item", "class_opening_application"))
    texts = [hint.text for hint in page.context["review"].other_hints]
    assert any("培训人数读得 30" in text for text in texts)
    assert "与其他材料的比对" in page.content.decode()


# Other classes --------------------------------------------------------------------------------------------
NUMBER = "JNPX120226000101"


def certificate_in(dossier: DossierPage) -> None:
    filed(
        dossier,
        "certificate_copy",
        "training_completion_certificate",
        dossier.enrolments.first(),
        certificate_no=NUMBER,
    )


def test_a_certificate_number_of_ones_own_other_class_is_found_and_a_neighbours_is_not(school, clerk):
    ours = make_dossier(school, trainees=1)
    certificate_in(ours)
    certificate_in(make_dossier(make_institution("邻家学校"), trainees=1))
    assert found(ours, clerk, "certificate_unique") == ["pass"]
    other = make_dossier(school, trainees=1, class_no="2025-003")
    certificate_in(other)
    (finding,) = [
        one for one in CrossFindings(Standing(ours, clerk)).found if one.check.id == "certificate_unique"
    ]
    assert finding.told.params["held"] == "2025-003"


def test_the_bureau_finds_a_number_only_where_it_was_handed_in(school, reviewer):
    ours = make_dossier(school, trainees=1, state="under_review")
    certificate_in(ours)
    elsewhere = make_dossier(make_institution("邻家学校"), trainees=1)
    certificate_in(elsewhere)
    assert found(ours, reviewer, "certificate_unique") == ["pass"]
    handed_in = make_dossier(make_institution("第三家学校"), trainees=1, state="under_review")
    certificate_in(handed_in)
    assert found(ours, reviewer, "certificate_unique") == ["fail"]


# Cost -----------------------------------------------------------------------------------------------------
def test_a_large_class_costs_as_many_queries_as_a_small_one(school, clerk):
    counts = []
    for trainees in (2, 12):
        dossier = make_dossier(school, trainees=trainees)
        people = list(dossier.enrolments.all())
        for enrolment in people:
            card_of(dossier, enrolment)
            filed(dossier, FORM, "trainee_registration_form", enrolment, name=enrolment.name)
        certificate_in(dossier)
        rows = [{"name": one.name, "id_number": number_of(one)} for one in people]
        filed(dossier, "trainee_roster", "trainee_roster", rows=rows)
        standing = Standing(dossier, clerk)
        standing.filings, standing.enrolments, standing.sessions  # noqa: B018  read beforehand, as the board does
        with CaptureQueriesContext(connection) as asked:
            assert CrossFindings(standing).found
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_a_class_without_papers_asks_nothing(dossier, clerk):
    standing = Standing(dossier, clerk)
    standing.filings, standing.enrolments, standing.sessions  # noqa: B018  read beforehand, as the board does
    with CaptureQueriesContext(connection) as asked:
        assert CrossFindings(standing).found == ()
    assert len(asked) == 0


def test_what_is_known_is_not_worked_out_again_and_every_change_is_noticed(school, clerk):
    dossier = make_dossier(school, trainees=2)
    first, second = dossier.enrolments.all()
    filing = card_of(dossier, first, id_number=number_of(second))
    assert found(dossier, clerk, "card_number") == ["fail"]
    standing = Standing(dossier, clerk)
    standing.filings, standing.enrolments, standing.sessions  # noqa: B018  read beforehand, as the board does
    with CaptureQueriesContext(connection) as asked:
        assert CrossFindings(standing).found
    assert len(asked) == 4
    Enrolment.objects.filter(pk=first.pk).update(name="赵立新")
    assert found(dossier, clerk, "card_name") == ["fail"]
    reading = PageReading.objects.get(sheet=filing.places.get().sheet)
    reading.delete()
    say(filing.places.get().sheet, "id_card_front", id_number=number_of(first))
    assert found(dossier, clerk, "card_number") == ["pass"]
    Filing.objects.filter(pk=filing.pk).update(state="withdrawn")
    assert found(dossier, clerk, "card_number") == []


def test_two_viewers_who_hear_different_words_are_not_told_the_same(school, clerk, reviewer):
    dossier = make_dossier(school, trainees=2, state="under_review")
    first, second = dossier.enrolments.all()
    filing = card_of(dossier, first, id_number=number_of(second))
    said = Said(
        Spot.of(0, None, "id_number"),
        FieldStatement.Verdict.CORRECTED,
        FieldStatement.Basis.TYPED,
        value=number_of(first),
        read=number_of(second),
    )
    state_values(filing.places.get().sheet, [said], by=reviewer, seen=0)
    assert found(dossier, reviewer, "card_number") == ["pass"]
    assert found(dossier, clerk, "card_number") == ["fail"]


def test_a_kept_answer_grows_old_and_the_least_asked_is_forgotten():
    now = [0.0]
    kept: Remembered[int] = Remembered(most=2, seconds=10, clock=lambda: now[0])
    worked = []

    def work(number: int) -> int:
        worked.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):
        assert kept.answer(number, lambda number=number: work(number)) == number
    assert worked == [1, 2, 3, 2]
    now[0] = 11
    kept.answer(1, lambda: work(1))
    assert worked[-1] == 1
