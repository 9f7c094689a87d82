"""The drop folder: recorders and scanners put files down in it, and they come in through the one door.

    <DROP_FOLDER>/<code of the body>/<class number>/...   put down here; taken once its size has stood still
                                       收取中/<uuid>/      being taken in
                                       已收/               taken in; never deleted by us
                                       退回/               not taken, with a .txt beside it that says why

A worker looks round every few seconds. Nothing is followed that leads elsewhere: links and devices are given back.
Whatever is interrupted goes on: where each file stands is told by the folder it lies in and by its intake.
"""

import fcntl
import logging
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms import intake as door
from cms.wording import say
from dossiers.exceptions import NotAllowed
from dossiers.exceptions import Refused as DossierRefused
from dossiers.models import Account, DossierPage
from foundation import durable, quarantine, wording
from foundation.errors import FoundationError, NoSpace, QuotaExceeded, Refused, StorageError
from foundation.housekeeping import every
from foundation.installation import installation
from foundation.jobs import Run, enqueue, job
from foundation.models import Job, Quarantined
from ingestion.models import Intake

log = logging.getLogger(__name__)
TAKING, TAKEN, GIVEN_BACK = "收取中", "已收", "退回"
OURS = frozenset({TAKING, TAKEN, GIVEN_BACK})
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
STILL_SECONDS = 20.0
CHUNK, PIECE = 1024**2, 64 * 1024**2
WAITS = (NoSpace, QuotaExceeded, StorageError)  # time mends these: the file stays where it was put down

wording.register(
    {
        "step:fetching": _("从投递文件夹收取"),
        "drop_no_class": _("%(body)s 没有班次号为 %(class_no)s 的班。请核对文件夹的名字，再把文件放进去。"),
        "drop_two_classes": _(
            "%(body)s 有不止一个班次号为 %(class_no)s 的班，分不清是哪一个，没有收下。请在网页上选好班再传。"
        ),
        "drop_no_folder": _("文件要放在“机构代码/班次号”的文件夹里，才知道是哪个班的。"),
        "drop_no_account": _(
            "没有指定以谁的名义收 %(body)s 的文件。请管理员在 DROP_FOLDER_ACCOUNTS 里写明账号后再放。"
        ),
        "drop_not_allowed": _("指定的账号不能向这个班交件。请管理员核对 DROP_FOLDER_ACCOUNTS 里的账号。"),
        "drop_is_link": _("这是指向别处的快捷方式（链接），没有打开。请放入文件本身。"),
        "drop_changed": _("收取时文件的大小变了，没有收下。请等它写完，再放一次。"),
        "drop_withdrawn": _("这个文件的上传已被撤回，没有收下。"),
    }
)


@dataclass(frozen=True)
class Seen:
    size: int
    changed_ns: int
    since: float


@dataclass
class Watcher:
    """What one process saw, so that a file still being written is told from one that is whole."""

    root: Path
    still_seconds: float = STILL_SECONDS
    seen: dict[Path, Seen] = field(default_factory=dict)

    def look_round(self, now: float) -> int:
        """Take what stands still, put away what is decided; how many files moved. One process at a time."""
        with _alone() as mine:
            if not mine:
                return 0
            moved = sum(_put_away(folder) for folder in sorted(self.root.glob(f"*/*/{TAKING}/*")))
            there = list(_files(self.root))
            self.seen = {path: self._seen(path, now) for path in there}
            return moved + sum(_take(self.root, path) for path in there if self._is_whole(path, now))

    def _seen(self, path: Path, now: float) -> Seen:
        facts, before = os.lstat(path), self.seen.get(path)
        if before and (before.size, before.changed_ns) == (facts.st_size, facts.st_mtime_ns):
            return before
        return Seen(facts.st_size, facts.st_mtime_ns, now)

    def _is_whole(self, path: Path, now: float) -> bool:
        return now - self.seen[path].since >= self.still_seconds


def root() -> Path | None:
    """The folder as the installation says; None when there is none."""
    return Path(settings.DROP_FOLDER).resolve() if settings.DROP_FOLDER else None


_watchers: dict[Path, Watcher] = {}


@every(seconds=10)
def look_round() -> None:
    """What each worker does between two jobs."""
    folder = root()
    if folder is not None and folder.is_dir():
        _watchers.setdefault(folder, Watcher(folder)).look_round(time.monotonic())


