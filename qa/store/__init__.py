"""The index on disk: catalogue, vectors and tokens behind their ports."""
