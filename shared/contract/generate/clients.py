"""Page on clients, `docs/contract/clients.md`: what each kind may do, from the table of the accounts."""

from shared.contract.clients import ANY, CAPABILITIES, Capability
from shared.contract.generate.tables import table
from shared.contract.subjects import CLASSIFY

SUBMITS, COMMANDS = "`complaints.v1.submit.<channel>`", "`complaints.v1.command.<verb>`"
NOTHING = "–"


def clients_page() -> str:
    """Whole page as Markdown."""
    return f"""
# Clients, and what each may do

Generated from the table that the accounts of the server are made from (`shared/contract/clients.py`).

Each client is a NATS account of its own, made with `amends client add`. The server maps its subjects to
`complaints.v1.from.<client>.…` inside, so Amends takes the client from the subject, not from the message.
Facts carry the client as `actor.via`. A client cannot reach any subject that this page does not allow: the
server refuses a publish as a permissions violation, and a request finds no responder.
Names of verbs and queries are not part of these permissions: a client that may ask queries may send any query
name, and a client that may send commands any verb. A name that it may not use is refused as
`client_not_allowed`, an unknown name as `malformed`.

{_kinds()}

## Further options of the register

| option of `amends client add` | meaning |
| --- | --- |
| `--source` | a publisher: the CloudEvents sources that it submits for, and all below them; `*` for any |
| `--actor` | whom it may name as `actor.id`: one member of staff (person), a list or `*` for all (`desk`) |
| `--follow` | the facts that it receives, by name; `*` for all |
| `--per-minute` | how many submissions, and how many commands and queries, it may send in a minute |
| `--connections`, `--bytes` | how many connections it may have at once, how large its messages may be |
| `--from-start` | its durable begins with the oldest fact, not with the next |

A submission for a source that is not the client's goes to the quarantine as `foreign_source`. A command or
`text` query with an actor that is not the client's is refused as `client_not_allowed`, field `actor.id`.

A second person, wherever one is asked for, is a second actor that a client may name. A person's client can
name one actor only, so it never gives both. **A client of the kind `desk` with `*` can name every actor, also
`customer`: it is trusted to know its user.** Give it to a system with a login of its own for each person.

## Reading texts

A client reads texts of the kinds in the table and no others, for any reference that it sends: `notice`
(messages to complainants), `address` (their name, phone and email), `words` (their own words), `record`
(words of staff). For a client with one actor, a query that names none is asked as that actor.

## Following facts

- **Live:** subscribe to `complaints.v1.event.<name>.*`, or `complaints.v1.event.>` with `--follow '*'`.
- **Durable:** the stream `COMPLAINTS_EVENTS` has a consumer `client-<name>` for each client that follows
  facts. Bind to it, pull and acknowledge (`pull_subscribe_bind("client-<name>", stream="COMPLAINTS_EVENTS")`
  in Python, `consumers.get("COMPLAINTS_EVENTS", "client-<name>")` in Node). It begins with the facts after
  the client was added. A client makes, changes and deletes no consumer.
- **One fact:** with `--follow '*'`, direct get (`$JS.API.DIRECT.GET.COMPLAINTS_EVENTS`) and the state of the
  stream (`$JS.API.STREAM.INFO.COMPLAINTS_EVENTS`).

`$JS.API.INFO`, the first question of many client libraries, is answered for every client: it reports how much
is stored.

## Not allowed to any client

No client creates, changes, reads or deletes a stream or a consumer, reads the quarantine or dead letters, or
receives a submission, a command, a query or a reply of another client. Replies come to inboxes in its own
account: `_INBOX.>` there holds its own replies and nothing else. The administrator (`admin`) is no client: it
is a user of the house account and may do everything; keep its seed away from programs.
""".lstrip()


def _kinds() -> str:
    rows = [
        (f"`{kind}`", able.about, _publishes(able), _follows(able), _texts(able))
        for kind, able in CAPABILITIES.items()
    ]
    return table(("kind", "what it is", "publishes", "receives", "reads texts"), rows)


def _publishes(able: Capability) -> str:
    own = [SUBMITS] if able.submits else []
    own += [COMMANDS] if able.commands else []
    own += ["queries " + " ".join(f"`{name}`" for name in able.queries)] if able.queries else []
    own += ["answers to its requests"] if able.classifies else []
    return ", ".join(own)


def _follows(able: Capability) -> str:
    if able.classifies:
        return f"its replies; `{CLASSIFY}`"
    if not able.follows:
        return "its replies"
    wanted = "facts" if ANY in able.follows else " ".join(f"`{name}`" for name in able.follows)
    return f"its replies; {wanted} that it follows"


def _texts(able: Capability) -> str:
    return " ".join(f"`{kind}`" for kind in able.texts) or NOTHING
