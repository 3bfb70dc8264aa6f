"""Where a cluster is: how it is written, and what is told when nobody is there."""

from __future__ import annotations

import pytest

from qa.cluster.address import Address
from qa.errors import ClusterAway
from tests.milvus import free_port


@pytest.mark.parametrize("written", ["auto", "local", "10.0.0.5:6379", "head:6379", "[::1]:6379"])
def test_an_address_is_a_word_or_a_host_and_a_port(written: str) -> None:
    assert Address(written).is_local == (written == "local")


@pytest.mark.parametrize(
    "written", ["", "Auto", "head", "ray://head:10001", "head:port", "a b:1", "head:99999", "u@h:1"]
)
def test_what_is_no_address_is_told_how_one_is_written(written: str) -> None:
    with pytest.raises(ValueError, match="应为 auto、local 或 主机:端口"):
        Address(written)


@pytest.mark.parametrize(
    ("written", "loopback"),
    [("127.0.0.2:6390", "127.0.0.2"), ("10.0.0.5:6379", None), ("head:6379", None), ("auto", None)],
)
def test_a_loopback_address_is_known(written: str, loopback: str | None) -> None:
    assert Address(written).loopback == loopback


def test_nobody_at_an_address_is_told_at_once() -> None:
    with pytest.raises(ClusterAway, match=r"^连不上集群 127\.0\.0\.1:\d+（那里没有程序在监听）；.*ray start"):
        Address(f"127.0.0.1:{free_port()}").knock()


def test_no_door_is_knocked_at_where_none_is_named() -> None:
    Address("auto").knock()
    Address("local").knock()
