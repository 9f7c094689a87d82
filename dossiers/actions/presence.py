"""People's words on who is seen in a recording, and the seconds they keep as evidence.

A word never changes what an engine found; it stands beside it, a later one of the same side supersedes it, and it
can be taken back. Institution and bureau speak side by side. Nobody is named who did not consent.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.actions.change import Change, change
from dossiers.consents import FACE, consenting
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.models import (
    AccessEntry,
    Account,
    Enrolment,
    KeptFrame,
    PresenceWord,
    Upload,
)
from dossiers.permissions import Act, may, visible_uploads
from dossiers.search_text import mask_numbers
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE, REVIEWER_MAY_JUDGE

Verdict = PresenceWord.Verdict
LOOKED_AT = "faces"  # what an access entry says was looked at
ONE_LOOK = timedelta(days=1)
SAME_FRAME = 0.5  # seconds
LONGEST_REMARK = 200
SHARED, NEAR, SMALLEST = 0.5, 1.5, 1e-6  # of the shorter stretch; face sizes between the centres
ACTIONS = {Verdict.IS: "name_faces", Verdict.IS_NOT: "reject_faces", Verdict.NOBODY: "faces_of_nobody"}


@dataclass(frozen=True)
class Followed:
    """A face followed through a recording, as the evidence has it now: its track, when it was there, and where first."""

    track: UUID
    spans: tuple[tuple[float, float], ...]
    place: tuple[float, ...] = ()


def may_speak_in(account: Account) -> Collection[str]:
    """The states of a dossier in which this account's side may give its word on faces."""
    return REVIEWER_MAY_JUDGE if account.is_of_bureau else INSTITUTION_MAY_CHANGE


def say_of_faces(
    upload: Upload,
    faces: Sequence[Followed],
    verdict: str,
    *,
    by: Account,
    enrolment: Enrolment | None = None,
) -> list[PresenceWord]:
    """Say of these faces that they are this trainee's, are not, or are nobody's of the class; all or none.

    Several at once are thereby one person's. Raises NotReady where there is nothing to speak of, where nobody is
    named, or where the one named did not consent to being told by her face.
    """
    with _speaking(upload, by, ACTIONS[Verdict(verdict)]) as held:
        if not faces:
            raise NotReady(
                sentence("no_face_here", gettext_noop("这一刻没有认出的脸可说，没有记下什么。请先选一段。"))
            )
        _require_whom(upload, verdict, enrolment)
        now = timezone.now()
        ended = _ended_by(_of_side(upload, by), faces, verdict, enrolment)
        PresenceWord.objects.filter(pk__in=ended).update(superseded_at=now)
        made = [_word(held, upload, face, verdict, enrolment, now) for face in faces]
        PresenceWord.objects.bulk_create(made)
        held.facts["faces"] = len(made)
        if enrolment is not None:
            held.facts["enrolment"] = str(enrolment.uuid)
        return made


def take_back_words(upload: Upload, words: Iterable[UUID], *, by: Account) -> None:
    """Take one's own words back; what they superseded holds again. Overtaken when one was superseded since."""
    wanted = list(words)
    with _speaking(upload, by, "faces_undone") as held:
        mine = list(
            PresenceWord.objects.select_for_update().filter(
                uuid__in=wanted, upload=upload, made_by=by, superseded_at__isnull=True
            )
        )
        if not mine or len(mine) != len(wanted):
            raise Overtaken(
                sentence(
                    "word_on_face_superseded", gettext_noop("这一步之后又有人说过，没有撤销。请刷新后再看。")
                )
            )
        PresenceWord.objects.filter(uuid__in=wanted).update(superseded_at=timezone.now())
        moments = {one.made_at for one in mine}
        _of_side(upload, by).filter(superseded_at__in=moments).update(superseded_at=None)
        held.facts["faces"] = len(mine)


def keep_frame(
    upload: Upload, at_seconds: float, *, by: Account, enrolment: Enrolment | None = None, remark: str = ""
) -> KeptFrame:
    """Keep this second as evidence; what her side has kept already is kept once."""
    with _speaking(upload, by, "keep_frame") as held:
        if not 0 <= at_seconds <= (upload.duration_seconds or at_seconds):
            raise NotReady(
                sentence(
                    "no_such_second", gettext_noop("录像里没有这一刻，没有取帧。请在录像长度以内选一刻。")
                )
            )
        _require_of_class(upload, enrolment)
        there = KeptFrame.objects.filter(
            upload=upload,
            enrolment=enrolment,
            by_bureau=by.is_of_bureau,
            dropped_at__isnull=True,
            at_seconds__gte=at_seconds - SAME_FRAME,
            at_seconds__lte=at_seconds + SAME_FRAME,
        ).first()
        if there is not None:
            raise NotReady(sentence("frame_kept", gettext_noop("这一刻已经取过依据帧，见右侧“依据帧”。")))
        if enrolment is not None:
            held.facts["enrolment"] = str(enrolment.uuid)
        return KeptFrame.objects.create(
            dossier=held.dossier,
            upload=upload,
            at_seconds=at_seconds,
            enrolment=enrolment,
            remark=mask_numbers(remark.strip())[:LONGEST_REMARK],
            by_bureau=by.is_of_bureau,
            made_by=by,
        )


