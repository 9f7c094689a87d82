"""Commands of the paper workshop for the shell."""
