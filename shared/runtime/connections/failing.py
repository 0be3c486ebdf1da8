"""Reasons for failed connections, in words for people: English and Chinese."""

import errno
import socket
import ssl

Words = tuple[str, str]

TIMED_OUT = ("no answer in time", "超时无应答")
OTHERWISE = ("the connection failed", "连接失败")

BY_ERRNO: dict[int, Words] = {
    errno.ECONNREFUSED: ("the connection is refused", "连接被拒绝"),
    errno.ECONNRESET: ("the connection was closed", "连接被关闭"),
    errno.EPIPE: ("the connection was closed", "连接被关闭"),
    errno.ETIMEDOUT: TIMED_OUT,
    errno.EHOSTUNREACH: ("there is no way to its address", "无法到达该地址"),
    errno.ENETUNREACH: ("there is no way to its address", "无法到达该地址"),
    errno.EADDRNOTAVAIL: ("there is no way to its address", "无法到达该地址"),
}

BY_NAME_SERVICE: dict[int, Words] = {
    socket.EAI_AGAIN: ("the name of the host cannot be looked up now", "目前无法查询主机名"),
    socket.EAI_FAIL: ("the name of the host cannot be looked up now", "目前无法查询主机名"),
}
NO_SUCH_HOST = ("no host of this name is known", "没有此名称的主机")

BY_VERIFY_CODE: dict[int, Words] = {
    9: ("it is not valid yet", "证书尚未生效"),
    10: ("it has expired", "证书已过期"),
    18: ("it is signed by itself", "证书为自签名"),
    19: ("an authority in its chain is signed by itself and not trusted", "证书链中的自签名机构不受信任"),
    20: ("its authority is not known", "证书的签发机构未知"),
    21: ("its authority is not known", "证书的签发机构未知"),
}
NOT_TRUSTED = ("it is not trusted", "证书不受信任")


def why_not(error: BaseException) -> Words:
    """Reason for a failed connection. The type of an error without words here is in the English only."""
    if isinstance(error, socket.gaierror):
        return BY_NAME_SERVICE.get(error.errno or 0, NO_SUCH_HOST)
    if isinstance(error, TimeoutError):
        return TIMED_OUT
    if isinstance(error, OSError) and error.errno in BY_ERRNO:
        return BY_ERRNO[error.errno]
    if isinstance(error, ExceptionGroup):
        return why_not(error.exceptions[0])
    return f"{OTHERWISE[0]}: {type(error).__name__}", OTHERWISE[1]


def not_trusted(error: ssl.SSLCertVerificationError) -> Words:
    """Reason why a certificate was refused."""
    return BY_VERIFY_CODE.get(error.verify_code, NOT_TRUSTED)
