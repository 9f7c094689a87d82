"""Who agreed to which biometric data, as it stands: in force, refused, withdrawn, or never asked. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.models import Consent, DossierPage, Enrolment
from dossiers.rulesets.consent import ConsentText, consent_version, holding, version_to_sign

FACE, FINGERPRINT = Consent.Kind.FACE, Consent.Kind.FINGERPRINT


class Standing(StrEnum):
    """How one trainee stands to one kind."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the text she signed no longer holds: to be asked anew
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Answer:
    """A trainee's latest answer to one kind, and what it comes to today."""

    standing: Standing
    consent: Consent | None = None


NOBODY_ASKED = Answer(Standing.NOT_ASKED)


def answers(dossier: DossierPage, on: date | None = None) -> dict[int, dict[str, Answer]]:
    """By enrolment and kind, in one query; who was never asked is left out."""
    day = on or timezone.localdate()
    found: dict[int, dict[str, Answer]] = {}
    rows = Consent.objects.filter(enrolment__dossier=dossier).select_related("recorded_by", "withdrawn_by")
    for row in rows.order_by("pk"):
        found.setdefault(row.enrolment_id, {})[row.kind] = Answer(_standing(row, day), row)
    return found


def answer_of(enrolment: Enrolment, kind: str) -> Answer:
    row = enrolment.consents.filter(kind=kind).order_by("pk").last()
    return Answer(_standing(row, timezone.localdate()), row) if row else NOBODY_ASKED


def in_force(kind: str, on: date | None = None) -> QuerySet[Consent]:
    """Consents that are ones today: given, not withdrawn, under a text that still holds."""
    day = on or timezone.localdate()
    return Consent.objects.filter(
        kind=kind, is_given=True, withdrawn_at__isnull=True, text_version__in=holding(day)
    )


def consenting(enrolments: Iterable[int], kind: str) -> set[int]:
    """Of these enrolments, by primary key, those whose consent to `kind` is in force."""
    return set(in_force(kind).filter(enrolment__in=list(enrolments)).values_list("enrolment_id", flat=True))


def without_consent(kind: str) -> Q:
    """What of rows with an `enrolment` nobody consented to: for queries over evidence."""
    return ~Q(enrolment__in=in_force(kind).values("enrolment"))


def keep_until(enrolment: Enrolment, text: ConsentText) -> date:
    """The last day on which her template may be kept: days by the text after she or the class ended.

    A class whose end nobody has written down yet counts from today.
    """
    ended = enrolment.withdrawn_on or enrolment.dossier.ends_on or timezone.localdate()
    return ended + timedelta(days=text.keep_days)


def text_signed(consent: Consent) -> ConsentText:
    """The text that binds; where its edition is gone from the table, the present one."""
    version = consent_version(consent.text_version) or version_to_sign(timezone.localdate())
    return version.texts[consent.kind]


def _standing(row: Consent, day: date) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if not row.is_given:
        return Standing.REFUSED
    version = consent_version(row.text_version)
    return Standing.GIVEN if version is not None and version.holds(day) else Standing.LAPSED
