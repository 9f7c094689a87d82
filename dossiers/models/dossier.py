"""A class's dossier (班次档案): the page that is its home, and how far it has come."""

import uuid

from django.conf import settings
from django.db import models
from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from dossiers.models.institution import InstitutionPage


class DossierPage(Page):
    """Identity and facts of one training class; every screen of it lies beneath its address.

    What changes from minute to minute (progress, filings, verdicts, roster, sessions) is plain rows with a
    foreign key to the page, outside page revisions, so that two people can work at once.
    """

    class LedgerKind(models.TextChoices):
        ENTERPRISE = "enterprise_14", _("企业职工培训（第七条，14 件）")
        KEY_GROUP = "key_group_17", _("就业重点群体培训（第十条，17 件）")

    class DeliveryMode(models.TextChoices):
        OWN = "own", _("自办")
        ENTRUSTED = "entrusted", _("委托培训机构")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    class_no = models.CharField(_("班次号"), max_length=20)
    ledger_id = models.CharField(_("适用台账"), max_length=20, choices=LedgerKind.choices)
    ruleset_id = models.CharField(_("规则集"), max_length=40)
    opened_on = models.DateField(_("立卷日期"))
    opener = models.ForeignKey(
        InstitutionPage, on_delete=models.PROTECT, related_name="opened_dossiers", verbose_name=_("开班主体")
    )
    trainer = models.ForeignKey(
        InstitutionPage, on_delete=models.PROTECT, related_name="trained_dossiers", verbose_name=_("培训机构")
    )
    custodian = models.ForeignKey(
        InstitutionPage, on_delete=models.PROTECT, related_name="kept_dossiers", verbose_name=_("保管单位")
    )
    delivery_mode = models.CharField(_("培训方式"), max_length=10, choices=DeliveryMode.choices)
    training_type = models.CharField(_("培训种类"), max_length=40)
    startup_category = models.CharField(_("创业培训类别"), max_length=40, blank=True)
    occupation = models.CharField(_("职业（工种）"), max_length=60)
    skill_level = models.CharField(_("等级"), max_length=10)
    starts_on = models.DateField(_("开班日期"), null=True, blank=True)
    ends_on = models.DateField(_("结业日期"), null=True, blank=True)
    place = models.CharField(_("培训地点"), max_length=120, blank=True)
    planned_trainees = models.PositiveIntegerField(_("计划人数"), default=0)
    theory_lessons = models.PositiveIntegerField(_("理论课时"), default=0)
    practice_lessons = models.PositiveIntegerField(_("技能课时"), default=0)
    homeroom_teacher = models.CharField(_("班主任"), max_length=40, blank=True)
    living_allowance_paid = models.BooleanField(_("发放生活补贴"), default=False)

    parent_page_types = ["dossiers.InstitutionPage"]
    subpage_types: list[str] = []
    preview_modes: list[tuple[str, str]] = []  # it has screens, asked for one by one; no template to preview

    class Meta:
        verbose_name = _("班次档案")
        verbose_name_plural = _("班次档案")
        constraints = [models.UniqueConstraint(fields=["opener", "class_no"], name="class_no_once_an_opener")]

    def __str__(self) -> str:
        return f"{self.class_no} {self.occupation}"

    def route(self, request, path_components):
        """Hand what stands behind the page's own address to the screens (settings.SCREENS_URLCONF)."""
        rest = "/" + "".join(f"{component}/" for component in path_components)
        try:
            match = resolve(rest, urlconf=settings.SCREENS_URLCONF)
        except Resolver404 as missing:
            raise Http404 from missing
        return RouteResult(self, kwargs={"match": match})

    def serve(self, request, match):
        """Draw the screen; the screen itself asks whether this person may see this dossier."""
        request.screen = match.url_name
        return match.func(request, self, *match.args, **match.kwargs)

    def screen(self, name: str, *args) -> str:
        """Address of one of this dossier's screens: `dossier.screen("tray")`."""
        return self.address.rstrip("/") + reverse(name, urlconf=settings.SCREENS_URLCONF, args=args)

    @property
    def address(self) -> str:
        """Path of the dossier's home, without asking the database for its site."""
        return "/" + "/".join(self.url_path.strip("/").split("/")[1:]) + "/"

    @property
    def total_lessons(self) -> int:
        return self.theory_lessons + self.practice_lessons


class Progress(models.Model):
    """How far a dossier has come; `version` is compared and set by every action."""

    dossier = models.OneToOneField(
        DossierPage, on_delete=models.PROTECT, primary_key=True, related_name="progress"
    )
    state = models.CharField(max_length=20, default="open")  # dossiers.states
    stage = models.CharField(max_length=20, default="application")  # dossiers.states
    version = models.PositiveIntegerField(default=0)
    first_handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    history_length = models.PositiveIntegerField(default=0)
    history_head = models.CharField(max_length=64, default="")
