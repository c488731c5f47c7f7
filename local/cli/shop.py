"""`kesher shop`."""

from pathlib import Path
from typing import Annotated
from unicodedata import combining

import typer
from rich.markup import escape
from rich.table import Table

from kesher.domain.shop import Shop
from kesher.domain.sms import Dear
from local import shopfile
from local.cli.console import deployed, err, on_aws, out, read

commands = typer.Typer(help="Shop files.", no_args_is_help=True)


@commands.command("check")
def check(file: Annotated[Path, typer.Argument(help="The shop's file.")]) -> None:
    """Says what is wrong with a shop file, where, and how to mend it; and what its texts cost."""
    described = read(file)
    table = Table("text", "language", "encoding", "parts", box=None, header_style="dim")
    costs = shopfile.costs(described)
    for each in costs:
        table.add_row(each.where, each.language, each.plan.encoding, str(each.plan.parts))
    out.print(table)
    for each in costs:
        if each.dear:
            told = f"{each.where} ({each.language}): {_dear(each.dear)}"
            out.print(f"[yellow]{told}[/]", soft_wrap=True)
    out.print(f"[green]{file} is a good shop file.[/]")


@commands.command("push")
def push(
    file: Annotated[Path, typer.Argument(help="The shop's file.")],
    table: Annotated[str, typer.Option(help="The stack's output TableName.", envvar="TABLE_NAME")],
    parameters: Annotated[
        str, typer.Option(help="The stack's output ShopParameters.", envvar="SHOP_PARAMETERS")
    ],
) -> None:
    """Puts a checked shop file where the deployed rooms look for it. In force within a minute."""
    described = read(file)
    local = [reference for reference in _references(described) if reference.startswith("env:")]
    if local:
        err.print(f"[red]{file}[/] refers to {', '.join(local)}: on AWS a secret is ssm:/path")
        raise typer.Exit(1)
    from local.push import push as put  # noqa: PLC0415

    deployed(table_name=table, shop_parameters=parameters)
    with on_aws("Not pushed:", "write the stack's table and parameters"):
        put(described)
    out.print(f"[green]{described.shop} is pushed.[/] Its webhooks: /hooks/{described.shop}/...")


def _dear(dear: Dear) -> str:
    """Such as: one ç makes this 3 parts instead of 1."""
    named = list(dict.fromkeys(dear.characters))
    shown = [each if each.isprintable() and not combining(each) else _code(each) for each in named]
    who = f"{' '.join(shown)} {'makes' if len(shown) == 1 else 'make'}"
    who = f"one {who}" if len(dear.characters) == 1 else who
    return escape(f"{who} this {dear.parts} parts instead of {dear.without}")


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _references(shop: Shop) -> list[str]:
    credentials = [ref for each in shop.channels for ref in each.credentials.values()]
    secrets = [ref for each in shop.platforms for ref in (each.secret, each.previous_secret) if ref]
    return credentials + secrets
