"""Everything Kesher raises on purpose.

KesherError
|-- Refusal            the door says no, and the caller is told why
|   |-- NotFound       404  no such shop, channel, platform or route
|   |-- BadSignature   401  whatever is wrong with it
|   |-- TooLarge       413
|   `-- Unreadable     400  the body, or a queue message, is not what it should be
|-- LostRace           the records were changed since they were loaded: load and decide again
`-- Misconfigured      a secret or setting is missing: somebody must mend the deployment
"""

from http import HTTPStatus


class KesherError(Exception):
    pass


class Refusal(KesherError):
    status = HTTPStatus.BAD_REQUEST


class NotFound(Refusal):
    status = HTTPStatus.NOT_FOUND


class BadSignature(Refusal):
    status = HTTPStatus.UNAUTHORIZED


class TooLarge(Refusal):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Unreadable(Refusal):
    status = HTTPStatus.BAD_REQUEST


class LostRace(KesherError):
    pass


class Misconfigured(KesherError):
    pass
