"""What is weak in this installation's handling of recordings, told at start."""

import shutil
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext_lazy as _

from media_processing.engines import FACE_ENGINES

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


@register()
def the_face_engine_is_known(**options: Any) -> Iterable[CheckMessage]:
    """A name nobody goes by would fail at the first recording; a step of nothing would never end."""
    found: list[CheckMessage] = []
    if settings.FACE_ENGINE not in FACE_ENGINES:
        found.append(
            Error(
                _("没有叫 %(name)s 的人脸引擎。") % {"name": settings.FACE_ENGINE},
                hint=_("FACE_ENGINE 请填其中之一：%(known)s。") % {"known": "、".join(sorted(FACE_ENGINES))},
                id="media_processing.E001",
            )
        )
    if settings.FACE_SAMPLE_SECONDS < 1:
        found.append(
            Error(
                _("看画面的间隔 %(seconds)s 秒太短。") % {"seconds": settings.FACE_SAMPLE_SECONDS},
                hint=_("FACE_SAMPLE_SECONDS 请填 1 或更大，一般 10。"),
                id="media_processing.E002",
            )
        )
    return found
