"""Whom this workshop listens to: an index that was made asks for presence, a consent that ended takes it back."""

from collections.abc import Sequence

from django.dispatch import receiver

from dossiers.consents import FACE
from dossiers.signals import consent_ended
from media_processing.faces_jobs import enqueue_watch
from media_processing.models import IndexedRecording
from media_processing.references import forget_withdrawn
from media_processing.signals import recording_index_made


@receiver(recording_index_made, dispatch_uid="watch an indexed recording")
def watch_what_was_indexed(indexed: IndexedRecording, **_sent: object) -> None:
    """After the index: its black, frozen and repeated stretches say where nothing can be told."""
    enqueue_watch(indexed.upload)


@receiver(consent_ended, dispatch_uid="forget whose consent ended")
def forget_whose_consent_ended(enrolments: Sequence[int], kind: str, **_sent: object) -> None:
    """In the transaction that ends it."""
    if kind == FACE:
        forget_withdrawn(enrolments)
