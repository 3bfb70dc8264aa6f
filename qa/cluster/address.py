"""Where a cluster is, as a person writes it."""

from __future__ import annotations

import re
import socket
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address

from qa.domain.system import reason
from qa.errors import ClusterAway

AUTO, LOCAL = "auto", "local"
PLACE = re.compile(r"(?P<host>[^\s:/@\[\]]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
LAST_PORT = 65535
CONNECT_S = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """``auto``, the cluster that this machine is part of; ``local``, one made for this run; ``host:port``."""

    written: str

    def __post_init__(self) -> None:
        """Refuse what is no address.

        :raises ValueError: Saying how one is written.
        """
        found = PLACE.fullmatch(self.written)
        if self.written not in (AUTO, LOCAL) and not (found and 0 < int(found["port"]) <= LAST_PORT):
            raise ValueError(f"{self.written} 不是集群的地址；应为 auto、local 或 主机:端口")

    @property
    def is_local(self) -> bool:
        """Tell whether there is no cluster yet."""
        return self.written == LOCAL

    @property
    def loopback(self) -> str | None:
        """Return the host where it is a loopback address; there Ray has to be told that this node has it."""
        found = PLACE.fullmatch(self.written)
        try:
            return found["host"] if found and ip_address(found["host"]).is_loopback else None
        except ValueError:
            return None

    def knock(self) -> None:
        """Make sure that somebody listens: Ray would try for a minute, and say so in English.

        :raises ClusterAway: When nobody does.
        """
        found = PLACE.fullmatch(self.written)
        if not found:
            return
        try:
            with closing(
                socket.create_connection((found["host"].strip("[]"), int(found["port"])), CONNECT_S)
            ):
                pass
        except TimeoutError as error:
            raise away(self, "没有应答") from error
        except OSError as error:
            raise away(self, reason(error)) from error

    def answers(self) -> bool:
        """Tell whether somebody listens."""
        try:
            self.knock()
        except ClusterAway:
            return False
        return True


def away(address: Address, why: str) -> ClusterAway:
    """Return the error for a cluster that cannot be reached."""
    return ClusterAway(
        f"连不上集群 {address.written}（{why}）；请检查地址，并先在这台机器上运行 "
        "ray start --address=主机:端口，或用 --ray local 只用这台机器"
    )
