"""The `kesher` command."""

import sys

import typer

from local.cli import customer, redrive, run, shop

app = typer.Typer(help="Text-message customer service for online shops.", no_args_is_help=True)
app.command()(run.run)
app.command()(redrive.redrive)
app.add_typer(shop.commands, name="shop")
app.add_typer(customer.commands, name="customer")


def main() -> None:
    sys.exit(app())
