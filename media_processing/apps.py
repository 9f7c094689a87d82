"""The package as a Django application."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

JOB_ROOMS = ("media_processing.camera_jobs", "media_processing.transcode_jobs")


class MediaProcessingConfig(AppConfig):
    name = "media_processing"
    verbose_name = _("录像")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the jobs that do not stand in jobs.py."""
        for room in JOB_ROOMS:
            import_module(room)
