"""Where the next page begins, in characters that mean nothing to whoever carries them. A cursor moves
within what its caller may see anyway, so it is not signed."""

import base64
import json

from kesher.errors import Unreadable


def write(*place: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read(cursor: str, parts: int) -> list[str]:
    """That many strings; raises Unreadable."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the cursor is not one of ours") from error
    if not isinstance(place, list) or [type(each) for each in place] != [str] * parts:
        raise Unreadable("the cursor is not one of ours")
    return place
