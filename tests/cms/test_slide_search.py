"""Words on slides are found as words on pages are, and lead to their second of the recording."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import SearchText
from cms.reading_recordings import reader_called, who_reads
from cms.rows.search import answers
from cms.search import by_words, index_sheet
from dossiers.models import Upload
from media_processing import readers
from media_processing.keeping import write_index
from media_processing.storyboard import Board
from media_processing.tracks import RecordingFacts, RecordingIndex, Region, Slide
from tests import factories

pytestmark = pytest.mark.django_db
SLIDES = (
    Slide(0, 620, "食品安全"),
    Slide(620.4, 3725.6, "第二讲\n面点发酵 231299199003070421"),
    Slide(3725.6, 4000, "面点发酵"),
)


@pytest.fixture
def school():
    return factories.make_institution()


@pytest.fixture
def clerk(school):
    return factories.make_account("clerk", institution=school)


def index_of(recording: Upload, slides: tuple[Slide, ...] = SLIDES):
    facts = RecordingFacts(4000, ("mp4",), ())
    found = RecordingIndex(facts, (), slides, (), {}, (), slide_region=Region(0.4, 0.1, 0.3, 0.3))
    return write_index(recording, found, Board(160, 90, ()), is_proposed=True)


def recording_of(dossier, **facts) -> Upload:
    return factories.make_upload(dossier, medium="recording", file_name="20261019.mp4", **facts)


def rows(account, question):
    return [row for kind in answers(by_words(account, question), question) for row in kind.rows]


def test_a_word_on_slides_leads_to_each_second_at_which_it_is_shown(school, clerk) -> None:
    recording = recording_of(factories.make_dossier(school))
    index_of(recording)
    found = rows(clerk, "发酵")
    player = recording.dossier.screen("player", recording.uuid)
    assert [row.url.split("&")[0] for row in found] == [f"{player}?t=621", f"{player}?t=3726"]
    assert "0:10:20" in found[0].label and "1:02:05" in found[1].label
    assert found[0].snippet.word == "发酵"
    page = Client()
    page.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    shown = page.get("/search/", {"q": "发酵"}, follow=True, headers={"host": "localhost"}).content.decode()
    assert f"{player}?t=621" in shown and "找到 2 处" in shown


def test_words_that_stand_on_two_slides_lead_to_the_first_of_them(school, clerk) -> None:
    index_of(recording_of(factories.make_dossier(school)))
    assert [row.label for row in rows(clerk, "食品 第二讲")] == ["录像 0:00:00 的幻灯"]


def test_no_id_number_on_a_slide_stands_in_the_index(school, clerk) -> None:
    index_of(recording_of(factories.make_dossier(school)))
    assert "231299199003070421" not in SearchText.objects.get().text
    assert "2312**********0421" in SearchText.objects.get().text


def test_a_new_index_replaces_the_words_of_the_one_before(school, clerk) -> None:
    recording = recording_of(factories.make_dossier(school))
    index_of(recording)
    index_of(recording, (Slide(0, 4000, "职业道德"),))
    assert rows(clerk, "发酵") == [] and len(rows(clerk, "道德")) == 1


def test_nobody_finds_slides_of_a_recording_she_may_not_see(school) -> None:
    index_of(recording_of(factories.make_dossier(school)))
    stranger = factories.make_account("clerk", institution=factories.make_institution())
    assert rows(stranger, "发酵") == [] and rows(factories.make_account("reviewer"), "发酵") == []


def test_ten_recordings_cost_as_many_queries_as_one(school, clerk) -> None:
    dossier = factories.make_dossier(school)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            rows(clerk, "发酵")
        return len(asked)

    index_of(recording_of(dossier))
    rows(clerk, "发酵")
    one = queries()
    for _number in range(4):
        index_of(recording_of(dossier))
    assert len(rows(clerk, "发酵")) == 10 and queries() == one


def test_the_front_hands_in_the_reader_this_installation_is_set_to(settings) -> None:
    readers.hand_in(who_reads)
    settings.OCR_ENGINE = "auto"
    assert readers.reader_name() == "paddle_tiny"
    settings.OCR_ENGINE = "tesseract"
    assert readers.reader_name() == "tesseract"
    settings.OCR_ENGINE = "null"
    assert readers.reader_name() == "" and reader_called("null")[1](None) == ()


def test_answers_are_narrowed_by_kind_year_and_body_before_any_limit(school, clerk):
    older, newer = factories.make_dossier(school), factories.make_dossier(school)
    older.opened_on = date(2025, 3, 2)
    older.save()
    for dossier in (older, newer):
        index_of(recording_of(dossier))
    index_sheet(factories.make_upload(newer).sheets.get(), "面点发酵的讲义")
    assert len(rows(clerk, "发酵")) == 5
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")

    def urls(**asked) -> list[str]:
        page = client.get("/search/", {"q": "发酵", **asked})
        return [row.url for kind in page.context["kinds"] for row in kind.rows]

    assert len(urls(kind="slides")) == 4 and all("?t=" in url for url in urls(kind="slides"))
    assert len(urls(year=2025)) == 2 and len(urls(year=2026, kind="pages")) == 1
    assert urls(year=2024) == [] and len(urls(body=str(school.uuid))) == 5
    assert urls(body=str(factories.make_institution("松原职业培训学校").uuid)) == []
    assert len(urls(kind="nonsense", year="x", body="1")) == 5  # what is no such thing narrows nothing
    page = client.get("/search/", {"q": "发酵", "year": "2025"}).content.decode()
    assert 'href="?q=%E5%8F%91%E9%85%B5"' in page  # the way back
