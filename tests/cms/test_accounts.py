"""账号: who may make which, and the first log-in."""

import pytest
from django.urls import reverse

from dossiers.actions import accounts
from dossiers.exceptions import NotAllowed
from dossiers.models import Account
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_head_makes_accounts_of_her_own_body_alone():
    head = factories.make_account("head")
    other = factories.make_institution("别家")
    account, _ = accounts.make_account(
        by=head, username="xin", full_name="新人", role="clerk", institution=head.institution
    )
    assert account.institution == head.institution and account.must_set_password
    with pytest.raises(NotAllowed):
        accounts.make_account(by=head, username="xin2", full_name="新人", role="clerk", institution=other)
    with pytest.raises(NotAllowed):
        accounts.make_account(by=head, username="xin3", full_name="新人", role="reviewer")


def test_a_county_administrator_makes_no_account_of_another_county_or_of_the_city():
    county, other = factories.make_county(), factories.make_county("21", "望奎县")
    administrator = factories.make_account("administrator", county=county)
    accounts.make_account(by=administrator, username="a", full_name="甲", role="reviewer", county=county)
    for wrong in (other, None):
        with pytest.raises(NotAllowed):
            accounts.make_account(
                by=administrator, username="b", full_name="乙", role="reviewer", county=wrong
            )


def test_a_clerk_makes_nobody(client):
    client.force_login(factories.make_account("clerk"))
    assert client.get(reverse("accounts")).status_code == 404


def test_the_first_password_is_shown_once_and_replaced_at_the_first_log_in(client):
    head = factories.make_account("head")
    client.force_login(head)
    answer = client.post(reverse("make-account"), {"username": "xin", "full_name": "新人", "role": "clerk"})
    account, password = answer.context["handed"]
    assert password in answer.content.decode()
    assert password not in client.get(reverse("accounts")).content.decode()
    client.logout()
    client.post(reverse("login"), {"username": "xin", "password": password})
    assert client.get(reverse("accounts")).url == reverse("first-password")
    client.post(
        reverse("first-password"),
        {"new_password1": "yanghe-2026-xuexiao", "new_password2": "yanghe-2026-xuexiao"},
    )
    account.refresh_from_db()
    assert not account.must_set_password and account.check_password("yanghe-2026-xuexiao")


def test_log_in_is_throttled_after_five_wrong_passwords(client):
    account = factories.make_account("clerk")
    for _ in range(5):
        client.post(reverse("login"), {"username": account.username, "password": "wrong"})
    answer = client.post(reverse("login"), {"username": account.username, "password": factories.PASSWORD})
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()


def lock_out(client, account):
    for _ in range(5):
        answer = client.post(reverse("login"), {"username": account.username, "password": "wrong"})
    return answer


def logs_in(client, account, password) -> bool:
    client.post(reverse("login"), {"username": account.username, "password": password})
    return "_auth_user_id" in client.session


def test_five_wrong_passwords_of_one_lock_out_nobody_else_of_the_office(client):
    careless, colleague = factories.make_account("clerk"), factories.make_account("clerk")
    colleague.set_password("yanghe-2026-xuexiao")
    colleague.save()
    assert lock_out(client, careless).status_code == 429
    assert logs_in(client, colleague, "yanghe-2026-xuexiao")


def test_a_password_handed_out_anew_is_good_at_once(client):
    head = factories.make_account("head")
    careless = factories.make_account("clerk", institution=head.institution)
    assert lock_out(client, careless).status_code == 429
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    _, password = client.post(reverse("reset-password", args=[careless.uuid])).context["handed"]
    client.logout()
    assert logs_in(client, careless, password)


def test_a_short_password_is_refused_in_chinese(client):
    account = factories.make_account("clerk")
    account.must_set_password = True
    account.save()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("first-password"), {"new_password1": "mima-26", "new_password2": "mima-26"})
    assert "密码太短，至少 10 位。请加长。" in page.content.decode()
    assert "This password" not in page.content.decode()


def test_a_closed_account_opens_nothing(client):
    head = factories.make_account("head")
    clerk = factories.make_account("clerk", institution=head.institution)
    client.force_login(head)
    client.post(reverse("close-account", args=[clerk.uuid]))
    assert not Account.objects.get(pk=clerk.pk).is_active
    client.logout()
    client.post(reverse("login"), {"username": clerk.username, "password": factories.PASSWORD})
    assert "_auth_user_id" not in client.session


def test_nobody_resets_an_account_outside_her_scope(client):
    client.force_login(factories.make_account("head"))
    stranger = factories.make_account("clerk", institution=factories.make_institution("别家"))
    assert client.post(reverse("reset-password", args=[stranger.uuid])).status_code == 404


def test_nobody_enters_wagtails_admin_without_being_a_city_administrator(client):
    for role in Account.Role.values:
        account = factories.make_account(role, institution=None)
        client.force_login(account)
        assert client.get("/admin/", follow=False).status_code in (302, 403, 404), role
