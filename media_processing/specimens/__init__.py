"""Invented lessons with truth, for tests and benchmarks only; nobody in them exists."""
