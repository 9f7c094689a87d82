"""The demo's check-ins: an export as a device writes it, taken in by the same door as everybody's; all of it invented.

Nearly everybody comes to each session; one trainee misses every third, so that somebody falls under the threshold.
"""

import csv
import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from cms.check_in_files import ExportFile, kept
from cms.rows.attendance_check_ins import Preview
from dossiers.actions import attendance
from dossiers.models import Account, DossierPage
from dossiers.recordings import begins_at

HEAD = ("序号", "姓名", "打卡时间", "设备", "方式")
DEVICE, WAY = "KQ-0007", "人脸"
MISSES, EVERY_THIRD = 3, 3  # the trainee of this row misses every third session
STAYS_AWAY = 0.03


def check_everybody_in(dossier: DossierPage, *, by: Account) -> None:
    """One export of the whole course."""
    rows = [HEAD, *_rows(dossier)]
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    file = ExportFile(f"打卡记录-{dossier.class_no}.csv", held.getvalue().encode("utf-8-sig"))
    preview = Preview(dossier, file, rows)
    attendance.take_check_ins(dossier, preview.export(kept(file)), preview.read.records, by=by)


def _rows(dossier: DossierPage) -> Iterator[tuple[str, ...]]:
    chance = random.Random(f"check-ins-{dossier.class_no}")
    people = list(dossier.enrolments.filter(withdrawn_on=None))
    for number, session in enumerate(dossier.sessions.all()):
        for one in people:
            often_away = one.seq == MISSES and len(people) > MISSES and number % EVERY_THIRD == 0
            if chance.random() < STAYS_AWAY or often_away:
                continue
            came = begins_at(session) - timedelta(seconds=chance.randrange(60, 900))
            yield str(one.seq), one.name, _written(came), DEVICE, WAY


def _written(came: datetime) -> str:
    return f"{came:%Y-%m-%d %H:%M:%S}"
