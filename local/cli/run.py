"""`kesher run`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from local.cli.console import err, out, read


def run(
    shop: Annotated[
        Path | None, typer.Option(help="The shop's file; the demo shop if not given.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.")] = 8080,
) -> None:
    """The whole system on this machine, with simulated phones and a simulated cloud."""
    from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in  # noqa: PLC0415
    from local.server import Server  # noqa: PLC0415

    described = read(shop or DEMO_SHOP)
    url = f"http://127.0.0.1:{port}"
    secrets = secrets_in(DEMO_SECRETS)
    for name in sorted(
        name for name in secrets if os.environ.get(name, secrets[name]) != secrets[name]
    ):
        err.print(
            f"[yellow]{name}[/] is the demo's, from {DEMO_SECRETS.name}, not the environment's."
        )
    with Machine(described, secrets, url) as machine:
        server = Server(machine)
        try:
            listening = server.listen("127.0.0.1", port)
        except (OSError, SystemExit):
            err.print(f"[red]Port {port} is taken.[/] Choose another: make run PORT={port + 1}")
            raise typer.Exit(1) from None
        out.print(f"\n  [bold]Kesher[/] [dim]קשר[/]   {described.name}   [bold cyan]{url}[/]\n")
        out.print("  Text the shop, move an order, watch the path. Ctrl-C ends it.\n")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            out.print("  Goodbye.")
        finally:
            server.stop()
