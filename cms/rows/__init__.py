"""Rows ready to print, one room a screen; templates hold no rules."""
