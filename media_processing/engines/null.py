"""The engine that sees nobody: for installations without consent to faces, and for tests."""

import numpy as np

from media_processing.sightings import Face, Template
from media_processing.tracks import Picture


class NoFaces:
    """Finds no face in any picture."""

    name = "null"
    version = "1"
    threshold = 1.0

    def faces(self, picture: Picture) -> tuple[Face, ...]:
        return ()

    def template(self, picture: Picture, face: Face) -> Template:
        return np.zeros(1, np.float32)
