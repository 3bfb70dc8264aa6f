"""The models that come with the program, read once for all tests."""

from __future__ import annotations

from functools import cache

from qa.assemble import make_page_model
from qa.text.page_model import PageModel


@cache
def page_model() -> PageModel:
    """Return what segmentation has learnt about pages."""
    return make_page_model()
