"""What is weak is said at start."""

import base64

import pytest

from foundation import checks, jobs
from foundation.installation import installation

STRONG = [base64.b64encode(bytes((n * 7 + shift) % 256 for n in range(32))).decode() for shift in (1, 2)]


@pytest.fixture(autouse=True)
def sound(settings, tmp_path):
    settings.DEBUG = False
    settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE = {"k1": STRONG[0]}, "k1"
    settings.BLIND_INDEX_KEY = STRONG[1]
    settings.MEDIA_ROOT, settings.STATIC_ROOT = str(tmp_path / "public"), str(tmp_path / "static")
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"


def ids(found) -> list[str]:
    return sorted(message.id for message in found)


def everything() -> list[str]:
    every = (checks.check_keys, checks.check_private_folders, checks.check_choices, checks.check_sqlite)
    return [message_id for one in every for message_id in ids(one(None))]


def test_a_sound_installation_has_nothing_to_say():
    assert everything() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FIELD_KEYS", {}, ["foundation.E007"]),
        ("FIELD_KEY_ACTIVE", "k9", ["foundation.E007"]),
        ("FIELD_KEYS", {"k1": "short"}, ["foundation.E008"]),
        ("FIELD_KEYS", {"k1": base64.b64encode(b"\0" * 32).decode()}, ["foundation.E008"]),
        ("BLIND_INDEX_KEY", "", ["foundation.E008"]),
        ("BLIND_INDEX_KEY", STRONG[0], ["foundation.E009"]),
    ],
)
def test_a_weak_or_missing_key_is_an_error(settings, name, value, expected):
    setattr(settings, name, value)
    assert everything() == expected


def test_a_patterned_key_is_allowed_while_developing_only(settings):
    settings.DEBUG = True
    settings.FIELD_KEYS = {"k1": base64.b64encode(b"\0" * 32).decode()}
    assert everything() == []


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_originals_inside_a_served_folder_are_an_error(settings, name):
    setattr(settings, name, str(installation().quarantine_root.parent))
    assert everything() == ["foundation.E002"] * 2


def test_an_unknown_store_or_carrier_is_an_error(settings):
    settings.BLOB_STORE = {"kind": "tape"}
    settings.JOB_CARRIER = "pigeon"
    assert everything() == ["foundation.E003", "foundation.E004"]


def test_a_kind_whose_queue_nobody_serves_is_an_error():
    jobs.job("test_lost", queue="nowhere")(lambda run: None)
    try:
        assert everything() == ["foundation.E005"]
    finally:
        del jobs._KINDS["test_lost"]


def test_sqlite_with_deferred_transactions_is_a_warning():
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"timeout": 20}}
    assert ids(checks.sqlite_faults(sqlite)) == ["foundation.W006"]
    sqlite["OPTIONS"]["transaction_mode"] = "IMMEDIATE"
    assert ids(checks.sqlite_faults(sqlite)) == []


def test_no_message_shows_a_key(settings):
    settings.FIELD_KEYS = {"k1": "c2hvcnQ="}
    assert "c2hvcnQ" not in str(checks.check_keys(None)) and STRONG[1] not in repr(installation())
