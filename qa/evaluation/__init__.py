"""Batches of questions: answer them, score them, report."""
