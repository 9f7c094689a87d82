"""The child sees what it was given, uses what it may, and is gone afterwards with all its kin."""

import json
import os
import socket
import sys
import time
from contextlib import nullcontext, suppress

import pytest

from foundation import sandbox
from foundation.errors import ChildFailed, DiskFull, OutOfMemory, TimedOut
from foundation.sandbox import MIB, Limits, run_limited, run_python

WALLS = pytest.mark.parametrize("walled", [True, False], ids=["bubblewrap", "limits-only"])


def python(code: str, **options):
    homes = [*sandbox._python_homes()]
    readable = [*options.pop("readable", []), *homes]
    return run_limited([sys.executable, "-c", code], readable=readable, **options)


def test_bubblewrap_works_on_this_machine():
    assert sandbox.is_walled()


@WALLS
def test_a_child_reads_its_input_and_answers(walled):
    said = python("import sys; print(sys.stdin.read()[::-1])", stdin=b"abc", walled=walled)
    assert said.stdout == b"cba\n"


@WALLS
def test_a_child_that_runs_too_long_is_ended_with_its_children(walled, tmp_path):
    grandchild = f"import time; time.sleep(3); open({str(tmp_path / 'late')!r}, 'w')"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(60)"
    start = time.monotonic()
    with pytest.raises(TimedOut):
        python(code, limits=Limits(wall_seconds=1), writable=tmp_path, walled=walled)
    assert time.monotonic() - start < 10
    time.sleep(3.5)
    assert not (tmp_path / "late").exists()


@WALLS
def test_a_child_that_burns_its_cpu_seconds_is_ended(walled):
    with pytest.raises(TimedOut):
        python("while True: pass", limits=Limits(cpu_seconds=1, wall_seconds=30), walled=walled)


@WALLS
def test_a_child_that_wants_too_much_memory_is_told_so(walled):
    with pytest.raises(OutOfMemory):
        python("x = bytearray(700 * 1024**2)", limits=Limits(address_space=512 * MIB), walled=walled)


@WALLS
def test_a_child_that_finds_the_disk_full_is_told_apart_from_one_that_fails(walled):
    with pytest.raises(DiskFull):
        python("open('/dev/full', 'wb', buffering=0).write(b'x')", walled=walled)
    with pytest.raises(ChildFailed):
        python("raise SystemExit(3)", walled=walled)


@WALLS
def test_a_child_cannot_write_an_endless_file(walled, tmp_path):
    code = f"f = open({str(tmp_path / 'big')!r}, 'wb')\nwhile True: f.write(b'x' * 65536)"
    with pytest.raises(ChildFailed):
        python(code, limits=Limits(file_size=MIB), writable=tmp_path, walled=walled)
    assert (tmp_path / "big").stat().st_size <= MIB


@WALLS
def test_a_child_that_talks_without_end_is_ended(walled):
    with pytest.raises(ChildFailed):
        python("while True: print('x' * 65536)", limits=Limits(file_size=MIB), walled=walled)


@WALLS
def test_a_child_gets_none_of_our_environment(walled):
    os.environ["JUANZONG_CANARY"] = "secret"
    try:
        said = python("import os; print(dict(os.environ))", walled=walled)
    finally:
        del os.environ["JUANZONG_CANARY"]
    assert b"CANARY" not in said.stdout


def test_behind_the_wall_there_is_no_other_file(tmp_path):
    given, canary = tmp_path / "given", tmp_path / "canary"
    given.write_text("given")
    canary.write_text("canary")
    code = (
        "import json, pathlib\n"
        f"seen = [pathlib.Path(p).exists() for p in ({str(given)!r}, {str(canary)!r}, '/etc/passwd', '/root', '/var')]\n"
        "print(json.dumps(seen))"
    )
    said = python(code, readable=[given], walled=True)
    assert json.loads(said.stdout)[:3] == [True, False, False]


def test_behind_the_wall_what_is_readable_cannot_be_written(tmp_path):
    given = tmp_path / "given"
    given.write_text("given")
    with pytest.raises(ChildFailed):
        python(f"open({str(given)!r}, 'w').write('changed')", readable=[given], walled=True)
    assert given.read_text() == "given"


@WALLS
def test_only_behind_the_wall_there_is_no_network(walled):
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        port = canary.getsockname()[1]
        with suppress(ChildFailed):
            python(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)", walled=walled)
        with pytest.raises(BlockingIOError) if walled else nullcontext():
            canary.accept()


def test_a_python_child_of_ours_imports_no_django():
    said = run_limited(
        [sys.executable, "-c", "import foundation.parser_child, sys; print('django' in sys.modules)"],
        readable=[sandbox.CODE_ROOT / "foundation", *sandbox._python_homes()],
        environment={"PYTHONPATH": str(sandbox.CODE_ROOT)},
    )
    assert said.stdout == b"False\n"


def test_a_child_of_ours_runs_by_module_name(tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(b"not an image")
    said = run_python("foundation.parser_child", ["image/png", path], readable=[path])
    assert json.loads(said.stdout) == {"refused": "broken_image"}
