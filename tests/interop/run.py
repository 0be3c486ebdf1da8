"""Conformance tests in another language, against an embedded stack: `python -m tests.interop.run`.

Installs what the tests need when it is missing or stale, starts a stack of its own in a temporary
directory (which stays if they fail), runs `node --test`, and exits with its status; 2 without Node.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.failure import StackFailure
from deploy.local.layout import Layout
from deploy.local.stack import Stack

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
INSTALLED = HERE / "node_modules" / ".package-lock.json"
OLDEST_NODE = 20
INTERRUPTED = 130


def _say(part: str, sentence: str) -> None:
    print(f"{part:<9} {sentence}", flush=True)


def missing() -> str | None:
    """Sentence about what has to be installed first; None if nothing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return f"The interop tests need Node {OLDEST_NODE} or later with npm; install it and run this again."
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        return f"The interop tests need Node {OLDEST_NODE} or later, and this is {version}."
    return None


def install() -> int:
    """`npm ci`, unless what is installed is as new as the lock file. Returns npm's exit status."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime:
        return 0
    _say("npm", "installs what the tests need")
    return subprocess.run(["npm", "ci", "--no-progress"], cwd=HERE, check=False).returncode


async def _tests(directory: Path) -> int:
    stack = Stack(directory, with_board=False, report=_say)
    await stack.start()
    try:
        environment = os.environ | {"AMENDS_READY_FILE": str(stack.layout.ready)}
        files = sorted(str(path.name) for path in HERE.glob("*.test.mjs"))
        node = await asyncio.create_subprocess_exec(
            "node", "--test", "--test-reporter=spec", *files, cwd=HERE, env=environment
        )
        return await node.wait()
    finally:
        await stack.stop()


def main() -> int:
    """Exit status of the tests."""
    sentence = missing()
    if sentence:
        print(sentence, file=sys.stderr)
        return 2
    status = install()
    if status:
        print("npm could not install what the tests need; see above.", file=sys.stderr)
        return status
    return run(Path(tempfile.mkdtemp(prefix="amends-interop-")))


def run(directory: Path) -> int:
    """Exit status of the tests on a stack in `directory`, which stays, with its logs, if they fail."""
    try:
        status = asyncio.run(_tests(directory))
    except StackFailure as failure:
        print(failure, file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = INTERRUPTED
    if status:
        _say("logs", f"are in {Layout(directory).logs}")
    else:
        shutil.rmtree(directory, ignore_errors=True)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
