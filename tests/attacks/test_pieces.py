"""Attacks on cut pages: whose picture is it, and what a step leaves behind."""

import io

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from dossiers.actions import cutting, ledger
from dossiers.models import Filing, Sheet, Upload
from foundation import jobs
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender
from tests.cms.verifying import browser_of

pytestmark = pytest.mark.django_db


def quarters_picture() -> bytes:
    """Left top black, right top light grey, left bottom dark grey, right bottom white."""
    page = np.zeros((800, 800, 3), np.uint8)
    page[:400, 400:], page[400:, :400], page[400:, 400:] = 200, 90, 255
    return desk.saved(Image.fromarray(page), "JPEG")


def shade(client, sheet) -> tuple[float, float, tuple[int, int]]:
    body = b"".join(client.get(f"/sheets/{sheet.uuid}/view").streaming_content)
    im = Image.open(io.BytesIO(body))
    a = np.asarray(im.convert("L"), float)
    h, w = a.shape
    return round(a[h // 8, w // 8]), round(a[-h // 8, -w // 8]), im.size


def sent(clerk, dossier):
    s = Sender.of(clerk, dossier)
    s.send("叠.jpg", quarters_picture())
    jobs.work_off(subject=str(dossier.uuid))
    up = Upload.objects.get(dossier=dossier, withdrawn_at=None)
    return s.client, up.sheets.get(cut=0)


def cut_by(client, dossier, sheet, how):
    r = client.post(dossier.screen("tray"), {"do": "cut", "sheet": str(sheet.uuid), "how": how})
    assert r.status_code == 302
    return list(Sheet.objects.filter(cut_from=sheet).exclude(state="withdrawn").order_by("cut"))


def test_withdrawn_and_sent_again_a_piece_shows_its_own_part():
    school = factories.make_institution()
    dossier = factories.make_dossier(school, trainees=1)
    clerk = factories.make_account("clerk", institution=school)
    client, page = sent(clerk, dossier)
    first = cut_by(client, dossier, page, "down")
    shade(client, first[0])
    ledger.withdraw_upload(page.upload, by=clerk)
    client, page = sent(clerk, dossier)
    second = cut_by(client, dossier, page, "across")
    top = shade(client, second[0])
    assert top[2][0] > top[2][1]  # the top half is wider than high


def test_two_schools_cut_the_same_file_each_its_own_way():
    clients = []
    for how in ("down", "across"):
        school = factories.make_institution()
        dossier = factories.make_dossier(school, trainees=1)
        clerk = factories.make_account("clerk", institution=school)
        client, page = sent(clerk, dossier)
        pieces = cut_by(client, dossier, page, how)
        clients.append((client, pieces))
    got = [[shade(c, p) for p in ps] for c, ps in clients]
    assert got[1][0][2][0] > got[1][0][2][1]


def test_a_cut_that_could_not_be_undone_can_be_undone_once_the_piece_is_back():
    school = factories.make_institution()
    dossier = factories.make_dossier(school, trainees=1)
    clerk = factories.make_account("clerk", institution=school)
    client, page = sent(clerk, dossier)
    one, _two = cut_by(client, dossier, page, "down")
    f = ledger.file_sheets(dossier, [one], by=clerk, item_id="lesson_plan")  # by a colleague, elsewhere
    r = client.post(dossier.screen("tray"), {"do": "undo"})
    assert r.status_code == 422 and "再撤销拆分" in r.content.decode()
    ledger.unfile(f, by=clerk)
    r = client.post(dossier.screen("tray"), {"do": "undo"})
    page.refresh_from_db()
    assert page.state == Sheet.State.IN_TRAY


def test_a_neighbours_cut_does_not_change_what_the_bureau_sees_of_ours():

    ours, theirs = (factories.make_dossier(factories.make_institution(), trainees=1) for _ in "ab")
    clerks = [factories.make_account("clerk", institution=d.custodian) for d in (ours, theirs)]
    client, page = sent(clerks[0], ours)
    piece = cut_by(client, ours, page, "four")[0]  # the black quarter alone
    f = ledger.file_sheets(ours, [piece], by=clerks[0], item_id="lesson_plan")
    now = timezone.now()
    Filing.objects.filter(pk=f.pk).update(handed_in_at=now)
    type(ours.progress).objects.filter(dossier=ours).update(
        state="handed_in", first_handed_in_at=now, handed_in_at=now
    )
    bureau = browser_of(factories.make_account("reviewer", county=factories.make_county()))
    before = shade(bureau, piece)
    client, page = sent(clerks[1], theirs)
    cut_by(client, theirs, page, "across")
    jobs.work_off(subject=str(theirs.uuid))
    after = shade(bureau, piece)
    assert before == after


def test_cutting_one_page_of_a_suggested_paper_leaves_the_suggestion_to_its_other_pages():
    school = factories.make_institution()
    dossier = factories.make_dossier(school, trainees=1)
    clerk = factories.make_account("clerk", institution=school)
    first, second = factories.make_upload(dossier, pages=2, by=clerk).sheets.all()
    paper = Filing.objects.create(dossier=dossier, item_id="lesson_plan", kind="lesson_plan", confidence=0.9)
    for position, sheet in enumerate((first, second), 1):
        paper.places.create(sheet=sheet, position=position)
    cutting.cut(first, [(0, 0, 1, 0.5), (0, 0.5, 1, 1)], by=clerk)
    paper.refresh_from_db()
    assert [place.sheet for place in paper.places.all()] == [second]
