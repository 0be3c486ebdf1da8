"""Starts a program that the kernel ends when its starter is gone.

`python -I -S tether.py <pid of the starter> <program> [argument …]`. It is independent and imports little:
it runs before every part of the stack, and then becomes that part, under the same process id.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """On systems other than Linux the part just starts; what is left over is ended at the next start."""
    starter, program = int(sys.argv[1]), sys.argv[2]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != starter:
            sys.exit("The parent process is gone.")
    os.execv(program, sys.argv[2:])


if __name__ == "__main__":
    main()
