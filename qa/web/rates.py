"""How often somebody may ask: the ``limits`` library, in memory, over a moving window."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

NETWORK_BITS = {4: 32, 6: 64}
"""How much of an address tells who it is: whoever has an IPv6 address has 2**64 of them."""


class Rate:
    """Counts requests by who makes them; each process counts its own."""

    def __init__(self, written: str) -> None:
        """Hold everybody to what is written, such as ``60/minute`` or ``5/second;1000/day``."""
        self._items = parse_many(written)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, who: str) -> int:
        """Count a request of somebody; return the seconds to wait before the next, 0 when it may be now."""
        for item in self._items:
            if not self._limiter.hit(item, who):
                free = self._limiter.get_window_stats(item, who).reset_time
                return max(1, math.ceil(free - time.time()))
        return 0


def network_of(address: str) -> str:
    """Return the network of an address that belongs to one client; what is no address stands for itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    network = ipaddress.ip_network((mapped or parsed, NETWORK_BITS[(mapped or parsed).version]), strict=False)
    return str(network)
