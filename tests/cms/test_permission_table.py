"""Who reaches which address: every address x every role x own, other institution, other county, by hand.

The letters are expectations written down by a person, not computed from dossiers.permissions. Whoever adds an
address adds its row; the table itself is tried on planted holes at the end.
"""

import base64
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from PIL import Image

from cms import screens, urls
from cms.pictures import SHOWN
from dossiers import permissions
from dossiers.models import Account, DossierPage, InstitutionPage, Room, Sheet
from foundation.blobs import store
from foundation.models import Blob, Quarantined
from ingestion.models import Intake
from media_processing.camera_jobs import STILL
from tests import factories

pytestmark = pytest.mark.django_db

# C clerk, T class teacher, H head, I institution archivist of the body that keeps the dossier
# P clerk of the other body of the entrusted class
# O head of another institution of the same county
# R reviewer, F finance reviewer, V archivist of the dossier's county; Y reviewer of the whole city
# X reviewer of another county; A administrator of the county; Z administrator of the city
EVERYBODY = "CTHIPORFVYXAZ"
SEES = "CTHIPRFVY"
KEEPS = "CTH"
HANDS_OVER = "CTHP"
JUDGES = "RFY"

# name: (method, who reaches it). Whoever is not named gets 404.
BENEATH_A_DOSSIER = {
    "board": ("get", SEES),
    "item": ("get", SEES),
    "changes": ("get", SEES),
    "item-changes": ("get", SEES),
    "move-stage": ("post", KEEPS),
    "unfile": ("post", KEEPS),
    "searchable": ("get", SEES),
    "answer-return": ("post", KEEPS),
    "hand-in": ("get", KEEPS),
    "take-back": ("post", KEEPS),
    "owes": ("get", SEES),
    "owes-pdf": ("get", SEES),
    "contents": ("get", SEES),
    "contents-pdf": ("get", SEES),
    "history": ("get", SEES),
    "sheet": ("get", SEES),
    "upload": ("post", HANDS_OVER),
    "jobs": ("get", HANDS_OVER),
    "retry-job": ("post", ""),  # of a job that is not there
    "transcode": ("get", ""),  # the sample dossier has no recording
    "cancel-job": ("post", ""),  # of a job that is not there
    "withdraw-intake": ("post", ""),  # of a file that is not there
    "try-intake-again": ("post", ""),  # of a file that is not there
    "withdraw-upload": ("post", HANDS_OVER),
    "roster": ("get", SEES),
    "add-trainee": ("post", KEEPS),
    "import-roster": ("post", KEEPS),
    "trainee": ("get", SEES),
    "withdraw-trainee": ("post", KEEPS),
    "reveal-number": ("post", SEES),
    "consent": ("get", SEES),
    "consent-of": ("get", SEES),
    "consent-pdf": ("get", KEEPS),
    "record-consent": ("post", KEEPS),
    "withdraw-consent": ("post", ""),  # of a consent that is not there; who reaches one: test_consent.py
    "remember-faces": ("post", KEEPS),
    "remember-face": ("post", KEEPS),
    "forget-face": ("post", KEEPS),
    "sessions": ("get", SEES),
    "add-session": ("post", KEEPS),
    "import-sessions": ("post", KEEPS),
    "edit-session": ("get", KEEPS),
    "drop-session": ("post", KEEPS),
    "undo-recording-step": ("post", KEEPS),
    "file-recording": ("post", ""),  # of a recording that is not there
    "align": ("get", ""),  # of a recording that is not there
    "template": ("get", SEES),
    "player": ("get", ""),  # the sample dossier has no recording; who reaches one: test_player.py
    "player-board": ("get", ""),
    "player-faces": ("get", ""),
    "player-say": ("post", ""),
    "tray": ("get", HANDS_OVER),
    "duplicates": ("get", SEES),
    "dividers": ("get", HANDS_OVER),
    "dividers-pdf": ("get", HANDS_OVER),
    "capture": ("get", HANDS_OVER),
    "verify": ("get", KEEPS + JUDGES),
    "verify-bulk": ("get", KEEPS + JUDGES),
    "attendance": ("get", SEES),
    "attendance-cell": ("get", SEES),
    "settle-attendance": ("post", KEEPS + "RY"),
    "undo-attendance": ("post", KEEPS + "RY"),
    "attendance-xlsx": ("get", SEES),
    "attendance-pdf": ("get", SEES),
    "sign-ins": ("get", SEES),
    "sign-in": ("get", KEEPS),
    "sign-in-pdf": ("get", SEES),
    "check-ins": ("get", SEES),
    "undo-check-ins": ("post", ""),  # of an export that is not there
    "check-in-file": ("get", ""),
    "supervision": ("get", SEES),  # and before hand-in: test_supervision.py
    "look-in": ("post", "RY"),
    "review": ("get", JUDGES),
    "review-item": ("get", JUDGES),
}
# Addresses that show one thing of the dossier.
OF_A_DOSSIER = {
    "sheet-thumb": ("get", SEES),
    "sheet-view": ("get", SEES),
    "upload-original": ("get", SEES),
    "look-in-still": ("get", SEES),
    # a room of the body that trains
    "room": ("get", "CTHIRY"),
    "change-room": ("post", "CTH"),
    "close-room": ("post", "CTH"),
    "add-room-photo": ("post", "CTH"),
    "room-photo": ("get", "CTHIRY"),
    "drop-room-photo": ("post", ""),  # of a photograph that is not there
    "look-at-room": ("post", "CTH"),
    "test-camera": ("post", "CTH"),
    "camera-test": ("get", "CTHIRY"),
    "camera-still": ("get", "CTHIRY"),
    "slide-region": ("get", "CTH"),
    "index-slides-again": ("post", "CTH"),
}
# Addresses that belong to no dossier: by role alone.
OF_THE_SITE = {
    "desk": ("get", EVERYBODY),
    "desk-jobs": ("get", "CTHPO"),
    "retry-failed": ("post", ""),  # of a job that is not there
    "classes": ("get", "CTHIPORFVYX"),
    "open-class": ("get", "CHPO"),
    "accounts": ("get", "HOAZ"),
    "make-account": ("post", "HOAZ"),
    "reset-password": ("post", ""),  # of an account that is not there
    "close-account": ("post", ""),
    "bodies": ("get", "AZ"),
    "found-body": ("post", "AZ"),
    "review-queue": ("get", "RFYX"),
    "intakes": ("get", "CTHPO"),
    "search": ("get", "CTHIPORFVYX"),
    "rooms": ("get", "CTHIPORYX"),
    "make-room": ("post", "CTHPO"),
    "supervision-today": ("get", "RYX"),
    "files": ("post", ""),  # without naming a dossier; with one, see below
    "file": ("head", ""),  # of a file that is not there
    "file-parts": ("get", ""),
    "recording": ("get", ""),
    "recording-play": ("get", ""),  # the sample dossier has no recording
    "recording-poster": ("get", ""),
}
OPEN_TO_STRANGERS = {"login", "logout", "first-password", "set_language"}


