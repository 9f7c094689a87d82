"""Accounts are made by administrators and heads; the first log-in sets the password."""

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from dossiers.actions.bodies import CITY_ADMINISTRATORS
from dossiers.exceptions import NotAllowed
from dossiers.models import Account, County, InstitutionPage
from dossiers.permissions import grantable_roles, manageable_accounts, manageable_institutions

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read aloud


def make_account(
    *,
    by: Account,
    username: str,
    full_name: str,
    role: str,
    institution: InstitutionPage | None = None,
    county: County | None = None,
) -> tuple[Account, str]:
    """Make an account within the maker's own scope; returns it with the first password, shown once."""
    if role not in grantable_roles(by):
        raise NotAllowed("make_account")
    if role in Account.INSTITUTION_ROLES:
        if institution is None or not manageable_institutions(by).filter(pk=institution.pk).exists():
            raise NotAllowed("make_account")
        county = None
    else:
        institution = None
        if by.county_id is not None and (county is None or county.pk != by.county_id):
            raise NotAllowed("make_account")
    password = first_password()
    with transaction.atomic():
        account = Account(
            username=username,
            full_name=full_name,
            role=role,
            institution=institution,
            county=county,
            made_by=by,
            must_set_password=True,
        )
        account.set_password(password)
        account.save()
        if role == Account.Role.ADMINISTRATOR and county is None:
            account.groups.add(*Group.objects.filter(name=CITY_ADMINISTRATORS))
    return account, password


def set_first_password(account: Account, password: str) -> Account:
    """Replace a handed-out password by the person's own."""
    account.set_password(password)
    account.must_set_password = False
    account.save(update_fields=["password", "must_set_password"])
    return account


def reset_password(account: Account, *, by: Account) -> str:
    """Hand out a new first password, for who lost hers."""
    account = _managed(account, by)
    password = first_password()
    account.set_password(password)
    account.must_set_password = True
    account.save(update_fields=["password", "must_set_password"])
    return password


def close_account(account: Account, *, by: Account) -> None:
    """Nobody logs in with it any more; what it did stays in the logs under its name."""
    account = _managed(account, by)
    account.is_active = False
    account.save(update_fields=["is_active"])


def first_password() -> str:
    """Twelve letters in groups of four, easy to read out on the telephone (about 59 bits)."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def _managed(account: Account, by: Account) -> Account:
    found = manageable_accounts(by).filter(pk=account.pk).first()
    if found is None or found.pk == by.pk:
        raise NotAllowed("manage_account")
    return found
