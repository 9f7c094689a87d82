"""A recording in the ledger with its bytes behind it, for tests that index it."""

from pathlib import Path

from dossiers.models import DossierPage, Sheet, Upload
from foundation.blobs import store
from tests import factories


def take_in(dossier: DossierPage, path: Path, **facts) -> Upload:
    """As taking in leaves it: the original stored, one sheet, nothing looked at yet."""
    blob = store().put_file(path, media_type="video/mp4")
    given = {"file_name": path.name, "medium": "recording", "state": "received", "page_count": 1} | facts
    upload = Upload.objects.create(
        dossier=dossier,
        blob=blob,
        received_by=factories.make_account("clerk", institution=dossier.custodian),
        **given,
    )
    Sheet.objects.create(upload=upload, dossier=dossier, number=1)
    return upload
