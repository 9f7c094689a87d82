"""Delete templates past their day, and what of faces no consent covers; workers do the same each hour."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from media_processing.references import forget_what_is_over


class Command(BaseCommand):
    help = "Delete face templates past their day and what of faces no consent covers any more."

    def handle(self, *args: Any, **options: Any) -> None:
        count = forget_what_is_over()
        self.stdout.write(_("删去人脸模板 %(count)s 份。") % {"count": count})
