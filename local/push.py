"""A shop file, put where the rooms look for it: whole into the table, the door's share of it into
Parameter Store."""

from functools import lru_cache
from typing import Any

import botocore.session
import msgspec

from kesher import store
from kesher.domain.shop import Shop
from kesher.shops import parameter_name


def push(shop: Shop) -> None:
    store.save_shop(shop)
    _parameters().put_parameter(
        Name=parameter_name(shop.shop),
        Value=msgspec.json.encode(shop.door).decode(),
        Type="String",
        Tier="Intelligent-Tiering",
        Overwrite=True,
    )


@lru_cache(maxsize=1)
def _parameters() -> Any:
    return botocore.session.get_session().create_client("ssm")
