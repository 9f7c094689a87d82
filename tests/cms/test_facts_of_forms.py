"""What the forms of the regulation state and the dossier keeps: each fact goes in by its screen and stays."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from cms.spreadsheets import ROSTER_COLUMNS
from dossiers.models import DossierPage
from dossiers.numbering import make_id_number
from tests import factories
from tests.cms.people_at_desks import a_class, client_of

pytestmark = pytest.mark.django_db

OPENING = {
    "ledger_id": "key_group_17",
    "class_no": "2026-031",
    "training_type": "entrepreneurship",
    "startup_category": "online",
    "occupation": "网络创业",
    "skill_level": "other",
    "planned_trainees": "24",
    "theory_lessons": "40",
    "practice_lessons": "16",
    "starts_on": "2026-12-07",
    "ends_on": "2026-12-18",
    "place": "望奎县职教中心 302",
    "homeroom_teacher": "沈雪梅",
}
ROSTER = {
    "name": "王海燕",
    "id_number": make_id_number(date(1990, 3, 7), 421),
    "person_category": "退役军人",
    "education_level": "高中",
    "address": "北林区吉泰路 12 号",
    "phone": "13900000000",
    "remark": "插班",
}


def test_every_fact_of_the_opening_form_is_kept_by_the_class():
    school = factories.make_institution()
    clerk = client_of(factories.make_account("clerk", institution=school))
    answer = clerk.post(reverse("open-class"), OPENING)
    dossier = DossierPage.objects.get(class_no="2026-031")
    assert answer.status_code == 302
    assert {name: str(getattr(dossier, name)) for name in OPENING} == OPENING
    assert dossier.total_lessons == 56
    assert {dossier.opener_id, dossier.trainer_id, dossier.custodian_id} == {school.pk}


def test_every_column_of_the_roster_is_kept_by_the_enrolment():
    dossier, clerk = a_class(trainees=0)
    book = Workbook()
    book.active.append([labels[0] for labels in ROSTER_COLUMNS.values()])
    book.active.append([ROSTER[name] for name in ROSTER_COLUMNS])
    held = BytesIO()
    book.save(held)
    table = SimpleUploadedFile("名册.xlsx", held.getvalue())
    preview = clerk.post(dossier.screen("import-roster"), {"table": table})
    clerk.post(dossier.screen("import-roster"), {"sealed": preview.context["sealed"]})
    enrolment = dossier.enrolments.get()
    kept = {name: getattr(enrolment, name) for name in ("name", "education_level", "address", "remark")}
    assert kept == {name: ROSTER[name] for name in kept}
    assert enrolment.person_category == "veteran"
    assert enrolment.phone.reveal() == ROSTER["phone"]
    assert enrolment.person.id_number.reveal() == ROSTER["id_number"]
