"""What is remembered of consenting trainees' faces: made with consent in force, encrypted, deleted in time, each deletion told.

Nothing else of a face is kept: no picture that somebody chose for this, no template of anybody who did not agree.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from dossiers.actions.consent import keeping_templates
from dossiers.consents import FACE, consenting, in_force, keep_until, text_signed, without_consent
from dossiers.exceptions import NotReady
from dossiers.models import Account, Consent, DossierPage, Enrolment, InstitutionPage, Sheet
from dossiers.sentences import gettext_noop, sentence
from media_processing.engines import face_engine
from media_processing.models import FaceTemplate, FaceTrack, PresenceFound, TemplateDeletion
from media_processing.sightings import FaceEngine, References, Template
from media_processing.tracks import Picture
from media_processing.watching import reference

SECOND_FACE = (
    0.6  # of the largest face: from here on a picture shows two people, and whose it is nobody can tell
)
Why = TemplateDeletion.Why


class NoFace(NotReady):
    """A portrait shows no face, or two; the reason says what to do."""


@dataclass(frozen=True)
class Measured:
    """One trainee's face as the engine in use measured it, and which picture it comes from."""

    enrolment: Enrolment
    source: str
    template: Template = field(repr=False)
    sheet: Sheet | None = None


@dataclass(frozen=True)
class StoredFaces:
    """How many templates there are, and when the first of them goes."""

    count: int
    first_ends_on: date | None = None


def engine_in_use() -> FaceEngine:
    """The engine this installation is set to."""
    return face_engine(settings.FACE_ENGINE)


def measured(portrait: Picture, engine: FaceEngine, *, name: str) -> Template:
    """The template of the one face of a portrait; NoFace where there is none, or a second as large."""
    faces = sorted(engine.faces(portrait), key=lambda face: -face.box.size)
    if not faces:
        raise NoFace(
            sentence(
                "no_face_in_portrait",
                gettext_noop(
                    "%(name)s 的这张照片里没有找到脸，没有制作。请换登记表照片，或另传一张正脸、光线均匀的照片。"
                ),
                name=name,
            )
        )
    if len(faces) > 1 and faces[1].box.size >= SECOND_FACE * faces[0].box.size:
        raise NoFace(
            sentence(
                "two_faces_in_portrait",
                gettext_noop("%(name)s 的这张照片里不止一张脸，没有制作。请换一张只有本人的照片。"),
                name=name,
            )
        )
    return reference(engine, portrait, key=str(len(faces)))


def remember(
    dossier: DossierPage,
    measured_faces: Sequence[Measured],
    *,
    by: Account,
    without_face: Sequence[Enrolment] | None = None,
) -> list[FaceTemplate]:
    """Keep templates of trainees of one class; each takes the place of her earlier one from the same kind of picture.

    Whoever's consent is not in force, or whose time is over, is left out; NotReady when that leaves nobody. After a
    pass over papers the log also keeps of whom no face was found, so that somebody finds another picture.
    """
    engine = engine_in_use()
    with keeping_templates(dossier, by=by, made=True) as held:
        kept = [row for one in measured_faces if (row := _kept(one, engine)) is not None]
        if not kept and not without_face:
            raise NotReady(
                sentence(
                    "nobody_to_remember",
                    gettext_noop(
                        "没有有效的人脸同意，或同意书写明的保存期已过，没有制作。请先记下签好的同意书，或改用签到表。"
                    ),
                )
            )
        held.facts |= {
            "enrolments": [str(one.enrolment.uuid) for one in kept],
            "engine": engine.name,
        }
        if without_face is not None:
            held.facts["without_face"] = [str(one.uuid) for one in without_face]
        return kept


def _kept(one: Measured, engine: FaceEngine) -> FaceTemplate | None:
    """While the class is held."""
    consent = in_force(FACE).filter(enrolment=one.enrolment).first()
    if consent is None:
        return None
    expires_on = keep_until(one.enrolment, text_signed(consent))
    if expires_on < timezone.localdate():
        return None
    _delete(FaceTemplate.objects.filter(enrolment=one.enrolment, source=one.source), Why.REPLACED)
    return FaceTemplate.objects.create(
        enrolment=one.enrolment,
        template=sealed(one.template),
        engine=engine.name,
        engine_version=engine.version,
        source=one.source,
        sheet=one.sheet,
        expires_on=expires_on,
    )


def forget(enrolment: Enrolment, *, by: Account) -> int:
    """Delete her templates because she asked, her consent stands; how many there were."""
    with keeping_templates(enrolment.dossier, by=by, made=False) as held:
        count = _delete(FaceTemplate.objects.filter(enrolment=enrolment), Why.ASKED)
        if not count:
            raise NotReady(sentence("nothing_remembered", gettext_noop("没有存这名学员的人脸模板，不用删。")))
        held.facts |= {"enrolment": str(enrolment.uuid), "templates": count, "why": Why.ASKED.value}
        return count


