"""The package as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaProcessingConfig(AppConfig):
    name = "media_processing"
    verbose_name = _("录像")
    default_auto_field = "django.db.models.BigAutoField"
