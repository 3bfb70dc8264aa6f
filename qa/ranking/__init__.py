"""Pure functions on scores: hits and sentences in, better ones out."""
