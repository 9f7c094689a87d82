"""The list of classes, and opening one: errors beside their fields, the right bodies, the next number."""

import pytest
from django.utils import timezone

from dossiers.models import DossierPage
from tests import factories as make
from tests.cms.people_at_desks import client_of

pytestmark = pytest.mark.django_db
PLAN = {
    "ledger_id": "key_group_17",
    "class_no": "2026-031",
    "training_type": "employment_skill",
    "startup_category": "",
    "occupation": "中式面点师",
    "skill_level": "5",
    "planned_trainees": "30",
    "theory_lessons": "32",
    "practice_lessons": "48",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-20",
    "place": "实训楼 2 楼",
    "homeroom_teacher": "林慧",
    "partner": "",
    "custodian": "trainer",
}


def at(kind: str = "institution", role: str = "clerk"):
    body = make.make_institution(kind=kind)
    return body, client_of(make.make_account(role, institution=body))


def test_a_training_institution_opens_a_class_of_its_own():
    body, client = at()
    answer = client.post("/classes/open/", PLAN)
    dossier = DossierPage.objects.get(class_no="2026-031")
    assert answer.url == dossier.screen("board")
    assert (dossier.opener, dossier.trainer, dossier.custodian) == (body, body, body)
    assert dossier.ruleset_id == "suihua_2019" and dossier.opened_on == timezone.localdate()
    assert client.get(answer.url).status_code == 200


def test_of_two_bodies_the_enterprise_owns_and_the_institution_trains_whoever_opens():
    enterprise = make.make_institution("云杉里餐饮", kind="enterprise")
    body, client = at()
    entrusted = {"ledger_id": "enterprise_14", "training_type": "skill_upgrade", "partner": enterprise.pk}
    client.post("/classes/open/", PLAN | entrusted)
    dossier = DossierPage.objects.get(class_no="2026-031")
    assert (dossier.opener, dossier.trainer, dossier.custodian) == (enterprise, body, body)
    owner = client_of(make.make_account("clerk", institution=enterprise))
    assert owner.get(dossier.screen("board")).status_code == 200


def test_an_enterprise_may_keep_the_dossier_it_entrusts():
    school = make.make_institution("北原职业培训学校")
    enterprise, client = at("enterprise")
    given = {"ledger_id": "enterprise_14", "training_type": "skill_upgrade", "partner": school.pk}
    client.post("/classes/open/", PLAN | given | {"custodian": "opener"})
    dossier = DossierPage.objects.get(class_no="2026-031")
    assert (dossier.opener, dossier.trainer, dossier.custodian) == (enterprise, school, enterprise)
    assert dossier.delivery_mode == "entrusted"


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("class_no", {"class_no": "第三班"}, "班次号应为"),
        ("occupation", {"occupation": ""}, "请填写这一栏"),
        ("planned_trainees", {"planned_trainees": "0"}, "大于或等于1"),
        ("training_type", {"training_type": "safety_skill"}, "不用所选的台账"),
        ("startup_category", {"training_type": "entrepreneurship"}, "创业培训须写明类别"),
        ("ends_on", {"ends_on": "2026-11-01"}, "结业日期早于开班日期"),
        ("practice_lessons", {"theory_lessons": "0", "practice_lessons": "0"}, "不能都是 0"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(field, given, said):
    _, client = at()
    answer = client.post("/classes/open/", PLAN | given)
    assert answer.status_code == 422
    errors = " ".join(answer.context["form"].errors[field])
    assert said in errors
    assert "实训楼 2 楼" in answer.content.decode()
    assert not DossierPage.objects.filter(occupation="中式面点师").exists()


def test_an_enterprise_does_not_open_under_the_ledger_of_institutions():
    _, client = at("enterprise")
    answer = client.post("/classes/open/", PLAN)
    assert "第十条" in " ".join(answer.context["form"].errors["ledger_id"])


def test_a_number_taken_is_told_beside_the_number():
    body, client = at()
    make.make_dossier(body, class_no="2026-031")
    answer = client.post("/classes/open/", PLAN)
    assert answer.status_code == 409
    assert "请换一个班次号" in " ".join(answer.context["form"].errors["class_no"])


def test_the_next_number_of_the_year_is_suggested():
    body, client = at()
    year = timezone.localdate().year
    make.make_dossier(body, class_no=f"{year}-041")
    make.make_dossier(class_no=f"{year}-900")
    assert client.get("/classes/open/").context["form"]["class_no"].value() == f"{year}-042"


@pytest.mark.parametrize("role", ["homeroom_teacher", "institution_archivist"])
def test_who_may_not_open_a_class_finds_no_door(role):
    _, client = at(role=role)
    assert client.get("/classes/open/").status_code == 404
    assert "/classes/open/" not in client.get("/classes/").content.decode()


def test_a_reviewer_opens_no_class():
    assert client_of(make.make_account("reviewer")).post("/classes/open/", PLAN).status_code == 404


def listed(client, query: str) -> list[str]:
    return [row.class_no for row in client.get("/classes/" + query).context["classes"]]


def test_the_list_narrows_by_number_state_stage_and_year():
    body, client = at()
    make.make_dossier(body, class_no="2026-001", stage="training")
    make.make_dossier(body, class_no="2026-002", state="returned", occupation="保育师")
    make.make_dossier(class_no="2026-003")
    assert listed(client, "") == ["2026-002", "2026-001"]
    assert listed(client, "?no=001") == ["2026-001"]
    assert listed(client, "?no=保育") == ["2026-002"]
    assert listed(client, "?state=returned") == ["2026-002"]
    assert listed(client, "?stage=training") == ["2026-001"]
    assert listed(client, "?year=2026") == ["2026-002", "2026-001"]
    assert listed(client, "?year=2019") == []
    assert listed(client, "?year=９９") == ["2026-002", "2026-001"]


def test_twenty_classes_fill_a_page_and_the_filter_is_kept_on_the_next():
    body, client = at()
    for number in range(1, 23):
        make.make_dossier(body, class_no=f"2026-{number:03}")
    page = client.get("/classes/?state=open")
    assert len(page.context["classes"]) == 20
    assert "?state=open&amp;page=2" in page.content.decode()
    assert listed(client, "?state=open&page=2") == ["2026-002", "2026-001"]


def test_the_bureau_lists_only_what_was_handed_in():
    make.make_dossier(class_no="2026-001")
    make.make_dossier(class_no="2026-002", state="handed_in")
    assert listed(client_of(make.make_account("archivist")), "") == ["2026-002"]
