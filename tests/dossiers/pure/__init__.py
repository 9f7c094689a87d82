"""Tests of the pure rooms: tables, no database."""
