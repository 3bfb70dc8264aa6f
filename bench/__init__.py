"""Measurements: speed and quality, and what they are taken on."""
