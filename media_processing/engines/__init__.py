"""Face engines by name; each keeps the contract of media_processing.sightings.FaceEngine."""

from collections.abc import Callable
from functools import cache

from media_processing.engines.dlib_faces import DlibFaces
from media_processing.engines.null import NoFaces
from media_processing.engines.yunet_sface import YunetSface
from media_processing.sightings import FaceEngine

FACE_ENGINES: dict[str, Callable[[], FaceEngine]] = {
    "yunet_sface": YunetSface,
    "face_recognition": DlibFaces,
    "null": NoFaces,
}
DEFAULT_FACES = "yunet_sface"


class UnknownFaceEngine(ValueError):
    """No face engine goes by this name; the message names those that do."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no face engine is called {name!r}; there are {', '.join(sorted(FACE_ENGINES))}")


@cache
def face_engine(name: str = DEFAULT_FACES) -> FaceEngine:
    """The engine of this name, one a process: models are loaded once a worker."""
    if name not in FACE_ENGINES:
        raise UnknownFaceEngine(name)
    return FACE_ENGINES[name]()
