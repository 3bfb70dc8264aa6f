"""Starts the genuine Milvus server that there is as a Python package; runs in an environment of its own.

    .venv-milvus-server/bin/python tests/store/milvus/genuine_server.py FOLDER [PORT]

Prints one line of JSON once it can be spoken with, the id of its process and its port. Ends with it, and with
whoever started it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

from milvus import MilvusServer, MilvusServerConfig

PARTS = ("rootCoord", "proxy", "queryCoord", "queryNode", "indexNode", "dataCoord", "dataNode")
PORT = 19530
UNPACKED = Path(sys.prefix) / "unpacked"
"""Its programs, which take most of a minute to unpack: once, and not for every folder."""


def main() -> None:
    """Start it over a folder, and wait for its end."""
    parent, folder, port = (
        os.getppid(),
        Path(sys.argv[1]).absolute(),
        int(sys.argv[2]) if len(sys.argv) > 2 else PORT,
    )
    hold_to_loopback()
    unpack_once(folder)
    server = MilvusServer(configured(folder))
    # Where this one is taken it takes the next without a word.
    server.listen_port = port
    server.start()
    # Whoever ends the group of both ends the server; this one waits until it has.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.write(json.dumps({"pid": server.server_proc.pid, "port": server.listen_port}) + "\n")
    sys.stdout.flush()
    while server.server_proc.poll() is None and os.getppid() == parent:
        time.sleep(0.2)
    if server.server_proc.poll() is None:
        server.server_proc.kill()
    sys.exit(server.server_proc.wait())


def hold_to_loopback() -> None:
    """Refuse to run where others could come in: it listens on every interface, whatever it is told."""
    others = [name for _, name in socket.if_nameindex() if name != "lo"]
    if others:
        sys.exit(f"not in a network of its own: {', '.join(others)}; see scripts/test --genuine-milvus")


def configured(folder: Path) -> MilvusServerConfig:
    """Return a configuration under which its parts look for each other on loopback."""
    config = MilvusServerConfig(data_dir=str(folder))
    for part in PARTS:
        config.set(f"{part}.ip", "127.0.0.1")
    return config


def unpack_once(folder: Path) -> None:
    """Have the folder use the programs that are unpacked beside this environment."""
    UNPACKED.mkdir(exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "bin").exists():
        (folder / "bin").symlink_to(UNPACKED)


if __name__ == "__main__":
    main()
