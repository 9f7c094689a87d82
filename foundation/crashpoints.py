"""Named places where a test may kill the process as a power cut would; silent otherwise.

JUANZONG_CRASH_AT=renamed_before_row makes the process send itself SIGKILL there: no `finally`, no
`atexit`, no flush. Tests run it in a child and then ask what is left.
"""

import os
import signal
from typing import Literal

VARIABLE = "JUANZONG_CRASH_AT"
CrashPoint = Literal[
    "quarantined", "renamed_before_row", "leased", "while_filing", "after_commit", "segment_looked_at"
]
CRASH_POINTS: tuple[CrashPoint, ...] = (
    "quarantined",
    "renamed_before_row",
    "leased",
    "while_filing",
    "after_commit",
    "segment_looked_at",
)


def crash_point(name: CrashPoint) -> None:
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
