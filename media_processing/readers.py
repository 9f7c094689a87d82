"""Who reads words in pictures of recordings: handed in by the front, as the workshops do not meet. Imports no engine."""

from collections.abc import Callable

from media_processing.tracks import Picture

#: The lines of words in a picture (blue green red), from top to bottom; empty where there are none.
LineReader = Callable[[Picture], tuple[str, ...]]


def _nobody() -> tuple[str, LineReader]:
    return "", lambda picture: ()


_asked: list[Callable[[], tuple[str, LineReader]]] = [_nobody]


def hand_in(ask: Callable[[], tuple[str, LineReader]]) -> None:
    """From now on `ask` says who reads: a name for the index (empty: nobody does) and the reader itself."""
    _asked[:] = [ask]


def register(name: str, reader: LineReader) -> None:
    """From now on this one reads. The last to register counts."""
    hand_in(lambda: (name, reader))


def forget() -> None:
    """Nobody reads, as before anybody registered."""
    hand_in(_nobody)


def reader_name() -> str:
    """Who reads, empty when nobody does."""
    return _asked[0]()[0]


def read_lines(picture: Picture) -> tuple[str, ...]:
    """What the reader makes of a picture."""
    return _asked[0]()[1](picture)
