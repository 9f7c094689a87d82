"""What is weak in this installation's handling of recordings, told at start."""

import shutil
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.utils.translation import gettext_lazy as _

PROGRAMS = ("ffmpeg", "ffprobe")


@register()
def programs_are_there(**options: Any) -> Iterable[CheckMessage]:
    """Without ffmpeg every recording is refused."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return []
    return [
        Warning(
            _("没有找到 %(missing)s：录像都收不进来。") % {"missing": "、".join(missing)},
            hint=_("请安装 ffmpeg（Debian：apt-get install ffmpeg）。"),
            id="media_processing.W001",
        )
    ]
