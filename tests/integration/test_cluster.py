"""A small cluster by the documented settings alone: three NATS nodes with mutual TLS, one killed.

`make cluster` and `make nightly` do the same with two of each service, PostgreSQL, and everything killed.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.nats import provision
from shared.contract import subjects
from shared.contract.consumers import DURABLES
from tests.cluster.parts import Cluster, running
from tests.cluster.playing import LEADER, play
from tests.integration.test_provision import run
from tests.patience import PATIENCE

LIVES = 5


@pytest.fixture(scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    async with running(tmp_path_factory.mktemp("cluster"), each=1, with_postgres=False) as found:
        yield found


async def replicas(cluster: Cluster) -> dict[str, int]:
    """How many servers hold each stream, and each durable of it."""
    admin = await cluster.connect("admin")
    try:
        js = admin.jetstream(timeout=PATIENCE)
        names = [str(stream.name) for stream in subjects.streams()]
        found = {name: (await js.stream_info(name)).config.num_replicas or 1 for name in names}
        for durable in DURABLES:
            info = await js.consumer_info(durable.stream, durable.name)
            found[durable.name] = 1 + len((info.cluster.replicas if info.cluster else None) or [])
        return found
    finally:
        await admin.close()


async def until_replicas(cluster: Cluster, wanted: int) -> None:
    """JetStream moves replicas after it has answered."""
    async with asyncio.timeout(PATIENCE):
        while set((await replicas(cluster)).values()) != {wanted}:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def test_lives_go_on_to_their_ends_while_the_leader_of_the_streams_is_killed(cluster: Cluster) -> None:
    told: list[str] = []
    result = await play(cluster, LIVES, [LEADER], cluster.kill, told.append)
    assert result.whole, result.faults
    assert len(result.done) == 1
    assert result.done[0] in ("n1", "n2", "n3")
    assert result.facts > LIVES * 20


async def test_replicas_are_never_lowered_unasked(cluster: Cluster) -> None:
    said: list[str] = []
    place = cluster.place("deploy")
    await until_replicas(cluster, 3)
    for wanted in (None, 1):
        await provision.run_at(place, provision.Replicas(wanted, told=said.append))
        assert set((await replicas(cluster)).values()) == {3}
    assert len(said) == 2 * len(subjects.streams())
    assert all("keeps its 3 replicas" in one and "保留 3 个副本" in one for one in said)
    await provision.run_at(place, provision.Replicas(3, lower=True, told=said.append))
    assert len(said) == 2 * len(subjects.streams())
    await provision.run_at(place, provision.Replicas(1, lower=True, told=said.append))
    await until_replicas(cluster, 1)
    await provision.run_at(place, provision.Replicas(3, told=said.append))
    await until_replicas(cluster, 3)
    assert len(said) == 2 * len(subjects.streams())


@pytest.mark.parametrize("value", ["0", "6", "three", "-1"])
async def test_nonsense_for_replicas_is_one_sentence(cluster: Cluster, value: str) -> None:
    status, said = await run(
        "deploy.nats.provision",
        AMENDS_NATS_URL=cluster.servers[0],
        AMENDS_NATS_SEED_FILE=str(cluster.seeds["deploy"]),
        AMENDS_NATS_REPLICAS=value,
    )
    assert status == 1
    assert said.startswith("AMENDS_NATS_REPLICAS is not valid")
    assert said.count("\n") == 1


def _words(found: Cluster, out: Path, *nodes: str, **changes: str) -> list[str]:
    tls = f"{found.directory}/tls"
    given = {
        "--out": str(out),
        "--keys": str(out / "keys"),
        "--store": str(out / "store-{node}"),
        "--tls-certificate": f"{tls}/{{node}}.crt",
        "--tls-key": f"{tls}/{{node}}.key",
        "--tls-ca": str(found.authority.ca),
    } | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [word for pair in given.items() for word in pair] + [f"--node={node}" for node in nodes]


async def test_every_node_has_a_file_of_its_own_that_names_all(cluster: Cluster, tmp_path: Path) -> None:
    nodes = ("n1=one.example", "n2=two.example:5222", "n3=two.example:5223:7223")
    assert await run("deploy.nats.cluster", *_words(cluster, tmp_path, *nodes)) == (0, "")
    found = {name: json.loads((tmp_path / f"{name}.conf").read_text()) for name in ("n1", "n2", "n3")}
    assert {name: one["server_name"] for name, one in found.items()} == {"n1": "n1", "n2": "n2", "n3": "n3"}
    routes = {tuple(one["cluster"]["routes"]) for one in found.values()}
    assert routes == {
        (
            "nats-route://one.example:6222",
            "nats-route://two.example:6222",
            "nats-route://two.example:7223",
        )
    }
    assert found["n3"]["client_advertise"] == "two.example:5223"
    assert found["n3"]["cluster"]["advertise"] == "two.example:7223"
    for name, one in found.items():
        assert one["tls"]["verify"] is one["cluster"]["tls"]["verify"] is True
        assert one["tls"]["cert_file"].endswith(f"{name}.crt")
    assert len({one["jetstream"]["store_dir"] for one in found.values()}) == 3
    assert len({json.dumps(one["accounts"]) for one in found.values()}) == 1


GOOD = ("n1=a", "n2=b", "n3=c")


@pytest.mark.parametrize(
    ("nodes", "changes", "sentence"),
    [
        (("n1=a", "n2=b"), {}, "A cluster has at least 3 nodes, and 2 are named"),
        (("n1=a", "n1=b", "n3=c"), {}, "Two nodes have the same name"),
        (("n1=a", "n2=a", "n3=c"), {}, "Two nodes have the same address"),
        (("n1=a", "n2=a:5000", "n3=c"), {}, "Two nodes have the same route"),
        (("n1", "n2=b", "n3=c"), {}, "'n1' is no node; write NAME=HOST"),
        (("n1=a:99999", "n2=b", "n3=c"), {}, "'n1=a:99999' is no node"),
        (("n 1=a", "n2=b", "n3=c"), {}, "'n 1=a' is no node"),
        (GOOD, {"cluster": "two words"}, "'two words' is no name of a cluster"),
        (GOOD, {"tls_ca": "/nowhere/ca.pem"}, "There is no file /nowhere/ca.pem"),
        (GOOD, {"tls_key": "/nowhere/{node}.key"}, "There is no file /nowhere/n1.key"),
    ],
)
async def test_a_cluster_that_cannot_be_is_one_sentence(
    cluster: Cluster, tmp_path: Path, nodes: tuple[str, ...], changes: dict[str, str], sentence: str
) -> None:
    status, said = await run("deploy.nats.cluster", *_words(cluster, tmp_path, *nodes, **changes))
    assert status == 1
    assert said.startswith(sentence)
    assert said.count("\n") == 1
