"""What this workshop tells whoever listens. `recording_index_made`: sent in the transaction that keeps an index."""

from django.dispatch import Signal

recording_index_made = (
    Signal()
)  # indexed: media_processing.models.IndexedRecording, its slides and incidents written
