"""What the commands say, and how they give up: what went wrong, why, and how to mend it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from kesher.domain.shop import Shop
from kesher.settings import Settings
from local import shopfile

out, err = Console(), Console(stderr=True)


def give_up(what: str, why: object, mend: str) -> NoReturn:
    err.print(f"[red]{what}[/]", end=" ")
    err.print(f"{why}\n{mend}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


@contextmanager
def on_aws(failed: str, needs: str) -> Iterator[None]:
    """What AWS refuses is told in its own words; `needs` is what the credentials must allow."""
    from kesher.store import Failed  # noqa: PLC0415 (PynamoDB is for the commands that need it)

    try:
        yield
    except (BotoCoreError, ClientError, Failed) as error:
        give_up(failed, error, f"Set AWS_DEFAULT_REGION and AWS credentials that may {needs}.")


def deployed(**given: str) -> None:
    """Settings as a Lambda has them; those that are not given are not needed."""
    values = dict.fromkeys(Settings.__dataclass_fields__, "-") | given
    os.environ.update({name.upper(): value for name, value in values.items()})


def read(file: Path) -> Shop:
    try:
        return shopfile.read(file)
    except shopfile.BadShopFile as error:
        err.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
