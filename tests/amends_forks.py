"""Process that has imported every command of `amends`, and forks for each call.

Most of the time of a short command goes into starting Python and importing. A fork starts at once, and
then is a process like any other: with its own arguments, environment, standard files and exit status.
"""

import json
import os
import pkgutil
import random
import signal
import socket
import sys
from importlib import import_module
from typing import Any

from services.console.__main__ import main
from services.console.cli import commands

CHUNK = 65536


def serve(control: socket.socket) -> None:
    """Fork a keeper for each connection that comes through `control`, until that is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system collects keepers that have ended
    while received := socket.recv_fds(control, 1, 1)[1]:
        connection = socket.socket(fileno=received[0])
        if os.fork() == 0:
            control.close()
            keep(connection)
            os._exit(0)
        connection.close()


def keep(connection: socket.socket) -> None:
    """Run one command in a process of its own; answer with its process id, then with its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request, files, _, _ = socket.recv_fds(connection, CHUNK, 3)
    while not request.endswith(b"\n"):
        request += connection.recv(CHUNK)
    child = os.fork()
    if child == 0:
        connection.close()
        run(json.loads(request), files)
    connection.sendall(b"%d\n" % child)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(b"%d\n" % status)


def run(request: dict[str, Any], files: list[int]) -> None:
    """Become the command that was asked for."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["amends", *request["words"]]
    random.seed()
    status = 1
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    for module in pkgutil.iter_modules(commands.__path__):
        import_module(f"{commands.__name__}.{module.name}")
    serve(socket.socket(fileno=int(sys.argv[1])))
