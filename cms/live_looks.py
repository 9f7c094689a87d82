"""One look through a room's camera: a still that lives in the page alone until somebody writes it down.

Nothing is kept of a look. The picture travels in the page, sealed with the room and the moment, so that what is later
written down is what was seen, and nothing else.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext

from dossiers.exceptions import NotReady
from dossiers.models import Room
from dossiers.sentences import gettext_noop, sentence
from foundation import wording
from media_processing import live
from media_processing.camera_jobs import live_rules

SALT = "live-look"
KEPT_FOR = 3600  # seconds between looking and writing down
MOST_STILL = 4 * 1024 * 1024


@dataclass(frozen=True)
class LiveLook:
    """What came at `at`: a picture with its seal, or the reason why none did."""

    at: datetime
    picture: str = field(default="", repr=False)  # base64 of a JPEG
    seal: str = ""
    problem: str = ""

    @property
    def source(self) -> str:
        return f"data:image/jpeg;base64,{self.picture}"

    @property
    def told(self) -> str:
        """The failure as it can be written down: 10:03 打不开教室的实时视频……"""
        if not self.problem:
            return ""
        return gettext("%(time)s %(problem)s") % {
            "time": timezone.localtime(self.at).strftime("%H:%M"),
            "problem": self.problem,
        }


@dataclass(frozen=True)
class SealedStill:
    """A still that comes back with the form: its bytes, its room and when it was taken."""

    picture: bytes = field(repr=False)
    at: datetime


def look_now(room: Room) -> LiveLook:
    """Ask the room's camera for one picture; an honest answer within some fifteen seconds."""
    at = timezone.now()
    address = room.live_address.reveal_or_empty() if room.live_address else ""
    try:
        picture = live.still(address, live_rules())
    except live.Unreachable as failure:
        return LiveLook(at, problem=wording.say(failure.code))
    told = {"room": str(room.uuid), "at": at.isoformat(), "sha256": hashlib.sha256(picture).hexdigest()}
    return LiveLook(at, base64.b64encode(picture).decode(), signing.dumps(told, salt=SALT))


def opened(room: Room, picture: str, seal: str) -> SealedStill:
    """The still as it was taken; NotReady when the seal is old or not of this picture and room."""
    try:
        told = signing.loads(seal, salt=SALT, max_age=KEPT_FOR)
        content = base64.b64decode(picture[: MOST_STILL * 2], validate=True)
    except (signing.BadSignature, binascii.Error, ValueError):
        raise _lost() from None
    if told["room"] != str(room.uuid) or told["sha256"] != hashlib.sha256(content).hexdigest():
        raise _lost()
    return SealedStill(content, datetime.fromisoformat(told["at"]))


def _lost() -> NotReady:
    return NotReady(
        sentence(
            "still_lost",
            gettext_noop("这幅画面已过一小时，或不是这间教室的，没有记下。请重新看一眼再记；所写的字都在。"),
        )
    )
