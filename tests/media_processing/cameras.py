"""Cameras for tests: an HLS folder behind a small web server, and a camera that speaks RTSP; nobody is filmed."""

import base64
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FFMPEG = ("ffmpeg", "-nostdin", "-y", "-loglevel", "error")
PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=2")
CODED = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-threads", "1")


def make_hls(folder: Path) -> Path:
    """A playlist of two segments, as a recorder serves them."""
    listed = folder / "live.m3u8"
    hls = ("-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "-hls_segment_filename", folder / "%d.ts")
    subprocess.run([*FFMPEG, *PICTURE, *CODED, *hls, listed], check=True)
    return listed


def make_stream(target: Path) -> Path:
    """The same two seconds in one MPEG transport stream."""
    subprocess.run([*FFMPEG, *PICTURE, *CODED, "-f", "mpegts", target], check=True)
    return target


class Camera(SimpleHTTPRequestHandler):
    """Serves a folder; `asked` remembers each path, `login` is asked for where it is set."""

    def __init__(self, *args, asked: list[str], login: str = "", **kwargs) -> None:
        self.asked, self.login = asked, login
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        wanted = f"Basic {base64.b64encode(self.login.encode()).decode()}"
        if self.login and self.headers.get("Authorization") != wanted:
            self.send_error(401)
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/live.m3u8")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def web_camera(folder: Path, *, login: str = "") -> Iterator[tuple[str, list[str]]]:
    """`host:port` of a web server over the folder, and what it was asked for."""
    asked: list[str] = []
    handler = partial(Camera, directory=str(folder), asked=asked, login=login)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def dead_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def rtsp_camera(stream: Path, *, answers: str = "200 OK") -> Iterator[str]:
    """`host:port` of a camera that plays a transport stream over RTSP, interleaved in its one connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(listening, stream.read_bytes(), answers), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()
        thread.join(5)


def _serve(listening: socket.socket, stream: bytes, answers: str) -> None:
    try:
        wire, _address = listening.accept()
    except OSError:
        return
    with wire:
        wire.settimeout(10)
        try:
            _converse(wire, stream, answers)
        except OSError:
            return


def _converse(wire: socket.socket, stream: bytes, answers: str) -> None:
    while request := _request(wire):
        method = request.split(" ", 1)[0]
        sequence = next(
            (line for line in request.split("\r\n") if line.lower().startswith("cseq")), "CSeq: 0"
        )
        if method == "DESCRIBE" and answers != "200 OK":
            wire.sendall(f"RTSP/1.0 {answers}\r\n{sequence}\r\n\r\n".encode())
            return
        wire.sendall(_answer(method, sequence))
        if method == "PLAY":
            _play(wire, stream)
            return


def _request(wire: socket.socket) -> str:
    came = b""
    while not came.endswith(b"\r\n\r\n"):
        piece = wire.recv(4096)
        if not piece:
            return ""
        came += piece
    return came.decode()


def _answer(method: str, sequence: str) -> bytes:
    body, more = "", ""
    if method == "OPTIONS":
        more = "Public: DESCRIBE, SETUP, PLAY\r\n"
    elif method == "DESCRIBE":
        body = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=room\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:track\r\n"
        more = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
    elif method == "SETUP":
        more = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"
    else:
        more = "Session: 1\r\n"
    return f"RTSP/1.0 200 OK\r\n{sequence}\r\n{more}\r\n{body}".encode()


def _play(wire: socket.socket, stream: bytes) -> None:
    """Seven transport packets in each RTP packet, behind a dollar sign, channel and length."""
    step = 7 * 188
    for number, start in enumerate(range(0, len(stream), step)):
        head = struct.pack("!BBHII", 0x80, 33, number & 0xFFFF, number * 3000, 7)
        packet = head + stream[start : start + step]
        wire.sendall(struct.pack("!cBH", b"$", 0, len(packet)) + packet)
