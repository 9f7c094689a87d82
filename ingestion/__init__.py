"""The paper workshop: from an uploaded file to what its pages are, whose they are and what they say."""
