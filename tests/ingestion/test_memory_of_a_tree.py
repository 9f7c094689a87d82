"""The benchmark's memory figure counts what a process started too, and keeps the peak."""

import os
import subprocess
import sys

from ingestion.specimens.memory import PeakOfTree, tree_bytes

HOLDS = 64 * 2**20
CHILD = f"held = bytearray(b'x' * {HOLDS}); print(len(held), flush=True); input()"


def test_what_a_child_holds_is_counted_while_it_runs_and_kept_as_the_peak() -> None:
    before = tree_bytes(os.getpid())
    with PeakOfTree() as peak:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline().strip() == str(HOLDS)
        while_held = tree_bytes(os.getpid())
        most = peak.megabytes
        child.communicate("\n")
    assert while_held - before > HOLDS
    assert most > (before + HOLDS) / 2**20
    assert tree_bytes(os.getpid()) < while_held
