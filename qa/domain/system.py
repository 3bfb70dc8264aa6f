"""What the system says when it will not read, write or listen, in Chinese; its own words are English."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping

REASONS: Mapping[int, str] = {
    errno.EACCES: "没有权限",
    errno.EADDRINUSE: "已被占用",
    errno.EADDRNOTAVAIL: "这台机器没有这个地址",
    errno.EAGAIN: "系统暂时腾不出资源",
    errno.ECONNREFUSED: "那里没有程序在监听",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EEXIST: "同名的东西已经在了",
    errno.EFBIG: "文件大小到了系统允许的上限",
    errno.EHOSTUNREACH: "网络到不了那里",
    errno.EIO: "磁盘读写出错",
    errno.EISDIR: "是一个文件夹，不是文件",
    errno.ELOOP: "链接绕成了圈",
    errno.EMFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENETUNREACH: "网络到不了那里",
    errno.ENOENT: "没有这个文件",
    errno.ENOMEM: "内存不足",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "路径中有一处不是文件夹",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统只读",
    socket.EAI_NONAME: "没有这个主机名",
}


def reason(error: OSError) -> str:
    """Return why the system would not; what is not known here by the number that it goes by."""
    number = error.errno or 0
    return REASONS.get(number) or f"系统错误 {errno.errorcode.get(number, number or type(error).__name__)}"
