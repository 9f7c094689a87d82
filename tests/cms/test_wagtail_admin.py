"""The city's administrator in Wagtail's admin: no dossier is moved, hidden, deleted or drawn from there."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from dossiers.actions.bodies import CITY_ADMINISTRATORS, set_up_site
from dossiers.models import DossierPage, InstitutionPage
from tests import factories as make
from tests.cms.people_at_desks import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    make.make_home()
    set_up_site()
    account = make.make_account("administrator")
    account.groups.add(Group.objects.get(name=CITY_ADMINISTRATORS))
    return client_of(account)


@pytest.mark.parametrize("action", ["move", "delete", "unpublish"])
@pytest.mark.parametrize("of", ["dossier", "body"])
def test_nothing_happens_to_a_dossier_or_its_body_in_bulk(administrator, action, of):
    dossier = make.make_dossier(trainees=1)
    elsewhere = make.make_home() if of == "body" else make.make_institution("乙校")
    page = dossier if of == "dossier" else dossier.get_parent()
    before = DossierPage.objects.get(pk=dossier.pk)

    administrator.post(
        f"/admin/bulk/wagtailcore/page/{action}/?next=/admin/&id={page.pk}",
        {"chooser": elsewhere.pk, "move_applied": "on", "include_descendants": "on"},
    )

    after = DossierPage.objects.get(pk=dossier.pk)
    assert (after.url_path, after.live) == (before.url_path, True)


def test_a_body_may_be_renamed_but_keeps_its_address(administrator):
    body = make.make_institution("旧名学校")
    dossier = make.make_dossier(body)

    administrator.post(
        f"/admin/pages/{body.pk}/edit/", {"title": "新名学校", "slug": "elsewhere", "action-publish": "1"}
    )

    renamed = InstitutionPage.objects.get(pk=body.pk)
    assert (renamed.title, renamed.slug) == ("新名学校", body.slug)
    assert DossierPage.objects.get(pk=dossier.pk).address == dossier.address


@pytest.mark.parametrize("where", ["view_draft/", "edit/preview/"])
def test_a_dossier_is_not_drawn_by_the_admin(administrator, where):
    dossier = make.make_dossier(trainees=1)

    answer = administrator.get(f"/admin/pages/{dossier.pk}/{where}")

    told = answer.content.decode()
    assert "王海燕" not in told
    assert dossier.occupation not in told
