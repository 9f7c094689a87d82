"""Every face engine keeps the contract. No person's picture is needed: a place in a picture is enough to remember."""

import numpy as np
import pytest

from media_processing.engines import FACE_ENGINES, UnknownFaceEngine, face_engine
from media_processing.engines.onnx_fields import fields, with_body, with_value
from media_processing.engines.onnx_inputs import of_any_size, with_inputs, with_single_scales
from media_processing.engines.yunet import Yunet
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


def test_sizes_are_dropped_and_names_and_types_stay() -> None:
    shape = with_body(2, [with_body(1, [with_value(1, 640)])])
    info = with_body(1, [b"data"]) + with_body(2, [with_body(1, [with_value(1, 1), shape])])
    bare = with_body(1, [b"data"]) + with_body(2, [with_body(1, [with_value(1, 1)])])
    model = with_body(7, [with_body(1, [b"\x12\x01g"]), with_body(11, [info]), with_body(13, [info])])
    assert of_any_size(model) == with_body(7, [with_body(1, [b"\x12\x01g"]), with_body(11, [bare])])


@pytest.mark.parametrize(("scales", "block"), [(1, 0), (2, 64)])
def test_blocks_are_dropped_where_there_is_one_scale(scales: int, block: int) -> None:
    scale = with_body(5, [with_value(1, scales), with_body(8, [b"scale"])])
    said = with_body(5, [with_body(1, [b"block_size"]), with_value(3, 64)])
    node = with_body(
        1, [with_body(1, [b"x"]), with_body(1, [b"scale"]), with_body(4, [b"DequantizeLinear"]), said]
    )
    mended = with_single_scales(with_body(7, [node, scale]))
    (graph,) = (field.body for field in fields(mended) if field.body)
    attribute = next(fields(graph)).body or b""
    assert attribute.endswith(with_value(3, block))


def test_a_detector_takes_any_size_and_answers_the_same_wherever_a_picture_lies_in_a_larger_one() -> None:
    alone = Yunet().rows(PATTERN, least_score=0.05)
    larger = np.zeros((333, 517, 3), np.uint8)
    larger[:240, :320] = PATTERN
    inner = alone[(alone[:, 0] + alone[:, 2] < 200) & (alone[:, 1] + alone[:, 3] < 150)]
    assert len(inner) and alone.shape[1] == 15
    around = Yunet().rows(larger, least_score=0.05)
    for row in inner:
        assert np.abs(around - row).max(axis=1).min() < 1


def test_a_small_place_in_which_nothing_is_found_anew_is_remembered_as_it_was_told() -> None:
    small = Face(Box(80, 60, 36, 44), 0.9, 0.5, ((90, 78), (106, 78), (98, 88), (91, 96), (105, 96)))
    engine = face_engine("yunet_sface")
    assert engine.faces(PATTERN) == ()
    assert float(np.linalg.norm(engine.template(PATTERN, small))) == pytest.approx(1, abs=1e-4)
    at_the_edge = Face(
        Box(312, 232, 20, 20), 0.9, 0.1, ((315, 235), (319, 235), (317, 237), (315, 239), (319, 239))
    )
    assert engine.template(PATTERN, at_the_edge).shape == (128,)
