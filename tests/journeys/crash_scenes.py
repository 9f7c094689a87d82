"""What the dying children of test_crashes do: send files as a browser does, and work as a worker does."""

import sys
from pathlib import Path

from django.core.management import call_command

from dossiers.models import Account, DossierPage
from foundation.models import Job
from tests.cms.intake_desk import Sender


def send(account: str, dossier: str, folder: str) -> None:
    """Every file of a folder; each acknowledgement is printed as soon as it is heard."""
    sender = Sender.of(Account.objects.get(uuid=account), DossierPage.objects.get(uuid=dossier))
    for path in sorted(Path(folder).iterdir()):
        answer = sender.send(path.name, path.read_bytes())
        sys.stdout.write(f"acknowledged {answer['Juanzong-Sha256']}\n")
        sys.stdout.flush()


def read(dossier: str) -> None:
    """A worker that does what waits."""
    assert Job.objects.filter(subject=dossier, state=Job.State.WAITING).exists()
    call_command("run_worker", "--until-idle")
