"""The screens: each parses, asks and renders."""
