"""The site's root, its counties, and the bodies that train; made by set-up and by administrators."""

from pathlib import Path

import yaml
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import GroupPagePermission, Page, Site

from dossiers.exceptions import NotAllowed, Overtaken
from dossiers.models import Account, County, HomePage, InstitutionPage
from dossiers.permissions import Act, acts_of
from dossiers.sentences import gettext_noop, sentence

CITY_ADMINISTRATORS = "city administrators"
_PLACES = Path(__file__).resolve().parent.parent / "rulesets" / "places.yaml"


def set_up_site(*, city: str = "2312") -> HomePage:
    """Make what every installation needs, once: the root page, its site, the counties, the admin's group."""
    with transaction.atomic():
        for code, name in yaml.safe_load(_PLACES.read_text())[city]["counties"].items():
            County.objects.update_or_create(code=code, defaults={"name": name})
        home = HomePage.objects.first() or _make_home()
        group, made = Group.objects.get_or_create(name=CITY_ADMINISTRATORS)
        if made:
            group.permissions.add(Permission.objects.get(codename="access_admin"))
            for codename in ("add_page", "change_page", "publish_page"):
                GroupPagePermission.objects.create(
                    group=group, page=home, permission=Permission.objects.get(codename=codename)
                )
        return home


def found_institution(
    *, by: Account, title: str, code: str, kind: str, short_name: str, county: County, credit_code: str = ""
) -> InstitutionPage:
    """Enter a training body; an administrator does it within her scope."""
    if Act.MANAGE_ACCOUNTS not in acts_of(by) or not by.is_of_bureau:
        raise NotAllowed("found_institution")
    if by.county_id is not None and by.county_id != county.pk:
        raise NotAllowed("found_institution")
    body = InstitutionPage(
        title=title,
        code=code,
        kind=kind,
        short_name=short_name,
        county=county,
        credit_code=credit_code,
        is_designated=kind == InstitutionPage.Kind.INSTITUTION,
    )
    body.slug = str(body.uuid)
    try:
        with transaction.atomic():
            HomePage.objects.select_for_update().get().add_child(instance=body)
    except (IntegrityError, ValidationError) as clash:
        raise Overtaken(
            sentence("code_taken", gettext_noop("机构代码 %(code)s 已有单位在用。请换一个代码。"), code=code)
        ) from clash
    return body


def _make_home() -> HomePage:
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="卷宗", slug="juanzong"))
    Site.objects.all().delete()
    Page.objects.filter(slug="home", depth=2).exclude(pk=home.pk).delete()
    Site.objects.create(hostname="localhost", port=80, site_name="卷宗", root_page=home, is_default_site=True)
    return home
