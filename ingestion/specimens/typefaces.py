"""Fetches the benchmark's typefaces from package registries into .cache/fonts, each held against its checksum.

    python -m ingestion.specimens.typefaces

The two parts of the benchmark share no family. All are free: Arphic PL, GPL with font exception, Apache, OFL.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingestion.specimens.faces import CACHE, NOTO, Face, Faces

Part = Literal["tuning", "kept-out"]
PARTS: tuple[Part, ...] = ("tuning", "kept-out")
SHARE = "usr/share/fonts/truetype"


@dataclass(frozen=True)
class Source:
    """Where a file of the cache comes from: a Debian or npm package, the path inside, its SHA-256."""

    registry: Literal["debian", "npm"]
    package: str
    path: str
    sha256: str

    @property
    def file(self) -> str:
        return Path(self.path).name


def _npm(name: str, version: str, sha256: str) -> Source:
    path = f"package/files/{name}-chinese-simplified-400-normal.woff2"
    return Source("npm", f"@fontsource/{name}@{version}", path, sha256)


SOURCES = (
    Source(
        "debian",
        "fonts-arphic-ukai",
        f"{SHARE}/arphic/ukai.ttc",
        "cfc758e69386a21bade8cb3b373fda20d7f2fac6e8904ced2ded98588b63e274",
    ),
    Source(
        "debian",
        "fonts-arphic-uming",
        f"{SHARE}/arphic/uming.ttc",
        "fe952e55617275142d9cefd4d79eade4df446517b0478b2567d9bc7df49f70e2",
    ),
    Source(
        "debian",
        "fonts-wqy-zenhei",
        f"{SHARE}/wqy/wqy-zenhei.ttc",
        "79c18ebe7b811951e8311bad7103ebeae8c337ed9988ea69e8a78a66cfe029b9",
    ),
    Source(
        "debian",
        "fonts-wqy-microhei",
        f"{SHARE}/wqy/wqy-microhei.ttc",
        "2420e8078af796b19a3f6ef13de527a1a91c1e7171eea115926c614ced1009b3",
    ),
    Source(
        "debian",
        "fonts-lxgw-wenkai",
        f"{SHARE}/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "bbf534b0ca093928f94d1782855e65a19a32cde82b075d495d072025521953c8",
    ),
    _npm("ma-shan-zheng", "5.3.1", "5b31c15b66b61a62ce0ee2d12da1c667ef589272cbfdad1e5bbc930ddf01dabb"),
    _npm("long-cang", "5.3.0", "912bc6f32ee079023e47d37271d6edc7a8380e638f5bae9aad7e5586f09d376b"),
    _npm("zhi-mang-xing", "5.3.0", "10368ae6659323a22486361f295472d488533161b4ddfb4d7cabac84c8af0fd2"),
    _npm("liu-jian-mao-cao", "5.3.0", "9c19fab2a746d99ef58934f2fb4fad1402d630f9ce3827f688a07a5f733df15d"),
)


def _of_one_family(name: str, file: str, hand: str, *, index: int = 0) -> Faces:
    plain, bold = Face(file, index), Face(file, index, stroke=1)
    written = Face(f"{hand}-chinese-simplified-400-normal.woff2")
    return Faces(
        name,
        (
            ("serif", plain),
            ("serif_bold", bold),
            ("sans", plain),
            ("sans_bold", bold),
            ("hand", written),
        ),
    )


LONG_CANG = Face("long-cang-chinese-simplified-400-normal.woff2")
FACES: dict[Part, tuple[Faces, ...]] = {
    "tuning": (
        Faces("noto", (*NOTO.roles, ("hand", LONG_CANG))),
        _of_one_family("ukai", "ukai.ttc", "ma-shan-zheng"),
        _of_one_family("zenhei", "wqy-zenhei.ttc", "long-cang"),
    ),
    "kept-out": (
        _of_one_family("uming", "uming.ttc", "zhi-mang-xing"),
        _of_one_family("microhei", "wqy-microhei.ttc", "zhi-mang-xing"),
        _of_one_family("wenkai", "LXGWWenKai-Regular.ttf", "liu-jian-mao-cao"),
    ),
}


class NotFetched(RuntimeError):
    """A typeface could not be had; the message says which and why."""


def missing() -> tuple[Source, ...]:
    """What is not in the cache, or not what it should be."""
    return tuple(source for source in SOURCES if not _is_right(CACHE / source.file, source))


def fetch() -> None:
    """Bring what is missing into the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for source in missing():
        with tempfile.TemporaryDirectory(prefix="juanzong-typefaces-") as room:
            found = (_from_debian if source.registry == "debian" else _from_npm)(source, Path(room))
            if not _is_right(found, source):
                raise NotFetched(
                    f"{source.package}: {source.path} is not the file this benchmark was made with"
                )
            shutil.move(found, CACHE / source.file)


def _from_debian(source: Source, room: Path) -> Path:
    room.chmod(0o755)
    _run(["apt-get", "download", source.package], room)
    (archive,) = room.glob("*.deb")
    _run(["dpkg-deb", "-x", str(archive), "unpacked"], room)
    return room / "unpacked" / source.path


def _from_npm(source: Source, room: Path) -> Path:
    _run(["npm", "pack", "--silent", source.package], room)
    (archive,) = room.glob("*.tgz")
    with tarfile.open(archive) as opened:
        opened.extract(source.path, room, filter="data")
    return room / source.path


def _run(command: list[str], room: Path) -> None:
    try:
        done = subprocess.run(command, cwd=room, capture_output=True, text=True, timeout=300)
    except FileNotFoundError as error:
        raise NotFetched(f"{command[0]} is needed to fetch {command[-1]} and is not installed") from error
    if done.returncode:
        raise NotFetched(f"{' '.join(command)} did not succeed: {done.stderr.strip()}")


def _is_right(file: Path, source: Source) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == source.sha256


def main() -> int:
    try:
        fetch()
    except NotFetched as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(SOURCES)} typefaces in {CACHE}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
