"""The package as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = _("班次档案")
    default_auto_field = "django.db.models.BigAutoField"
