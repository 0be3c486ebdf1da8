"""Record of a complaint as files: facts, certificates, negotiation, policies, and texts for a purpose."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from nats.aio.client import Client

from services.console.audit.package.archive import as_json, sealed, written
from services.console.audit.verifier.comparing import policies
from services.console.audit.verifier.given import text_of
from shared.client.paging import timeline_of, whole_state
from shared.client.requests import ask, result_of

Json = dict[str, Any]

REFERENCE = re.compile(r"^(intake|routing|followup):C[a-z2-7]{15}:\S+$")

README = """This package holds the whole record of one complaint. 本包为一件投诉的完整记录。

facts.jsonl        every published fact, one a line, in order 全部事实，每行一条
certificates.json  what is stored of each deadline 各时限的证明
complaint.json     the state of the complaint 投诉状态
negotiation.json   offers, answers, concessions, standards 协商台账
policies/          the rules that held, each named by its hash 适用的规则，以哈希命名
texts/             texts, only where a purpose was given 文本，仅在说明目的时收录

Check it without any server 离线校验：  amends package verify FILE [--sha256 HASH]
By hand 手工校验：  unzip FILE && sha256sum -c manifest.sha256
(the first line; manifest.json has the SHA-256 of every other file 首行；其余文件的哈希见 manifest.json)
"""


async def package_of(client: Client, complaint_id: str, actor: str | None, purpose: str | None) -> bytes:
    """Package of a complaint. Texts are read by `actor` for `purpose`, and each read is logged."""
    asker = {"actor": {"id": actor}} if actor else {}
    state = await whole_state(client, {"complaint_id": complaint_id, **asker})
    own = {"complaint_id": state["complaint_id"], "follow": False}
    facts = await timeline_of(client, own)
    contents = {
        one: await _policy(client, one) for one in sorted({*policies(facts), state["policy"]["hash"]})
    }
    talks = await result_of(client, "negotiation", {"complaint_id": state["complaint_id"], **asker})
    files = {
        "README.txt": README.encode(),
        "facts.jsonl": b"".join(_line(one) for one in facts),
        "certificates.json": text_of(state.pop("certificates", [])).encode(),
        "complaint.json": as_json(state),
        "negotiation.json": as_json(talks),
        **{f"policies/{name}.txt": content.encode() for name, content in contents.items()},
    }
    if purpose and actor:
        files |= await _texts(client, [state, *facts], actor, purpose)
    about = {
        "complaint_id": state["complaint_id"],
        "made_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "facts": len(facts),
        "policy": state["policy"]["hash"],
        "purpose": purpose,
        "made_for": actor,
    }
    return written(sealed(about, files))


def _line(fact: Json) -> bytes:
    return (json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


async def _policy(client: Client, policy_hash: str) -> str:
    return str((await result_of(client, "policy", {"hash": policy_hash}))["content"])


async def _texts(client: Client, record: list[Json], actor: str, purpose: str) -> dict[str, bytes]:
    """Every text that the record names; one that may not be read, or was erased, has the reason instead."""
    files: dict[str, bytes] = {}
    for number, ref in enumerate(dict.fromkeys(_references(record)), 1):
        wanted = {"text_ref": ref, "actor": {"id": actor}, "purpose": purpose}
        reply = await ask(client, "text", wanted)
        kept = {"text": reply["result"]["text"]} if reply.get("ok") else {"refused": reply["error"]["code"]}
        files[f"texts/{number:04}.json"] = as_json({"text_ref": ref, **kept})
    return files


def _references(value: Any) -> Iterator[str]:
    """References of texts anywhere in the record."""
    if isinstance(value, str) and REFERENCE.match(value):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(one)
