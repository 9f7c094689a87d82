"""Commands of the ground for the shell."""
