"""Every command in the documents runs, and every file that they name is there."""

import asyncio
import os
import re
import shlex
import sys
from pathlib import Path

import httpx
import pytest

from deploy.local.stack import Stack
from tests.amends_command import amends
from tests.outside import Outside
from tests.patience import PATIENCE, until

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CODE = re.compile(r"`((?:services|shared|deploy|tests|docs)/[\w./-]+)`")


def commands() -> list[str]:
    """The lines of every block of shell in the documents, each once."""
    text = "\n".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines() if line.strip()]
    return list(dict.fromkeys(lines))


async def run(command: str, directory: Path) -> tuple[int, str]:
    """Run a line in a shell, as a reader would with the virtual environment active.

    What needs no shell runs in a process that has imported all commands; `doctor` starts from nothing.
    """
    words = shlex.split(command, comments=True)
    if "|" not in words and words[:2] != ["amends", "doctor"]:
        ran = await amends(*words[1:], environment={"AMENDS_DIR": str(directory)})
        return ran.status, ran.out + ran.err
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = await asyncio.create_subprocess_shell(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": path, "AMENDS_DIR": str(directory)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode or 0, output.decode()


def test_every_make_target_in_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = "\n".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    named = set(re.findall(r"`make ([a-z]+)", text)) | set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE))
    assert named >= {"demo", "test"}
    assert [target for target in named if f"\n{target}:" not in makefile] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = [document.parent / target for target in LINK.findall(text)]
    named = [ROOT / target for target in CODE.findall(text)]
    assert [str(path) for path in linked + named if not path.exists()] == []


ELSEWHERE = ("amends up", "amends backup", "amends restore", "amends rebuild")
"""What has tests of its own: it starts a stack, or is tried where a store was destroyed (`tests/chaos`)."""


AT_REST = ("amends doctor", "amends reconcile")
"""What other tests left under way on the stack may make these report something."""


async def eventually(line: str, directory: Path) -> tuple[int, str]:
    """As `run`; what has to wait for something, or meets a part that answers late, is tried again."""

    def final(ran: tuple[int, str]) -> bool:
        status, output = ran
        return status == 0 or not (line.startswith(AT_REST) or "wait for it" in output)

    return await until(lambda: run(line, directory), final)


async def test_every_amends_command_in_the_documents_works(stack: Stack) -> None:
    assert stack.ready
    seeds = stack.ready.credentials
    outside = await Outside.connect(stack.ready.nats_url, seeds.publisher, seeds.agent)
    complaint = await outside.submit()
    await outside.until(complaint, "assigned")
    await outside.close()
    tried = 0
    for line in commands():
        if "amends" not in line or line.startswith(ELSEWHERE):
            continue
        status, output = await eventually(line.replace("$ID", complaint), stack.layout.root)
        assert status == 0, f"{line}\n{output}"
        tried += 1
    assert tried >= 8


async def test_the_request_over_http_in_the_documents_is_accepted(stack: Stack) -> None:
    """The words of the line of curl, sent without curl: not every machine has it."""
    assert stack.ready
    assert stack.ready.door_url
    [line] = [line for line in commands() if line.startswith("curl")]
    filled = line.replace("$DOOR", stack.ready.door_url).replace(
        "$TOKEN", stack.layout.door_token.read_text()
    )
    program, silent, url, *options = shlex.split(filled)
    assert (program, silent, set(options[::2])) == ("curl", "-sS", {"-H", "-d"})
    headers = [
        (name, value.strip()) for name, _, value in (words.partition(":") for words in options[1:-2:2])
    ]
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        response = await client.post(url, headers=headers, content=options[-1].encode())
    assert (response.status_code, response.json()["source"]) == (202, "local/shop")
