"""Fictional ledger papers with their truth: for the demonstration, the tests and the benchmark."""
