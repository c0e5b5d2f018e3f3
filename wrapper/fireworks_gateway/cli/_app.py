"""The commands, the options before them, and `serve`."""

import os
import sys
from collections.abc import Callable, Sequence
from itertools import takewhile
from platform import python_version
from typing import Annotated, Any

import typer
from typer import Option
from typer.core import TyperGroup

from fireworks_gateway import SPEC_VERSION, GatewayError, __version__

from ._changes import compare_snapshots, find_drift, save_snapshot
from ._check import check_models
from ._list import count_models, list_expiring_models, list_models
from ._options import AccountOption, Exit, GlobalOptions, bug_text, error_text, example_epilog, exit_status
from ._screen import discard_unwritable_output, prepare_streams, show_warnings, write, write_message
from ._show import find_fields, show_model


def serve(
    models: Annotated[int | None, Option(min=0, metavar="N", help="Number of sample models.")] = None,
    host: Annotated[str | None, Option(metavar="ADDRESS", help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int, Option(min=0, max=65535, metavar="N", help="Port; 0 means any free one.")] = 0,
    account_id: AccountOption = "fireworks",
) -> None:
    """Run a fake gateway on this machine until you press Ctrl-C."""
    from fireworks_gateway.testing.__main__ import main  # Slow to import.

    options = {"--models": models, "--host": host, "--port": port, "--account-id": account_id}
    if main([f"{name}={value}" for name, value in options.items() if value is not None]):
        raise typer.Exit(Exit.USAGE)


HELP = """List, inspect and compare the models of the Fireworks Gateway REST API.

Set FIREWORKS_API_KEY to your API key. There is no option for it, because options stay in the history of the shell.
With --demo you need no key.

Exit status: 0 success, 1 a check failed, 2 invalid usage, 3 error from the service, 4 no response, 130 interrupted.
"""

_BEFORE_COMMAND = ("--demo", "--base-url", "--timeout", "--version")


class App(TyperGroup):
    """All commands."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command of the arguments, with --json in full; an error names the right place of an option."""
        if ctx.resilient_parsing:  # The shell completes a word.
            return super().resolve_command(ctx, args)
        words = " ".join(takewhile(lambda each: not each.startswith("-"), args))
        for name, group in self.commands.items():
            if args[0] in getattr(group, "commands", ()) and args[0] not in self.commands:
                ctx.fail(f"{args[0]} is a command of {name}: {ctx.command_path} {name} {words}")
        end = args.index("--") if "--" in args else len(args)
        for option in (each.partition("=")[0] for each in args[:end]):
            if option in _BEFORE_COMMAND:
                ctx.fail(f"{option} must precede the command: {ctx.command_path} {option} {words}")
        short = ["--output=json" if each == "--json" else each for each in args[:end]]
        return super().resolve_command(ctx, short + args[end:])


app = typer.Typer(
    name="fireworks-gateway",
    cls=App,
    help=HELP,
    epilog=example_epilog("fireworks-gateway --demo models list --limit 5"),
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
models = typer.Typer(
    help="List, show and compare models.",
    epilog=example_epilog("fireworks-gateway --demo models show llama-v3p1-8b-instruct"),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(models, name="models")


def _print_version(requested: bool) -> None:
    if requested:
        write(f"fireworks-gateway {__version__}, specification {SPEC_VERSION}, Python {python_version()}\n")
        raise typer.Exit


@app.callback()
def configure(
    context: typer.Context,
    demo: Annotated[bool, Option("--demo", help="Use sample models, without a key or a network.")] = False,
    account_id: Annotated[
        str | None,
        Option("--account-id", metavar="ID", envvar="FIREWORKS_ACCOUNT_ID", help="Account that owns the models."),
    ] = None,
    base_url: Annotated[
        str | None, Option(metavar="URL", envvar="FIREWORKS_BASE_URL", help="Address of the service.")
    ] = None,
    timeout: Annotated[float, Option(metavar="SECONDS", help="Timeout for each network step.")] = 30.0,
    version: Annotated[
        bool, Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Store the options given before the command."""
    context.obj = GlobalOptions(demo, account_id, base_url, timeout)


_COMMANDS: tuple[tuple[typer.Typer, str, Callable[..., None], str, str], ...] = (
    (models, "list", list_models, "List models.", "list --filter 'supports_serverless = true'"),
    (models, "show", show_model, "Show one model.", "show llama-v3p1-8b-instruct"),
    (models, "expiring", list_expiring_models, "List serverless models that end soon.", "expiring --within 12w"),
    (models, "check", check_models, "Check the models that files name.", "check . --within 60d"),
    (models, "stats", count_models, "Count models by kind, state and more.", "stats"),
    (models, "snapshot", save_snapshot, "Save the catalogue to a file.", "snapshot monday.jsonl"),
    (models, "diff", compare_snapshots, "Compare two snapshots.", "diff monday.jsonl live --fail-on removed"),
    (models, "drift", find_drift, "Find data that the specification does not have.", "drift"),
    (app, "fields", find_fields, "Look up the fields of a model.", "fields kind --values"),
    (app, "serve", serve, "Run a fake gateway on this machine.", "serve --models 50 --port 8080"),
)
"""The commands: group, name, function, short help and example."""

for _group, _name, _command, _short, _example in _COMMANDS:
    _example_line = f"fireworks-gateway {'models ' if _group is models else ''}{_example}"
    _group.command(_name, short_help=_short, epilog=example_epilog(_example_line))(_command)

command = typer.main.get_command(app)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit status."""
    prepare_streams()
    streams, status = (sys.stdout, sys.stderr), 0
    try:
        with show_warnings():
            command.main(list(arguments), prog_name="fireworks-gateway")
    except SystemExit as ended:
        # typer ends with 1 if the reader of a pipe, such as `head`, has closed it; that is not a failure.
        if not isinstance(ended.__context__, BrokenPipeError):
            status = ended.code if isinstance(ended.code, int) else Exit.USAGE
    except BrokenPipeError:  # Standard error is closed, where a usage error would be printed.
        status = Exit.USAGE
    except (GatewayError, OSError, ModuleNotFoundError) as error:
        status = _report_error(error)
    except Exception as error:
        if os.environ.get("FIREWORKS_GATEWAY_TRACEBACK") == "1":
            raise
        write_message(f"fireworks-gateway: {bug_text(error)}")
        status = Exit.USAGE
    sys.stdout, sys.stderr = streams  # typer wraps closed ones.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except (OSError, ValueError) as error:
        status = _report_error(error)
    discard_unwritable_output()
    return int(status)


def _report_error(error: BaseException) -> Exit:
    """Print an error, and return its exit status."""
    write_message(f"fireworks-gateway: {error_text(error)}")
    discard_unwritable_output()
    return exit_status(error)
