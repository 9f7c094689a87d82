"""The recordings workshop."""
