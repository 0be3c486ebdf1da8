"""NATS and Temporal behind mutual TLS, by settings alone; what does not fit is one sentence, soon."""

import asyncio
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import nkeys
import pytest

from deploy.local import binaries
from deploy.local.ports import free_port
from deploy.nats.clients import LOCAL, with_local_clients
from deploy.nats.cluster import ServerTls
from deploy.nats.config import Server, seed_file, write_config
from shared.runtime.clients.register import Register
from shared.runtime.connections import nats as connections
from shared.runtime.connections import temporal
from shared.runtime.connections.places import NatsPlace, TemporalPlace
from shared.runtime.connections.tls import Tls as ClientTls
from shared.runtime.connections.wrong import Unreachable, WrongSetting
from tests.certificates import Authority, Pair
from tests.conftest import NatsServer
from tests.integration.one_part import PARTS, rest, run
from tests.patience import PATIENCE
from tests.temporal import TemporalServer

NEWEST = ssl.TLSVersion.TLSv1_3


@dataclass(frozen=True)
class Secured:
    """A nats-server that takes only clients with a certificate of its authority."""

    url: str
    seeds: dict[str, Path]
    authority: Authority
    stranger: Authority
    client: Pair

    def variables(self, user: str) -> dict[str, str]:
        return {
            "AMENDS_NATS_URL": self.url,
            "AMENDS_NATS_SEED_FILE": str(self.seeds[user]),
            "AMENDS_NATS_TLS_CA_FILE": str(self.authority.ca),
            "AMENDS_NATS_TLS_CERTIFICATE_FILE": str(self.client.certificate),
            "AMENDS_NATS_TLS_KEY_FILE": str(self.client.key),
        }


@pytest.fixture(scope="session")
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Secured]:
    directory = tmp_path_factory.mktemp("secured")
    authority, stranger = Authority(directory / "ca"), Authority(directory / "stranger", "stranger-ca")
    own, port = authority.issue("server", "localhost"), free_port(set())
    tls = ServerTls(own.certificate, own.key, authority.ca)
    keys, server = directory / "keys", Server(directory / "store", port, tls=tls)
    register = with_local_clients(keys, Register())
    seeds = write_config(directory / "nats.conf", server, keys, register)
    seeds |= {name: seed_file(keys, name) for name in LOCAL}
    with (directory / "nats.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binaries.find(binaries.NATS), "-c", str(directory / "nats.conf"), stdout=log, stderr=log
        )
    found = Secured(f"nats://localhost:{port}", seeds, authority, stranger, authority.issue("client"))
    try:
        yield found
    finally:
        process.terminate()
        await process.wait()


async def test_streams_are_provisioned_over_mutual_tls(secured: Secured) -> None:
    assert await run("deploy.nats.provision", **secured.variables("deploy")) == (0, "", "")


def _changes(secured: Secured, case: str, directory: Path) -> tuple[dict[str, str], str]:
    """What is set otherwise, and how the sentence begins."""
    where = secured.url.removeprefix("nats://")
    port = where.rpartition(":")[2]
    if case == "no ca":
        return {
            "AMENDS_NATS_TLS_CA_FILE": ""
        }, f"AMENDS_NATS_TLS_CA_FILE does not vouch for the certificate of {where}"
    if case == "another ca":
        ca = str(secured.stranger.ca)
        return {
            "AMENDS_NATS_TLS_CA_FILE": ca
        }, "AMENDS_NATS_TLS_CA_FILE does not vouch for the certificate of"
    if case == "another name":
        return {
            "AMENDS_NATS_URL": f"tls://127.0.0.1:{port}"
        }, f"AMENDS_NATS_URL names 127.0.0.1:{port}, and the certificate there is for another name"
    if case == "no certificate":
        empty = {"AMENDS_NATS_TLS_CERTIFICATE_FILE": "", "AMENDS_NATS_TLS_KEY_FILE": ""}
        return empty, "AMENDS_NATS_TLS_CERTIFICATE_FILE is not set, and a certificate is required by"
    if case in ("a stranger's certificate", "an expired certificate"):
        expired = case.startswith("an")
        pair = (secured.authority if expired else secured.stranger).issue("former", expired=expired)
        files = {
            "AMENDS_NATS_TLS_CERTIFICATE_FILE": str(pair.certificate),
            "AMENDS_NATS_TLS_KEY_FILE": str(pair.key),
        }
        return files, "AMENDS_NATS_TLS_CERTIFICATE_FILE is not accepted by"
    assert case == "an unknown seed"
    seed = directory / "unknown.nk"
    seed.write_bytes(nkeys.encode_seed(b"u" * 32, nkeys.PREFIX_BYTE_USER))
    return {"AMENDS_NATS_SEED_FILE": str(seed)}, "AMENDS_NATS_SEED_FILE holds a key that NATS at"


