"""Consent to biometric data is recorded and withdrawn, trainee by trainee and kind by kind; templates are accounted for.

Withdrawing is one step, in every state of a dossier, and asks no reason. What rested on the consent goes in the same
transaction: `consent_ended` tells those who keep it.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.utils import timezone

from dossiers.actions.change import Change, change
from dossiers.consents import in_force
from dossiers.exceptions import NotReady
from dossiers.models import Account, Consent, DossierPage, Enrolment, Sheet
from dossiers.permissions import Act
from dossiers.rulesets.consent import version_to_sign
from dossiers.search_text import mask_numbers
from dossiers.sentences import gettext_noop, sentence
from dossiers.signals import consent_ended
from dossiers.states import INSTITUTION_MAY_CHANGE

LONGEST_REASON = 200


def record(
    enrolments: Sequence[Enrolment],
    *,
    kinds: Collection[str],
    is_given: bool,
    signed_on: date,
    by: Account,
    sheet: Sheet | None = None,
) -> list[Consent]:
    """Write down what trainees of one class answered on paper, all or none; an earlier answer gives way.

    The text is the edition that was laid before people on the day they signed.
    """
    if not enrolments:
        raise NotReady(sentence("nobody_chosen", gettext_noop("还没有选学员，没有记下。请先勾选学员。")))
    if not kinds:
        raise NotReady(
            sentence("no_kind_chosen", gettext_noop("人脸、指纹要分开问。请勾选这次问的是哪一种，再记下。"))
        )
    if signed_on > timezone.localdate():
        raise NotReady(
            sentence("signed_in_future", gettext_noop("签字日期还没有到，没有记下。请照纸上的日期填写。"))
        )
    dossier = enrolments[0].dossier
    version = version_to_sign(signed_on)
    with change(
        dossier, by=by, act=Act.KEEP_CONSENT, action="record_consent", states=INSTITUTION_MAY_CHANGE
    ) as held:
        _require_sheet(dossier, sheet)
        now = timezone.now()
        _end(Consent.objects.filter(enrolment__in=enrolments, kind__in=kinds), by=by, at=now)
        made = [
            Consent.objects.create(
                enrolment=enrolment,
                kind=kind,
                is_given=is_given,
                text_version=version.id,
                signed_on=signed_on,
                sheet=sheet,
                recorded_by=by,
                recorded_at=now,
            )
            for enrolment in enrolments
            for kind in sorted(kinds)
        ]
        held.facts |= {
            "enrolments": [str(one.uuid) for one in enrolments],
            "kinds": sorted(kinds),
            "given": is_given,
            "version": version.id,
        }
        if not is_given:
            _tell(enrolments, kinds)
        return made


def withdraw(consent: Consent, *, by: Account, reason: str = "") -> None:
    """She no longer agrees. In one step, whatever state the dossier is in; the reason is hers to give or keep."""
    enrolment = consent.enrolment
    with change(
        enrolment.dossier,
        by=by,
        act=Act.KEEP_CONSENT,
        action="withdraw_consent",
        enrolment=str(enrolment.uuid),
        kinds=[consent.kind],
        reason=mask_numbers(reason.strip())[:LONGEST_REASON],
    ):
        standing = Consent.objects.filter(pk=consent.pk, is_given=True)
        if not _end(standing, by=by, at=timezone.now()):
            raise NotReady(sentence("nothing_to_withdraw", gettext_noop("这份同意已经撤回，不用再撤。")))
        _tell([enrolment], [consent.kind])


@contextmanager
def keeping_templates(dossier: DossierPage, *, by: Account | None, made: bool) -> Iterator[Change]:
    """The class is held while templates of its trainees are made or deleted; the step goes into its log.

    `by` is None for machines: when their time is over nobody is asked.
    """
    action = "remember_faces" if made else "forget_faces"
    with change(
        dossier,
        by=by,
        act=Act.KEEP_CONSENT if by else None,
        action=action,
        label="" if by else "到期自动",
        states=None,
    ) as held:
        yield held


def require_consent(enrolment: Enrolment, kind: str) -> None:
    """NotReady says what is to be done where she has no consent in force: nothing of her is measured then."""
    if not in_force(kind).filter(enrolment=enrolment).exists():
        raise NotReady(
            sentence(
                "no_consent_in_force",
                gettext_noop("%(name)s 没有有效的人脸同意，没有制作。请先记下签好的同意书，或改用签到表。"),
                name=enrolment.name,
            )
        )


def _end(rows, *, by: Account, at: datetime) -> int:
    return rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=at, withdrawn_by=by)


def _tell(enrolments: Sequence[Enrolment], kinds: Collection[str]) -> None:
    for kind in kinds:
        consent_ended.send(sender=Consent, enrolments=[one.pk for one in enrolments], kind=kind)


def _require_sheet(dossier: DossierPage, sheet: Sheet | None) -> None:
    if sheet is not None and sheet.dossier_id != dossier.pk:
        raise NotReady(sentence("sheet_elsewhere", gettext_noop("这一页不在本班卷内。请选本班的一页。")))
