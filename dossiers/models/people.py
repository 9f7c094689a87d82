"""Persons and their places in classes: a person is one human being, an enrolment one seat in one class."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from foundation.secrets import EncryptedTextField


class Person(models.Model):
    """A human being, told apart by the ID number alone; the number is encrypted and found by blind index.

    Holds nothing a body could read of another body's trainee: names and facts stand on the enrolment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    id_number = EncryptedTextField(_("身份证号"), purpose="id_number")
    id_number_index = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)


class Enrolment(models.Model):
    """One trainee of one class, as the roster (人员名册) states her."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    seq = models.PositiveIntegerField(_("序号"))
    name = models.CharField(_("姓名"), max_length=40)
    sex = models.CharField(_("性别"), max_length=2, blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    person_category = models.CharField(_("人员类别"), max_length=50, blank=True)
    education_level = models.CharField(_("文化程度"), max_length=20, blank=True)
    address = models.CharField(_("户籍地址"), max_length=200, blank=True)
    phone = EncryptedTextField(_("联系电话"), purpose="phone", blank=True)
    self_paid = models.BooleanField(_("自行垫付"), default=False)
    passed = models.BooleanField(_("考核合格"), null=True, blank=True)
    employed_after_training = models.BooleanField(_("已就业"), null=True, blank=True)
    has_started_business = models.BooleanField(_("已创办"), null=True, blank=True)
    withdrawn_on = models.DateField(_("退学日期"), null=True, blank=True)
    remark = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "person"], name="person_once_a_class"),
            models.UniqueConstraint(
                fields=["dossier", "seq"], name="seq_once_a_class", condition=Q(withdrawn_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name
