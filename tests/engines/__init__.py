"""Engines, well and badly behaved, behind one contract."""
