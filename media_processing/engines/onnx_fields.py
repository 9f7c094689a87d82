"""A protobuf message as a row of fields, by hand: two small repairs are no reason to bring a whole library along."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

VARINT, EIGHT_BYTES, LENGTH_DELIMITED, FOUR_BYTES = 0, 1, 2, 5


class Field(NamedTuple):
    """Number, all its bytes, its body where it is length-delimited, its value where it is a number."""

    number: int
    raw: bytes
    body: bytes | None = None
    value: int | None = None


def fields(message: bytes) -> Iterator[Field]:
    """Field by field. ValueError for what is no message."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read_varint(message, at)
        kind, body, value = key & 7, None, None
        if kind == VARINT:
            value, at = _read_varint(message, at)
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
        yield Field(key >> 3, message[start:at], body, value)


def bodies(message: bytes, number: int) -> Iterator[bytes]:
    """The bodies of all fields of this number."""
    return (field.body for field in fields(message) if field.number == number and field.body is not None)


def text(message: bytes, number: int) -> str:
    """The first field of this number as text, empty where there is none."""
    return next((body.decode() for body in bodies(message, number)), "")


def with_body(number: int, parts: Iterable[bytes]) -> bytes:
    """A field of this number around so many bytes."""
    body = b"".join(parts)
    return varint(number << 3 | LENGTH_DELIMITED) + varint(len(body)) + body


def with_value(number: int, value: int) -> bytes:
    return varint(number << 3 | VARINT) + varint(value)


def numbers(message: bytes, number: int) -> tuple[int, ...]:
    """Repeated numbers of one field, packed or one by one."""
    found: list[int] = []
    for field in fields(message):
        if field.number == number and field.value is not None:
            found.append(field.value)
        elif field.number == number and field.body is not None:
            at = 0
            while at < len(field.body):
                value, at = _read_varint(field.body, at)
                found.append(value)
    return tuple(found)


def varint(value: int) -> bytes:
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


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
