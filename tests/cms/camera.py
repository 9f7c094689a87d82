"""A phone before the camera page, for tests: photographs through the door or past it, what a reading leaves, presses."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.captured import KEY
from dossiers.actions import ledger
from dossiers.models import DossierPage, Sheet, Upload
from ingestion.models import FieldReading, PageReading
from tests import factories
from tests.cms.intake_desk import picture


def signed_in(account) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def photo(text: str = "样本") -> SimpleUploadedFile:
    return SimpleUploadedFile("1124-153012.jpg", picture(text), "image/jpeg")


def take(phone: Client, dossier: DossierPage, text: str = "样本", **aim: str) -> Upload:
    answer = phone.post(dossier.screen("capture"), {"do": "take", "photo": photo(text), **aim})
    assert answer.status_code == 302, answer.content.decode()
    return dossier.uploads.order_by("-pk").first()


def came_in(phone: Client, dossier: DossierPage) -> Upload:
    """A photograph that this phone took and the door let in, without the bytes."""
    upload = factories.make_upload(dossier, state="received")
    session = phone.session
    held = session.get(KEY, {})
    held[str(dossier.pk)] = [*held.get(str(dossier.pk), []), str(upload.uuid)]
    session[KEY] = held
    session.save()
    return upload


def read_as(
    upload: Upload,
    item_id: str = "identity_document_copy",
    *,
    confidence: float = 0.96,
    notes: tuple[str, ...] = (),
    fields: dict[str, tuple[str, str]] | None = None,
    reasons: tuple[str, ...] = ("id_number_matches",),
    sure: float = 0.97,
    **where,
) -> Sheet:
    """What the reading leaves of a photograph: evidence and a suggestion."""
    sheet = upload.sheets.get()
    Sheet.objects.filter(pk=sheet.pk).update(width=620, height=877)
    reading = PageReading.objects.create(
        sheet=sheet,
        engine="null",
        kind="id_card_front",
        kind_confidence=confidence,
        notes=list(notes),
        lines=PageReading.sealed_lines(
            [{"text": "中华人民共和国居民身份证", "confidence": sure, "quad": None}]
        ),
    )
    for name, (value, state) in (fields or {}).items():
        FieldReading.objects.create(
            reading=reading,
            name=name,
            value=FieldReading.sealed(value),
            confidence=0.9,
            state=state,
            quad=[[310, 600], [420, 600], [420, 700], [310, 700]],
        )
    ledger.propose(
        sheet,
        engine="null",
        item_id=item_id,
        confidence=confidence,
        reasons=[{"code": code, "params": {}} for code in reasons],
        **where,
    )
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.READ)
    return Sheet.objects.get(pk=sheet.pk)


def drawn(phone: Client, dossier: DossierPage, **asked: str) -> str:
    answer = phone.get(dossier.screen("capture"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def press(phone: Client, dossier: DossierPage, do: str, upload: Upload | None = None, **fields: str):
    told = {"do": do, **fields} | ({"shot": str(upload.uuid)} if upload else {})
    return phone.post(dossier.screen("capture"), told)


def place_on(page: str) -> str:
    """The place that one press would file it at."""
    assert '<input type="hidden" name="place" value="' in page
    return page.split('<input type="hidden" name="place" value="')[1].split('"')[0]
