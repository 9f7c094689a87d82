"""Accounts: who a person is here, and where her sight ends."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dossiers.models.institution import County, InstitutionPage


class Account(AbstractUser):
    """One person, one role, one scope: a body, a county, or (bureau without county) the whole city."""

    class Role(models.TextChoices):
        CLERK = "clerk", _("机构经办人")
        HOMEROOM_TEACHER = "homeroom_teacher", _("班主任")
        HEAD = "head", _("机构负责人")
        INSTITUTION_ARCHIVIST = "institution_archivist", _("机构档案员")
        REVIEWER = "reviewer", _("人社审核员")
        FINANCE_REVIEWER = "finance_reviewer", _("财政审核员")
        ARCHIVIST = "archivist", _("档案员")
        ADMINISTRATOR = "administrator", _("管理员")

    INSTITUTION_ROLES = frozenset({"clerk", "homeroom_teacher", "head", "institution_archivist"})
    BUREAU_ROLES = frozenset({"reviewer", "finance_reviewer", "archivist", "administrator"})

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(_("姓名"), max_length=40)
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    institution = models.ForeignKey(
        InstitutionPage, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    county = models.ForeignKey(
        County, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    must_set_password = models.BooleanField(default=True)
    made_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="made")

    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        constraints = [
            models.CheckConstraint(
                name="account_scope_fits_role",
                condition=Q(
                    role__in=["clerk", "homeroom_teacher", "head", "institution_archivist"],
                    institution__isnull=False,
                    county__isnull=True,
                )
                | Q(
                    role__in=["reviewer", "finance_reviewer", "archivist", "administrator"],
                    institution__isnull=True,
                ),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def is_of_institution(self) -> bool:
        """Works for a training body."""
        return self.role in self.INSTITUTION_ROLES

    @property
    def is_of_bureau(self) -> bool:
        """Works for the bureau (human resources, finance, archive)."""
        return self.role in self.BUREAU_ROLES