@pytest.mark.parametrize(
    "case",
    [
        "no ca",
        "another ca",
        "another name",
        "no certificate",
        "a stranger's certificate",
        "an expired certificate",
        "an unknown seed",
    ],
)
async def test_provisioning_reports_a_rejection_by_the_server_in_one_sentence(
    secured: Secured, tmp_path: Path, case: str
) -> None:
    changed, sentence = _changes(secured, case, tmp_path)
    status, _, said = await run("deploy.nats.provision", **secured.variables("deploy") | changed)
    assert said.startswith(sentence), said
    assert (status, said.count("\n")) == (1, 1)


@pytest.mark.parametrize("part", ["routing", "board", "door"])
@pytest.mark.parametrize("case", ["another ca", "no certificate"])
async def test_a_part_that_no_server_will_take_ends_with_status_2_and_one_sentence(
    secured: Secured, temporal_server: TemporalServer, tmp_path: Path, part: str, case: str
) -> None:
    module, user = PARTS[part]
    changed, sentence = _changes(secured, case, tmp_path)
    variables = secured.variables(user) | rest(tmp_path) | changed
    variables["AMENDS_TEMPORAL_ADDRESS"] = temporal_server.address
    status, _, said = await run(module, **variables)
    lines = [line for line in said.splitlines() if not line.startswith("{")]
    assert (status, len(lines)) == (2, 1), said
    assert lines[0].startswith(sentence)
    assert "Traceback" not in said


async def test_a_single_good_server_is_enough_and_a_wrong_server_is_named_when_all_are_wrong(
    secured: Secured, nats_server: NatsServer
) -> None:
    nowhere = f"nats://127.0.0.1:{free_port(set())}"
    tls = ClientTls("AMENDS_NATS_TLS", secured.authority.ca, secured.client.certificate, secured.client.key)
    good = NatsPlace((nowhere, secured.url), secured.seeds["admin"], tls=tls)
    await connections.reach(good)
    with pytest.raises(Unreachable, match=r"NATS does not answer at 127\.0\.0\.1:\d+ "):
        await connections.reach(NatsPlace((nowhere,), secured.seeds["admin"], tls=tls))
    with pytest.raises(WrongSetting, match="does not offer TLS, and TLS is set"):
        await connections.reach(NatsPlace((nowhere, nats_server.url), nats_server.seeds["admin"], tls=tls))


