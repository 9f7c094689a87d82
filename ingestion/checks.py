"""What is weak in this installation's reading of paper, told at start."""

import shutil
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext_lazy as _

from ingestion.engines import CHOICES


@register()
def engine_is_known(**options: Any) -> Iterable[CheckMessage]:
    """The engine that the settings name must exist; without words nothing is proposed."""
    chosen = settings.OCR_ENGINE
    if chosen not in CHOICES:
        return [
            Error(
                _("没有叫“%(chosen)s”的认字引擎。") % {"chosen": chosen},
                hint=_("OCR_ENGINE 请填其中之一：%(known)s。") % {"known": "、".join(sorted(CHOICES))},
                id="ingestion.E001",
            )
        ]
    if chosen == "tesseract" and shutil.which("tesseract") is None:
        return [
            Error(
                _("认字引擎选了 tesseract，但没有找到这个程序。"),
                hint=_("请安装 tesseract-ocr 和 tesseract-ocr-chi-sim，或把 OCR_ENGINE 设为 auto。"),
                id="ingestion.E002",
            )
        ]
    if chosen == "null" and not settings.DEBUG:
        return [
            Warning(
                _("认字引擎是 null：页不会被认读，全部要手工归件。"),
                hint=_("要认读请把 OCR_ENGINE 设为 auto。"),
                id="ingestion.W001",
            )
        ]
    return []
