"""How Django meets the ground: the app's name, its system checks, the kinds of jobs of every app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class FoundationConfig(AppConfig):
    name = "foundation"
    label = "foundation"
    verbose_name = _("基础设施")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("jobs", "integrity", "checks")
