"""Commands of `amends`: where each is defined, and its line in `amends --help`.

A module is imported when its command is called, so that no command waits for the libraries of the others.
A test compares the lines with the docstrings of the commands.
"""

from typing import NamedTuple

PACKAGE = "services.console.cli.commands"


class Listed(NamedTuple):
    """Entry of one command: its line of help, and the modules of `commands` that define it."""

    help: str
    modules: tuple[str, ...]


COMMANDS = {
    "audit": Listed(
        "Audit every complaint by the facts of the stream; exit status 1 if an invariant is broken.",
        ("audit",),
    ),
    "backup": Listed(
        "Write everything of a stack on this machine into one file, while it runs or is stopped.",
        ("backup",),
    ),
    "restore": Listed(
        "Fill an empty directory from a backup; `amends up` continues from there.", ("backup",)
    ),
    "certificate": Listed(
        "Show the certificate of every deadline of a complaint; with --json as `amends verify` takes it.",
        ("certificate",),
    ),
    "command": Listed(
        "Send a command to the service that answers it; exit status 1 if it is refused.", ("command",)
    ),
    "contract": Listed(
        "Show the contract: its names, one schema, or the whole AsyncAPI document. Needs no running stack.",
        ("contract",),
    ),
    "doctor": Listed("Check every part; exit status 1 if something is wrong.", ("doctor",)),
    "door-token": Listed(
        "Print a new token of a publisher, once: only its hash is kept. A running door accepts it at once.",
        ("door_token",),
    ),
    "fairness": Listed(
        "Compare the fairness of groups of ended complaints, with intervals; groups below 5 are left out.",
        ("fairness",),
    ),
    "fast-forward": Listed(
        "Move the clock of a complaint; answers when what fell due has been published.", ("fast_forward",)
    ),
    "package": Listed(
        "Package the whole record of a complaint, hashed; `package verify FILE` checks one without a stack.",
        ("package",),
    ),
    "query": Listed("Ask one query and print the whole reply; exit status 1 if it is refused.", ("query",)),
    "reads": Listed("List who read which texts, newest first.", ("reads",)),
    "reconcile": Listed(
        "Compare every complaint's facts, row and workflow; exit status 1 if one could be forgotten.",
        ("reconcile",),
    ),
    "say": Listed(
        "Check the wording of a text for a complainant; exit status 1 if it would be refused.", ("say",)
    ),
    "show": Listed("Show the whole state of a complaint, or of a grumble, and its timeline.", ("show",)),
    "submit": Listed(
        "Submit a complaint; prints its id once the message is durable, and wishes that are not understood.",
        ("submit",),
    ),
    "up": Listed(
        "Run servers, services, board and door here until Ctrl-C. Stored complaints are there again.",
        ("up",),
    ),
    "verify": Listed(
        "Recompute deadlines from the facts alone; exit status 1 if one differs from its certificate.",
        ("verify",),
    ),
    "watch": Listed("Watch open complaints in a live table (`--json` prints one frame).", ("watch",)),
    "list": Listed("List open complaints, soonest due first.", ("worklist",)),
    "client": Listed("Clients: other systems and people, each with an account.", ("client",)),
    "master-key": Listed("The key that wraps the keys of all texts.", ("master_key",)),
    "policy": Listed("Show the policy pack in force; `policy check DIR` checks one.", ("policy", "migrate")),
    "quarantine": Listed("Quarantined messages: bad submissions and dead letters.", ("quarantine",)),
    "rebuild": Listed("Rebuild a lost store from the other stores.", ("rebuild",)),
}
