"""Portraits for the recordings workshop: found on a trainee's filed papers, or in a photograph handed in for this alone.

The workshops do not meet, so the front cuts the picture out here and hands it in. A photograph is decoded in a limited
child, measured and thrown away; nothing of it is stored.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from dossiers.consents import FACE, consenting
from dossiers.cutting import turned
from dossiers.exceptions import NotReady
from dossiers.models import Account, DossierPage, Enrolment, Filing, Sheet
from dossiers.sentences import gettext_noop, sentence
from foundation import content, wording
from foundation.blobs import store
from foundation.jobs import Run, enqueue, job
from foundation.models import Job
from ingestion.models import FieldReading, PageReading
from ingestion.pages import PageOptions, UnreadableFile, opened_pages
from ingestion.pictures import cropped, drawn, piece_mark, view_name
from media_processing.faces_jobs import enqueue_watches
from media_processing.models import FaceTemplate
from media_processing.references import Measured, NoFace, engine_in_use, measured, remember
from media_processing.tracks import Picture

REMEMBER = "remember_portraits"
LONGEST_SIDE = 1600
MOST_BYTES = 20 * 1024**2
Source = FaceTemplate.Source
#: Which paper carries which portrait: the item it is filed under, and what the page was read as.
PAPERS = {
    Source.ID_CARD: ("identity_document_copy", "id_card_front"),
    Source.FORM: ("trainee_registration_form", "trainee_registration_form"),
}

wording.register({"step:portraits": _("从身份证照片制作人脸模板")})


@dataclass(frozen=True)
class Portrait:
    """A picture that shows one trainee's face, and the page it was cut from."""

    picture: Picture
    sheet: Sheet


@dataclass(frozen=True)
class _Place:
    """Where a portrait is: a page, and which of the documents on it."""

    sheet: Sheet
    reading: PageReading
    document: int


def has_portrait(enrolment: Enrolment, source: str) -> bool:
    """Whether a filed paper of hers bears her portrait, read and drawn."""
    return _place(enrolment, source) is not None


def portrait_of(enrolment: Enrolment, source: str) -> Portrait | None:
    """The part of her filed paper on which her portrait is; None where no such paper lies there, read and drawn."""
    place = _place(enrolment, source)
    return Portrait(_cut_out(place), place.sheet) if place else None


def _place(enrolment: Enrolment, source: str) -> _Place | None:
    item_id, kind = PAPERS[Source(source)]
    sheets = Sheet.objects.filter(
        places__filing__enrolment=enrolment,
        places__filing__item_id=item_id,
        places__filing__state=Filing.State.FILED,
    ).select_related("upload__blob")
    for sheet in sheets.order_by("-places__filing__version", "places__position"):
        reading = PageReading.objects.filter(sheet=sheet).first()
        number = _document(reading, kind, enrolment) if reading else None
        if reading is not None and number is not None and drawn(store(), sheet):
            return _Place(sheet, reading, number)
    return None


def measure_photo(enrolment: Enrolment, given: UploadedFile) -> Measured:
    """What the engine makes of a photograph of hers; the photograph is gone afterwards."""
    if given.size is None or given.size > MOST_BYTES:
        raise NotReady(
            sentence(
                "photo_too_large",
                gettext_noop("照片超过 %(most)s MB，没有收下。请换一张小一些的照片。"),
                most=MOST_BYTES // 1024**2,
            )
        )
    with tempfile.TemporaryDirectory(prefix="juanzong-portrait-") as folder:
        path = Path(folder) / "photo"
        with path.open("wb") as target:
            for chunk in given.chunks():
                target.write(chunk)
        picture = _decoded(path, file_name=given.name or "")
    return Measured(enrolment, Source.UPLOAD, measured(picture, engine_in_use(), name=enrolment.name))


def measure_paper(enrolment: Enrolment, source: str) -> Measured:
    """From the paper that lies in the dossier; NotReady says which paper is missing."""
    found = portrait_of(enrolment, source)
    if found is None:
        raise NotReady(
            sentence(
                "no_portrait_paper",
                gettext_noop(
                    "%(name)s 的这件材料还没有归件或还没有读完，没有制作。请先归件，或另传一张照片。"
                ),
                name=enrolment.name,
            )
        )
    template = measured(found.picture, engine_in_use(), name=enrolment.name)
    return Measured(enrolment, source, template, found.sheet)


