"""Strips from an ONNX model the graph inputs that are weights: newer loaders refuse them (SFace int8).

Walks the protobuf by hand (ModelProto field 7 = graph, GraphProto field 11 = input, ValueInfoProto field 1 = name),
because one list of names is no reason to bring a whole library along.
"""

from collections.abc import Collection, Iterator

GRAPH, INPUT, NAME = 7, 11, 1
VARINT, EIGHT_BYTES, LENGTH_DELIMITED, FOUR_BYTES = 0, 1, 2, 5


def with_inputs(model: bytes, kept: Collection[str]) -> bytes:
    """The model with no graph inputs but those named; everything else byte for byte."""
    out = bytearray()
    for number, raw, body in _fields(model):
        if number == GRAPH and body is not None:
            graph = b"".join(piece for piece in _kept(body, kept))
            raw = _varint(GRAPH << 3 | LENGTH_DELIMITED) + _varint(len(graph)) + graph
        out += raw
    return bytes(out)


def _kept(graph: bytes, kept: Collection[str]) -> Iterator[bytes]:
    for number, raw, body in _fields(graph):
        if number != INPUT or body is None or _name(body) in kept:
            yield raw


def _name(value_info: bytes) -> str:
    return next((body.decode() for number, _, body in _fields(value_info) if number == NAME and body), "")


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes | None]]:
    """(number, the field's bytes, its body where it is length-delimited). ValueError for what is no message."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read_varint(message, at)
        kind, body = key & 7, None
        if kind == VARINT:
            _, at = _read_varint(message, at)
        elif kind == LENGTH_DELIMITED:
            length, at = _read_varint(message, at)
            body = message[at : at + length]
            at += length
        elif kind in (FOUR_BYTES, EIGHT_BYTES):
            at += 4 if kind == FOUR_BYTES else 8
        else:
            raise ValueError("not a protobuf message")
        if at > len(message):
            raise ValueError("a protobuf message that ends too soon")
        yield key >> 3, message[start:at], body


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("a protobuf number that does not end")
        value |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
        if message[at - 1] < 0x80:
            return value, at


def _varint(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)
