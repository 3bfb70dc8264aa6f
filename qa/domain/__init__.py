"""Frozen values and the ports: what the rest of the house talks about."""
