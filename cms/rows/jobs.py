"""What is under way, what was refused and what failed in one class, ready to print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.components.jobs import JobLine
from cms.portraits import REMEMBER
from cms.rows.sheets import shortened
from dossiers.models import Account, DossierPage, Upload
from foundation.models import Job, Quarantined
from ingestion.jobs import DRAW, PHOTO, READ
from ingestion.models import Intake
from ingestion.pieces import READ_PIECES
from media_processing.clock_jobs import READ_CLOCK
from media_processing.faces_jobs import WATCH
from media_processing.index_jobs import FIND_SLIDES, MERGE, READ_SLIDES, SEGMENT
from media_processing.jobs import INDEX
from media_processing.shared import COMPARE
from media_processing.transcode_jobs import PRICE, TRANSCODE

TITLES: dict[str, str | Promise] = {
    "take_in": _("收下“%(file)s”"),
    "take_dropped": _("从投递文件夹收取“%(file)s”"),
    DRAW: _("取图“%(file)s”"),
    READ: _("认读“%(file)s”"),
    PHOTO: _("认读“%(file)s”"),
    READ_PIECES: _("认读“%(file)s”拆开的几份"),
    INDEX: _("查看录像“%(file)s”"),
    READ_CLOCK: _("读录像“%(file)s”画面上的时钟"),
    SEGMENT: _("编录像“%(file)s”的索引"),
    FIND_SLIDES: _("找录像“%(file)s”里的幻灯"),
    READ_SLIDES: _("认读录像“%(file)s”里的幻灯"),
    MERGE: _("合成录像“%(file)s”的索引"),
    COMPARE: _("比对录像“%(file)s”"),
    WATCH: _("在录像“%(file)s”里找人"),
    REMEMBER: _("制作人脸模板"),
    PRICE: _("估算转码“%(file)s”"),
    TRANSCODE: _("转码“%(file)s”"),
}
ICONS = {
    DRAW: "photo",
    READ: "scan",
    PHOTO: "camera",
    READ_PIECES: "scissors",
    INDEX: "video",
    READ_CLOCK: "clock",
    SEGMENT: "video",
    FIND_SLIDES: "video",
    READ_SLIDES: "scan",
    MERGE: "video",
    COMPARE: "video",
    WATCH: "users",
    REMEMBER: "id",
    PRICE: "video",
    TRANSCODE: "video",
    "take_in": "upload",
    "take_dropped": "upload",
}
UNITS: dict[str, str | Promise] = {
    READ: _("页"),
    "take_in": _("MB"),
    TRANSCODE: _("秒"),
    SEGMENT: _("段可疑画面"),
    WATCH: _("秒"),
    REMEMBER: _("人"),
}
SHOWN = (Job.State.WAITING, Job.State.LEASED, Job.State.FAILED)
MOST_SHOWN = 50
SENDING_SECONDS = 90  # as long after its last bytes a file counts as being sent


@dataclass(frozen=True)
class KeptOut:
    """A file that was not taken: its name, why, and where to withdraw it or have it looked at again."""

    file_name: str
    reason: str
    withdraw_url: str
    again_url: str = ""


@dataclass(frozen=True)
class Working:
    """Everything of one class that is not quietly done."""

    lines: tuple[JobLine, ...]
    kept_out: tuple[KeptOut, ...]
    unfinished: tuple[KeptOut, ...]
    is_under_way: bool
    to_go_on: int = 0  # files that this reader began to send and may go on with

    @property
    def is_quiet(self) -> bool:
        return not (self.lines or self.kept_out or self.unfinished)


def working(dossier: DossierPage, reader: Account) -> Working:
    """In a fixed number of queries, however many files there are."""
    jobs = _shown(dossier)
    lines = tuple(job_lines(dossier, jobs))
    waiting = _intakes(dossier)
    begun = [
        one for one in waiting if one.quarantined.state == Quarantined.State.RECEIVING and one.job_id is None
    ]
    return Working(
        lines=lines,
        kept_out=tuple(
            KeptOut(
                intake.quarantined.file_name,
                intake.quarantined.refusal_text,
                dossier.screen("withdraw-intake", intake.quarantined.uuid),
                dossier.screen("try-intake-again", intake.quarantined.uuid) if _is_all_there(intake) else "",
            )
            for intake in waiting
            if intake.quarantined.state == Quarantined.State.REFUSED
        ),
        unfinished=tuple(
            KeptOut(
                intake.quarantined.file_name,
                _half_received(intake, reader),
                dossier.screen("withdraw-intake", intake.quarantined.uuid),
                dossier.screen("try-intake-again", intake.quarantined.uuid) if _is_all_there(intake) else "",
            )
            for intake in begun
        ),
        to_go_on=sum(_waits_for(intake, reader) for intake in begun),
        is_under_way=any(line.is_under_way for line in lines),
    )


def job_lines(dossier: DossierPage, jobs: Sequence[Job]) -> Iterable[JobLine]:
    """One line a job, its file named; jobs of a class only."""
    names = file_names(jobs)
    for job in jobs:
        yield job_line(dossier, job, names.get(job.pk, ""))


def job_line(dossier: DossierPage, job: Job, file_name: str) -> JobLine:
    """One job of this class in words."""
    return JobLine(
        title=gettext(str(TITLES.get(job.kind, _("处理“%(file)s”")))) % {"file": shortened(file_name)},
        state=job.state,
        url="",
        step=job.step_text,
        step_no=job.step_no,
        step_count=job.step_count,
        done=job.progress_done,
        total=job.progress_total,
        unit=UNITS.get(job.kind, ""),
        remaining_seconds=job.remaining_seconds,
        error=_error(job, file_name),
        retry_url=dossier.screen("retry-job", job.uuid) if job.may_retry else "",
        cancel_url="" if job.is_over else dossier.screen("cancel-job", job.uuid),
        icon=ICONS.get(job.kind, "scan"),
    )


def _error(job: Job, file_name: str) -> str:
    """Told while it waits for another attempt too, so that a full disk is not a riddle."""
    if not job.error_code:
        return ""
    job.error_params = {"file_name": file_name} | dict(job.error_params)
    return job.error_text


def file_names(jobs: Sequence[Job]) -> dict[int, str]:
    """The file each job is about, by the job's key; two queries however many jobs."""
    uploads = _named(Upload, {job.arguments["upload"] for job in jobs if "upload" in job.arguments})
    waiting = _named(
        Quarantined, {job.arguments["quarantined"] for job in jobs if "quarantined" in job.arguments}
    )
    named = {
        job.pk: uploads.get(job.arguments.get("upload", ""), "")
        or waiting.get(job.arguments.get("quarantined", ""), "")
        for job in jobs
    }
    return {pk: name for pk, name in named.items() if name}


