"""What the paper workshop tells whoever listens. `page_read`: sent in the transaction that keeps a reading."""

from django.dispatch import Signal

page_read = Signal()  # sheet: dossiers.models.Sheet, text: str with every ID number masked
