"""Who reads words in pictures of recordings: handed in by the front, as the workshops do not meet. Imports no engine."""

from collections.abc import Callable

from media_processing.tracks import Picture

#: The lines of words in a picture (blue green red), from top to bottom; empty where there are none.
LineReader = Callable[[Picture], tuple[str, ...]]


def _nobody(picture: Picture) -> tuple[str, ...]:
    return ()


_readers: list[tuple[str, LineReader]] = [("", _nobody)]


def register(name: str, reader: LineReader) -> None:
    """From now on this one reads; `name` says who, for the index. The last to register counts."""
    _readers[:] = [(name, reader)]


def forget() -> None:
    """Nobody reads, as before anybody registered."""
    register("", _nobody)


def reader_name() -> str:
    """Who reads, empty when nobody does."""
    return _readers[0][0]


def read_lines(picture: Picture) -> tuple[str, ...]:
    """What the registered reader makes of a picture."""
    return _readers[0][1](picture)
