"""From files to sources: one file a format, one table."""
