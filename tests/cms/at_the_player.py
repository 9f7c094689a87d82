"""At the player: a morning's recording with its people, and what a browser asks of its page, for tests."""

import json
import re

from django.test import Client

from cms.rows.player import PlayerPage
from tests import watched_lessons as lessons
from tests.watched_lessons import HOUR, MORNING

MORNING_SECONDS = 11_312.0  # of the recording; the lessons end at 11:35


def make_morning(dossier, clerk):
    """A morning: one present, one for whom the device says yes and the picture no, one badly seen, one without consent."""
    made = lessons.make_recording(dossier, seconds=MORNING_SECONDS)
    lessons.set_clock(made)
    lessons.file(made, session=dossier.sessions.get())
    lessons.index(
        made,
        slides=((0.0, 3000.0, "第二章\n用后清洗，消毒 5 分钟以上"), (3000.0, 9000.0, "食品 留样")),
        incidents=(("black", 4000.0, 4220.0), ("repeated", 7000.0, 7100.0, 1000.0)),
    )
    present, against, dark, _without = dossier.enrolments.all()
    for one in (present, against, dark):
        lessons.consent(one, by=clerk)
    lessons.see(made, present, (0.0, 3 * HOUR))
    lessons.see(made, against, (0.0, 5000.0), place=(0.5, 0.5))
    lessons.see(made, dark, (0.0, 600.0), verifiable=((0.0, 600.0),), place=(0.7, 0.5))
    for one in dossier.enrolments.all():
        lessons.check_in(dossier, one, MORNING, by=clerk)
    return made


def browser(account) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    return client


def page(dossier, account, upload, query="") -> str:
    answer = browser(account).get(dossier.screen("player", upload.uuid) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def say(dossier, account, upload, **told):
    return browser(account).post(dossier.screen("player-say", upload.uuid), told)


def lane(dossier, account, upload, name):
    return next(one for one in PlayerPage(dossier, account, upload).everybody if one.name == name)


def kinds(found) -> set[str]:
    return {bar.kind for bar in found.bars}


def faces(dossier, account, upload, since=0):
    answer = browser(account).get(dossier.screen("player-faces", upload.uuid), {"from": since})
    return json.loads(answer.content)


def json_of(text: str) -> dict:
    return json.loads(re.search(r'<script id="player-data" type="application/json">(.*?)</script>', text)[1])
