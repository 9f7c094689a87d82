"""The package as a Django application."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IngestionConfig(AppConfig):
    name = "ingestion"
    verbose_name = _("纸质材料")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the job that does not stand in jobs.py."""
        import_module("ingestion.searchable")
