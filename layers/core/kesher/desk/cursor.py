"""Where the next page begins, in characters that mean nothing to whoever carries them. A cursor moves
within what its caller may see anyway, so it is not signed."""

import base64
import json
import re
from datetime import datetime

from kesher.errors import Unreadable
from kesher.store import Place


def write(place: Place) -> str:
    said = json.dumps([place.at.isoformat(), place.id])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read(cursor: str, id: re.Pattern[str]) -> Place:
    """The place, which ends with an id of this form; raises Unreadable."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, name = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = Place(datetime.fromisoformat(at), name)
        if place.at.tzinfo is None or not id.fullmatch(name):
            raise ValueError(name)
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable("the cursor is not one of ours") from error
    return place