class World:
    """An entrusted class under review in county 02, and everybody around it."""

    def __init__(self) -> None:
        home, other = factories.make_county(), factories.make_county("21", "望奎县")
        self.school = factories.make_institution("北原职业培训学校", county=home)
        firm = factories.make_institution("云杉里餐饮", kind="enterprise", county=home)
        stranger = factories.make_institution("松原职业培训学校", county=home)
        self.dossier = self._class(firm, self.school)
        self.strange = self._class(stranger, stranger)
        make = factories.make_account
        self.people: dict[str, Account] = {
            "C": make("clerk", institution=self.school),
            "T": make("homeroom_teacher", institution=self.school),
            "H": make("head", institution=self.school),
            "I": make("institution_archivist", institution=self.school),
            "P": make("clerk", institution=firm),
            "O": make("head", institution=stranger),
            "R": make("reviewer", county=home),
            "F": make("finance_reviewer", county=home),
            "V": make("archivist", county=home),
            "Y": make("reviewer"),
            "X": make("reviewer", county=other),
            "A": make("administrator", county=home),
            "Z": make("administrator"),
        }

    def _class(self, opener: InstitutionPage, trainer: InstitutionPage) -> DossierPage:
        dossier = factories.make_dossier(opener, trainer=trainer, trainees=1, state="under_review")
        enrolment = dossier.enrolments.get()
        filing = factories.make_filing(dossier, "identity_document_copy", enrolment=enrolment)
        record = dossier.items.get(item_id="identity_document_copy")
        record.returns.create(
            dossier=dossier, filing=filing, reason="看不清", returned_by=factories.make_account("reviewer")
        )
        factories.make_session(dossier)
        self._put_bytes(filing.places.get().sheet)
        self._furnish(dossier, filing.places.get().sheet.upload.blob)
        return dossier

    def _furnish(self, dossier: DossierPage, picture: Blob) -> None:
        """A room of the body that trains, photographed and tested, and a look-in with its still."""
        store().put_derivative(picture.sha256, SHOWN, b"picture")
        store().put_derivative(picture.sha256, STILL, b"picture")
        reviewer = factories.make_account("reviewer")
        room = Room.objects.create(institution=dossier.trainer, name="201")
        room.photos.create(blob=picture, added_by=reviewer)
        room.camera_tests.create(blob=picture, made_by=reviewer)
        dossier.look_ins.create(
            way="live", looked_at=timezone.now(), seen="在上课", still=picture, made_by=reviewer
        )

    def _put_bytes(self, sheet: Sheet) -> None:
        """A real original behind the upload, and the row of its way in."""
        with tempfile.NamedTemporaryFile(suffix=".jpg") as picture:
            Image.new("RGB", (60, 40), "white").save(picture, "JPEG", comment=str(uuid4()).encode())
            picture.flush()
            sheet.upload.blob = store().put_file(Path(picture.name), media_type="image/jpeg")
        sheet.upload.save()
        waiting = Quarantined.objects.create(
            key=uuid4().hex,
            file_name=sheet.upload.file_name,
            declared_size=1,
            subject=str(sheet.dossier.uuid),
            deposited_by="-",
        )
        Intake.objects.create(
            quarantined=waiting,
            dossier=sheet.dossier,
            deposited_by=sheet.upload.received_by,
            upload=sheet.upload,
        )

    def arguments(self, name: str, dossier: DossierPage) -> list:
        """What stands behind an address's name, taken from this dossier."""
        filing = dossier.filings.get()
        sheet = filing.places.get().sheet
        enrolment, session = dossier.enrolments.get(), dossier.sessions.get()
        return {
            "item": ["identity_document_copy"],
            "item-changes": ["identity_document_copy"],
            "review-item": ["identity_document_copy"],
            "unfile": [filing.uuid],
            "searchable": [filing.uuid],
            "answer-return": [dossier.returns.get().uuid],
            "sheet": [sheet.uuid],
            "withdraw-upload": [sheet.upload.uuid],
            **dict.fromkeys(OF_ONE_TRAINEE, [enrolment.uuid]),
            "drop-session": [session.uuid],
            "edit-session": [session.uuid],
            "sign-in": [session.uuid],
            "sign-in-pdf": [session.uuid],
            "template": ["roster"],
            "player-board": [uuid4(), 0],
            "sheet-thumb": [sheet.uuid],
            "sheet-view": [sheet.uuid],
            "upload-original": [sheet.upload.uuid],
            "look-in-still": [dossier.look_ins.get().uuid],
            "room-photo": [dossier.trainer.rooms.get().photos.get().uuid],
            "camera-test": [dossier.trainer.rooms.get().camera_tests.get().uuid],
            "camera-still": [dossier.trainer.rooms.get().camera_tests.get().uuid],
            **{one: [dossier.trainer.rooms.get().uuid] for one in OF_A_ROOM},
        }.get(name, [uuid4()] if name in NEEDS_A_NAME else [])


