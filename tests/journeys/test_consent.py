"""Consent in the browser: many ticked at once, recorded, taken back in one click; readable on a phone."""

import pytest
from playwright.sync_api import expect

from dossiers.models import Consent, DossierPage
from tests import factories as make
from tests.browser import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def test_answers_are_recorded_for_many_and_taken_back_with_one_click(browsers, transactional_db):
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=3).pk)
    make.make_account("clerk", institution=dossier.custodian, username="lin")
    visitor = browsers.visitor()
    visitor.log_in("lin")
    page = visitor.page
    page.goto(f"{visitor.site}{dossier.screen('consent')}")
    names = [one.name for one in dossier.enrolments.all()]
    expect(page.get_by_role("checkbox", name=names[0])).not_to_be_checked()
    page.get_by_role("checkbox", name="全选").check()
    page.get_by_role("checkbox", name=names[2]).uncheck()
    page.get_by_label("人脸", exact=True).check()
    page.get_by_label("同意", exact=True).check()
    page.get_by_role("button", name="记下勾选的 2 人").click()
    expect(page.get_by_text("已记下 2 人的答复。")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=names[0])
    expect(row.get_by_text("已同意")).to_be_visible()
    row.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("row").filter(has_text=names[0]).get_by_text("已撤回")).to_be_visible()
    assert Consent.objects.filter(withdrawn_at=None).count() == 1
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("link", name=names[1])).to_be_visible()
    assert visitor.complaints == []
