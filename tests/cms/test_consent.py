"""The consent screen: recorded from paper for many at once, taken back in one step, templates without kept pictures."""

from datetime import timedelta

import cv2
import numpy as np
import pymupdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms import portraits
from dossiers.actions import consent as actions
from dossiers.consents import FACE, FINGERPRINT
from dossiers.models import Consent
from dossiers.rulesets.consent import version_to_sign
from foundation import jobs
from foundation.blobs import store
from foundation.models import Blob, Job
from ingestion.models import PageReading
from ingestion.pictures import keep_pictures
from media_processing.engines import FACE_ENGINES, face_engine
from media_processing.faces_jobs import WATCH
from media_processing.models import FaceTemplate, IndexedRecording, TemplateDeletion
from tests import factories as make
from tests.cms.people_at_desks import a_class, client_of
from tests.media_processing.coloured_faces import GREEN, RED, ColouredFaces, portrait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engine(settings, monkeypatch, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.FACE_ENGINE = "coloured"
    made = ColouredFaces()
    monkeypatch.setitem(FACE_ENGINES, "coloured", lambda: made)
    face_engine.cache_clear()
    yield made
    face_engine.cache_clear()


@pytest.fixture
def room():
    return a_class(trainees=3, ends_on=timezone.localdate())


def answer(dossier, client, people, **changes):
    given = {
        "trainee": [str(one.uuid) for one in people],
        "kinds": [FACE],
        "is_given": "yes",
        "signed_on": timezone.localdate().isoformat(),
    } | changes
    return client.post(dossier.screen("record-consent"), given)


def text(client, dossier, name="consent", *args) -> str:
    found = client.get(dossier.screen(name, *args))
    assert found.status_code == 200
    return found.content.decode()


def jpeg(picture) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def photo(picture) -> SimpleUploadedFile:
    return SimpleUploadedFile("她.jpg", jpeg(picture), content_type="image/jpeg")


def test_many_answers_are_recorded_at_once_and_each_kind_stands_by_itself(room):
    dossier, client = room
    people = list(dossier.enrolments.all())
    assert answer(dossier, client, people[:2]).status_code == 302
    assert answer(dossier, client, people[2:], kinds=[FACE, FINGERPRINT], is_given="no").status_code == 302
    shown = text(client, dossier)
    assert f'value="{timezone.localdate().isoformat()}"' in shown  # as a browser's date field takes it
    assert "同意 2 人" in shown and "不同意 1 人" in shown and "还没有问 2 人" in shown
    assert "签到表" in shown


def test_a_form_that_leaves_something_out_says_what_and_keeps_who_was_ticked(room):
    dossier, client = room
    people = list(dossier.enrolments.all())
    for changes in ({"kinds": []}, {"is_given": ""}, {"signed_on": ""}, {"trainee": []}):
        assert answer(dossier, client, people, **changes).status_code == 422
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = answer(dossier, client, people[:1], signed_on=later)
    assert refused.status_code == 422 and "签字日期还没有到" in refused.content.decode()
    assert refused.content.decode().count(" checked") >= 2
    assert not Consent.objects.exists()


def test_the_signed_page_stands_beside_the_answer(room):
    dossier, client = room
    sheet = make.make_upload(dossier).sheets.get()
    PageReading.objects.create(sheet=sheet, engine="null", kind="other")
    assert str(sheet.uuid) in text(client, dossier)
    answer(dossier, client, dossier.enrolments.all()[:1], sheet=str(sheet.uuid))
    assert Consent.objects.get().sheet == sheet
    assert dossier.screen("sheet", sheet.uuid) in text(client, dossier)


def test_withdrawing_is_one_click_also_after_the_dossier_was_handed_in(room):
    dossier, client = room
    she = dossier.enrolments.first()
    answer(dossier, client, [she])
    dossier.progress.state = "under_review"
    dossier.progress.save()
    shown = text(client, dossier)
    assert "不能再记新的答复" in shown
    url = dossier.screen("withdraw-consent", Consent.objects.get().uuid)
    assert url in shown
    done = client.post(url, follow=True).content.decode()
    assert "已撤回" in done and Consent.objects.get().withdrawn_at is not None
    assert "撤回 1 人" in text(client, dossier)


def test_whoever_only_sees_the_dossier_changes_nothing(room):
    dossier, client = room
    she = dossier.enrolments.first()
    answer(dossier, client, [she])
    archivist = client_of(make.make_account("institution_archivist", institution=dossier.custodian))
    assert "consent-form" not in text(archivist, dossier)
    row = Consent.objects.get()
    for name, args in (
        ("record-consent", ()),
        ("withdraw-consent", (row.uuid,)),
        ("forget-face", (she.uuid,)),
    ):
        assert archivist.post(dossier.screen(name, *args)).status_code == 404
    other, stranger = a_class(trainees=1)
    assert stranger.post(other.screen("withdraw-consent", row.uuid)).status_code == 404
    assert Consent.objects.get().withdrawn_at is None


def test_a_photograph_is_measured_and_nothing_of_it_is_kept(room, tmp_path):
    dossier, client = room
    she = dossier.enrolments.first()
    answer(dossier, client, [she])
    url = dossier.screen("remember-face", she.uuid)
    done = client.post(url, {"source": "photo", "photo": photo(portrait(RED))}, follow=True)
    assert "照片没有留存" in done.content.decode()
    row = FaceTemplate.objects.get()
    assert row.source == FaceTemplate.Source.UPLOAD and row.sheet is None
    assert not Blob.objects.exists() and not [one for one in tmp_path.rglob("*") if one.is_file()]
    assert "存有 1 份" in text(client, dossier) and "最早到期" in text(client, dossier)


@pytest.mark.parametrize(
    ("picture", "told"),
    [(portrait(), "没有找到脸"), (portrait(RED, GREEN), "不止一张脸")],
    ids=["nobody", "two people"],
)
def test_a_photograph_that_does_not_serve_says_what_to_do(room, picture, told):
    dossier, client = room
    she = dossier.enrolments.first()
    answer(dossier, client, [she])
    url = dossier.screen("remember-face", she.uuid)
    refused = client.post(url, {"source": "photo", "photo": photo(picture)})
    assert refused.status_code == 422 and told in refused.content.decode()
    assert not FaceTemplate.objects.exists()


def test_what_is_no_photograph_and_who_did_not_agree_are_refused(room, engine):
    dossier, client = room
    she, other = dossier.enrolments.all()[:2]
    answer(dossier, client, [she])
    url = dossier.screen("remember-face", she.uuid)
    page = SimpleUploadedFile("x.jpg", b"<html></html>", content_type="image/jpeg")
    assert client.post(url, {"source": "photo", "photo": page}).status_code == 422
    assert client.post(url, {"source": "photo"}).status_code == 422
    refused = client.post(
        dossier.screen("remember-face", other.uuid), {"source": "photo", "photo": photo(portrait(RED))}
    )
    assert refused.status_code == 422 and "没有有效的人脸同意" in refused.content.decode()
    assert engine.remembered == 0 and not FaceTemplate.objects.exists()


def a_card_page(dossier, enrolment, view, *, quads, rotation=0, numbers=()):
    """A filed page with ID cards at these places, read as it lies and drawn upright."""
    filing = make.make_filing(dossier, "identity_document_copy", enrolment=enrolment)
    sheet = filing.places.get().sheet
    sheet.width, sheet.height = (200, 400) if rotation % 180 == 0 else (400, 200)
    sheet.save()
    reading = PageReading.objects.create(
        sheet=sheet,
        engine="null",
        kind="id_card_front",
        rotation=rotation,
        documents=[{"kind": "id_card_front", "confidence": 1, "quad": quad} for quad in quads],
    )
    for number, person in enumerate(numbers):
        reading.fields.create(
            name="id_number", document=number, value_index=person.id_number_index, state="checked"
        )
    keep_pictures(store(), sheet, jpeg(view), jpeg(view[::4, ::4]))
    return sheet


def box(left, top, right, bottom):
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


TOP, BOTTOM = box(0, 0, 200, 200), box(0, 200, 200, 400)


def test_of_two_cards_on_a_page_hers_is_measured(room):
    dossier, _client = room
    she, other = dossier.enrolments.all()[:2]
    view = np.vstack([portrait(GREEN), portrait(RED)])
    a_card_page(dossier, she, view, quads=[TOP, BOTTOM], numbers=[other.person, she.person])
    engine = face_engine("coloured")
    found = portraits.portrait_of(she, FaceTemplate.Source.ID_CARD)
    assert (
        engine.faces(found.picture) and engine.template(found.picture, engine.faces(found.picture)[0])[2] == 1
    )
    a_card_page(dossier, other, view, quads=[TOP, BOTTOM])
    assert portraits.portrait_of(other, FaceTemplate.Source.ID_CARD) is None


def test_on_a_page_that_lay_turned_the_card_is_found_where_people_see_it(room):
    dossier, _client = room
    she = dossier.enrolments.first()
    view = np.vstack([portrait(RED), portrait(GREEN)])  # upright: 200 wide, 400 high
    a_card_page(dossier, she, view, quads=[box(200, 0, 400, 200)], rotation=90)  # the right half, as it lay
    found = portraits.portrait_of(she, FaceTemplate.Source.ID_CARD)
    engine = face_engine("coloured")
    [face] = engine.faces(found.picture)
    assert engine.template(found.picture, face)[2] == 1


def test_the_class_is_remembered_from_its_papers_and_who_shows_no_face_is_named(room):
    dossier, client = room
    she, blank, without = dossier.enrolments.all()
    answer(dossier, client, [she, blank, without])
    a_card_page(dossier, she, np.vstack([portrait(RED)] * 2), quads=[TOP])
    a_card_page(dossier, blank, np.vstack([portrait()] * 2), quads=[TOP])
    recording = make.make_upload(dossier, medium="recording")
    IndexedRecording.objects.create(upload=recording)
    assert "制作 3 份" in text(client, dossier)
    client.post(dossier.screen("remember-faces"))
    client.post(dossier.screen("remember-faces"))
    assert Job.objects.filter(kind=portraits.REMEMBER).count() == 1
    assert "刷新看结果" in text(client, dossier)
    jobs.work_off(limit=1)
    row = FaceTemplate.objects.get()
    assert row.enrolment == she and row.source == FaceTemplate.Source.ID_CARD and row.sheet is not None
    assert Job.objects.filter(kind=WATCH, arguments__upload=str(recording.uuid)).exists()
    assert text(client, dossier).count("没有找到脸，另选照片") == 1
    assert "另传一张正脸" in text(client, dossier, "consent-of", blank.uuid)
    client.post(dossier.screen("remember-face", she.uuid), {"source": "photo", "photo": photo(portrait(RED))})
    assert "没有找到脸，另选照片" in text(client, dossier)


def test_templates_are_deleted_on_wish_and_the_deletion_is_listed(room):
    dossier, client = room
    she = dossier.enrolments.first()
    answer(dossier, client, [she])
    client.post(dossier.screen("remember-face", she.uuid), {"source": "photo", "photo": photo(portrait(RED))})
    client.post(dossier.screen("forget-face", she.uuid))
    assert not FaceTemplate.objects.exists() and TemplateDeletion.objects.count() == 1
    assert "本人要求" in text(client, dossier) and "本人要求" in text(client, dossier, "consent-of", she.uuid)


def test_one_page_a_trainee_is_printed_with_both_kinds_and_the_whole_text(room):
    dossier, client = room
    people = list(dossier.enrolments.all())

    def pages(query: str) -> list[str]:
        made = client.get(dossier.screen("consent-pdf") + query)
        assert made["Content-Type"] == "application/pdf"
        with pymupdf.open(stream=made.content, filetype="pdf") as pdf:
            return ["".join(page.get_text().split()) for page in pdf]

    printed = pages("")
    assert len(printed) == 3
    texts = version_to_sign(timezone.localdate()).texts
    for page, person in zip(printed, people, strict=True):
        assert person.name in page and page.count("□同意") == 2
        for kind in texts.values():
            for part in (kind.title, kind.purpose, kind.way, kind.retention, kind.withdrawal, kind.other_way):
                assert part.replace(" ", "") in page
        assert "231299" not in page
    assert len(pages(f"?for={people[1].uuid}")) == 1 and people[1].name in pages(f"?for={people[1].uuid}")[0]
    [blank] = pages("?for=blank")
    assert not any(one.name in blank for one in people)
    assert client.get(dossier.screen("consent-pdf") + "?for=nobody").status_code == 404


def test_a_class_of_forty_costs_as_many_queries_as_one_of_four(django_assert_max_num_queries):
    counted = []
    for size in (4, 40):
        dossier, client = a_class(trainees=size, ends_on=timezone.localdate())
        by = make.make_account("clerk", institution=dossier.custodian)
        actions.record(
            list(dossier.enrolments.all()), kinds=[FACE], is_given=True, signed_on=timezone.localdate(), by=by
        )
        with django_assert_max_num_queries(60) as seen:
            text(client, dossier)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_with_the_null_engine_no_template_is_offered_and_the_plain_way_stays(room, settings):
    settings.FACE_ENGINE = "null"
    dossier, client = room
    answer(dossier, client, list(dossier.enrolments.all()))
    shown = text(client, dossier)
    assert (
        "本系统设为不认人脸" in shown and dossier.screen("remember-faces") not in shown and "签到表" in shown
    )


def test_the_roster_leads_to_it_and_a_trainees_page_says_how_she_stands(room):
    dossier, client = room
    she = dossier.enrolments.first()
    answer(dossier, client, [she])
    assert dossier.screen("consent") in text(client, dossier, "roster")
    shown = text(client, dossier, "trainee", she.uuid)
    assert "已同意" in shown and dossier.screen("consent-of", she.uuid) in shown
