"""A camera's connection led into a child that has no network: it knocks at its own door, we speak to the one address.

    python -m media_processing.relaying SOCKET REPORT ffmpeg ...      within the wall; `CAMERA` in a word is the door

Whatever a camera answers, a redirect say, the child can reach nothing else. Needs no Django.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

CAMERA = "{camera}"
PIECE = 64 * 1024
Connect = Callable[[], socket.socket]


@contextmanager
def led_to(place: Path, connect: Connect) -> Iterator[None]:
    """While it lasts, whoever opens the socket file `place` speaks to what `connect` opens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(place))
        door.listen()
        Thread(target=_serve, args=(door, connect), daemon=True).start()
        try:
            yield
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            place.unlink(missing_ok=True)


def _serve(door: socket.socket, connect: Connect) -> None:
    with suppress(OSError):
        while True:
            caller, _address = door.accept()
            Thread(target=_join, args=(caller, connect), daemon=True).start()


def _join(caller: socket.socket, connect: Connect) -> None:
    with caller, suppress(OSError), connect() as called:
        back = Thread(target=_pass_on, args=(called, caller), daemon=True)
        back.start()
        _pass_on(caller, called)
        back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _to(place: str) -> socket.socket:
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    wire.connect(place)
    return wire


def main(place: str, report: str, *words: str) -> int:
    """Run the command with a door of its own; how it ended."""
    door = socket.create_server(("127.0.0.1", 0))
    Thread(target=_serve, args=(door, lambda: _to(place)), daemon=True).start()
    camera = f"127.0.0.1:{door.getsockname()[1]}"
    command = [word.replace(CAMERA, camera) for word in words]
    status = subprocess.run(command, env=os.environ | {"FFREPORT": report}).returncode
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
