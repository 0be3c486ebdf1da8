"""Runs a service until a signal stops it, and ends it with an exit status that gives the result."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any

from faststream.nats import NatsBroker
from sqlalchemy.exc import SQLAlchemyError

from shared.contract.subjects import Service
from shared.runtime import log as logs
from shared.runtime.connections.wrong import PREFIX
from shared.runtime.health import QuietServer
from shared.runtime.reasons import reason
from shared.runtime.service_settings import ServiceSettings, settings_of
from shared.runtime.settings import load
from shared.runtime.texts.master_key import MasterKeyMissing, UnusableMasterKey
from shared.runtime.tracing import set_up, tracing
from shared.runtime.unusable import UNUSABLE, not_valid, unusable

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows
    LOOP: Callable[[], asyncio.AbstractEventLoop] | None = None
else:
    LOOP = new_event_loop

log = logs.logger("running")

SHUTDOWN_SECONDS = 15.0

STOPPED, FAILED, MISCONFIGURED, INTERRUPTED = 0, 1, 2, 130


async def run_until_stopped(
    broker: NatsBroker,
    http: QuietServer | None,
    *background: Coroutine[Any, Any, None],
    within: float = SHUTDOWN_SECONDS,
) -> None:
    """Start the broker, the HTTP server and what else runs along; stop in reverse on SIGTERM or SIGINT.

    If one of `background` (a Temporal worker) ends by itself, the service ends, with its exception. What has
    not ended `within` so many seconds is left as it is, and the process ends: nothing was acknowledged that
    was not done, so another process does it again.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as running:
        running.push_async_callback(_let_go, broker)
        await broker.start()
        parts = [_start(running, part, _cancelled) for part in background]
        if http is not None:
            parts.append(_start(running, http.serve(), _asked_to_leave(http)))
        log.info("ready")
        waiting = asyncio.create_task(stop.wait())
        ended, _ = await asyncio.wait([waiting, *parts], return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        _end_within(within)
        waiting.cancel()
        for part in ended - {waiting}:
            part.result()


def _end_within(seconds: float) -> None:
    """End the process after so long. A thread does it: the event loop itself may hang."""

    def end() -> None:
        log.error("not_stopped_in_time", seconds=seconds)
        os._exit(FAILED)

    limit = threading.Timer(seconds, end)
    limit.daemon = True
    limit.start()


async def _let_go(broker: NatsBroker) -> None:
    """Finish what the broker is at; a server that is gone already is no reason to fail."""
    try:
        await broker.stop()
    except Exception as error:
        log.warning("stopped_without_nats", error=reason(error))


Stopping = Callable[[asyncio.Task[None]], Awaitable[None]]


def _start(running: AsyncExitStack, part: Coroutine[Any, Any, None], stop: Stopping) -> asyncio.Task[None]:
    task = asyncio.create_task(part)
    running.push_async_callback(stop, task)
    return task


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


def _asked_to_leave(http: QuietServer) -> Stopping:
    async def stop(task: asyncio.Task[None]) -> None:
        http.should_exit = True
        with suppress(Exception):
            await task

    return stop


def main(service: Service, run: Callable[[ServiceSettings], Coroutine[Any, Any, None]]) -> int:
    """Run a service under the settings of the environment; the exit status, 2 for wrong settings."""
    settings = load(settings_of(service))
    return start(service, settings, run(settings))


def start(service: Service, settings: ServiceSettings, main: Coroutine[Any, Any, None]) -> int:
    """Run a service's `main` to its end; the exit status. What people can put right, is one sentence."""
    gc.enable()
    logs.set_up(service, settings.log_level)
    try:
        set_up(service, settings.otlp_endpoint)
        with asyncio.Runner(loop_factory=LOOP) as runner:
            runner.run(main)
    except UNUSABLE as error:
        return _sorry(unusable(error), MISCONFIGURED)
    except UnusableMasterKey as error:
        return _sorry(not_valid("MASTER_KEY_FILE", str(error), error.zh), MISCONFIGURED)
    except MasterKeyMissing:
        return _sorry(
            f"{PREFIX}MASTER_KEY_FILE lacks the key that wraps what is stored here: add it as one more line. "
            f"{PREFIX}MASTER_KEY_FILE 缺少包裹现有数据的密钥：请将其作为另一行补上。",
            MISCONFIGURED,
        )
    except SQLAlchemyError as error:
        variable, why = f"{PREFIX}{service.upper()}_DATABASE_URL", reason(error)
        return _sorry(
            f"{variable}: the database failed ({why}); see the log. {variable}：数据库出错，详见日志。",
            FAILED,
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        log.error("ended", exc_info=error)
        return FAILED
    finally:
        main.close()
        tracing().close()
    return STOPPED


def _sorry(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
