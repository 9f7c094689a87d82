"""Foreign parsers run here: in a child process with limits, no network, and only the files they were given.

With bubblewrap (`bwrap`) the child sees the system's programs, Python's own files, what is `readable`
(read-only) and one `writable` folder, and nothing else. Where bubblewrap is missing or not allowed, the
limits alone remain (`is_walled()` tells, and a system check warns). Needs no Django.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from foundation.errors import ChildFailed, DiskFull, OutOfMemory, TimedOut

MIB = 1024**2
CODE_ROOT = Path(__file__).resolve().parent.parent
MAX_OUTPUT = 16 * MIB
WATCH_SECONDS = 1.0
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")
WALL = ("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv")
PLAIN = ("--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/")
MEMORY_WORDS = (b"MemoryError", b"bad_alloc", b"Cannot allocate memory", b"out of memory", b"malloc failed")
NO_SPACE = b"No space left on device"


@dataclass(frozen=True)
class Limits:
    """What one child may use. `address_space` and `file_size` are bytes."""

    address_space: int = 1024 * MIB
    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    file_size: int = 256 * MIB
    open_files: int = 256


@dataclass(frozen=True)
class Completed:
    stdout: bytes
    stderr: bytes


def run_limited(
    argv: Sequence[str | Path],
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    readable: Iterable[Path] = (),
    writable: Path | None = None,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    walled: bool | None = None,
    watch: Callable[[], None] | None = None,
) -> Completed:
    """Run to its end and return what it said; the whole group is gone afterwards.

    `watch` is called about once a second; what it raises ends the child and goes on to the caller.

    TimedOut (wall clock or CPU), OutOfMemory, DiskFull, ChildFailed with `status` for any other end than 0.
    `walled=False` does without bubblewrap, True insists on it, None takes it when it works.
    """
    use_wall = is_walled() if walled is None else walled
    command = _limited(argv, limits)
    variables = _environment(environment)
    if use_wall:
        command = [*_wall(readable, writable, variables), *command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        child = subprocess.Popen(
            command, stdin=given, stdout=out, stderr=err, env=variables, cwd="/", start_new_session=True
        )
        status = _awaited(child, limits, watch)
        return _judged(status, _said(out), _said(err))


def run_python(
    module: str,
    arguments: Sequence[str | Path],
    *,
    packages: Iterable[str] = ("foundation",),
    limits: Limits = Limits(),  # noqa: B008 - frozen
    readable: Iterable[Path] = (),
    writable: Path | None = None,
    walled: bool | None = None,
) -> Completed:
    """`python -m module arguments`, seeing only these packages of ours besides the installed ones."""
    return run_limited(
        [sys.executable, "-B", "-m", module, *arguments],
        limits=limits,
        readable=[*readable, *(CODE_ROOT / package for package in packages), *_python_homes()],
        writable=writable,
        environment={"PYTHONPATH": str(CODE_ROOT)},
        walled=walled,
    )


@lru_cache(maxsize=1)
def is_walled() -> bool:
    """Whether bubblewrap is there and this machine lets it work."""
    return bool(_wall_flags())


@lru_cache(maxsize=1)
def _wall_flags() -> tuple[str, ...]:
    """The flags that work here: with a /proc of its own, or without where a container forbids it."""
    bwrap = shutil.which("bwrap")
    if not bwrap:
        return ()
    for flags in ((bwrap, *WALL, *PLAIN, "--proc", "/proc"), (bwrap, *WALL, *PLAIN)):
        trial = subprocess.run([*flags, *_system_binds(), "/bin/true"], capture_output=True, timeout=20)
        if trial.returncode == 0:
            return flags
    return ()


def _wall(readable: Iterable[Path], writable: Path | None, variables: Mapping[str, str]) -> list[str]:
    flags = list(_wall_flags())
    if not flags:
        raise ChildFailed(status=-1)
    flags += _system_binds()
    for path in readable:
        flags += ["--ro-bind", str(path), str(path)]
    if writable:
        flags += ["--bind", str(writable), str(writable)]
    for name, value in variables.items():
        flags += ["--setenv", name, value]
    return [*flags, "--"]


def _system_binds() -> list[str]:
    """System folders read-only; merged-usr links stay links."""
    flags: list[str] = []
    for place in SYSTEM:
        path = Path(place)
        if path.is_symlink():
            flags += ["--symlink", os.readlink(path), place]
        elif path.exists():
            flags += ["--ro-bind", place, place]
    return flags


def _python_homes() -> list[Path]:
    homes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent}
    return sorted(home for home in homes if not str(home).startswith("/usr"))


def _limited(argv: Sequence[str | Path], limits: Limits) -> list[str]:
    ""
    ""
    return [
        "prlimit",
        f"--as={limits.address_space}",
        f"--cpu={limits.cpu_seconds}:{limits.cpu_seconds + 1}",
        f"--fsize={limits.file_size}",
        f"--nofile={limits.open_files}",
        "--core=0",
        *(str(word) for word in argv),
    ]


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """Nothing of ours leaks in: a path, a language, one thread for numeric libraries."""
    base = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return base | threads | dict(extra or {})


def _awaited(child: subprocess.Popen[bytes], limits: Limits, watch: Callable[[], None] | None) -> int:
    deadline = time.monotonic() + limits.wall_seconds
    try:
        while watch is not None and (left := deadline - time.monotonic()) > WATCH_SECONDS:
            with suppress(subprocess.TimeoutExpired):
                return child.wait(min(left, WATCH_SECONDS))
            watch()
        return child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimedOut from None
    finally:
        _end_group(child)


def _end_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _said(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(MAX_OUTPUT)


def _judged(status: int, stdout: bytes, stderr: bytes) -> Completed:
    """The end of the child in our words; a signal is -n without the wall and 128 + n behind it."""
    if status == 0:
        return Completed(stdout, stderr)
    ended_by = -status if status < 0 else status - 128 if status > 128 else 0
    if ended_by == signal.SIGXCPU:
        raise TimedOut
    if ended_by == signal.SIGKILL or any(word in stderr for word in MEMORY_WORDS):
        raise OutOfMemory
    if NO_SPACE in stderr:
        raise DiskFull
    raise ChildFailed(status=status)
