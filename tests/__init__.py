"""The tests: rooms as in the house, plus journeys through all of it."""
