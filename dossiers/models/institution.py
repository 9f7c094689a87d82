"""Counties, and the bodies that train: enterprises and institutions, each a page of the site."""

import uuid

from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class County(models.Model):
    """A county or district of the city (县市区); its two digits stand in certificate numbers (R15)."""

    code = models.CharField(_("代码"), max_length=2, unique=True)
    name = models.CharField(_("名称"), max_length=40)

    class Meta:
        ordering = ["code"]
        verbose_name = _("县（市、区）")
        verbose_name_plural = _("县（市、区）")

    def __str__(self) -> str:
        return self.name


class HomePage(Page):
    """The root of the site; bodies lie below it."""

    subpage_types = ["dossiers.InstitutionPage"]
    max_count = 1
    template = "public/home.html"


class InstitutionPage(Page):
    """A training body (培训主体): an enterprise (企业) or a training institution (培训机构).

    Its address is a UUID; what a person may see of it is asked by the screens, which answer 404 otherwise.
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        INSTITUTION = "institution", _("培训机构")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("机构代码"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    short_name = models.CharField(_("简称"), max_length=12, help_text=_("目录的责任者一栏用，至多十二字"))
    county = models.ForeignKey(
        County, on_delete=models.PROTECT, related_name="institutions", verbose_name=_("所在地")
    )
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    fonds_no = models.CharField(_("全宗号"), max_length=10, blank=True)
    is_designated = models.BooleanField(_("定点培训机构"), default=False)

    parent_page_types = ["dossiers.HomePage"]
    preview_modes: list[tuple[str, str]] = []
    promote_panels: list = []  # its address stands in those of its dossiers, which are printed on boxes
    subpage_types = ["dossiers.DossierPage"]

    class Meta:
        verbose_name = _("培训主体")
        verbose_name_plural = _("培训主体")

    def serve(self, request, *args, **kwargs):
        """An institution has no public page; its people begin at the desk."""
        raise Http404
