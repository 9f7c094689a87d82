"""face-recognition (dlib), for who chooses it: it cannot tell East Asian faces apart at its usual tolerance.

Where one pair of strangers in a thousand passes (likeness 0.95), it misses a third and more of the true pairs; its own
default tolerance lets strangers pass by the hundred (docs/benchmarks.md). It is never our default."""

from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from typing import Any

import cv2
import numpy as np

from media_processing.sightings import Box, Face, Template
from media_processing.tracks import Picture

GOOD_SIDE = 80.0


class DlibFaces:
    """Loads dlib's models at the first picture."""

    name = "face_recognition"
    threshold = 0.95

    @cached_property
    def version(self) -> str:
        return version("face-recognition")

    def faces(self, picture: Picture) -> tuple[Face, ...]:
        colours = np.ascontiguousarray(picture[:, :, ::-1])
        found = []
        for top, right, bottom, left in self._library.face_locations(colours, model="hog"):
            box = Box(float(left), float(top), float(right - left), float(bottom - top))
            found.append(Face(box, 1.0, min(1.0, box.size / GOOD_SIDE)))
        return tuple(found)

    def template(self, picture: Picture, face: Face) -> Template:
        box = face.box
        place = (int(box.top), int(box.left + box.width), int(box.top + box.height), int(box.left))
        colours = np.ascontiguousarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
        answer = np.asarray(self._library.face_encodings(colours, [place])[0], np.float64)
        return np.asarray(answer / max(1e-9, float(np.linalg.norm(answer))), np.float32)

    @cached_property
    def _library(self) -> Any:
        """Imported late: its models take half a second and 100 MB that nobody else should pay for."""
        return import_module("face_recognition")