async def test_a_server_that_is_not_nats_is_named_as_such(secured: Secured) -> None:
    async def chatter(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(chatter, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(WrongSetting, match="something other than NATS answers"):
            await connections.reach(NatsPlace((f"nats://127.0.0.1:{port}",), secured.seeds["admin"]))


@contextmanager
def behind_tls(
    server: TemporalServer, authority: Authority, newest: ssl.TLSVersion = NEWEST
) -> Iterator[str]:
    """The same Temporal through a proxy that wants a certificate: the development server has no TLS."""
    own = authority.issue("temporal", "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    context.set_alpn_protocols(["h2"])
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.ca)
    context.maximum_version = newest
    host, _, port = server.address.rpartition(":")

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(5)
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outer,
                socket.create_connection((host, int(port))) as inner,
            ):
                both = {outer: inner, inner: outer}
                while data := (one := self.one_of(outer, inner)).recv(65536):
                    both[one].sendall(data)

        def one_of(self, outer: ssl.SSLSocket, inner: socket.socket) -> socket.socket:
            """The side that has something to pass on."""
            return outer if outer.pending() else select.select([outer, inner], [], [])[0][0]

    class Proxy(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Proxy(("127.0.0.1", 0), Handler) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"localhost:{proxy.server_address[1]}"
        proxy.shutdown()


async def works(place: TemporalPlace) -> bool:
    client = await temporal.connect(place)
    return await client.service_client.check_health()


async def test_temporal_is_reached_over_mutual_tls_without_an_api_key(
    secured: Secured, temporal_server: TemporalServer
) -> None:
    pair = secured.client
    files = ClientTls("AMENDS_TEMPORAL_TLS", secured.authority.ca, pair.certificate, pair.key)
    with behind_tls(temporal_server, secured.authority) as address:
        assert await works(TemporalPlace(address, tls=files))
        port = address.rpartition(":")[2]
        named = ClientTls(files.variables, files.ca, files.certificate, files.key, "localhost")
        assert await works(TemporalPlace(f"127.0.0.1:{port}", tls=named))


@pytest.mark.parametrize("newest", [NEWEST, ssl.TLSVersion.TLSv1_2])
@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("no ca", "AMENDS_TEMPORAL_TLS_CA_FILE does not vouch for the certificate of"),
        ("another ca", "AMENDS_TEMPORAL_TLS_CA_FILE does not vouch for the certificate of"),
        ("another name", "AMENDS_TEMPORAL_ADDRESS names"),
        ("no certificate", "AMENDS_TEMPORAL_TLS_CERTIFICATE_FILE is not set, and a certificate is required"),
        ("a stranger", "AMENDS_TEMPORAL_TLS_CERTIFICATE_FILE is not accepted by"),
        ("no tls", "AMENDS_TEMPORAL_TLS is not set, and Temporal at"),
        ("tls for none", "AMENDS_TEMPORAL_ADDRESS names"),
    ],
)
async def test_a_rejection_by_temporal_is_one_sentence(
    secured: Secured, temporal_server: TemporalServer, case: str, sentence: str, newest: ssl.TLSVersion
) -> None:
    ca, pair, variables = secured.authority.ca, secured.client, "AMENDS_TEMPORAL_TLS"
    stranger = secured.stranger.issue("guest")
    tls = {
        "no ca": ClientTls(variables, None, pair.certificate, pair.key),
        "another ca": ClientTls(variables, secured.stranger.ca, pair.certificate, pair.key),
        "no certificate": ClientTls(variables, ca),
        "a stranger": ClientTls(variables, ca, stranger.certificate, stranger.key),
        "another name": ClientTls(variables, ca, pair.certificate, pair.key, "other.example"),
        "no tls": None,
        "tls for none": ClientTls(variables, ca),
    }[case]
    with behind_tls(temporal_server, secured.authority, newest) as address:
        place = TemporalPlace(temporal_server.address if case == "tls for none" else address, tls=tls)
        with pytest.raises(WrongSetting) as wrong:
            async with asyncio.timeout(PATIENCE):
                await temporal.connect(place)
    assert str(wrong.value).startswith(sentence), str(wrong.value)


async def test_a_temporal_that_is_away_is_no_wrong_setting() -> None:
    with pytest.raises(Unreachable, match="Temporal does not answer at localhost"):
        await temporal.connect(
            TemporalPlace(f"localhost:{free_port(set())}", tls=ClientTls("AMENDS_TEMPORAL_TLS"))
        )
