"""What must hold of faces: no template and no track of anybody without consent, and none past its day."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.consents import FACE, without_consent
from dossiers.integrity import scratch_dossier
from dossiers.models import Account, Consent, Enrolment, Person, Upload
from dossiers.rulesets.consent import version_to_sign
from foundation.integrity import Fault, Ground, check
from foundation.models import Blob
from foundation.secrets import Masked
from media_processing.models import FaceTemplate, FaceTrack, PresenceFound
from media_processing.references import sealed


@check
class TemplateWithoutConsent:
    """A face is remembered of somebody who did not agree, refused, withdrew, or whose text no longer holds."""

    code = "template_without_consent"
    title = _("没有有效同意的人，不存人脸模板")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for row in ground.rows(FaceTemplate).filter(without_consent(FACE)).iterator():
            yield Fault(
                self.code, str(row.uuid), _("没有有效的人脸同意，却存有模板。请运行 forget_faces 删除。")
            )

    def plant(self, ground: Ground) -> None:
        ground.add(_template(_enrolment(ground), until=timezone.localdate() + timedelta(days=30)))


@check
class TemplatePastItsDay:
    """A face is remembered longer than was promised."""

    code = "template_past_its_day"
    title = _("人脸模板不留过期")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for row in ground.rows(FaceTemplate).filter(expires_on__lt=timezone.localdate()).iterator():
            yield Fault(self.code, str(row.uuid), _("人脸模板已过期限。请运行 forget_faces 删除。"))

    def plant(self, ground: Ground) -> None:
        enrolment = _enrolment(ground)
        ground.add(
            Consent(
                enrolment=enrolment,
                kind=FACE,
                text_version=version_to_sign(timezone.localdate()).id,
                signed_on=timezone.localdate(),
                recorded_by=_account(enrolment),
            )
        )
        ground.add(_template(enrolment, until=timezone.localdate() - timedelta(days=1)))


@check
class PresenceWithoutConsent:
    """A machine's word on somebody who did not agree that it looks for her."""

    code = "presence_without_consent"
    title = _("没有有效同意的人，录像里不认人")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for model in (PresenceFound, FaceTrack):
            rows = ground.rows(model).filter(enrolment__isnull=False).filter(without_consent(FACE))
            for row in rows.select_related("enrolment").iterator():
                yield Fault(
                    self.code,
                    str(row.enrolment.uuid),
                    _("没有有效的人脸同意，录像里却认了人。请运行 forget_faces 删除。"),
                )

    def plant(self, ground: Ground) -> None:
        enrolment = _enrolment(ground)
        blob = ground.add(Blob(sha256=f"{enrolment.pk:064x}", size=1, media_type="video/mp4"))
        upload = ground.add(
            Upload(
                dossier=enrolment.dossier,
                blob=blob,
                file_name="-",
                medium="recording",
                page_count=0,
                received_by=_account(enrolment),
            )
        )
        ground.add(FaceTrack(upload=upload, enrolment=enrolment, start=0, end=1))


def _enrolment(ground: Ground) -> Enrolment:
    """A trainee of a scratch class; rolled back with it."""
    dossier = scratch_dossier(ground)
    mark = str(dossier.uuid)
    person = Person.objects.create(
        id_number=Masked.of(mark, purpose="id_number"), id_number_index=f"self-test {mark}"
    )
    return ground.add(Enrolment(dossier=dossier, person=person, seq=1, name="self-test"))


def _account(enrolment: Enrolment) -> Account:
    return Account.objects.create(
        username=str(enrolment.uuid),
        full_name="self-test",
        role=Account.Role.CLERK,
        institution=enrolment.dossier.opener,
        is_active=False,
    )


def _template(enrolment: Enrolment, *, until: date) -> FaceTemplate:
    return FaceTemplate(
        enrolment=enrolment,
        template=sealed(np.zeros(4, np.float32)),
        engine="self-test",
        engine_version="1",
        source=FaceTemplate.Source.UPLOAD,
        expires_on=until,
    )
