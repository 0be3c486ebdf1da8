"""One trace follows a complaint through the door and the three services, to a collector that speaks OTLP."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from deploy.local.stack import Stack
from tests.door import an_event
from tests.listening import outside
from tests.patience import PATIENCE

KEPT = {"amends.complaint_id", "amends.verb", "amends.stage", "messaging.system", "messaging.operation"}
SERVICES = {"amends-intake", "amends-routing", "amends-followup"}


class Collector(ThreadingHTTPServer):
    """Collector of OpenTelemetry: keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[bytes] = []

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Each span with the name of its service."""
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                named = {one.key: one.value.string_value for one in resource.resource.attributes}
                for scope in resource.scope_spans:
                    yield from ((named["service.name"], span) for span in scope.spans)


class Handler(BaseHTTPRequestHandler):
    """Takes the spans of one request."""

    server: Collector

    def do_POST(self) -> None:
        assert self.headers.get("content-encoding") is None
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def collector() -> Iterator[Collector]:
    with Collector() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


async def test_one_trace_leads_from_the_submitting_system_through_all_services_and_holds_only_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace, words = secrets.token_hex(16), "烧水壶漏电，我叫李小明，电话13912345678"
    with collector() as spans:
        monkeypatch.setenv("AMENDS_OTLP_ENDPOINT", f"http://127.0.0.1:{spans.server_port}")
        stack = Stack(tmp_path / "stack", with_board=False, with_door=True)
        await stack.start()
        try:
            complaint = await lived(stack, f"00-{trace}-{secrets.token_hex(8)}-01", words)
        finally:
            await stack.stop()
    own = [(service, span) for service, span in spans.spans() if span.trace_id.hex() == trace]
    assert {service for service, _ in own} == SERVICES
    assert {"submit process", "event received process", "event withdrawn process"} <= named(own)
    attributes = [{one.key: one.value.string_value for one in span.attributes} for _, span in own]
    assert {complaint} == {one["amends.complaint_id"] for one in attributes if "amends.complaint_id" in one}
    assert "closed" in {one.get("amends.stage") for one in attributes}
    only_codes(spans, words)


def named(spans: list[tuple[str, Span]]) -> set[str]:
    return {span.name for _, span in spans}


def only_codes(collected: Collector, words: str) -> None:
    """Assert that no span of any trace has a text: the complaint's, or a command's."""
    for _, span in collected.spans():
        assert {one.key for one in span.attributes} <= KEPT
        assert not span.events
        assert not span.status.message
        assert not span.trace_state
    everything = b"".join(collected.bodies)
    for secret in (words, "李小明", "13912345678", "不想再谈了", "customer-of-trace", "a-command-id"):
        assert secret.encode() not in everything


async def lived(stack: Stack, traceparent: str, words: str) -> str:
    """Submit a complaint over HTTP within a trace, withdraw it, and wait for followup's fact; its id."""
    assert stack.ready
    assert stack.ready.door_url
    token = stack.layout.door_token.read_text()
    event = an_event(source="local", data={"narrative": words, "customer": {"ref": "customer-of-trace"}})
    headers = {"authorization": f"Bearer {token}", "content-type": "application/cloudevents+json"}
    async with httpx.AsyncClient(base_url=stack.ready.door_url, timeout=PATIENCE) as client:
        response = await client.post(
            "/v1/complaints",
            content=json.dumps(event).encode(),
            headers=headers | {"traceparent": traceparent, "tracestate": "name=13912345678"},
        )
    assert response.status_code == 202, response.text
    complaint: str = response.json()["complaint_id"]
    async with outside(stack) as system:
        await system.until(complaint, "assigned")
        await system.do("withdraw", complaint, "customer", reason="不想再谈了")
        await system.until(complaint, "closed")
    return complaint
