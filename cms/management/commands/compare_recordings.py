"""Stretches that two recordings share, by what is heard; no database is touched."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media_processing import ffmpeg, passes
from media_processing.fingerprints import Fingerprint, shared_by


class Command(BaseCommand):
    help = "Print stretches that recordings A and B share (docs/recordings.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("a", type=Path)
        parser.add_argument("b", type=Path)
        parser.add_argument(
            "--json", action="store_true", help="kept for symmetry: the answer is always JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        one, other = _fingerprint(options["a"].absolute()), _fingerprint(options["b"].absolute())
        found = [
            {"a_start": shared.start, "b_start": shared.other_start, "seconds": shared.seconds}
            for shared in shared_by(one, other)
        ]
        self.stdout.write(json.dumps({"shared": found}))


def _fingerprint(path: Path) -> Fingerprint:
    try:
        facts = ffmpeg.probe(path)
        if facts.sound is None:
            raise CommandError(f"{path}: has no sound to compare by")
        return passes.sound(path, facts.duration_seconds).fingerprint
    except (ffmpeg.Unreadable, OSError) as error:
        raise CommandError(f"{path}: not a recording that can be read") from error
