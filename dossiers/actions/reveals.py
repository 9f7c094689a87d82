"""Opening what can harm a person, an ID card's image say: every opening is written down, and bounded a day."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dossiers.exceptions import NotAllowed, Refused
from dossiers.models import AccessEntry, Account, DossierPage
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence

ONE_LOOK = timedelta(minutes=10)


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
        return AccessEntry.objects.create(account=account, dossier=dossier, what=what, subject=subject)


def _opened_today(account: Account) -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return AccessEntry.objects.filter(
        account=account, what__in=("image", "original"), at__gte=midnight
    ).count()
