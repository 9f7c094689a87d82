"""Stretches that two recordings share, by what is heard and by what is seen; no database is touched."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media_processing import ffmpeg, passes
from media_processing.fingerprints import Shared, shared_by
from media_processing.indexing import keyframes_kept
from media_processing.resemblance import PROOF_A_SECOND, shared_pictures, sketched
from media_processing.tracks import RecordingFacts


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
        a, b = options["a"].absolute(), options["b"].absolute()
        one, other = _facts(a), _facts(b)
        found = [("sound", shared) for shared in _heard(a, one, b, other)]
        if not found:
            found = [("picture", shared) for shared in _seen(a, one, b, other)]
        told = [
            {"a_start": one.start, "b_start": one.other_start, "seconds": one.seconds, "how": how}
            for how, one in found
        ]
        self.stdout.write(json.dumps({"shared": told}))


def _facts(path: Path) -> RecordingFacts:
    try:
        return ffmpeg.probe(path)
    except (ffmpeg.Unreadable, OSError) as error:
        raise CommandError(f"{path}: not a recording that can be read") from error


def _heard(a: Path, one: RecordingFacts, b: Path, other: RecordingFacts) -> tuple[Shared, ...]:
    if one.sound is None or other.sound is None:
        return ()
    first, second = (passes.sound(path, facts.duration_seconds) for path, facts in ((a, one), (b, other)))
    return shared_by(first.fingerprint, second.fingerprint)


def _seen(a: Path, one: RecordingFacts, b: Path, other: RecordingFacts) -> tuple[Shared, ...]:
    """Where nothing is heard in both: without sound, or with another one."""
    if one.picture is None or other.picture is None:
        return ()
    try:
        with keyframes_kept(a, one) as looks, keyframes_kept(b, other) as theirs:
            return shared_pictures(
                sketched(looks),
                looks,
                sketched(theirs),
                lambda stretch: passes.frames(b, stretch, a_second=PROOF_A_SECOND),
            )
    except ffmpeg.Unreadable:
        return ()  # pictures that cannot be decoded show nothing alike
