"""`amends policy`: the pack in force; `amends policy check`: whether a pack could be."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connected
from services.console.display.policy_view import pack_view
from shared.client.requests import result_of
from shared.contract.queries import PolicyView

policy = typer.Typer(help="Show the policy pack in force; `policy check DIR` checks one.")
app.add_typer(policy, name="policy")


@policy.callback(invoke_without_command=True)
def show(context: typer.Context, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Show the policy pack in force: obligations, standards, remedies, teams and staff."""
    if context.invoked_subcommand is not None:
        return
    result = asyncio.run(_in_force(directory))
    if as_json:
        document(result)
    else:
        terminal().print(pack_view(PolicyView.model_validate(result)))


async def _in_force(directory: Path | None) -> dict[str, Any]:
    async with connected(directory) as client:
        return await result_of(client, "policy")


@policy.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="DIR", help="A directory, or a built-in pack; regimes after commas.")
    ],
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check a policy pack without a stack: print its content, or each wrong line and what is allowed."""
    from services.console.display.policy_check import as_document, failure, summary  # slow to load: calendars
    from shared.policy.loader import load_policy
    from shared.policy.problems import PolicyError

    try:
        loaded = load_policy(name)
    except PolicyError as error:
        if as_json:
            document(failure(error))
        typer.echo("\n".join(map(str, error.problems)), err=True)
        raise typer.Exit(1) from None
    if as_json:
        document(as_document(loaded, datetime.now(UTC)))
    else:
        terminal().print(summary(loaded, datetime.now(UTC)))
