"""Tests of the paper workshop."""