def _named(model: type[Upload] | type[Quarantined], uuids: set[str]) -> dict[str, str]:
    found = model.objects.filter(uuid__in=uuids).values_list("uuid", "file_name")
    return {str(uuid): name for uuid, name in found}


def _intakes(dossier: DossierPage) -> list[Intake]:
    return list(
        Intake.objects.filter(
            dossier=dossier,
            upload=None,
            quarantined__state__in=(Quarantined.State.REFUSED, Quarantined.State.RECEIVING),
        ).select_related("quarantined", "deposited_by")[:MOST_SHOWN]
    )


def _shown(dossier: DossierPage) -> list[Job]:
    """What waits, runs or failed, and what a person cancelled: it can be begun again unless its file was withdrawn."""
    mine = Job.objects.filter(subject=str(dossier.uuid))
    shown = list(mine.filter(state__in=SHOWN).order_by("pk")[:MOST_SHOWN])
    cancelled = list(
        mine.filter(state=Job.State.CANCELLED).exclude(kind="take_in").order_by("-pk")[:MOST_SHOWN]
    )
    wanted = {str(one) for one in dossier.uploads.filter(withdrawn_at=None).values_list("uuid", flat=True)}
    return shown + [job for job in cancelled if job.arguments.get("upload") in wanted]


def _is_all_there(intake: Intake) -> bool:
    return intake.quarantined.received == intake.quarantined.declared_size


def _is_being_sent(waiting: Quarantined) -> bool:
    return timezone.now() - waiting.updated_at < timedelta(seconds=SENDING_SECONDS)


def _waits_for(intake: Intake, reader: Account) -> bool:
    """Whether this reader is the one who can go on with it, and does not at this moment."""
    mine = intake.deposited_by_id == reader.pk
    return mine and not _is_all_there(intake) and not _is_being_sent(intake.quarantined)


def _half_received(intake: Intake, reader: Account) -> str:
    waiting = intake.quarantined
    if _is_all_there(intake):
        return gettext("已收齐，登记时中断。请点再试；不用的请撤回。")
    told = {
        "share": waiting.received * 100 // max(1, waiting.declared_size),
        "received": size_in_words(waiting.received),
        "size": size_in_words(waiting.declared_size),
        "person": intake.deposited_by.full_name,
    }
    if _is_being_sent(waiting):
        return gettext("正在上传：已收到 %(share)s %%（%(received)s，共 %(size)s）。") % told
    if intake.deposited_by_id != reader.pk:
        return (
            gettext(
                "已收到 %(share)s %%（%(received)s，共 %(size)s），由%(person)s上传，请其选同一个文件接着传；不用的请撤回。"
            )
            % told
        )
    return (
        gettext(
            "已收到 %(share)s %%（%(received)s，共 %(size)s）。选同一个文件，就从这里接着传；不用的请撤回。"
        )
        % told
    )


def size_in_words(count: int) -> str:
    """1.2 GB, 340 MB, 12 KB: as coarse as people say it."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if count >= unit:
            return f"{count / unit:.1f}".rstrip("0").rstrip(".") + f" {name}"
    return f"{count} B"
