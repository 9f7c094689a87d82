"""What a recording shows and what is wrong with it, as one JSON object; no database is touched."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.reading_recordings import in_lines, reader_called
from ingestion.engines import ENGINES
from media_processing import ffmpeg
from media_processing.engines import DEFAULT_FACES, FACE_ENGINES, face_engine
from media_processing.indexing import IndexOptions, index
from media_processing.metering import Clock
from media_processing.segments import SEGMENT_SECONDS
from media_processing.sightings import FaceEngine, References
from media_processing.tracks import Kind, RecordingIndex, Region, Stretch
from media_processing.watching import NoFaceFound, as_json, reference, watch

PORTRAITS = (".jpg", ".jpeg", ".png")


class Command(BaseCommand):
    help = "Index a recording: slides, incidents, presence (docs/recordings.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--portraits", type=Path, help="a folder of portraits; a trainee is a file's stem"
        )
        parser.add_argument(
            "--slide-region", help="X,Y,W,H in pixels; proposed by the recording itself by default"
        )
        parser.add_argument("--sample-seconds", type=float, default=10.0)
        parser.add_argument("--faces", default=DEFAULT_FACES, choices=sorted(FACE_ENGINES))
        parser.add_argument(
            "--slide-text",
            default="paddle_tiny",
            choices=sorted(ENGINES),
            help="engine that reads slides, null for none",
        )
        parser.add_argument("--segment-seconds", type=float, default=SEGMENT_SECONDS)
        parser.add_argument(
            "--json", action="store_true", help="kept for symmetry: the answer is always JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"].absolute()
        try:
            found, said = _indexed(path, options)
        except (ffmpeg.Unreadable, OSError) as error:
            raise CommandError(f"{path}: not a recording that can be read") from error
        except (NoFaceFound, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        self.stdout.write(json.dumps({**_plain(found), **said}, ensure_ascii=False))


def _indexed(path: Path, options: dict[str, Any]) -> tuple[RecordingIndex, dict[str, Any]]:
    region = _region(path, options["slide_region"])
    name, reader = reader_called(options["slide_text"])
    read = in_lines(reader) if name else None
    found = index(path, IndexOptions(region, read, options["segment_seconds"]))
    clock, engines = Clock(dict(found.cpu_seconds)), [name] if name else []
    said: dict[str, Any] = {"samples": [], "presence": [], "unknown": []}
    if options["portraits"] is not None and found.facts.picture is not None:
        with clock.step("faces"):
            faces = face_engine(options["faces"])
            watched = watch(
                path,
                _references(options["portraits"], faces),
                faces,
                step_seconds=options["sample_seconds"],
                blind=_blind(found),
            )
        said = dict(as_json(watched))
        engines.append(f"{watched.engine} {watched.engine_version} at {watched.threshold}")
    return found, {**said, "engines": engines, "cpu_seconds": clock.spent}


def _region(path: Path, told: str | None) -> Region | None:
    if told is None:
        return None
    picture = ffmpeg.probe(path).picture
    box = tuple(int(edge) for edge in told.split(","))
    if picture is None or len(box) != 4:
        raise ValueError("--slide-region takes X,Y,W,H of a recording with a picture")
    return Region.from_pixels(box, picture)


def _references(folder: Path, faces: FaceEngine) -> References:
    found = {}
    for portrait in sorted(folder.iterdir()):
        if portrait.suffix.lower() in PORTRAITS:
            picture = cv2.imread(str(portrait), cv2.IMREAD_COLOR)
            if picture is None:
                raise NoFaceFound(portrait.stem)
            found[portrait.stem] = (reference(faces, np.asarray(picture, np.uint8), key=portrait.stem),)
    return found


def _blind(found: RecordingIndex) -> list[Stretch]:
    return [Stretch(one.start, one.end) for one in found.incidents if one.kind in (Kind.BLACK, Kind.FROZEN)]


def _plain(found: RecordingIndex) -> dict[str, Any]:
    tracks = [
        {"kind": one.kind, "codec": one.codec, "width": one.width, "height": one.height}
        for one in found.facts.tracks
    ]
    return {
        "duration": round(found.facts.duration_seconds, 2),
        "streams": tracks,
        "keyframe_seconds": [round(at, 2) for at in found.keyframe_seconds],
        "playable": found.facts.plays_as_it_is,
        "slides": [{"start": one.start, "end": one.end, "text": one.text} for one in found.slides],
        "incidents": [
            {"kind": one.kind.value, "start": one.start, "end": one.end, "source_start": one.source_start}
            for one in found.incidents
        ],
    }
