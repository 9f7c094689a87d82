"""Whole ways through the house, from one door to another."""
