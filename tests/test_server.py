"""script/server starts web and worker, answers, and leaves nothing running however it ends."""

import os
import re
import signal
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packages import ROOT
from tests.services import free_ports

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    log: Path
    mark: str
    port: int

    def said(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[int, str]:
        """Everything that still runs with this server's mark, by process id, the shell itself left out."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != self.process.pid:
                try:
                    if f"MARK={self.mark}" in (entry / "environ").read_text(errors="replace").split("\0"):
                        found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
                except OSError:
                    continue  # it ended while we looked
        return found


def until(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all of these tests: it is migrated once."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture
def server(tmp_path: Path, data: Path) -> Iterator[Server]:
    (port,) = free_ports(1)
    mark = uuid.uuid4().hex
    log = tmp_path / "log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/root"),
        "DATA": str(data),
        "PORT": str(port),
        "DEMO": "no",
        "MARK": mark,
    }
    with log.open("w") as target:
        process = subprocess.Popen(
            [ROOT / "script/server"], env=environment, stdout=target, stderr=subprocess.STDOUT, text=True
        )
    started = Server(process, log, mark, port)
    assert until(lambda: "Ready:" in started.said() or process.poll() is not None), started.said()
    yield started
    process.kill()
    for left in started.children():
        os.kill(left, signal.SIGKILL)
    process.wait(10)


def log_in_page(server: Server) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/login/", timeout=20) as answer:
        return answer.read().decode()


def test_it_answers_keeps_its_keys_to_itself_and_stops_when_told_to(server: Server, data: Path) -> None:
    assert re.search(r"Ready: http://127\.0\.0\.1:\d+/", server.said()), server.said()
    assert "登录" in log_in_page(server)
    assert (data / "keys/keys.json").stat().st_mode & 0o777 == 0o600
    assert any("run_worker" in command for command in server.children().values())
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(60) == 0
    assert server.children() == {}


def test_it_stops_everything_when_the_worker_ends_by_itself(server: Server) -> None:
    (worker,) = [pid for pid, command in server.children().items() if "run_worker" in command]
    os.kill(worker, signal.SIGKILL)
    assert server.process.wait(60) == 1
    assert "worker ended by itself" in server.said()
    assert server.children() == {}


def test_nothing_stays_behind_when_it_is_killed(server: Server) -> None:
    server.process.kill()
    assert until(lambda: not server.children(), 60), server.children()
