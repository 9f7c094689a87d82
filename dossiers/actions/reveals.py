"""Opening what can harm a person, an ID card's image say: every opening is written down, and bounded a day."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dossiers.exceptions import NotAllowed, ReasonMissing, Refused
from dossiers.models import AccessEntry, Account, DossierPage, Enrolment
from dossiers.permissions import Act, may
from dossiers.search_text import mask_numbers
from dossiers.sentences import gettext_noop, sentence

ONE_LOOK = timedelta(minutes=10)
LONGEST_REASON = 200


class QuotaSpent(Refused):
    """This person has opened as many images today as her role may."""


def reveal_image(
    account: Account, dossier: DossierPage, *, what: str, subject: UUID, daily_quota: int
) -> AccessEntry | None:
    """Write down that `account` opens this image now; None within ten minutes of the last time.

    The quota binds the bureau's people only: an institution's own papers are its daily work. QuotaSpent when
    it is used up; nothing is shown then.
    """
    if not may(account, Act.REVEAL, dossier):
        raise NotAllowed(Act.REVEAL)
    now = timezone.now()
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        mine = AccessEntry.objects.filter(account=account)
        if mine.filter(subject=subject, what=what, at__gte=now - ONE_LOOK).exists():
            return None
        _require_quota(account, daily_quota)
        return AccessEntry.objects.create(account=account, dossier=dossier, what=what, subject=subject)


def reveal_number(account: Account, enrolment: Enrolment, *, reason: str, daily_quota: int) -> str:
    """One trainee's whole ID number, once it is written down who looked and why.

    ReasonMissing without a reason; QuotaSpent when the bureau's looks of today are used up.
    """
    if not may(account, Act.REVEAL, enrolment.dossier):
        raise NotAllowed(Act.REVEAL)
    reason = mask_numbers(reason.strip())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing(sentence("reveal_reason", gettext_noop("请先写明为何要看完整号码。")))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        _require_quota(account, daily_quota)
        AccessEntry.objects.create(
            account=account,
            dossier=enrolment.dossier,
            what="id_number",
            subject=enrolment.uuid,
            reason=reason,
        )
    return enrolment.person.id_number.reveal()


def _require_quota(account: Account, daily_quota: int) -> None:
    """The quota binds the bureau's people only: an institution's own papers are its daily work."""
    if account.is_of_bureau and _opened_today(account) >= daily_quota:
        raise QuotaSpent(
            sentence(
                "reveal_quota_spent",
                gettext_noop(
                    "今天打开证件影像已达 %(quota)s 次上限，没有显示这一页。"
                    "请明天再看，或请管理员按工作需要调高上限。"
                ),
                quota=daily_quota,
            )
        )


def _opened_today(account: Account) -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return AccessEntry.objects.filter(
        account=account, what__in=("image", "original", "searchable", "id_number"), at__gte=midnight
    ).count()


def reveal_beside(
    account: Account,
    dossier: DossierPage,
    enrolments: Sequence[Enrolment],
    *,
    reason: str,
    daily_quota: int,
) -> None:
    """Write down that these numbers of the roster stand open beside a page that shows others.

    Once within ten minutes for each; QuotaSpent when the bureau's looks of today are used up, and none is open.
    """
    if not may(account, Act.REVEAL, dossier):
        raise NotAllowed(Act.REVEAL)
    since = timezone.now() - ONE_LOOK
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        for enrolment in enrolments:
            looks = AccessEntry.objects.filter(account=account, subject=enrolment.uuid, what="id_number")
            if not looks.filter(at__gte=since).exists():
                _require_quota(account, daily_quota)
                AccessEntry.objects.create(
                    account=account, dossier=dossier, what="id_number", subject=enrolment.uuid, reason=reason
                )
