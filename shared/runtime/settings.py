"""Settings, read once from the environment at the top of a service; nonsense ends it with status 2."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings

from shared.named_file import read_named
from shared.runtime.connections.settings import NamedFile, NatsSettings, TemporalSettings, in_chinese
from shared.runtime.connections.wrong import PREFIX, Unfit, WrongSetting

Loaded = TypeVar("Loaded", bound=BaseSettings)


def _is_http(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise Unfit(f"{url} is no http URL", f"{url} 不是 http 地址")
    return url


class ServiceSettings(NatsSettings, TemporalSettings):
    """Settings shared by all services. Every field is the environment variable `AMENDS_<FIELD>`."""

    clients_file: NamedFile | None = Field(
        None,
        description="path of the register of clients, see `amends client`; without it no client may connect",
        **in_chinese("客户端登记文件的路径（见 amends client）；缺省时任何客户端都不能使用"),
    )
    policy: str = Field(
        "default",
        description="a built-in policy pack, or a directory; regimes after commas",
        **in_chinese("内置策略包或目录；监管规则以逗号附在其后"),
    )
    master_key_file: NamedFile = Field(
        description="path of a file with 32 random bytes in base64",
        **in_chinese("存放 32 个随机字节（base64）的文件的路径"),
    )
    time_skipping: bool = Field(
        False,
        description="true where the Temporal server may move clocks",
        **in_chinese("允许 Temporal 移动时钟时为 true"),
    )
    health_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="a free TCP port for /livez and /readyz",
        **in_chinese("用于 /livez 与 /readyz 的空闲 TCP 端口"),
    )
    shutdown_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        description="seconds, at most 600, that a service may take to end when it is asked to",
        **in_chinese("服务收到停止信号后结束的秒数上限（不超过 600）"),
    )
    workflow_cache_mb: int = Field(
        250,
        ge=10,
        le=100_000,
        description="megabytes, 10 to 100000, in which a service keeps the workflows of complaints at hand",
        **in_chinese("服务用于缓存投诉工作流的内存，单位 MB（10 至 100000）"),
    )
    workflow_sandbox: bool = Field(
        False,
        description="true for tests that run workflow code in the sandbox of Temporal's SDK",
        **in_chinese("测试时在 Temporal SDK 沙箱中运行工作流代码则为 true"),
    )
    otlp_endpoint: Annotated[str, AfterValidator(_is_http)] | None = Field(
        None,
        description="the http URL of a collector of OpenTelemetry, such as http://127.0.0.1:4318",
        **in_chinese("OpenTelemetry 收集器的地址，例如 http://127.0.0.1:4318"),
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="a log level", **in_chinese("日志级别")
    )


def load(settings: type[Loaded]) -> Loaded:
    """Load the settings, or end the process: one sentence per wrong variable on stderr, exit status 2."""
    try:
        return settings()
    except ValidationError as error:
        for sentence in sentences(error, settings):
            print(sentence, file=sys.stderr)
        sys.exit(2)


def sentences(error: ValidationError, settings: type[BaseSettings]) -> list[str]:
    """Problems of the environment, a line per variable, in English and Chinese."""
    return [_sentence(problem, settings) for problem in error.errors()]


def _sentence(problem: ErrorDetails, settings: type[BaseSettings]) -> str:
    wrong = problem.get("ctx", {}).get("error")
    if isinstance(wrong, WrongSetting):
        return str(wrong)
    name = str(problem["loc"][0])
    field = settings.model_fields.get(name)
    expected = field.description if field and field.description else "another value"
    extra = field.json_schema_extra if field else None
    zh = extra.get("zh", "其他值") if isinstance(extra, dict) else "其他值"
    got, got_zh = _what_is_wrong(problem)
    variable = name if name.startswith(PREFIX) else PREFIX + name.upper()
    return f"{variable} {got}: it expects {expected}. {variable} {got_zh}：应为{zh}。"


def _what_is_wrong(problem: ErrorDetails) -> tuple[str, str]:
    """Problem of a value. pydantic has English only: a kind without Chinese here gives no reason."""
    wrong, more = problem.get("ctx", {}).get("error"), problem.get("ctx", {})
    if isinstance(wrong, Unfit):
        return f"is not valid ({wrong.why})", f"无效（{wrong.why_zh}）"
    match problem["type"]:
        case "missing":
            return "is not set", "未设置"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return "is not valid (it is no whole number)", "无效（不是整数）"
        case "float_parsing" | "float_type" | "finite_number":
            return "is not valid (it is no number)", "无效（不是数字）"
        case "bool_parsing" | "bool_type":
            return "is not valid (it is neither true nor false)", "无效（既不是 true 也不是 false）"
        case "greater_than_equal":
            return f"is not valid (the least is {more['ge']})", f"无效（不得小于 {more['ge']}）"
        case "greater_than":
            return f"is not valid (it must be more than {more['gt']})", f"无效（须大于 {more['gt']}）"
        case "less_than_equal":
            return f"is not valid (the most is {more['le']})", f"无效（不得大于 {more['le']}）"
        case "literal_error":
            return (
                f"is not valid (allowed are {more['expected']})",
                f"无效（可用：{_listed(more['expected'])}）",
            )
        case _:
            return "is not valid", "无效"


def _listed(expected: str) -> str:
    return expected.replace(" or ", "、").replace(", ", "、")


def read_secret(path: Path) -> bytes:
    """Content of a small secret file, without the newline at its end. Raises `Unreadable`."""
    return read_named(path).strip()


def replace_secret(path: Path, content: bytes) -> None:
    """Write a small secret file whole or not at all, readable by its owner alone from the first byte on."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
