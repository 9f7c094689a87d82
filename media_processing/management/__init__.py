"""Commands of the recordings workshop."""
