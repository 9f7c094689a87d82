"""What people and devices say of attendance is written down: check-ins, sign-in lines, words on cells; and taken back.

A word takes no evidence away and later words supersede it; the institution's and the bureau's stand side by side.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dossiers.actions.change import change
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.models import (
    Account,
    AttendanceWord,
    CheckIn,
    CheckInImport,
    ColumnMapping,
    DossierPage,
    Enrolment,
    Session,
    Sheet,
    SignInLine,
)
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE, REVIEWER_MAY_JUDGE
from foundation.models import Blob

LONGEST_REASON = 200


@dataclass(frozen=True)
class CheckedIn:
    """One row of a device's export, matched to a trainee of this class. `row` counts from 1 with the head."""

    enrolment: int
    at: datetime
    row: int
    device: str = ""
    method: str = CheckIn.Method.OTHER
    left: bool = False


@dataclass(frozen=True)
class Export:
    """A device's export as it came: the stored file, its name, which column meant what, and how many rows were left."""

    blob: Blob
    file_name: str
    columns: Mapping[str, Sequence[int]]
    head: str
    rows_left: int = 0


def may_settle_in(account: Account) -> Collection[str]:
    """The states of a dossier in which this account's side may give its word on attendance."""
    return REVIEWER_MAY_JUDGE if account.is_of_bureau else INSTITUTION_MAY_CHANGE


def settle(
    dossier: DossierPage,
    enrolment: Enrolment,
    session: Session,
    lessons: Collection[int],
    says: str,
    reason: str,
    *,
    by: Account,
) -> list[AttendanceWord]:
    """One person's word on these lessons (counted from 1) of one session: `says` present, absent or nothing.

    All or none. Her side's earlier words on the same cells are superseded, the other side's stay.
    """
    with change(
        dossier,
        by=by,
        act=Act.ATTEND,
        action=_named("settle_attendance", by),
        states=may_settle_in(by),
        enrolment=str(enrolment.uuid),
        session=str(session.uuid),
        lessons=sorted(lessons),
        says=says,
    ):
        _require_word(dossier, enrolment, session, lessons, says, reason)
        now = timezone.now()
        AttendanceWord.objects.filter(
            enrolment=enrolment,
            session=session,
            lesson__in=lessons,
            by_bureau=by.is_of_bureau,
            superseded_at__isnull=True,
        ).update(superseded_at=now)
        return AttendanceWord.objects.bulk_create(
            AttendanceWord(
                dossier=dossier,
                enrolment=enrolment,
                session=session,
                lesson=lesson,
                says=says,
                reason=reason.strip(),
                by_bureau=by.is_of_bureau,
                made_by=by,
                made_at=now,
            )
            for lesson in sorted(lessons)
        )


def unsettle(dossier: DossierPage, words: Iterable[AttendanceWord], *, by: Account) -> int:
    """Take words of one's own side back; what they superseded is in force again. Returns how many."""
    wanted = [one.pk for one in words]
    with change(
        dossier, by=by, act=Act.ATTEND, action=_named("unsettle_attendance", by), states=may_settle_in(by)
    ) as held:
        mine = list(
            AttendanceWord.objects.select_for_update().filter(
                pk__in=wanted, dossier=dossier, by_bureau=by.is_of_bureau, superseded_at__isnull=True
            )
        )
        if not mine or len(mine) != len(wanted):
            raise Overtaken(
                sentence(
                    "attendance_word_gone",
                    gettext_noop("这一格之后又认定过，没有撤销。请刷新后再看。"),
                )
            )
        AttendanceWord.objects.filter(pk__in=wanted).update(superseded_at=timezone.now())
        for one in mine:
            AttendanceWord.objects.filter(
                enrolment=one.enrolment_id,
                session=one.session_id,
                lesson=one.lesson,
                by_bureau=one.by_bureau,
                superseded_at=one.made_at,
            ).exclude(pk=one.pk).update(superseded_at=None)
        held.facts["lessons"] = sorted(one.lesson for one in mine)
        return len(mine)


def take_check_ins(
    dossier: DossierPage, export: Export, rows: Sequence[CheckedIn], *, by: Account
) -> CheckInImport:
    """Take a device's export in, whole; which column meant what is remembered for the next file with this head."""
    with _keeping(dossier, by, action="take_check_ins", check_ins=len(rows), left=export.rows_left):
        if not rows:
            raise NotReady(
                sentence(
                    "no_check_ins",
                    gettext_noop(
                        "表里没有一行是本班学员的打卡，什么也没有收进。请核对列的含义，再预览一次。"
                    ),
                )
            )
        _require_new_file(dossier, export.blob)
        ColumnMapping.objects.update_or_create(
            institution=dossier.custodian,
            head=export.head,
            defaults={"columns": dict(export.columns), "made_by": by, "made_at": timezone.now()},
        )
        taken = CheckInImport.objects.create(
            dossier=dossier,
            blob=export.blob,
            file_name=export.file_name[:255],
            columns=dict(export.columns),
            rows_taken=len(rows),
            rows_left=export.rows_left,
            made_by=by,
        )
        ours = set(dossier.enrolments.values_list("pk", flat=True))
        CheckIn.objects.bulk_create(
            CheckIn(
                taken_from=taken,
                dossier=dossier,
                enrolment_id=one.enrolment,
                at=one.at,
                device=one.device[:60],
                method=one.method,
                left=one.left,
                row=one.row,
            )
            for one in rows
            if one.enrolment in ours
        )
        return taken


