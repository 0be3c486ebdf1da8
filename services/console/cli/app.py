"""Typer application, its common options, and the guard that keeps tracebacks from people."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_group

from services.console.cli.command_table import COMMANDS, PACKAGE
from services.console.cli.output import explain
from services.console.cli.usage import UsageError
from shared.client.failures import AmendsError, in_one_sentence
from shared.contract.values.problems import first_problem


def _remember(context: typer.Context, param: typer.CallbackParam, value: bool) -> bool:
    """Keep a common option where the guard finds it, whichever command it was given to."""
    meta = context.find_root().meta
    meta[str(param.name)] = bool(value) or meta.get(str(param.name), False)
    return value


Dir = Annotated[
    Path | None,
    typer.Option("--dir", help="Directory of the stack [AMENDS_DIR, or .amends].", show_default=False),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="One JSON document on standard output.", is_eager=True, callback=_remember),
]
Debug = Annotated[
    bool,
    typer.Option("--debug", help="Show the traceback of a failure.", is_eager=True, callback=_remember),
]
ComplaintArg = Annotated[str, typer.Argument(metavar="ID", help="The complaint id: C and 15 characters.")]


class GuardedGroup(TyperGroup):
    """Imports a command when it is called, and turns every failure into one sentence and an exit status."""

    def __init__(self, *, commands: Any = None, **attributes: Any) -> None:
        listed = {name: TyperCommand(name, help=one.help) for name, one in COMMANDS.items()}
        super().__init__(commands=listed | (commands or {}), **attributes)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] in COMMANDS:
            self.commands[args[0]] = defined(args[0])
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().make_context(*args, **extra)
        except TyperException as error:
            raise _leave(error, as_json=False) from None

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.meta.get("debug"):
                raise
            raise _leave(error, as_json=bool(ctx.meta.get("as_json"))) from None


def _leave(error: Exception, *, as_json: bool) -> Exception:
    """Print the error as a sentence; return the exception that ends the program with its exit status."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error  # called without arguments: typer shows the help
    if isinstance(error, TyperException):
        failure: AmendsError = UsageError(_in_our_words(error))
    else:
        failure = in_one_sentence(error)
    explain(failure, as_json)
    return typer.Exit(failure.status)


def _in_our_words(error: TyperException) -> str:
    """Sentence about a wrong command line. Pydantic checks the values, in words for programmers."""
    if isinstance(error.__cause__, ValidationError):
        error.message = first_problem(error.__cause__)[2].en
    said = error.format_message().rstrip(".")
    return f"{said}{'' if said.endswith('?') else '.'} See `amends --help`."


app = typer.Typer(
    name="amends",
    cls=GuardedGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def amends() -> None:
    """Amends: complaints as messages, deadlines that hold. Every command is a client of a running stack."""


def defined(name: str) -> Any:
    """Import the modules of a command, and return the command."""
    for module in COMMANDS[name].modules:
        import_module(f"{PACKAGE}.{module}")
    return get_group(app).commands[name]
