"""The demo's answers to biometric data: most agree, some to one kind only, the last but one refuses, the last was not asked."""

from dossiers.actions import consent
from dossiers.consents import FACE, FINGERPRINT
from dossiers.models import Account, DossierPage

NOT_ASKED_FROM = 10  # a class so large has one whom nobody has asked yet


def answer_consents(dossier: DossierPage, *, by: Account) -> None:
    """Written down from paper on the day the class began."""
    people = list(dossier.enrolments.all())
    asked = people[:-1] if len(people) >= NOT_ASKED_FROM else people
    agree, refuse = asked[:-1], asked[-1:]
    signed_on = dossier.starts_on or dossier.opened_on
    consent.record(agree, kinds=[FACE], is_given=True, signed_on=signed_on, by=by)
    consent.record(agree[::2], kinds=[FINGERPRINT], is_given=True, signed_on=signed_on, by=by)
    consent.record(refuse, kinds=[FACE, FINGERPRINT], is_given=False, signed_on=signed_on, by=by)
