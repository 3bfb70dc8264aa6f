"""What is freed is kept, and the allocator left alone where somebody set it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qa.models.memory import keep_freed_memory

ROUNDS, BYTES = 20, 2**26
PAGES = BYTES // 4096
FAULTS = f"""
import resource, sys, threading
from qa.models.memory import keep_freed_memory

size = int(sys.argv[1])

def work():
    for _ in range({ROUNDS}):
        len(b"x" * size)

if "keep" in sys.argv:
    assert keep_freed_memory({{}})
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*arguments: str) -> int:
    """Return the pages that a process had to be given while it made and freed large blocks in a thread."""
    done = subprocess.run(
        [sys.executable, "-c", FAULTS, str(BYTES), *arguments], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_blocks_that_were_freed_are_used_again() -> None:
    kept, given_back = faults("keep"), faults()

    assert kept < 2 * PAGES
    # Otherwise the test would say nothing.
    assert given_back > 4 * kept


@pytest.mark.parametrize("name", ["MALLOC_ARENA_MAX", "GLIBC_TUNABLES"])
def test_what_the_environment_sets_stands(name: str) -> None:
    assert not keep_freed_memory({name: "1"})