@register()
def the_folder_can_be_used(**options: Any) -> list[CheckMessage]:
    """A drop folder that nobody can move files in, or in whose name nobody hands over, takes nothing."""
    folder = root()
    if folder is None:
        return []
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return [
            Warning(
                _("投递文件夹 %(folder)s 打不开或不能写，放进去的文件不会收。") % {"folder": folder},
                hint=_("请建好 DROP_FOLDER 指向的文件夹，并允许运行本系统的用户写。"),
                id="cms.W001",
            )
        ]
    if not settings.DROP_FOLDER_ACCOUNTS:
        return [
            Warning(
                _("设了投递文件夹，但没有写明以谁的名义收文件。"),
                hint=_("请设 DROP_FOLDER_ACCOUNTS=机构代码=用户名，几个机构用逗号隔开。"),
                id="cms.W002",
            )
        ]
    return []


@job("take_dropped", queue="recordings", max_attempts=3, priority=10)
def take_dropped(run: Run, *, quarantined: str) -> None:
    """Copy one file into quarantine from where it broke off, then the door takes it in like any other."""
    held = Intake.objects.select_related("quarantined", "dossier", "upload", "job").get(
        quarantined__uuid=quarantined
    )
    place = _place_of(held.quarantined.uuid)
    if place is None or held.quarantined.state != Quarantined.State.RECEIVING:
        return
    try:
        _fetch(run, held, place)
        door.finish(held)
    except Refused:
        log.info("drop folder: a file is given back")  # the intake says why; the next round puts it away


def _fetch(run: Run, held: Intake, place: Path) -> None:
    """Piece by piece into quarantine; a file that changes meanwhile is refused."""
    waiting = held.quarantined
    with _opened(place) as source:
        source.seek(waiting.received)
        while (before := waiting.received) < waiting.declared_size:
            reached = door.receive(held, before, _piece(source, waiting.declared_size - before))
            if reached == before:
                break
            done, total = reached // CHUNK, waiting.declared_size // CHUNK
            run.progress(step="fetching", step_no=1, step_count=1, done=done, total=total)
        if os.fstat(source.fileno()).st_size != waiting.declared_size:
            quarantine.refuse(waiting, "drop_changed")
            raise Refused("drop_changed")


def _files(root: Path) -> Iterator[Path]:
    """Everything put down below the root that is not a folder, links among it; nothing of ours, nothing half named."""
    for folder, names, files in os.walk(root, followlinks=False):
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        names[:] = sorted(set(names) - set(links) - OURS)
        names[:] = [name for name in names if not name.startswith(".")]
        everything = set(files) | set(links)
        for name in sorted(everything):
            if not _is_unfinished(name, everything):
                yield Path(folder) / name


def _is_unfinished(name: str, beside: set[str]) -> bool:
    hidden = name.startswith((".", "~$"))
    return hidden or name.lower().endswith(UNFINISHED) or any(f"{name}{end}" in beside for end in UNFINISHED)


def _take(root: Path, path: Path) -> bool:
    """Open the door for one file that stands still, or give it back; False where time has to mend something."""
    try:
        dossier, by = _addressed(root, path)
        facts = os.lstat(path)
        if not stat.S_ISREG(facts.st_mode):
            raise Refused("drop_is_link")
        begun = door.begin(dossier, by=by, file_name=_printable(path.name), size=facts.st_size)
    except WAITS as failure:
        log.warning("drop folder: a file waits: %s", failure.code)
        return False
    except NotAllowed:
        return _give_back(root, path, wording.say("drop_not_allowed"))
    except DossierRefused as refused:
        return _give_back(root, path, "".join(say(reason) for reason in refused.reasons))
    except FoundationError as refused:
        return _give_back(root, path, refused.text)
    place = _class_folder(root, path) / TAKING / str(begun.quarantined.uuid) / path.name
    _make_ours(place.parent.parent)
    place.parent.mkdir()
    os.rename(path, place)
    _send(begun)
    return True


def _send(begun: Intake) -> None:
    enqueue("take_dropped", subject=str(begun.dossier.uuid), quarantined=begun.quarantined.uuid)


