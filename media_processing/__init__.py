"""The workshop for recordings: evidence that may be deleted and computed again."""
