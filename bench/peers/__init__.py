"""Wenbao beside what a user would otherwise pick, on the same passages, vectors and machine."""
