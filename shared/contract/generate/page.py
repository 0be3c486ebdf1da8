"""Integrator's page, `docs/contract/README.md`: complete in itself, with lists made from the models."""

import json

from shared.contract.classify import CLASSIFICATION, CLASSIFIER_ACTOR, MOST_REPLY_BYTES
from shared.contract.generate import tables
from shared.contract.generate.examples import (
    ACCEPTED,
    COMMAND,
    COMPLAINT_ID,
    EXTERNAL_ID,
    FACT,
    REFUSED,
    SOURCE,
    SUBMISSION,
)
from shared.contract.subjects import CLASSIFY, Channel, Service


def page() -> str:
    """Whole page as Markdown."""
    exchanging = (_submitting(), _following(), _commanding(), _asking(), _classifying())
    parts = (_door(), *exchanging, _refusing(), _values())
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _json(value: object) -> str:
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```"


def _door() -> str:
    return """
# The contract of Amends, version 1

Everything that another system may rely on. Generated from the models that the services themselves use
(`make contract`) and kept equal to them by a test; do not edit it by hand.

- This page: enough to write a client in any language.
- [`asyncapi.yaml`](asyncapi.yaml): the same as an AsyncAPI 3.0 document, for tools.
- [`openapi.json`](openapi.json): submitting over HTTP, for those who have no NATS client.
- [`taxonomy.md`](taxonomy.md): categories, motives, needs and other closed lists, in English and Chinese.
- [`schemas/`](schemas): one JSON Schema (2020-12) for each message. The `dataschema` of a fact is the
  `$id` of its schema.

## Connecting

Amends speaks [NATS](https://nats.io) with JetStream; any NATS client library will do. Connect to the
address that the operator gives you and authenticate with your **nkey seed file** (its content starts with
`SU`). On a local stack both are in the ready file of `amends up`: `nats_url`, and `credentials` with the
path of one seed file for each of these:

| client | may |
| --- | --- |
| `publisher` | submit complaints, of any source |
| `agent` | send commands and ask as any actor, follow all facts: a trusted system of the house |
| `customer` | send commands, ask and read as `customer`: a portal |
| `gateway` | follow `notice`, read the texts that it refers to and the address of the customer |
| `admin` | everything, on this server |

The operator registers further clients with `amends client add`. What each kind may do, and how to follow
facts, is on the page [clients.md](clients.md).

## Subjects

| subject | what | how |
| --- | --- | --- |
| `complaints.v1.submit.<channel>` | a complaint, from you | publish to JetStream, or request |
| `complaints.v1.event.<name>.<complaint_id>` | a fact, from Amends | stream `COMPLAINTS_EVENTS` |
| `complaints.v1.command.<verb>` | an order, from you | request, one JSON reply |
| `complaints.v1.query.<name>` | a question, from you | request, one JSON reply |
| `complaints.v1.quarantine.<reason>` | a submission that could not be used | stream `COMPLAINTS_QUARANTINE` |
| `complaints.v1.deadletter.<service>` | a message that kept failing | stream `COMPLAINTS_QUARANTINE` |

So `complaints.v1.event.*.<complaint_id>` is the timeline of one complaint, and
`complaints.v1.event.deadline_breached.*` is every breach.

Version 1 only ever gains: new facts, verbs, fields and words may come, none is renamed, removed or given
another meaning. **Ignore what you do not know**; Amends does the same on the way in.
"""


def _submitting() -> str:
    return f"""
## Submitting a complaint

Publish a [CloudEvents 1.0](https://cloudevents.io) message in structured JSON
([schema](schemas/submission.json)) to `complaints.v1.submit.<channel>`. The channel is one of
{", ".join(f"`{channel}`" for channel in Channel)}.

{_json(SUBMISSION)}

- Required are `specversion`, `type`, `source`, `id`, `data.customer.ref`, and `data.narrative` or
  `data.title`.
- `type` is `complaints.submitted.v1`, or `complaints.grumbled.v1` for a **grumble** (抱怨), a pre-complaint:
  the customer is dissatisfied and does not complain yet. It is recorded and answered, and becomes a complaint
  (`promoted`, then `received`) by a second grumble of the same customer within the policy's time, on request
  (`promote`, or a complaint under its own `source` and `id`), or unanswered in time (`answer_grumble`). If it
  concerns an open complaint of the same customer, it joins that complaint as a contact (`merged`), as a
  second complaint would.
- Publish through JetStream, or as a request: the reply `{{"stream": "COMPLAINTS_SUBMIT", "seq": …}}` confirms
  that the complaint is durable. Without that reply, send it again.
- `"duplicate": true` in that reply means that the stream dropped this message, because it got another message
  with the same header `Nats-Msg-Id` less than 0.1 s before. If that message was not yours, send yours again
  with another id. You need no `Nats-Msg-Id`: Amends recognises repeats by `source` and `id`
  at any time.
- You submit for the sources that you are registered for. For another source the message is quarantined as
  `foreign_source`, and starts nothing.
- `received_at` is when the customer complained, and starts the 24-hour rule, also in the past. It defaults to
  `time`, then to the arrival. More than 5 minutes in the future it is a mistake: the message is quarantined.
- The header `content-type` may be `application/cloudevents+json`, `application/json` or absent.
- At most 256 KiB. Names, contact data and texts are stored encrypted and appear in no fact.
- A message that cannot be used is quarantined with its bytes and a reason, never dropped: see *Quarantine*.

### Over HTTP

A sender without a NATS client sends the same event to the door: `POST /v1/complaints` with
`Authorization: Bearer` and a token of the operator ([openapi.json](openapi.json)), structured
(`application/cloudevents+json`) or binary (every attribute in a `ce-` header, the data as
`application/json`). `202` with the complaint id confirms that the complaint is durable; any other answer is a
problem (RFC 9457) with `code`, `field`, `detail` and `detail_zh`. After `429`, `503` or no answer send the
same again. The channel is the query parameter or extension attribute `channel`, `web` by default.

### The complaint id

You can compute it: `C`, then the first 15 characters of the lower-case base-32 (RFC 4648, no padding) of the
SHA-256 over `source`, one newline (`0x0A`), and `id`, in UTF-8. The same source and id with the same content,
however often and however late, is the same complaint.

The content is the `type` and the `data`, without `received_at`, without fields that are not known here, and
however it is written: the order of keys, `1` or `1.0`, `199.0` or `199.00`, a default that is written out,
composed or decomposed letters (NFC) make no other content. Other content under a known source and id is

- of the same customer a contact of that complaint (`contact_added` with its texts, once);
- of another customer, or where the complaint is closed, quarantined as `id_reused`; the door answers `409`.
  A message that reports a danger is marked (`Amends-Danger`): submit it at once under an id of its own.

    source         {SOURCE}
    id             {EXTERNAL_ID}
    complaint id   {COMPLAINT_ID}
"""


def _following() -> str:
    published = "\n\n".join(f"### Published by {service}\n\n{tables.facts(service)}" for service in Service)
    return f"""
## Facts

A fact is something that happened; it is never taken back. Each is a CloudEvent on
`complaints.v1.event.<name>.<complaint_id>`:

{_json(FACT)}

`id` is `<complaint_id>-<service>-<seq>`, also in the header `Nats-Msg-Id`. `time` is the instant at which it
happened: for a breach, the instant at which the deadline ran out. The `data` of every fact has the header
({tables.fact_header()}), and its own fields. A field that does not apply is absent, never `null`.

### What you can rely on

- **At least once.** A fact may be delivered again: to your consumer or, after a failure of Amends, in the
  stream itself. It then has the same `id`: skip a fact whose `id` you have handled.
- **No gaps.** `seq` counts 1, 2, 3 … per complaint and service, across all names. If you follow
  `complaints.v1.event.*.<complaint_id>` and the next `seq` of a `source` is not the last one plus 1, you have
  missed a fact: read the query `timeline`.
- **In order.** The facts of one service about one complaint are in the stream in the order of `seq`. The
  order between services is the order of the stream.
- **Permanent.** The stream is the audit record and is kept for years; a consumer of yours can start at its
  beginning. Give every consumer a name: an `agent` may not create one without, since such a request could
  overwrite the consumer of another client. Pull and durable consumers have a name; for the unnamed push
  consumers of nats-py's `subscribe`, pass `config=ConsumerConfig(name=...)`.
- **No texts.** Facts carry codes, numbers and references. A field that ends in `_ref`, such as
  `text_ref`, names a text; read it with the query `text`.
- **Who and where.** `cycle` is 1, and 1 more for each reopening. `stage` is the stage of the complaint
  after the fact. `actor` is a member of staff, `customer`, or `amends` for an act of the system itself.

{published}

### Published by all three

{tables.facts(*Service)}
"""


def _commanding() -> str:
    verbs = "\n\n".join(f"### Carried out by {service}\n\n{tables.verbs(service)}" for service in Service)
    return f"""
## Commands

Request to `complaints.v1.command.<verb>`, for instance `complaints.v1.command.answer`:

{_json(COMMAND)}

- `command_id` is yours to choose. Repeating it repeats the first reply and does nothing more: after a
  time-out, send the same command again, also after the complaint has ended. Another verb, actor or data
  with an id that the complaint has seen is refused as `malformed`, field `command_id`, by the service that
  has seen it. A refusal is repeated, too, and then has `"remembered": true`. The refusals `malformed`,
  `unknown_complaint` and `unavailable` are not repeated: after them the same id may be sent again.
- `actor.id` is a staff id of the policy pack (query `policy`), or `customer` for the complainant. The service
  looks the role up in the roster. Most verbs are for the accountable owner alone: the `owner` of the last
  `assigned` fact.
- `data` has the fields of the verb, below. Send texts in the clear; the service encrypts and stores them.

The reply comes once the facts are durable and published, so allow it 10 seconds or more
([schema](schemas/command-reply.json)). `events` names the facts that the command caused, `allowed` the verbs
that are possible now:

{_json(ACCEPTED)}

or a refusal:

{_json(REFUSED)}

From a complaint to its resolution: `respond` (the substantive answer that the 24-hour rule requires) →
`clarify` → `record_interest` of the customer, confirmed → `prepare_options`, two or more, best for the
customer last → `offer` one of them, citing standards by their id → `answer` as `customer`, with the
`offer_id` of `offer_made` → `complete_action` for each of the `actions` of `agreed`. Then `resolved` is
published, and `callback_scheduled` follows.

{verbs}
"""


def _asking() -> str:
    return f"""
## Queries

Request to `complaints.v1.query.<name>` with the request as JSON (`{{}}` if it has no fields). The
reply is `{{"ok": true, "result": …}}`, or `{{"ok": false, "error": …}}` with a refusal as above.

{tables.queries()}

A text reference is `<service>:<complaint_id>:<key>`. A guessed reference gives no access: the kind of the
text and the actors of the client decide who reads it ([clients.md](clients.md)), and each read is stored with
the client. The actor `customer` reads the complainant's own words, notices and address.

To page through a worklist, send the `next_cursor` of one page as the `cursor` of the next.

In the result of `policy`, each of `remedies` has an `id`, a `title` by language, and `money`: whether an
amount goes with it. Each of `standards` has `id`, `title`, `version` and `source`. `staff` lists the ids that
may be an `actor.id`.
"""


def _classifying() -> str:
    return f"""
## Classifying in place of Amends

A client of the kind `classifier` subscribes to `{CLASSIFY}` and answers each request. Amends asks it only
while the policy names the client (`external_classifier`), and waits no longer than `within_seconds` of the
policy. An answer that comes later, comes twice, has more than {MOST_REPLY_BYTES:,} bytes, another shape or
other ids is ignored; then the built-in classifier decides.

The request has `request_id`, `complaint_id`, `language`, `channel`, `text_refs` and `answer_by`, and no text.
Each text is read with the query `text`, as the actor `{CLASSIFIER_ACTOR}` and for the purpose
`{CLASSIFICATION}`. The answer repeats `request_id` and `complaint_id`, has `category` and `confidence`, and
may have `sub`, `motives` (each with `motive` and `confidence`), `severity`, `safety`, `unsure` and `words`.
A `safety` that is true counts; one that is false lowers nothing. `harassment` among the motives is only noted
as suggested. `triaged.classified` has the suggestion, beside the decision in the same fact.
"""


def _refusing() -> str:
    return f"""
## Error codes

`code` is for programs and never changes. `message` and `message_zh` are for people; `field` names the field
that is wrong, dotted from the top of the request; `allowed` lists the verbs that are possible now.

{tables.errors()}

## Quarantine

A field is a wish or a claim ([which is which](../wishes.md)). A wish that is not understood is left out, and
named in `not_understood` of `received`, `grumbled` or `contact_added`, in the door's answer and in the query
`complaint`; the complaint is taken. A claim has to be right.

A submission that cannot be used goes, as it came, to `complaints.v1.quarantine.<reason>`, and stays for 30
days, or until the space for it is used up by later submissions. The operator lists, reads and replays it with
`amends quarantine`. The query `rejected` gives a publisher its own quarantined submissions, page by page: the
reason, the failing field and the id. It never gives those of other publishers.

{tables.reasons()}

The original headers are kept, and these are added:

{tables.quarantine_headers()}
"""


def _values() -> str:
    return f"""
## Values

In the tables of this page `?` marks a field that may be absent, and a field without a word is a string. An
**instant** is RFC 3339 with an offset, such as `2026-11-21T01:30:00Z`; facts always carry UTC. A **text** has
at most 200,000 characters. Ids that you choose inside a complaint (`option_id`) are 1 to 64 letters, digits
and `_.:-`. Money is `{{"value": "199.00", "currency": "CNY"}}`: a decimal text and an ISO 4217 code.

{tables.words()}

{tables.shapes()}
"""
