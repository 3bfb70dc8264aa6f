"""The use cases, over ports only: building an index and asking it."""
