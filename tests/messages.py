"""Does every Chinese text of the code have its English? Extracts afresh from the sources and compares."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = Path("locale/en/LC_MESSAGES/django.po")
SOURCES = (".py", ".html", ".txt", ".po")


def copy_of_sources(root: Path, target: Path) -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in names:
        if name.endswith(SOURCES) and not name.startswith("tests/") and (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target / name)


def untranslated(root: Path = ROOT) -> str:
    """The entries without English or with a doubtful one, as gettext prints them; empty when all is well."""
    with tempfile.TemporaryDirectory(prefix="juanzong-messages-") as folder:
        target = Path(folder)
        copy_of_sources(root, target)
        (target / "locale").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--verbosity", "0"]
        subprocess.run(command, cwd=target, env={"PATH": os.environ["PATH"]}, check=True)
        return attributes(target / ENGLISH, "--untranslated") + attributes(target / ENGLISH, "--only-fuzzy")


def attributes(path: Path, selection: str) -> str:
    command = ["msgattrib", selection, "--no-obsolete", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    missing = untranslated()
    sys.stdout.write(missing)
    sys.exit(bool(missing))
