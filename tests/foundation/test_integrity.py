"""The checks can see: each finds its planted fault, and the command says so before it judges."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation import integrity
from foundation.blobs import store
from foundation.integrity import Fault, prove
from foundation.models import Blob, Job, Quarantined

pytestmark = pytest.mark.django_db

GROUND = [one for one in integrity.checks() if type(one).__module__ == "foundation.integrity"]


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"
    return tmp_path


def run(*options: str) -> tuple[int, str]:
    out, status = StringIO(), 0
    try:
        call_command("check_integrity", *options, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


class Blind:
    """Plants a fault and never finds it."""

    code, title = "blind", "blind"

    def faults(self, ground):
        return iter(())

    def plant(self, ground):
        ground.add(Job(kind="planted", queue="paper"))


class CriesWolf(Blind):
    """Finds a fault where there is none."""

    code = "cries_wolf"

    def faults(self, ground):
        yield Fault(self.code, "everywhere", "nothing")


def test_the_ground_brings_eight_checks_and_each_finds_its_fault():
    assert len(GROUND) == 8
    assert prove(GROUND) == integrity.Proof(planted=8, blind=())


def test_every_check_of_every_app_finds_its_fault():
    proof = prove()
    assert proof.blind == () and proof.planted == len(integrity.checks())


@pytest.mark.parametrize("broken", [Blind, CriesWolf])
def test_a_check_that_cannot_tell_sound_from_broken_is_named(broken):
    proof = prove([*GROUND, broken()])
    assert proof.blind == (broken.code,) and proof.found == 8


def test_the_proof_leaves_nothing_behind(installation):
    before = set(installation.rglob("*"))
    prove()
    assert (Blob.objects.count(), Job.objects.count(), Quarantined.objects.count()) == (0, 0, 0)
    assert set(installation.rglob("*")) == before


def test_the_proof_costs_no_look_at_the_real_rows(installation, django_assert_max_num_queries):
    Blob.objects.bulk_create(Blob(sha256=f"{n:064}", size=1, media_type="x") for n in range(200))
    with django_assert_max_num_queries(100):
        assert prove(GROUND).blind == ()


def test_a_sound_installation_passes(installation):
    (installation / "x").write_bytes(b"a scan")
    store().put_file(installation / "x", media_type="application/pdf")
    status, said = run()
    assert status == 0
    total = len(integrity.checks())
    assert said.startswith(f"自检 {total}/{total}\n") and "共 0 处问题" in said


@pytest.mark.parametrize("check", GROUND, ids=lambda check: check.code)
def test_each_fault_in_the_real_installation_is_found_named_and_counted(check, installation):
    ground = integrity.real_ground()
    ground.quarantine_root.mkdir(exist_ok=True)
    check.plant(ground)
    status, said = run()
    assert status == 1
    assert f"        {check.code}  " in said


def test_a_changed_byte_is_found_by_the_deep_look_alone(installation):
    (installation / "x").write_bytes(b"a scan")
    blob = store().put_file(installation / "x", media_type="application/pdf")
    with store().local_path(blob.sha256) as path:
        Path(path).write_bytes(b"A scan")
    assert run("--quick")[0] == 0
    status, said = run()
    assert status == 1 and f"blob_bytes_changed  {blob.sha256}" in said


def test_a_blind_check_fails_the_command_even_where_nothing_is_wrong():
    integrity._CHECKS.append(Blind())
    try:
        status, said = run()
    finally:
        integrity._CHECKS.pop()
    assert status == 1 and "自检没有找到预埋的问题：blind" in said
