"""The option that names a cluster."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cluster.address import Address

RayOption = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help="由 Ray 集群的各处理器读文件、切版面、算向量，本进程只写（需要 [ray]）：主机:端口；"
        "auto 为这台机器已加入的集群；local 为只用这台机器的各处理器。文件须在各节点以同一路径看得到。",
        show_default=False,
    ),
]


def cluster_at(ray: str | None) -> Address | None:
    """Return where the cluster is that was named; None where none was.

    :raises BadParameter: When that is no address.
    """
    try:
        return None if ray is None else Address(ray)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--ray") from error
