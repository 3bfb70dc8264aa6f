"""The encoder and the reader, behind their ports."""