OF_A_ROOM = (
    *("room", "change-room", "close-room", "add-room-photo"),
    *("look-at-room", "test-camera", "slide-region", "index-slides-again"),
)
OF_ONE_TRAINEE = (
    *("trainee", "withdraw-trainee", "reveal-number"),
    *("consent-of", "remember-face", "forget-face"),
)
NEEDS_A_NAME = {
    *("retry-failed", "reset-password", "close-account", "file"),
    *("file-parts", "recording", "recording-play", "recording-poster"),
    *("retry-job", "withdraw-intake", "try-intake-again", "withdraw-consent"),
    *("undo-check-ins", "check-in-file", "player", "player-faces"),
    *("player-say", "drop-room-photo"),
    *("transcode", "cancel-job", "file-recording", "align"),
}


@pytest.fixture
def world():
    return World()


def ask(account: Account | None, method: str, address: str) -> int:
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
    return getattr(client, method)(address, headers={"Tus-Resumable": "1.0.0"}).status_code


def reached(world: World, method: str, address: str) -> str:
    """The letters of those who do not get 404."""
    return "".join(letter for letter in EVERYBODY if ask(world.people[letter], method, address) != 404)


def names(patterns) -> set[str]:
    return {pattern.name for pattern in patterns if isinstance(pattern, URLPattern)}


