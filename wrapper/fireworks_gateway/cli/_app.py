"""The command line: its commands, its global options, and `serve`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from platform import python_version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from fireworks_gateway import SPEC_VERSION, GatewayError, __version__

from ._changes import diff_models, drift_models, snapshot
from ._exits import Exit, exit_of, reported, told
from ._list import expiring, list_models, stats
from ._options import Connection, example
from ._screen import let_go_of_output, noticed, prepare_streams, say, write
from ._show import fields, show_model


def serve(
    models: Annotated[int | None, typer.Option(min=0, metavar="N", help="How many models it lists; about 300.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; any free one by default.")] = 0,
    account_id: Annotated[
        str, typer.Option("--account-id", metavar="ID", help="The account that it knows.")
    ] = "fireworks",
) -> None:
    """Serve a fake gateway on loopback until it is interrupted, and say how to point clients at it."""
    from fireworks_gateway.testing.__main__ import main  # Nobody else needs the test kit.

    arguments = ["--port", str(port), f"--account-id={account_id}"]
    if main([*arguments, *(["--models", str(models)] if models is not None else [])]):
        raise typer.Exit(Exit.USAGE)


HELP = """The models of the Fireworks Gateway REST API, from a shell.

The API key is read from FIREWORKS_API_KEY and is no option, since options stay in the shell's history. With --demo
nothing of the kind is needed.

Exit status: 0 done, 1 the answer is no, 2 it cannot be asked so, 3 the service refused, 4 no answer came.
"""


_BEFORE = ("--demo", "--base-url", "--timeout", "--version")
"""The options that stand before a command."""


class Misplacing:
    """Where an option that stands before a command is given after it, the error shows where it belongs."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read what is given to the command."""
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc]
        except Exception as error:
            # No name of the class: typer has it of click, or of its own.
            if (option := getattr(error, "option_name", None)) in _BEFORE:
                program, _, command = ctx.command_path.partition(" ")
                ctx.fail(f"{option} stands before the command: {program} {option} {command}")
            raise


class Command(Misplacing, TyperCommand):
    """A command."""


class Group(Misplacing, TyperGroup):
    """Commands about the same."""


class Commands(TyperGroup):
    """The commands; an error in one becomes a line on standard error and an exit status."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, the most used first."""
        return sorted(super().list_commands(ctx), key=lambda name: (name != "models", name))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is meant; of one that belongs to a group the error shows where it stands."""
        for name, group in self.commands.items():
            if args[0] in getattr(group, "commands", ()) and args[0] not in self.commands:
                ctx.fail(f"{args[0]} stands behind {name}: {ctx.command_path} {name} {args[0]}")
        return super().resolve_command(ctx, args)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the command line; help, the version and completion are written meanwhile."""
        try:
            return super().make_context(*arguments, **options)
        except BrokenPipeError:
            raise typer.Exit(Exit.DONE) from None

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(Exit.DONE) from None  # Whoever reads the output has seen enough.
        except KeyboardInterrupt:
            raise typer.Exit(Exit.INTERRUPTED) from None
        except (GatewayError, OSError, ModuleNotFoundError) as error:
            raise typer.Exit(_end_of(error)) from None


app = typer.Typer(
    name="fireworks-gateway",
    cls=Commands,
    help=HELP,
    epilog=example("fireworks-gateway --demo models list --limit 5"),
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
models = typer.Typer(
    cls=Group,
    help="List, show and compare models.",
    epilog=example("fireworks-gateway --demo models show llama-v3p1-8b-instruct"),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(models, name="models")


def _print_version(asked: bool) -> None:
    if asked:
        write(f"fireworks-gateway {__version__}, specification {SPEC_VERSION}, Python {python_version()}\n")
        raise typer.Exit


@app.callback()
def connect(
    context: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="Ask a gateway in this process, with made-up models.")] = False,
    account_id: Annotated[
        str | None,
        typer.Option("--account-id", metavar="ID", envvar="FIREWORKS_ACCOUNT_ID", help="Whose models."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", envvar="FIREWORKS_BASE_URL", help="Where the service is.")
    ] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="For how long an answer may stall.")] = 30.0,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Note where to ask, for the command that follows."""
    context.obj = Connection(demo, account_id, base_url, timeout)


_COMMANDS: tuple[tuple[typer.Typer, str, Callable[..., None], str, str], ...] = (
    (models, "list", list_models, "List models.", "list --filter 'supports_serverless = true'"),
    (models, "show", show_model, "Show one model.", "show llama-v3p1-8b-instruct"),
    (models, "expiring", expiring, "List the serverless models that end soon.", "expiring --within 12w"),
    (models, "stats", stats, "Count the models of each sort.", "stats"),
    (models, "snapshot", snapshot, "Save the catalogue in a file.", "snapshot monday.jsonl"),
    (models, "diff", diff_models, "Say what changed.", "diff monday.jsonl live --fail-on removed"),
    (models, "drift", drift_models, "Say what the specification does not know.", "drift"),
    (app, "serve", serve, "Serve a fake gateway on loopback.", "serve --models 50 --port 8080"),
    (app, "fields", fields, "Look up a model's fields.", "fields kind --values"),
)
"""Each command: where it stands, its name, what it does, that in a few words, and how it is called for example."""

for _group, _name, _command, _short, _example in _COMMANDS:
    _typed = f"fireworks-gateway {'models ' if _group is models else ''}{_example}"
    _group.command(_name, cls=Command, short_help=_short, epilog=example(_typed))(_command)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit status."""
    prepare_streams()
    try:
        with noticed():
            typer.main.get_command(app).main(list(arguments), prog_name="fireworks-gateway")
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else Exit.DONE if ended.code is None else Exit.USAGE
    except KeyboardInterrupt:
        status = Exit.INTERRUPTED
    except BrokenPipeError:  # Nobody reads what is said of a usage error, which it is all the same.
        status = Exit.USAGE
    except OSError as error:  # What help and version are written to may be full.
        status = _end_of(error)
    except Exception as error:
        if os.environ.get("FIREWORKS_GATEWAY_TRACEBACK") == "1":
            raise
        say(f"fireworks-gateway: {reported(error)}")
        status = Exit.USAGE
    return int(_status_of_output() or status)


def _end_of(error: BaseException) -> Exit:
    """Say what happened, once, and return the status that the command ends with."""
    say(f"fireworks-gateway: {told(error)}")
    let_go_of_output()
    return exit_of(error)


def _status_of_output() -> Exit | None:
    """Write what is still to be written, and return how the command ends if that fails."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except (OSError, ValueError) as error:
        return _end_of(error)
    let_go_of_output()
    return None
