"""The set-up keeps its promises: pinned packages, one OpenCV, walls that hold, scripts that speak plainly."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from cms import demo
from tests import messages, packages

ROOT = packages.ROOT
LEFT_OUT = shutil.ignore_patterns("static", "__pycache__")
HOUSE = ("cms", "ingestion", "media_processing", "dossiers", "foundation")
LONGEST_FILE = 400
NOT_FOR_PEOPLE = {"OMP_THREAD_LIMIT"}  # set by the settings for their children, read by nobody


# Packages --------------------------------------------------------------------------------------------


def test_every_package_is_installed_as_pinned_and_one_of_them_is_opencv() -> None:
    assert list(packages.faults()) == []


def test_a_range_in_the_constraints_is_refused(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text("Django>=5.2\n")
    with pytest.raises(ValueError, match="Django>=5.2"):
        packages.pins(tmp_path)


def test_a_requirement_without_a_pin_is_named(tmp_path: Path) -> None:
    for name in (*packages.LISTS, "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    with (tmp_path / "requirements.txt").open("a") as requirements:
        requirements.write("unheard-of\n")
    assert list(packages.faults(tmp_path)) == [
        "requirements.txt: unheard-of has no exact version in constraints.txt"
    ]


def test_a_package_for_a_newer_python_than_debians_is_seen() -> None:
    assert packages.needs_newer_python(">=3.11.5")
    assert not packages.needs_newer_python(">=3.9")
    assert not packages.needs_newer_python(None)


@dataclass(frozen=True)
class Wheel:
    """As much of a distribution as opencv_providers looks at."""

    metadata: dict[str, str]
    files: list[PurePosixPath]


def test_a_second_opencv_wheel_is_seen() -> None:
    both = [
        Wheel({"Name": name}, [PurePosixPath("cv2/__init__.py")])
        for name in ("opencv-python-headless", "opencv-python")
    ]
    assert packages.opencv_providers(both) == ["opencv-python", "opencv-python-headless"]


# Walls ------------------------------------------------------------------------------------------------


PLANTS = (
    ("foundation/durable.py", "import dossiers.sentences", "Storeys"),
    ("dossiers/sentences.py", "import cms.apps", "Storeys"),
    ("ingestion/reading.py", "import media_processing.tracks", "Storeys"),
    ("dossiers/numbering.py", "import dossiers.completeness", "Domain"),
    ("dossiers/models/__init__.py", "import dossiers.actions", "Domain"),
    ("dossiers/states.py", "import django.db", "Rules of the domain"),
    ("dossiers/matching.py", "import dossiers.models", "Rules of the domain"),
    ("ingestion/reading.py", "import ingestion.kinds", "Paper workshop"),
    ("ingestion/pages.py", "import ingestion.models", "Paper workshop"),
    ("ingestion/recognition.py", "import dossiers.models", "Who reads pages"),
    ("ingestion/engines/null.py", "import django.conf", "Who reads pages"),
    ("ingestion/filing.py", "import ingestion.specimens", "No working room"),
    ("media_processing/tracks.py", "import media_processing.ffmpeg", "Recordings workshop"),
    ("media_processing/ffmpeg.py", "import dossiers.models", "Who looks at recordings"),
    ("foundation/sandbox.py", "import django.conf", "Limited child processes"),
    ("cms/components/navigation.py", "import cms.views", "Front"),
    ("foundation/blobs.py", "import foundation.folder_store", "No two rooms"),
)


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("house")
    for package in HOUSE:
        shutil.copytree(ROOT / package, target / package, ignore=LEFT_OUT)
    shutil.copy(ROOT / ".importlinter", target)
    return target


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_house_keeps_its_walls(copied_house: Path) -> None:
    result = lint_imports(copied_house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("room", "planted", "contract"), PLANTS)
def test_an_import_through_a_wall_is_refused(
    copied_house: Path, room: str, planted: str, contract: str
) -> None:
    path = copied_house / room
    before = path.read_text()
    path.write_text(f"{before}\n{planted}\n")
    result = lint_imports(copied_house)
    path.write_text(before)
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), result.stdout


def test_every_wall_is_tried_by_a_planted_import() -> None:
    names = [
        line[7:] for line in (ROOT / ".importlinter").read_text().splitlines() if line.startswith("name = ")
    ]
    tried = {contract for _, _, contract in PLANTS}
    assert [name for name in names if not any(name.startswith(start) for start in tried)] == []


def test_no_file_is_longer_than_a_room() -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    lengths = {name: (ROOT / name).read_text().count("\n") for name in names if "/migrations/" not in name}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


# Language and licence ---------------------------------------------------------------------------------


GETTEXT = "from django.utils.translation import gettext as _\n\n"


def test_a_text_without_english_is_found(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "page.py").write_text(
        'from django.utils.translation import gettext as _\n\n_("还没有英文")\n'
    )
    assert "还没有英文" in messages.untranslated(tmp_path)


def test_a_text_with_english_is_not_complained_of(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "page.py").write_text(f'{GETTEXT}_("退回")\n')
    catalogue = tmp_path / messages.ENGLISH
    catalogue.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    catalogue.write_text(f'{header}msgid "退回"\nmsgstr "Return"\n')
    assert messages.untranslated(tmp_path) == ""


def test_the_licence_is_the_whole_agpl() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "13. Remote Network Interaction" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.split()) == 5535


# What the READMEs say --------------------------------------------------------------------------------

VARIABLE = re.compile(r"""(?:environ(?:\.get\(|\[)|flag\(|words\()"([A-Z0-9_]+)\"""")
READMES = ("README.md", "README.zh.md")


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_every_setting(name: str) -> None:
    sources = [path.read_text() for path in (ROOT / "cms/settings").glob("*.py")]
    variables = {found for source in sources for found in VARIABLE.findall(source)} - NOT_FOR_PEOPLE
    text = (ROOT / name).read_text()
    assert len(variables) > 10
    assert sorted(variable for variable in variables if f"`{variable}`" not in text) == []


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_every_log_in_of_the_demo(name: str) -> None:
    text = (ROOT / name).read_text()
    expected = [demo.PASSWORD, *(person.username for person in demo.PEOPLE), "admin"]
    assert [word for word in expected if f"`{word}`" not in text] == []


@pytest.mark.parametrize("package", HOUSE)
def test_the_map_names_every_room(package: str) -> None:
    _, _, after = (ROOT / "docs/map.md").read_text().partition(f"## {package}: ")
    section, _, _ = after.partition("\n## ")
    rooms = [room_name(path) for path in (ROOT / package).iterdir() if is_room(path)]
    assert rooms
    assert sorted(room for room in rooms if f"`{room}`" not in section) == []


def is_room(path: Path) -> bool:
    if path.is_dir():
        return any(path.glob("**/*.py")) and path.name not in {"migrations", "__pycache__"}
    return path.suffix == ".py" and path.name != "__init__.py"


def room_name(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


# Scripts ----------------------------------------------------------------------------------------------

TOOLS = ("bash", "flock", "dirname", "grep", "env", "python3.11", "cat", "sha256sum", "cut", "find", "rm")


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A PATH on which nobody is root, sudo is not there, and no Debian package is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = sys.executable if tool.startswith("python") else shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    (folder / "id").write_text("#!/bin/sh\necho 1000\n")
    (folder / "dpkg-query").write_text("#!/bin/sh\nexit 1\n")
    for name in ("id", "dpkg-query"):
        (folder / name).chmod(0o755)
    return folder


def test_bootstrap_without_rights_says_what_to_install(bare_machine: Path) -> None:
    result = subprocess.run(
        [ROOT / "script/bootstrap", "--tests"],
        env={"PATH": str(bare_machine)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    assert "apt-get install --no-install-recommends bubblewrap ffmpeg" in result.stderr
    assert "chromium postgresql" in result.stderr


OF_THIS_RUN = ("PYTEST_", "JUANZONG_", "DJANGO_", "DATA")


def run_planted_test(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    planted = folder / "test_planted.py"
    planted.write_text(f'"""Planted by a test."""\n\nimport subprocess\n\n{body}\n')
    command = [ROOT / "script/test", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider", planted]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_RUN)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)


@pytest.mark.slow
def test_the_test_run_fails_when_it_leaves_a_process(tmp_path: Path) -> None:
    body = 'def test_it():\n    subprocess.Popen(["sleep", "611"], start_new_session=True)'
    result = run_planted_test(tmp_path, body)
    assert "1 passed" in result.stdout
    assert "still running after the tests" in result.stderr
    assert "sleep 611" in result.stderr
    assert result.returncode == 1


@pytest.mark.slow
def test_the_test_run_fails_when_it_finds_no_test(tmp_path: Path) -> None:
    assert run_planted_test(tmp_path, "").returncode == 5


@pytest.mark.slow
def test_the_test_run_passes_when_all_is_well(tmp_path: Path) -> None:
    result = run_planted_test(tmp_path, "def test_it():\n    assert True")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout
