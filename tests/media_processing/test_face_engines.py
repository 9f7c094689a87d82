"""Every face engine keeps the contract. No person's picture is needed: a place in a picture is enough to remember."""

import numpy as np
import pytest

from media_processing.engines import FACE_ENGINES, UnknownFaceEngine, face_engine
from media_processing.engines.onnx_inputs import with_inputs
from media_processing.sightings import Box, Face, FaceEngine
from media_processing.watching import NoFaceFound, reference

WALL = np.full((240, 320, 3), 180, np.uint8)
PATTERN = np.random.default_rng(5).integers(0, 255, (240, 320, 3), dtype=np.uint8)
PLACE = Face(Box(80, 60, 90, 110), 0.9, 0.8, ((105, 105), (145, 105), (125, 130), (108, 150), (142, 150)))


@pytest.mark.parametrize("name", sorted(FACE_ENGINES))
def test_every_engine_keeps_the_contract(name: str) -> None:
    engine = face_engine(name)
    assert isinstance(engine, FaceEngine)
    assert engine.name == name and engine.version and 0 < engine.threshold <= 1
    assert face_engine(name) is engine


@pytest.mark.parametrize("name", sorted(FACE_ENGINES))
def test_an_empty_wall_and_a_sliver_show_nobody(name: str) -> None:
    assert face_engine(name).faces(WALL) == ()
    assert face_engine(name).faces(WALL[:1, :1]) == ()


@pytest.mark.parametrize("name", sorted(set(FACE_ENGINES) - {"null"}))
def test_a_template_has_length_one_and_is_the_same_twice(name: str) -> None:
    engine = face_engine(name)
    one, again = engine.template(PATTERN, PLACE), engine.template(PATTERN, PLACE)
    assert float(np.linalg.norm(one)) == pytest.approx(1, abs=1e-4)
    assert np.allclose(one, again)


def test_a_portrait_without_a_face_is_refused_by_its_key() -> None:
    with pytest.raises(NoFaceFound, match="row 3"):
        reference(face_engine("yunet_sface"), WALL, key="row 3")


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownFaceEngine, match="yunet_sface"):
        face_engine("arcface")


def test_inputs_are_stripped_and_nothing_else() -> None:
    def value(name: str) -> bytes:
        return b"\x0a" + bytes([len(name)]) + name.encode()

    def inputs(name: str) -> bytes:
        return b"\x5a" + bytes([len(value(name))]) + value(name)

    graph = inputs("data") + inputs("weight") + b"\x12\x01g"
    model = b"\x08\x07" + b"\x3a" + bytes([len(graph)]) + graph
    kept = inputs("data") + b"\x12\x01g"
    assert with_inputs(model, {"data"}) == b"\x08\x07" + b"\x3a" + bytes([len(kept)]) + kept


@pytest.mark.parametrize("broken", [b"\x3a\x09abc", b"\x0f", b"\xff" * 12])
def test_what_is_no_model_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):
        with_inputs(broken, {"data"})
