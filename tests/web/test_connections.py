"""Connections over a real socket: what is too long, too slow, or tells too much."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from qa.settings import Settings
from qa.web.connections import HEAD_BYTES, Patience, connection_options
from tests.web.kept import kept_app, made_index
from tests.web.served import served

WITHIN_S = 20


class Impatient(Patience):
    seconds = 0.3


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    settings = Settings(index=made_index(tmp_path_factory.mktemp("connections") / "index"), body_seconds=0.3)
    with served(kept_app(settings), **connection_options(settings) | {"http": Impatient}) as served_at:
        place = urlsplit(served_at)
        yield str(place.hostname), int(place.port or 0)


@pytest.fixture
def connection(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=WITHIN_S) as opened:
        yield opened


def said(connection: socket.socket) -> bytes:
    """Return everything that comes until the other side closes."""
    heard = b""
    while part := connection.recv(65536):
        heard += part
    return heard


def test_a_client_that_says_nothing_is_let_go(connection: socket.socket) -> None:
    assert said(connection) == b""


def test_a_client_that_sends_its_headers_byte_by_byte_is_let_go(connection: socket.socket) -> None:
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    for _ in range(1000):
        closed, _, _ = select.select([connection], [], [], 0.02)
        if closed:
            break
        connection.sendall(b"x")

    assert closed, "the connection was still open"
    assert connection.recv(100) == b""


def test_a_client_that_does_not_end_its_body_is_let_go(connection: socket.socket) -> None:
    connection.sendall(
        b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )

    heard = said(connection)
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in heard


def test_a_body_for_a_request_that_is_answered_is_not_waited_for(connection: socket.socket) -> None:
    connection.sendall(b"PUT /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
    heard = b""
    # Closed while more was coming, the system says "reset".
    with suppress(ConnectionResetError, BrokenPipeError):
        for _ in range(900):
            ready, _, _ = select.select([connection], [], [], 0.02)
            if not ready:
                connection.sendall(b"x")
            elif part := connection.recv(65536):
                heard += part
            else:
                break
        else:
            pytest.fail("the connection was still open")

    assert heard.startswith(b"HTTP/1.1 404 ")


def test_a_connection_serves_one_request_after_another(connection: socket.socket) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    connection.sendall(
        request + request + request.replace(b"localhost\r\n", b"localhost\r\nConnection: close\r\n")
    )

    assert said(connection).count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * HEAD_BYTES + b" HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * HEAD_BYTES + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-Many: 1\r\n" * 2000,
    ],
    ids=["line", "header", "headers"],
)
def test_headers_that_are_too_long_are_400(connection: socket.socket, head: bytes) -> None:
    connection.sendall(head)

    assert said(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "request_head",
    [
        b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\rSet-Cookie: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
    ],
    ids=["both-lengths", "two-lengths", "bare-return", "folded", "space"],
)
def test_requests_that_two_servers_would_read_differently_pass_nothing_on(
    connection: socket.socket, request_head: bytes
) -> None:
    connection.sendall(request_head + b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n")

    heard = said(connection)
    assert heard.startswith(b"HTTP/1.1 4"), heard[:200]
    assert b"Set-Cookie" not in heard


def test_the_server_does_not_say_what_it_is(connection: socket.socket) -> None:
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    head = said(connection).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nserver:" not in head
    assert b"cache-control: no-store" in head


@pytest.mark.parametrize(("proxies", "believed"), [("", False), ("10.0.0.0/8, 192.168.1.1", True)])
def test_a_proxy_is_believed_where_it_is_set(tmp_path: Path, proxies: str, believed: bool) -> None:
    options = connection_options(Settings(index=tmp_path, proxies=proxies))

    assert options["proxy_headers"] is believed
    assert options["forwarded_allow_ips"] == [each.strip() for each in proxies.split(",") if each]
