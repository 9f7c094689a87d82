"""Children that die: run a function of the tests in a process of its own and kill it where a crash point says.

    ended = in_child("tests.foundation.crash_scenes.deposit", path, crash_at="quarantined")
    assert ended.was_killed

The child works on the same test database, folders and settings as the test, which must therefore be marked
`django_db(transaction=True)`.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings
from django.db import connection

from foundation import crashpoints

SHARED = (
    "BLOB_STORE",
    "QUARANTINE_ROOT",
    "QUARANTINE_RESERVE_BYTES",
    "JOB_LEASE_SECONDS",
    "JOB_RETRY_SECONDS",
    "FIELD_KEYS",
    "FIELD_KEY_ACTIVE",
    "BLIND_INDEX_KEY",
    "OCR_ENGINE",
)
PATIENCE_SECONDS = 120
HERE = "JUANZONG_TEST_CHILD"


@dataclass(frozen=True)
class Ended:
    status: int
    output: str

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL


def in_child(function: str, *arguments: Any, crash_at: crashpoints.CrashPoint | str = "") -> Ended:
    """Run `package.module.function(*arguments)` (JSON values) in a child to its end or its crash point."""
    with started(function, *arguments, crash_at=crash_at) as child:
        output, _nothing = child.communicate(timeout=PATIENCE_SECONDS)
    return Ended(child.returncode, output.decode())


def started(function: str, *arguments: Any, crash_at: str = "") -> subprocess.Popen[bytes]:
    """The same, left running: the test kills it and waits for it."""
    environment = dict(os.environ)
    environment.pop(crashpoints.VARIABLE, None)
    if crash_at:
        environment[crashpoints.VARIABLE] = crash_at
    environment[HERE] = json.dumps({"database": _database(), "settings": _settings()}, default=str)
    command = [sys.executable, "-m", "tests.crashing", function, json.dumps(arguments, default=str)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _settings() -> dict[str, Any]:
    return {name: getattr(settings, name) for name in SHARED if hasattr(settings, name)}


def _run(function: str, arguments: list[Any]) -> None:
    here = json.loads(os.environ[HERE])
    settings.DATABASES["default"]["NAME"] = here["database"]
    for name, value in here["settings"].items():
        setattr(settings, name, value)
    django.setup()
    module, _dot, name = function.rpartition(".")
    getattr(importlib.import_module(module), name)(*arguments)


if __name__ == "__main__":
    _run(sys.argv[1], json.loads(sys.argv[2]))
