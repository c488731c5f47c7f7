"""The `kesher` command."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kesher.domain.shop import Shop
from local import shopfile

app = typer.Typer(help="Text-message customer service for online shops.", no_args_is_help=True)
shop_commands = typer.Typer(help="Shop files.", no_args_is_help=True)
app.add_typer(shop_commands, name="shop")
out, err = Console(), Console(stderr=True)


@app.command()
def run(
    shop: Annotated[
        Path | None, typer.Option(help="The shop's file; the demo shop if not given.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.")] = 8080,
) -> None:
    """The whole system on this machine, with simulated phones and a simulated cloud."""
    from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in  # noqa: PLC0415
    from local.server import Server  # noqa: PLC0415

    described = _read(shop or DEMO_SHOP)
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


@shop_commands.command("check")
def check(file: Annotated[Path, typer.Argument(help="The shop's file.")]) -> None:
    """Says what is wrong with a shop file, where, and how to mend it; and what its texts cost."""
    described = _read(file)
    table = Table("answer", "language", "encoding", "parts", box=None, header_style="dim")
    for where, language, plan in shopfile.costs(described):
        table.add_row(where, language, plan.encoding, str(plan.parts))
    out.print(table)
    out.print(f"[green]{file} is a good shop file.[/]")


@shop_commands.command("push")
def push(
    file: Annotated[Path, typer.Argument(help="The shop's file.")],
    table: Annotated[str, typer.Option(help="The stack's output TableName.", envvar="TABLE_NAME")],
    parameters: Annotated[
        str, typer.Option(help="The stack's output ShopParameters.", envvar="SHOP_PARAMETERS")
    ],
) -> None:
    """Puts a checked shop file where the deployed rooms look for it. In force within a minute."""
    described = _read(file)
    local = [reference for reference in _references(described) if reference.startswith("env:")]
    if local:
        err.print(f"[red]{file}[/] refers to {', '.join(local)}: on AWS a secret is ssm:/path")
        raise typer.Exit(1)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    from kesher.settings import Settings  # noqa: PLC0415
    from kesher.store import Failed  # noqa: PLC0415
    from local.push import push as put  # noqa: PLC0415

    unused = dict.fromkeys(Settings.__dataclass_fields__, "-")
    given = unused | {"table_name": table, "shop_parameters": parameters}
    os.environ.update({name.upper(): value for name, value in given.items()})
    try:
        put(described)
    except (BotoCoreError, ClientError, Failed) as error:
        err.print(f"[red]Not pushed:[/] {error}", soft_wrap=True)
        err.print(
            "Set AWS_DEFAULT_REGION and AWS credentials that may write the stack's table and parameters."
        )
        raise typer.Exit(1) from None
    out.print(f"[green]{described.shop} is pushed.[/] Its webhooks: /hooks/{described.shop}/...")


def _references(shop: Shop) -> list[str]:
    credentials = [ref for each in shop.channels for ref in each.credentials.values()]
    secrets = [ref for each in shop.platforms for ref in (each.secret, each.previous_secret) if ref]
    return credentials + secrets


def _read(file: Path) -> Shop:
    try:
        return shopfile.read(file)
    except shopfile.BadShopFile as error:
        err.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def main() -> None:
    sys.exit(app())


if __name__ == "__main__":
    main()
