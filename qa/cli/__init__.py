"""The ``qa`` command: one file a command."""
