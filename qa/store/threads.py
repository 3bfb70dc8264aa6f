"""In how many threads FAISS computes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import faiss


@contextmanager
def one_thread() -> Iterator[None]:
    """Have FAISS compute in the calling thread alone.

    Its threads wait for each other without giving the processor away: where models compute at the same
    time, or other questions are searched for, that is most of what they would do. OpenMP keeps the
    number for each thread by itself, so that no other caller is held to it.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
