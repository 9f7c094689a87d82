"""Runs pytest with the rows in a PostgreSQL of its own: `python -m tests.on_postgres [pytest arguments]`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.services import start_postgres


def run(arguments: list[str]) -> int:
    """pytest's own exit code; the server and its folder are gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="juanzong-postgres-") as folder,
        start_postgres(Path(folder)) as server,
    ):
        environment = os.environ | {"DATABASE_URL": server.database_url("juanzong")}
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
