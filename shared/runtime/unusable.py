"""Sentences for settings whose file or directory cannot be used, in both languages."""

from shared.policy.problems import PolicyError
from shared.runtime.clients.register import UnusableRegister
from shared.runtime.connections.wrong import PREFIX, WrongSetting

UNUSABLE = (WrongSetting, PolicyError, UnusableRegister)

OF_POLICY = "策略包无法使用；逐条原因见英文部分，或运行 amends policy check"
OF_REGISTER = "客户端登记文件无法使用；原因见英文部分"


def unusable(error: Exception) -> str:
    """Sentence for one of `UNUSABLE`."""
    if isinstance(error, PolicyError):
        return not_valid("POLICY", str(error), error.zh or OF_POLICY)
    if isinstance(error, UnusableRegister):
        return not_valid("CLIENTS_FILE", str(error), OF_REGISTER)
    return str(error)


def not_valid(name: str, why: str, zh: str) -> str:
    """Sentence for the variable `AMENDS_<name>`."""
    return f"{PREFIX}{name} is not valid: {why.rstrip('.')}. {PREFIX}{name} 无效：{zh}。"
