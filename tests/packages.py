"""Are the packages what the lists say: all pinned, all installed as pinned, and one OpenCV among them?"""

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet

DEBIAN_PYTHON = "3.11.2"  # what the machine has that we promise to run on
ROOT = Path(__file__).resolve().parent.parent
LISTS = ("requirements.txt", "requirements-dev.txt", "requirements-unlinked.txt")
#: Where packages are installed; setuptools puts what it carries inside itself on the way too, once it is imported.
HOMES = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)$")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(path: Path) -> list[str]:
    lines = (line.split(" #")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def pins(root: Path = ROOT) -> dict[str, str]:
    """Name -> version of constraints.txt; raises ValueError on a line that is no exact pin."""
    found = {}
    for line in entries(root / "constraints.txt"):
        match = PIN.match(line)
        if match is None:
            raise ValueError(f"constraints.txt: not an exact version: {line}")
        found[normal(match["name"])] = match["version"]
    return found


def installed() -> dict[str, str]:
    """Name -> version of this environment, but for pip itself, which comes with the interpreter."""
    found = {normal(item.metadata["Name"]): item.version for item in metadata.distributions(path=HOMES)}
    return {name: version for name, version in found.items() if name != "pip"}


def opencv_providers(distributions: Iterable[metadata.Distribution] | None = None) -> list[str]:
    """The distributions that bring the module cv2: two of them overwrite each other's files."""
    chosen = metadata.distributions() if distributions is None else distributions
    return sorted(
        item.metadata["Name"]
        for item in chosen
        if any(str(file) == "cv2/__init__.py" for file in item.files or ())
    )


def needs_newer_python(requires_python: str | None) -> bool:
    return requires_python is not None and DEBIAN_PYTHON not in SpecifierSet(requires_python)


def faults(root: Path = ROOT) -> Iterator[str]:
    pinned, present = pins(root), installed()
    for list_name in LISTS:
        for entry in entries(root / list_name):
            name = NAME.match(entry)
            if name is None or normal(name[0]) not in pinned:
                yield f"{list_name}: {entry} has no exact version in constraints.txt"
    for name, version in sorted(present.items()):
        if pinned.get(name) != version:
            yield f"installed {name} {version}, constraints.txt says {pinned.get(name, 'nothing')}"
    for name in sorted(pinned.keys() - present.keys()):
        yield f"constraints.txt pins {name}, which is not installed: drop the line"
    for item in metadata.distributions():
        if needs_newer_python(item.metadata.get("Requires-Python")):
            yield f"{item.name} {item.version} needs Python {item.metadata['Requires-Python']}"
    if len(opencv_providers()) != 1:
        yield f"cv2 is provided by {', '.join(opencv_providers()) or 'nothing'}; it must be one wheel"


if __name__ == "__main__":
    found = list(faults())
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.exit(bool(found))