def undo_check_ins(taken: CheckInImport, *, by: Account) -> None:
    """Take a whole export out again; the file and its rows stay kept, and count no more."""
    with _keeping(taken.dossier, by, action="undo_check_ins", check_ins=taken.rows_taken):
        done = CheckInImport.objects.filter(pk=taken.pk, undone_at=None).update(undone_at=timezone.now())
        if not done:
            raise Overtaken(sentence("export_gone", gettext_noop("这份打卡表已经撤下了。请刷新后再看。")))


def write_sign_ins(
    dossier: DossierPage,
    session: Session,
    signed: Mapping[int, bool],
    *,
    cosigned: bool,
    sheet: Sheet | None = None,
    by: Account,
) -> list[SignInLine]:
    """Write the sign-in sheet of one session down as a person confirmed it, whole: trainee's key -> signed or empty.

    Earlier lines of the session are superseded. `cosigned`: the teacher signed the sheet.
    """
    with _keeping(
        dossier,
        by,
        action="write_sign_ins",
        session=str(session.uuid),
        lines=len(signed),
        signed=sum(signed.values()),
        cosigned=cosigned,
    ):
        ours = set(dossier.enrolments.values_list("pk", flat=True))
        if not signed or not set(signed) <= ours or session.dossier_id != dossier.pk:
            raise NotReady(
                sentence(
                    "no_sign_ins",
                    gettext_noop("签到表上没有一行是本班学员，什么也没有记下。请逐行选好再记。"),
                )
            )
        now = timezone.now()
        SignInLine.objects.filter(session=session, superseded_at=None).update(superseded_at=now)
        return SignInLine.objects.bulk_create(
            SignInLine(
                dossier=dossier,
                enrolment_id=enrolment,
                session=session,
                signed=there,
                cosigned=cosigned,
                sheet=sheet,
                made_by=by,
                made_at=now,
            )
            for enrolment, there in signed.items()
        )


def undo_sign_ins(session: Session, *, by: Account) -> int:
    """Take the lines of a session back; the ones they superseded are in force again. Returns how many went."""
    with _keeping(session.dossier, by, action="undo_sign_ins", session=str(session.uuid)) as held:
        lines = list(SignInLine.objects.select_for_update().filter(session=session, superseded_at=None))
        if not lines:
            raise Overtaken(
                sentence("sign_ins_gone", gettext_noop("这次课没有记下签到，没有可撤销的。请刷新后再看。"))
            )
        now = timezone.now()
        SignInLine.objects.filter(pk__in=[one.pk for one in lines]).update(superseded_at=now)
        SignInLine.objects.filter(session=session, superseded_at=lines[0].made_at).update(superseded_at=None)
        held.facts["lines"] = len(lines)
        return len(lines)


def _keeping(dossier: DossierPage, by: Account, *, action: str, **facts: object):
    """A change of records that only the dossier's keeper writes; the bureau gives words alone."""
    if not by.is_of_institution:
        raise NotAllowed(Act.ATTEND)
    return change(dossier, by=by, act=Act.ATTEND, action=action, states=INSTITUTION_MAY_CHANGE, **facts)


def _named(action: str, by: Account) -> str:
    return f"{action}_at_bureau" if by.is_of_bureau else action


def _require_word(
    dossier: DossierPage,
    enrolment: Enrolment,
    session: Session,
    lessons: Collection[int],
    says: str,
    reason: str,
) -> None:
    if session.dossier_id != dossier.pk or enrolment.dossier_id != dossier.pk:
        raise NotAllowed(Act.ATTEND)
    if says not in AttendanceWord.Says.values or not lessons:
        raise NotReady(
            sentence(
                "attendance_not_said", gettext_noop("还没有选“在场”“缺勤”或“无法核实”。请选一项再记下。")
            )
        )
    if not set(lessons) <= set(range(1, session.lessons + 1)):
        raise NotReady(
            sentence("no_such_lesson", gettext_noop("这次课没有这一课时，没有记下。请刷新后再看。"))
        )
    if session.held_on > timezone.localdate():
        raise NotReady(sentence("not_held_yet", gettext_noop("这次课还没有上，没有记下。请上过课再认定。")))
    if not reason.strip():
        raise NotReady(
            sentence("attendance_reason_missing", gettext_noop("认定须写理由，没有记下。请写一句依据。"))
        )
    if len(reason.strip()) > LONGEST_REASON:
        raise NotReady(
            sentence(
                "attendance_reason_long",
                gettext_noop("理由写了 %(count)s 字，最多 %(most)s 字，没有记下。请删短后再记下。"),
                count=len(reason.strip()),
                most=LONGEST_REASON,
            )
        )


def _require_new_file(dossier: DossierPage, blob: Blob) -> None:
    earlier = dossier.check_in_imports.filter(blob=blob, undone_at=None).first()
    if earlier:
        raise NotReady(
            sentence(
                "export_again",
                gettext_noop(
                    "同一个文件已在%(when)s收过（%(file)s），没有再收一次。要重收，请先撤下原来的一份。"
                ),
                when=timezone.localtime(earlier.made_at).strftime("%m-%d %H:%M"),
                file=earlier.file_name,
            )
        )
