"""OpenTelemetry, switched on: its SDK, FastStream's middleware for messages, and Temporal's interceptor.

Imported by `tracing.set_up` alone. These libraries put more into a span; only codes leave the process
(`OnlyCodes`); what is passed on in headers is the trace's id and nothing else.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from faststream.nats.opentelemetry import NatsTelemetryMiddleware
from faststream.nats.opentelemetry.provider import NatsTelemetrySettingsProvider
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanContext, SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.worker import WorkflowInterceptorClassInput

from shared.contract import subjects
from shared.runtime.traceparent import TRACEPARENT
from shared.runtime.tracing import Tracing

COMPLAINT, VERB, STAGE = "amends.complaint_id", "amends.verb", "amends.stage"
KEPT = {COMPLAINT, VERB, STAGE, "messaging.system", "messaging.operation"}
"""Attributes that leave the process."""

WORKFLOW = "temporalWorkflowID"
"""Attribute of Temporal's spans: `complaint/<complaint_id>`."""

MOST_TRACES = 10_000
"""Complaints whose last trace is remembered: those between their arrival and the start of their workflow."""

LAST_SECONDS = 2.0
"""Seconds in which the last spans are sent when a service ends."""

WITH_VERB = (subjects.EVENT, subjects.COMMAND, subjects.QUERY)


class Propagator(TraceContextTextMapPropagator):
    """Propagator of `traceparent` alone: a sender may write anything into `tracestate`."""

    def extract(self, carrier: Any, context: Any = None, getter: Any = None) -> Any:
        own = {name: value for name, value in (carrier or {}).items() if name == TRACEPARENT}
        return super().extract(own, context)

    def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
        found: dict[str, str] = {}
        super().inject(found, context)
        carrier.update({name: value for name, value in found.items() if name == TRACEPARENT})


PROPAGATOR = Propagator()


class OnlyCodes(SpanExporter):
    """Exporter that leaves out texts: other attributes than `KEPT`, events, descriptions of errors."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([only_codes(span) for span in spans])

    def shutdown(self) -> None:
        self._inner.shutdown()


def only_codes(span: ReadableSpan) -> ReadableSpan:
    """Span without anything that a person may have written."""
    given = dict(span.attributes or {})
    workflow = str(given.get(WORKFLOW, "")).split("/")
    if len(workflow) > 1:
        given[COMPLAINT] = workflow[1]
    context = span.get_span_context()
    return ReadableSpan(
        span.name,
        context=_stateless(context) if context else None,
        parent=_stateless(span.parent) if span.parent else None,
        resource=span.resource,
        attributes={name: value for name, value in given.items() if name in KEPT},
        links=[Link(_stateless(link.context)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _stateless(context: SpanContext) -> SpanContext:
    return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)


def named(subject: str) -> tuple[str, dict[str, str]]:
    """Name of a span, and its attributes, by a subject of the contract: `event received`."""
    _, own = subjects.spoken_by(subject)
    if own.startswith(f"{subjects.SUBMIT}."):
        return "submit", {}
    for kind in WITH_VERB:
        if own.startswith(f"{kind}."):
            what, _, complaint = own.removeprefix(f"{kind}.").partition(".")
            attributes = {VERB: what} | ({COMPLAINT: complaint} if kind == subjects.EVENT else {})
            return f"{kind.rpartition('.')[2]} {what}", attributes
    return "message", {}


class Provider(NatsTelemetrySettingsProvider):
    """Names and attributes of FastStream's spans, by the contract instead of the whole subject."""

    def get_consume_attrs_from_message(self, msg: Any) -> dict[str, Any]:
        return {"messaging.system": self.messaging_system, **named(msg.raw_message.subject)[1]}

    def get_consume_destination_name(self, msg: Any) -> str:
        return named(msg.raw_message.subject)[0]

    def get_publish_attrs_from_cmd(self, cmd: Any) -> dict[str, Any]:
        return {"messaging.system": self.messaging_system, **named(cmd.destination)[1]}

    def get_publish_destination_name(self, cmd: Any) -> str:
        return named(cmd.destination)[0]


class MessageSpans(NatsTelemetryMiddleware):
    """FastStream's middleware with our names."""

    def __init__(self, provider: TracerProvider) -> None:
        super().__init__(tracer_provider=provider, include_messages_counters=False)
        self._settings_provider_factory = lambda _: Provider()


class InWorkflow(TracingWorkflowInboundInterceptor):
    """Half of `TemporalSpans` that runs in workflows."""

    def __init__(self, next: Any) -> None:
        super().__init__(next)
        self.text_map_propagator = PROPAGATOR


class TemporalSpans(TracingInterceptor):
    """Temporal's interceptor, which passes on `traceparent` alone."""

    def __init__(self, tracer: trace.Tracer) -> None:
        super().__init__(tracer)
        self.text_map_propagator = PROPAGATOR

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[TracingWorkflowInboundInterceptor]:
        super().workflow_interceptor_class(input)
        return InWorkflow


class Telemetry(Tracing):
    """Tracing that is on. `exporter` is the collector's unless a test gives another."""

    def __init__(self, service: str, endpoint: str | None, exporter: SpanExporter | None = None) -> None:
        sent_to = f"{endpoint.rstrip('/')}/v1/traces" if endpoint else None
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"amends-{service}"}))
        inner = exporter or OTLPSpanExporter(endpoint=sent_to, timeout=LAST_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(OnlyCodes(inner)))
        self._tracer = self._provider.get_tracer("amends")
        self._traces: OrderedDict[str, SpanContext] = OrderedDict()
        self.middlewares = (MessageSpans(self._provider),)
        self.interceptors = (TemporalSpans(self._tracer),)

    def message(self, complaint_id: str, subject: str, headers: Mapping[str, str] | None) -> None:
        (name, attributes), context = named(subject), PROPAGATOR.extract(headers or {})
        attributes = attributes | {COMPLAINT: complaint_id, "messaging.system": "nats"}
        span = self._tracer.start_span(f"{name} process", context, SpanKind.CONSUMER, attributes)
        span.end()
        self._traces[complaint_id] = span.get_span_context()
        self._traces.move_to_end(complaint_id)
        if len(self._traces) > MOST_TRACES:
            self._traces.popitem(last=False)

    def of(self, complaint_id: str) -> AbstractContextManager[Any]:
        known = self._traces.get(complaint_id)
        return trace.use_span(trace.NonRecordingSpan(known)) if known else super().of(complaint_id)

    def headers(self, complaint_id: str) -> dict[str, str]:
        found: dict[str, str] = {}
        if trace.get_current_span().get_span_context().is_valid:
            PROPAGATOR.inject(found)
        else:
            with self.of(complaint_id):
                PROPAGATOR.inject(found)
        return found

    def reached(self, complaint_id: str, stage: str | None) -> None:
        trace.get_current_span().set_attributes({COMPLAINT: complaint_id} | ({STAGE: stage} if stage else {}))

    def close(self) -> None:
        self._provider.force_flush(int(LAST_SECONDS * 1000))
        self._provider.shutdown()
