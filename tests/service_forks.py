"""Process that has imported every service, and forks for each start of one, as a child of its own parent.

A service takes more processor time to import its libraries than most tests take after it. A fork begins with
them, and then is a process like any other: with its own environment, directory, output and exit status.
That services also start from nothing is tested by `make demo`, `amends up` and starts by settings alone.
"""

import ctypes
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module
from typing import Any

from deploy.local.tether import PR_SET_PDEATHSIG

MODULES = (
    "services.intake",
    "services.routing",
    "services.followup",
    "services.door",
    "services.console.board",
)
CHUNK = 1 << 20
CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, -1)
CLONE_PARENT = 0x8000

libc = ctypes.PyDLL(None)


def sibling() -> int:
    """Fork a child of this process's own parent, which can wait for it; its process id, 0 in the child.

    -1 where the system has no such call.
    """
    ctypes.pythonapi.PyOS_BeforeFork()
    child: int = libc.syscall(CLONE, CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
    (ctypes.pythonapi.PyOS_AfterFork_Child if child == 0 else ctypes.pythonapi.PyOS_AfterFork_Parent)()
    return child


def serve(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Fork for each request, and answer with the process id. In a fork: its request and outputs."""
    while (received := socket.recv_fds(control, CHUNK, 2))[0]:
        request, files = json.loads(received[0]), received[1]
        child = sibling()
        if child == 0:
            control.close()
            return request, files
        for file in files:
            os.close(file)
        control.sendall(b"%d" % child)
    return None


def become(request: dict[str, Any], outputs: list[int]) -> None:
    """Be the process that was asked for: as `python -m <module>`, tethered to its parent."""
    os.setsid()
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != request["parent"]:
        sys.exit("The parent process is gone.")
    os.chdir(request["directory"])
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, file in enumerate((nothing, outputs[0], outputs[-1])):
        os.dup2(file, number)
    os.closerange(3, max(nothing, *outputs) + 1)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [request["module"]]
    sys.stdout.reconfigure(line_buffering=True, write_through=True)  # type: ignore[union-attr]
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    for module in MODULES:
        import_module(f"{module}.service")
    if fork := serve(socket.socket(fileno=int(sys.argv[1]))):
        become(*fork)
