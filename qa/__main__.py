"""``python -m qa`` is the same as ``qa``."""

from qa.cli.main import app

if __name__ == "__main__":
    app()
