"""Everything Kesher raises on purpose.

KesherError
|-- Refusal            the door says no, and the caller is told why
|   |-- NotFound       404  no such shop, channel, platform or route
|   |-- BadSignature   401  whatever is wrong with it
|   |-- TooLarge       413
|   |-- Unreadable     400  the body, or a queue message, is not what it should be
|   `-- AtTheDesk           what only the desk says no with
|       |-- NotSignedIn     401  no token, or none that says who its owner is
|       |-- Forbidden       403  signed in, and not allowed
|       |-- WrongMethod     405
|       |-- Conflict        409  what is stored does not go with what is asked
|       |   |-- Held        409  another agent has the conversation
|       |   `-- OptedOut    409  the customer has asked for no more texts
|       |-- BeingWorkedOn   409  the same request is being worked on
|       |-- Changed         412  it is no longer what the caller has seen
|       `-- KeyReused       422  an Idempotency-Key that belongs to another request
|-- LostRace           the records were changed since they were loaded: load and decide again
`-- Misconfigured      a secret or setting is missing: somebody must mend the deployment
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType


class KesherError(Exception):
    pass


class Refusal(KesherError):
    status = HTTPStatus.BAD_REQUEST
    headers: Mapping[str, str] = MappingProxyType({})
    """What the answer carries beside its status."""


class NotFound(Refusal):
    status = HTTPStatus.NOT_FOUND


class BadSignature(Refusal):
    status = HTTPStatus.UNAUTHORIZED


class TooLarge(Refusal):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Unreadable(Refusal):
    status = HTTPStatus.BAD_REQUEST


class AtTheDesk(Refusal):
    pass


class NotSignedIn(AtTheDesk):
    status = HTTPStatus.UNAUTHORIZED
    headers = MappingProxyType({"www-authenticate": "Bearer"})


class Forbidden(AtTheDesk):
    status = HTTPStatus.FORBIDDEN


class WrongMethod(AtTheDesk):
    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, allowed: str) -> None:
        super().__init__(f"this resource takes {allowed}")
        self.headers = MappingProxyType({"allow": allowed})


class Conflict(AtTheDesk):
    status = HTTPStatus.CONFLICT


class Held(Conflict):
    def __init__(self, holder: str, what: str = "conversation") -> None:
        super().__init__(f"{holder} has this {what}")
        self.holder = holder


class OptedOut(Conflict):
    pass


class BeingWorkedOn(AtTheDesk):
    status = HTTPStatus.CONFLICT
    headers = MappingProxyType({"retry-after": "30"})


class Changed(AtTheDesk):
    status = HTTPStatus.PRECONDITION_FAILED


class KeyReused(AtTheDesk):
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class LostRace(KesherError):
    pass


class Misconfigured(KesherError):
    pass