def waiting_for_template(dossier: DossierPage) -> list[Enrolment]:
    """Who agreed, is still in the class, and is not remembered by the engine in use."""
    engine = engine_in_use()
    staying = list(dossier.enrolments.filter(withdrawn_on=None))
    agreed = consenting([one.pk for one in staying], FACE)
    known = set(
        FaceTemplate.objects.filter(
            enrolment__dossier=dossier, engine=engine.name, engine_version=engine.version
        ).values_list("enrolment", flat=True)
    )
    return [one for one in staying if one.pk in agreed and one.pk not in known]


def enqueue_portraits(dossier: DossierPage, *, by: Account) -> Job | None:
    """Make templates of all who wait for one, unless that has been asked for."""
    asked = Job.objects.filter(
        kind=REMEMBER, subject=str(dossier.uuid), state__in=(Job.State.WAITING, Job.State.LEASED)
    )
    if asked.exists():
        return None
    return enqueue(REMEMBER, subject=str(dossier.uuid), dossier=dossier.uuid, by=by.uuid)


@job(REMEMBER, queue="recordings", max_attempts=3, priority=1)
def remember_portraits(run: Run, *, dossier: str, by: str) -> None:
    """Measured one after the other, written down at once; of whom no face was found stands in the log."""
    held = DossierPage.objects.get(uuid=dossier)
    people = waiting_for_template(held)
    found, without_face = [], []
    for number, enrolment in enumerate(people):
        run.progress(step="portraits", step_no=1, step_count=1, done=number, total=len(people))
        try:
            found.append(_measured_for(enrolment))
        except NoFace:
            without_face.append(enrolment)
        except NotReady:
            continue
    if not found and not without_face:
        return
    run.fence()
    remember(held, found, by=Account.objects.get(uuid=by), without_face=without_face)
    enqueue_watches(held)


def _measured_for(enrolment: Enrolment) -> Measured:
    """From the card; where it shows no face or does not lie there, from the registration form."""
    try:
        return measure_paper(enrolment, Source.ID_CARD)
    except NotReady as of_card:
        if not has_portrait(enrolment, Source.FORM):
            raise of_card
    return measure_paper(enrolment, Source.FORM)


def _document(reading: PageReading, kind: str, enrolment: Enrolment) -> int | None:
    """Which document of the page is hers: the only one of its kind, or the one that bears her number or name."""
    kinds = [one["kind"] for one in reading.documents] or [reading.kind]
    alike = [number for number, one in enumerate(kinds) if one == kind]
    if len(alike) <= 1:
        return alike[0] if alike else None
    return next(_hers(reading, alike, enrolment), None)


def _hers(reading: PageReading, alike: list[int], enrolment: Enrolment) -> Iterator[int]:
    fields = FieldReading.objects.filter(reading=reading, document__in=alike, row=None)
    index = enrolment.person.id_number_index
    yield from fields.filter(name="id_number", value_index=index).values_list("document", flat=True)
    for field in fields.filter(name="name"):
        if field.plain == enrolment.name:
            yield field.document


def _cut_out(place: _Place) -> Picture:
    """The document on the upright page as people see it."""
    sheet, reading = place.sheet, place.reading
    name = view_name(sheet.number, piece_mark(sheet))
    with store().open_derivative(sheet.upload.blob.sha256, name) as file:
        view = np.asarray(cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_COLOR), np.uint8)
    quad = reading.documents[place.document].get("quad") if reading.documents else None
    if not quad or not sheet.width or not sheet.height:
        return view
    across = [min(1.0, max(0.0, x / sheet.width)) for x, _y in quad]
    down = [min(1.0, max(0.0, y / sheet.height)) for _x, y in quad]
    box = (min(across), min(down), max(across), max(down))
    return cropped(view, turned(box, -reading.rotation))


def _decoded(path: Path, *, file_name: str) -> Picture:
    content.look(path, file_name=file_name, wanted=content.IMAGES)
    try:
        with opened_pages(path, PageOptions(longest_side=LONGEST_SIDE, most_pages=1)) as pages:
            return next(pages).image
    except UnreadableFile as broken:
        raise NotReady(
            sentence(
                "photo_unreadable",
                gettext_noop("这张照片打不开，没有制作。请换一张 JPEG 或 PNG 照片。"),
            )
        ) from broken
