"""What the domain tells whoever keeps evidence above it. `consent_ended`: sent in the transaction that ends a consent."""

from django.dispatch import Signal

consent_ended = Signal()  # enrolments: list of primary keys, kind: dossiers.models.Consent.Kind