def _addressed(root: Path, path: Path) -> tuple[DossierPage, Account]:
    """The class whose folder it lies in, and in whose name it is handed over; Refused with what is wrong."""
    code, class_no, *rest = (*path.relative_to(root).parts, "")
    if len(rest) < 2:
        raise Refused("drop_no_folder")
    body = Q(opener__code=code) | Q(trainer__code=code)
    found = list(DossierPage.objects.select_related("progress").filter(body, class_no=class_no)[:2])
    if not found:
        raise Refused("drop_no_class", body=code, class_no=class_no)
    if len(found) > 1:  # a trainer's classes are numbered by whoever opened them: whose it is nobody can tell
        raise Refused("drop_two_classes", body=code, class_no=class_no)
    username = settings.DROP_FOLDER_ACCOUNTS.get(code, "")
    by = Account.objects.filter(username=username, is_active=True).first()
    if by is None:
        raise Refused("drop_no_account", body=code)
    return found[0], by


def _put_away(folder: Path) -> bool:
    """What became of a file that was being taken: to 已收 or 退回, or not yet."""
    held = _intake_of(folder.name)
    place = next(iter(sorted(folder.iterdir())), None)
    if place is None or held is None:
        return False
    above, waiting = folder.parent.parent, held.quarantined
    if held.upload_id is not None:
        _move(place, above / TAKEN)
    elif waiting.state == Quarantined.State.REFUSED:
        _told(_move(place, above / GIVEN_BACK), waiting.refusal_text)
    elif waiting.state == Quarantined.State.WITHDRAWN:
        _told(_move(place, above / GIVEN_BACK), wording.say("drop_withdrawn"))
    else:
        if not Job.objects.filter(kind="take_dropped", arguments__quarantined=folder.name).exists():
            _send(held)  # killed before it could ask for its job
        return False
    folder.rmdir()
    return True


def _give_back(root: Path, path: Path, reason: str) -> bool:
    _told(_move(path, _class_folder(root, path) / GIVEN_BACK), reason)
    return True


def _class_folder(root: Path, path: Path) -> Path:
    """<root>/<code>/<class>, or as much of it as there is above the file."""
    return root.joinpath(*path.relative_to(root).parts[:-1][:2])


def _move(path: Path, folder: Path) -> Path:
    """Into the folder under its own name, or numbered where the name is taken; a link moves as a link."""
    _make_ours(folder)
    target, number = folder / path.name, 1
    while os.path.lexists(target):
        number += 1
        target = folder / f"{path.stem}（{number}）{path.suffix}"
    os.rename(path, target)
    return target


def _make_ours(folder: Path) -> None:
    """One of our own folders; a link that somebody put in its place is set aside, so that nothing leaves the tree."""
    if folder.is_symlink():
        os.rename(folder, folder.with_name(f"{folder.name}-{uuid4().hex[:8]}"))
    folder.mkdir(parents=True, exist_ok=True)


def _told(path: Path, reason: str) -> None:
    """The reason beside the file, as a text that Notepad opens; written under no name that may lead elsewhere."""
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    words = gettext("%(now)s 没有收下。%(reason)s 文件没有改动，就在旁边；改好后放回班次的文件夹即可。")
    written = path.with_name(f".{uuid4().hex}{durable.PART}")
    with open(written, "x", encoding="utf-8-sig") as note:
        note.write(words % {"now": now, "reason": reason})
    os.replace(written, path.with_name(f"{path.name}.txt"))


def _printable(name: str) -> str:
    """As it can be written down: a name of another encoding keeps what can be read of it."""
    readable = os.fsencode(name).decode("utf-8", "replace")
    return "".join(character for character in readable if character.isprintable()).strip() or gettext(
        "未命名"
    )


def _intake_of(name: str) -> Intake | None:
    try:
        uuid = UUID(name)
    except ValueError:
        return None
    return Intake.objects.select_related("quarantined", "dossier").filter(quarantined__uuid=uuid).first()


def _place_of(uuid: UUID) -> Path | None:
    folder = root()
    return next(iter(folder.glob(f"*/*/{TAKING}/{uuid}/*")), None) if folder else None


@contextmanager
def _opened(place: Path) -> Iterator[BinaryIO]:
    """The file itself, not what somebody put a link to in its place."""
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Refused("drop_is_link")
        yield source


def _piece(source: BinaryIO, left: int) -> Iterator[bytes]:
    left = min(left, PIECE)
    while left > 0 and (chunk := source.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other worker looks round at this moment."""
    place = installation().quarantine_root
    durable.make_folder(place)
    with open(place / ".drop-folder", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