def in_order(letters: str) -> str:
    return "".join(letter for letter in EVERYBODY if letter in letters)


def test_every_address_has_a_row():
    assert names(screens.urlpatterns) == set(BENEATH_A_DOSSIER)
    assert names(urls.urlpatterns) == set(OF_A_DOSSIER) | set(OF_THE_SITE) | OPEN_TO_STRANGERS


@pytest.mark.parametrize("name", BENEATH_A_DOSSIER)
def test_a_screen_of_a_dossier_answers_those_named_and_nobody_else(world, name):
    method, allowed = BENEATH_A_DOSSIER[name]
    address = world.dossier.screen(name, *world.arguments(name, world.dossier))
    assert reached(world, method, address) == in_order(allowed)


@pytest.mark.parametrize("name", OF_A_DOSSIER)
def test_a_thing_of_a_dossier_answers_those_named_and_nobody_else(world, name):
    method, allowed = OF_A_DOSSIER[name]
    address = reverse(name, args=world.arguments(name, world.dossier))
    assert reached(world, method, address) == in_order(allowed)


@pytest.mark.parametrize("name", OF_THE_SITE)
def test_an_address_of_the_site_answers_the_roles_named_and_no_other(world, name):
    method, allowed = OF_THE_SITE[name]
    address = reverse(name, args=world.arguments(name, world.dossier))
    assert reached(world, method, address) == in_order(allowed)


def test_a_file_for_a_dossier_is_taken_from_those_who_may_hand_over_alone(world):
    named = base64.b64encode(str(world.dossier.uuid).encode()).decode()
    file_name = base64.b64encode("扫描.jpg".encode()).decode()
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": f"dossier {named},filename {file_name}",
    }
    answers = {}
    for letter in EVERYBODY:
        client = Client(raise_request_exception=False)
        client.force_login(world.people[letter])
        answers[letter] = client.post(reverse("files"), headers=headers).status_code
    assert "".join(letter for letter in EVERYBODY if answers[letter] != 404) == in_order(HANDS_OVER)


def test_a_stranger_is_sent_to_the_log_in(world):
    for name, (method, _allowed) in BENEATH_A_DOSSIER.items():
        address = world.dossier.screen(name, *world.arguments(name, world.dossier))
        assert ask(None, method, address) == 302, name
    for name, (method, _allowed) in (OF_A_DOSSIER | OF_THE_SITE).items():
        address = reverse(name, args=world.arguments(name, world.dossier))
        assert ask(None, method, address) in (302, 401, 404), name


def test_the_bureau_sees_nothing_that_was_never_handed_in(world):
    dossier = factories.make_dossier(world.school, trainees=1)
    for name in ("board", "contents", "roster", "history", "owes", "review", "sessions"):
        assert set(reached(world, "get", dossier.screen(name))) <= set(KEEPS + "I"), name


def test_a_thing_of_another_dossier_is_not_found_under_ones_own_address(world):
    clerk = world.people["C"]
    for name, (method, _allowed) in BENEATH_A_DOSSIER.items():
        strange = world.arguments(name, world.strange)
        if strange and name not in ("item", "item-changes", "review-item", "template"):
            assert ask(clerk, method, world.dossier.screen(name, *strange)) == 404, name


def test_the_table_turns_red_when_the_scope_of_sight_is_taken_away(world, monkeypatch):
    address = world.dossier.screen("board")
    assert reached(world, "get", address) == in_order(SEES)
    monkeypatch.setattr(permissions, "sees", lambda account, dossier: True)
    assert reached(world, "get", address) == in_order(SEES)  # the query's scope stands in front
    monkeypatch.setattr("cms.views.doors.visible_dossiers", lambda account: DossierPage.objects.all())
    assert set(reached(world, "get", address)) > set(SEES)


def test_the_table_turns_red_when_the_custodian_is_not_asked_for(world, monkeypatch):
    address = world.dossier.screen("add-trainee")
    assert reached(world, "post", address) == in_order(KEEPS)
    monkeypatch.setattr(permissions, "NOT_CUSTODIAN", frozenset(permissions.Act))
    assert "P" in reached(world, "post", address)
