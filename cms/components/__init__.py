"""Rows ready to print: what the components of templates/components are made of."""
