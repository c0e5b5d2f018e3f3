"""The command `serve`: the fake gateway, from the same code as `python -m fireworks_gateway.testing`."""

from __future__ import annotations

from typing import Annotated

import typer

from ._exits import Exit


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