def drop_frame(frame: KeptFrame, *, by: Account) -> None:
    """A kept second is no longer kept; only her own side's, and it can be taken up again."""
    with _speaking(frame.upload, by, "drop_frame"):
        if frame.by_bureau != by.is_of_bureau:
            raise NotAllowed(Act.NAME_FACES)
        changed = KeptFrame.objects.filter(pk=frame.pk, dropped_at__isnull=True)
        if not changed.update(dropped_at=timezone.now()):
            raise Overtaken(sentence("frame_gone", gettext_noop("这一依据帧已经不在了。请刷新后再看。")))


def take_frame_up(frame: KeptFrame, *, by: Account) -> None:
    """A dropped second is kept again."""
    with _speaking(frame.upload, by, "keep_frame"):
        if frame.by_bureau != by.is_of_bureau:
            raise NotAllowed(Act.NAME_FACES)
        KeptFrame.objects.filter(pk=frame.pk).update(dropped_at=None)


def look_at_faces(account: Account, upload: Upload) -> AccessEntry | None:
    """Write down that `account` opens a recording in which people are told by their faces; once a day each."""
    if not may(account, Act.SEE, upload.dossier):
        raise NotAllowed(Act.SEE)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        looks = AccessEntry.objects.filter(account=account, subject=upload.uuid, what=LOOKED_AT)
        if looks.filter(at__gte=timezone.now() - ONE_LOOK).exists():
            return None
        return AccessEntry.objects.create(
            account=account, dossier=upload.dossier, what=LOOKED_AT, subject=upload.uuid
        )


def _speaking(upload: Upload, by: Account, action: str) -> AbstractContextManager[Change]:
    """A change made by whoever may name faces, on a recording she may see, in a state in which her side may."""
    if not visible_uploads(by).filter(pk=upload.pk).exists():
        raise NotAllowed(Act.NAME_FACES)
    name = f"{action}_at_bureau" if by.is_of_bureau else action
    return change(
        upload.dossier,
        by=by,
        act=Act.NAME_FACES,
        action=name,
        states=may_speak_in(by),
        upload=str(upload.uuid),
    )


def _word(
    held: Change,
    upload: Upload,
    face: Followed,
    verdict: str,
    enrolment: Enrolment | None,
    now: datetime,
) -> PresenceWord:
    return PresenceWord(
        dossier=held.dossier,
        upload=upload,
        enrolment=enrolment,
        track=face.track,
        spans=[[round(start, 2), round(end, 2)] for start, end in face.spans],
        place=[round(part, 4) for part in face.place],
        verdict=verdict,
        by_bureau=bool(held.by and held.by.is_of_bureau),
        made_by=held.by,
        made_at=now,
    )


def _of_side(upload: Upload, by: Account) -> QuerySet[PresenceWord]:
    return PresenceWord.objects.filter(upload=upload, by_bureau=by.is_of_bureau)


def _ended_by(
    words: QuerySet[PresenceWord], faces: Sequence[Followed], verdict: str, enrolment: Enrolment | None
) -> list[int]:
    """Who it is ends every earlier word of her side on this face; who it is not ends what contradicts it."""
    standing = words.filter(superseded_at__isnull=True)
    if verdict == Verdict.IS_NOT:
        standing = standing.filter(Q(enrolment=enrolment) | Q(verdict=Verdict.NOBODY))
    return [word.pk for word in standing if any(_is_of(word, face) for face in faces)]


def _is_of(word: PresenceWord, face: Followed) -> bool:
    """The same track, or, where the evidence was computed again, the same time and place."""
    if word.track == face.track:
        return True
    if len(word.place) != 4 or len(face.place) != 4:
        return False
    shared = sum(
        max(0.0, min(end, until) - max(start, since))
        for start, end in word.spans
        for since, until in face.spans
    )
    shorter = min(sum(end - start for start, end in spans) for spans in (word.spans, face.spans))
    if shared <= SHARED * shorter:
        return False
    across, down = (
        abs(word.place[axis] + word.place[axis + 2] / 2 - face.place[axis] - face.place[axis + 2] / 2)
        / max(word.place[axis + 2], face.place[axis + 2], SMALLEST)
        for axis in (0, 1)
    )
    return max(across, down) <= NEAR


def _require_whom(upload: Upload, verdict: str, enrolment: Enrolment | None) -> None:
    if verdict == Verdict.NOBODY:
        if enrolment is not None:
            raise NotReady(sentence("nobody_named", gettext_noop("说“不是本班学员”时不选学员，没有记下。")))
        return
    if enrolment is None:
        raise NotReady(sentence("nobody_chosen", gettext_noop("还没有选学员，没有记下。请先选是哪一位。")))
    _require_of_class(upload, enrolment)
    if verdict == Verdict.IS and enrolment.pk not in consenting([enrolment.pk], FACE):
        raise NotReady(
            sentence(
                "no_face_consent",
                gettext_noop("%(who)s没有同意人脸识别，不能按脸指认，没有记下。出勤请用签到表。"),
                who=enrolment.name,
            )
        )


def _require_of_class(upload: Upload, enrolment: Enrolment | None) -> None:
    if enrolment is not None and enrolment.dossier_id != upload.dossier_id:
        raise NotAllowed(Act.NAME_FACES)