def forget_withdrawn(enrolments: Iterable[int]) -> int:
    """What rested on a consent that has ended: templates, and what machines took for these people. Words stay.

    Called inside the transaction that ends the consent, while the class is held.
    """
    wanted = list(enrolments)
    FaceTrack.objects.filter(enrolment__in=wanted).delete()
    PresenceFound.objects.filter(enrolment__in=wanted).delete()
    return _delete(FaceTemplate.objects.filter(enrolment__in=wanted), Why.WITHDRAWN)


def forget_what_is_over(today: date | None = None) -> int:
    """Delete what is past its day and what no consent covers any more, class by class; may run at any time.

    A class that ends earlier or later than it was to moves the day with it, as the text promises.
    """
    day = today or timezone.localdate()
    _follow_the_classes()
    over = FaceTemplate.objects.filter(expires_on__lt=day)
    uncovered = [
        model.objects.filter(enrolment__isnull=False).filter(without_consent(FACE))
        for model in (FaceTemplate, FaceTrack, PresenceFound)
    ]
    classes = {pk for rows in (over, *uncovered) for pk in rows.values_list("enrolment__dossier", flat=True)}
    return sum(_forget_in(dossier, day) for dossier in DossierPage.objects.filter(pk__in=classes))


def _forget_in(dossier: DossierPage, day: date) -> int:
    with keeping_templates(dossier, by=None, made=False) as held:
        agreed = consenting(dossier.enrolments.values_list("pk", flat=True), FACE)
        count = forget_withdrawn(dossier.enrolments.exclude(pk__in=agreed).values_list("pk", flat=True))
        count += _delete(
            FaceTemplate.objects.filter(enrolment__dossier=dossier, expires_on__lt=day), Why.EXPIRED
        )
        held.facts |= {"templates": count, "why": Why.EXPIRED.value}
        return count


def references_of(dossier: DossierPage, engine: FaceEngine) -> References:
    """What this engine knows of the class's consenting trainees still in it, by the enrolment's primary key as text."""
    rows = FaceTemplate.objects.filter(
        enrolment__dossier=dossier,
        engine=engine.name,
        engine_version=engine.version,
        expires_on__gte=timezone.localdate(),
    ).exclude(without_consent(FACE))
    found: dict[str, tuple[Template, ...]] = {}
    for row in rows.order_by("pk"):
        found[str(row.enrolment_id)] = (*found.get(str(row.enrolment_id), ()), opened(row))
    return found


def stored_of_class(dossier: DossierPage) -> StoredFaces:
    return _stored(FaceTemplate.objects.filter(enrolment__dossier=dossier))


def stored_of_body(body: InstitutionPage) -> StoredFaces:
    """Over all classes whose dossiers this body keeps."""
    return _stored(FaceTemplate.objects.filter(enrolment__dossier__custodian=body))


def sealed(template: Template) -> str:
    """As it is written down: base64 of little-endian float32."""
    return base64.b64encode(np.asarray(template, "<f4").tobytes()).decode("ascii")


def opened(row: FaceTemplate) -> Template:
    return np.frombuffer(base64.b64decode(row.template.reveal()), "<f4").astype(np.float32)


def _follow_the_classes() -> None:
    moved = []
    rows = FaceTemplate.objects.select_related("enrolment__dossier").order_by("pk")
    consents = {
        row.enrolment_id: row
        for row in Consent.objects.filter(
            kind=FACE, withdrawn_at=None, enrolment__in=rows.values("enrolment")
        )
    }
    for row in rows.iterator(chunk_size=500):
        consent = consents.get(row.enrolment_id)
        if consent is None or not (row.enrolment.withdrawn_on or row.enrolment.dossier.ends_on):
            continue
        expires_on = keep_until(row.enrolment, text_signed(consent))
        if expires_on != row.expires_on:
            row.expires_on = expires_on
            moved.append(row)
    FaceTemplate.objects.bulk_update(moved, ["expires_on"], batch_size=500)


def _delete(templates: QuerySet[FaceTemplate], why: str) -> int:
    told = [
        TemplateDeletion(enrolment_id=enrolment, engine=engine, made_at=made_at, why=why)
        for enrolment, engine, made_at in templates.values_list("enrolment_id", "engine", "made_at")
    ]
    templates.delete()
    TemplateDeletion.objects.bulk_create(told)
    return len(told)


def _stored(templates: QuerySet[FaceTemplate]) -> StoredFaces:
    return StoredFaces(**templates.aggregate(count=Count("pk"), first_ends_on=Min("expires_on")))
