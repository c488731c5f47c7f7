"""A shop file, put where the rooms look for it: whole into the table, the door's share of it into
Parameter Store."""

import msgspec

from kesher import sdk, store
from kesher.domain.shop import Shop
from kesher.shops import parameter_name


def push(shop: Shop) -> None:
    store.save_shop(shop)
    sdk.client("ssm").put_parameter(
        Name=parameter_name(shop.shop),
        Value=msgspec.json.encode(shop.door).decode(),
        Type="String",
        Tier="Intelligent-Tiering",
        Overwrite=True,
    )
