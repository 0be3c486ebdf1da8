"""Traces are off unless a collector is named, and a span holds nothing that a person wrote."""

import subprocess
import sys
import time
from contextlib import suppress

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from shared.contract.subjects import Service
from shared.runtime import running, tracing
from shared.runtime.service_settings import settings_of
from shared.runtime.telemetry import OnlyCodes, Telemetry, named
from shared.runtime.traceparent import trace_of
from shared.runtime.tracing import Tracing

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
WORDS = "漏电，我叫李小明 13912345678"


def test_a_service_without_a_collector_imports_nothing_of_opentelemetry() -> None:
    code = (
        "import sys, services.intake.service, services.routing.service, services.followup.service\n"
        "print({'opentelemetry.trace', 'opentelemetry.sdk', 'shared.runtime.telemetry'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_tracing_that_is_off_passes_no_header_on() -> None:
    off = Tracing()
    off.message("c-1", "complaints.v1.submit.web", {"traceparent": PARENT})
    with off.of("c-1"):
        assert off.headers("c-1") == {}


def test_the_trace_of_a_message_goes_on_with_what_is_published_about_its_complaint() -> None:
    on, exporter = telemetry()
    on.message("c-1", "complaints.v1.from.crm.submit.web", {"traceparent": PARENT, "tracestate": WORDS})
    (name, header), *more = on.headers("c-1").items()
    assert (name, header.split("-")[1], more) == ("traceparent", TRACE, [])
    assert on.headers("c-2") == {}
    on.close()
    (span,) = exporter.get_finished_spans()
    assert (span.name, span.parent.span_id) == ("submit process", int(SPAN, 16))
    assert dict(span.attributes) == {"amends.complaint_id": "c-1", "messaging.system": "nats"}
    assert not span.get_span_context().trace_state


def test_only_codes_leave_the_process() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(OnlyCodes(exporter)))
    ids = {"temporalWorkflowID": "complaint/c-1", "temporalUpdateID": WORDS}
    with suppress(ValueError), provider.get_tracer("test").start_as_current_span("s", attributes=ids):
        raise ValueError(WORDS)
    (sent,) = exporter.get_finished_spans()
    assert dict(sent.attributes) == {"amends.complaint_id": "c-1"}
    assert (sent.status.status_code, sent.status.description, sent.events) == (StatusCode.ERROR, None, ())


@pytest.mark.parametrize(
    ("subject", "name", "attributes"),
    [
        ("complaints.v1.submit.web", "submit", {}),
        ("complaints.v1.from.crm.command.respond", "command respond", {"amends.verb": "respond"}),
        (
            "complaints.v1.event.received.c-1",
            "event received",
            {"amends.verb": "received", "amends.complaint_id": "c-1"},
        ),
        ("_INBOX_routing.x9", "message", {}),
    ],
)
def test_a_span_is_named_by_the_contract(subject: str, name: str, attributes: dict[str, str]) -> None:
    assert named(subject) == (name, attributes)


@pytest.mark.parametrize("text", ["", WORDS, f"{PARENT} ", PARENT.upper(), f"{PARENT}-x"])
def test_the_door_passes_on_no_header_that_is_not_the_id_of_a_trace(text: str) -> None:
    assert trace_of(text) == {}
    assert trace_of(PARENT) == {"traceparent": PARENT}


def test_a_collector_that_is_away_holds_no_service_up() -> None:
    on = Telemetry("routing", "http://127.0.0.1:9")
    on.message("c-1", "complaints.v1.submit.web", None)
    began = time.monotonic()
    on.close()
    assert time.monotonic() - began < 10


def test_packages_that_are_not_installed_end_the_service_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shared.runtime.telemetry", None)
    settings = settings_of(Service.ROUTING).model_construct(
        otlp_endpoint="http://127.0.0.1:4318", log_level="info"
    )
    assert running.start(Service.ROUTING, settings, never()) == running.MISCONFIGURED
    assert "AMENDS_OTLP_ENDPOINT is set, and" in capsys.readouterr().err
    assert type(tracing.tracing()) is Tracing


async def never() -> None:
    raise AssertionError("the service ran")


def telemetry() -> tuple[Telemetry, InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    return Telemetry("intake", None, exporter), exporter
