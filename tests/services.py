"""Real servers for tests: S3 (SeaweedFS) and PostgreSQL, each on private ports, in a private folder, stopped at the end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import boto3
import psycopg
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

HIGHEST_PORT = 45_000  # SeaweedFS adds 10,000 to each port for gRPC and must stay under 55,535
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class S3Server:
    """`options` is what BLOB_STORE takes; the bucket exists."""

    options: dict[str, str]


@dataclass(frozen=True)
class PostgresServer:
    url: str

    def database_url(self, name: str) -> str:
        return f"{self.url}/{name}"


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, and their gRPC brothers 10,000 above neither.

    Test processes begin far apart: what one was given and does not listen on yet, its neighbour must not be given too.
    """
    found: list[int] = []
    port = 20_000 + os.getpid() * 97 % 20_000
    while len(found) < count:
        port = port + 1 if port < HIGHEST_PORT else 20_001
        if _is_free(port) and _is_free(port + 10_000):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def start_seaweedfs(folder: Path) -> Iterator[S3Server]:
    """A whole S3 in one process: `weed server -s3` with one identity and one bucket named `originals`."""
    data = folder / "seaweedfs"
    data.mkdir(parents=True)
    master, volume, filer, s3 = free_ports(4)
    identity = data / "s3.json"
    identity.write_text(
        '{"identities":[{"name":"t","credentials":[{"accessKey":"testkey","secretKey":"testsecret"}],'
        '"actions":["Admin","Read","Write","List","Tagging"]}]}'
    )
    weed = Path(sysconfig.get_path("scripts")) / "weed"
    command = [
        str(weed),
        "-logtostderr=true",
        "server",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-dir={data}",
        f"-master.port={master}",
        f"-volume.port={volume}",
        f"-filer.port={filer}",
        "-s3",
        f"-s3.port={s3}",
        "-s3.port.iceberg=0",  # else they listen on ports of their own, which a second server would miss
        "-s3.port.lance=0",
        f"-s3.config={identity}",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=8",
        "-master.telemetry=false",
    ]
    options = {
        "bucket": "originals",
        "endpoint_url": f"http://127.0.0.1:{s3}",
        "access_key": "testkey",
        "secret_key": "testsecret",
        "region": "us-east-1",
    }
    with _running(command, data / "log", ending=signal.SIGKILL):  # nothing of it outlives the test
        _wait_for(lambda: _make_bucket(options), data / "log")
        yield S3Server(options)
    for port in (master, volume, filer, s3):  # it puts its sockets into /tmp, whatever TMPDIR says
        for name in (f"seaweedfs-*-{port}.sock", f"seaweedfs-*-grpc-{port + 10_000}.sock"):
            for left in Path("/tmp").glob(name):
                left.unlink(missing_ok=True)


def _make_bucket(options: dict[str, str]) -> bool:
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        aws_access_key_id=options["access_key"],
        aws_secret_access_key=options["secret_key"],
        region_name=options["region"],
        config=Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 1}),
    )
    taken = client.exceptions.BucketAlreadyExists, client.exceptions.BucketAlreadyOwnedByYou
    try:
        with suppress(*taken):  # by its name: after a list a half-started server sends boto looking for none
            client.create_bucket(Bucket=options["bucket"])
        client.put_object(Bucket=options["bucket"], Key="ready", Body=b"1")
        client.delete_object(Bucket=options["bucket"], Key="ready")
    except (BotoCoreError, ClientError):
        return False
    return True


@contextmanager
def start_postgres(folder: Path) -> Iterator[PostgresServer]:
    """A cluster of its own, run by `postgres` when we are root; database `juanzong` exists."""
    binaries = _postgres_binaries()
    data = folder / "postgres"
    data.mkdir(parents=True)
    prefix: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        for above in data.parents:
            if not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o011)
        prefix = ["runuser", "-u", "postgres", "--"]
    (port,) = free_ports(1)
    cluster = data / "cluster"
    initdb = [*prefix, str(binaries / "initdb"), "-D", str(cluster), "-A", "trust", "-U", "juanzong"]
    initdb += ["-E", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, timeout=120, cwd="/")
    command = [*prefix, str(binaries / "postgres"), "-D", str(cluster), "-p", str(port)]
    for setting in (
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={data}",
        "fsync=off",
        "max_connections=60",
    ):
        command += ["-c", setting]
    server = PostgresServer(f"postgresql://juanzong@127.0.0.1:{port}")
    with _running(command, folder / "postgres.log"):
        _wait_for(lambda: _make_database(server), folder / "postgres.log")
        yield server


def _postgres_binaries() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if versions:
        return versions[-1]
    found = shutil.which("postgres")
    if not found:
        raise RuntimeError("PostgreSQL's programs are missing: run script/bootstrap")
    return Path(found).parent


def _make_database(server: PostgresServer) -> bool:
    try:
        with psycopg.connect(
            server.database_url("postgres"), autocommit=True, connect_timeout=2
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'juanzong'").fetchone()
            if not known:
                connection.execute("CREATE DATABASE juanzong")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _running(
    command: list[str], log: Path, *, ending: signal.Signals = signal.SIGINT
) -> Iterator[subprocess.Popen[bytes]]:
    """The process in a session of its own; at the end the whole group is asked, then made, to go."""
    with open(log, "wb") as target:
        process = subprocess.Popen(
            command, stdout=target, stderr=subprocess.STDOUT, start_new_session=True, cwd="/"
        )
    try:
        yield process
    finally:
        _end_group(process, ending)


def _end_group(process: subprocess.Popen[bytes], ending: signal.Signals) -> None:
    for blow in (ending, signal.SIGKILL):
        try:
            os.killpg(process.pid, blow)
        except ProcessLookupError:
            break
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            continue
    process.wait(1)


def _wait_for(is_ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"a test server did not start; the end of its log:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)
