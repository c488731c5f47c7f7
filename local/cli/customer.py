"""`kesher customer`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from kesher.domain import erasure
from kesher.domain.customer import customer_id
from kesher.domain.shop import Shop
from kesher.errors import LostRace, Misconfigured, NotFound
from kesher.phone import e164
from kesher.settings import secret
from local.cli.console import deployed, give_up, on_aws, out

if TYPE_CHECKING:
    from kesher.store import Person

commands = typer.Typer(help="What is kept of one customer.", no_args_is_help=True)

Address = Annotated[
    str, typer.Argument(help="Their number, with or without its country; or their user id.")
]
ShopId = Annotated[str, typer.Option("--shop", help="The shop's id.")]
TableName = Annotated[
    str, typer.Option("--table", help="The stack's output TableName.", envvar="TABLE_NAME")
]
Channel = Annotated[
    str, typer.Option(help="Where ADDRESS is a user id: the channel that knows it.")
]


@dataclass(frozen=True)
class _Whom:
    shop: Shop
    address: str
    id: str


@commands.command("export")
def export(address: Address, shop: ShopId, table: TableName, channel: Channel = "") -> None:
    """Prints everything kept of a customer as one JSON document."""
    from kesher import store  # noqa: PLC0415 (PynamoDB is for the commands that need it)

    deployed(table_name=table)
    with _asked("Nothing exported:", "query and read the stack's table"):
        whom = _whom(shop, address, channel)
        person = _known(store.load_person(shop, whom.id), whom)
    document = {"shop": shop, "address": whom.address, "customer": whom.id}
    whole = msgspec.json.encode(document | msgspec.to_builtins(person))
    typer.echo(msgspec.json.format(whole, indent=2).decode())


@commands.command("erase")
def erase(
    address: Address,
    shop: ShopId,
    table: TableName,
    key: Annotated[
        str,
        typer.Option(
            help="Where the secret is that hides the number: ssm:/path or env:NAME.",
            envvar="ERASURE_KEY",
        ),
    ],
    channel: Channel = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Replaces what a customer wrote and was told, what was noted of them, their name, and their
    number. Counts, times and consent stay. May be done again at any time."""
    from kesher import store  # noqa: PLC0415 (PynamoDB is for the commands that need it)

    deployed(table_name=table)
    with _asked("Not erased:", "query, read and write the stack's table, and read the key"):
        whom = _whom(shop, address, channel)
        token = erasure.token(secret(key), shop, whom.address)
        told = _counted(_known(store.load_person(shop, whom.id), whom))
        if not yes:
            typer.confirm(f"Erase {whom.address}: {told}? There is no way back", abort=True)
        store.erase(whom.shop, whom.id, token)
    out.print(f"[green]{whom.address} is erased:[/] {told}. What they stopped stays stopped.")


def _whom(shop: str, written: str, channel: str) -> _Whom:
    from kesher import store  # noqa: PLC0415 (PynamoDB is for the commands that need it)

    described = store.load_shop(shop)
    address = written if channel else e164(written, described.country)
    if address is None:
        mend = "Write it in international form, or name the --channel that knows this user id."
        give_up(f"{written}", f"is no phone number in {described.country}.", mend)
    return _Whom(described, address, customer_id(shop, address, channel))


def _known(person: "Person", whom: _Whom) -> "Person":
    if not person.is_known:
        mend = "Nothing is kept of them in this table, unless shop or table is another."
        give_up(whom.address, f"is unknown to {whom.shop.shop}.", mend)
    return person


def _counted(person: "Person") -> str:
    texts, notes, orders = len(person.messages), len(person.notes), len(person.orders)
    kept = len(person.consent)
    return f"texts {texts}, notes {notes}, orders {orders}, consent changes kept {kept}"


@contextmanager
def _asked(failed: str, needs: str) -> Iterator[None]:
    with on_aws(failed, needs):
        try:
            yield
        except NotFound as error:
            give_up(failed, f"{error} in this table.", "Name another --shop or --table.")
        except Misconfigured as error:
            give_up(
                failed, f"{error}.", "Make one, once: see docs/operations.md, One customer's data."
            )
        except LostRace:
            mend = "Wait two minutes, then do it again."
            give_up(failed, "a text is just leaving to them, or coming in.", mend)
