"""API Gateway's JWT authorizer: whose token it is, before any function is called.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html, last read
2026-11-25. It takes RSA signatures only, a key that the issuer publishes under the token's `kid`, its
issuer, an audience by `aud` (or by `client_id`, where there is no `aud`), and checks `exp`, `nbf` and
`iat` against the time. "Bearer " before the token may be left out. A function gets every claim as
text: a list as `[agent lead]`, a number in digits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt

from local.template import AuthorizerSpec

ALGORITHMS = ("RS256", "RS384", "RS512")
_UNTIMED: Any = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud"), False)
"""PyJWT would look at the machine's clock, and knows no `client_id`."""


class Unauthorized(Exception):
    """No good token; says why, which API Gateway tells nobody but in its header."""


def claims(
    spec: AuthorizerSpec, headers: Mapping[str, str], keys: Mapping[str, Any], now: datetime
) -> dict[str, str]:
    """What the token says, as a function is given it; `keys` is the issuer's JSON Web Key Set. Raises
    Unauthorized."""
    token = headers.get(spec.header, "")
    if token[:7].lower() == "bearer ":
        token = token[7:].strip()
    try:
        key = _key(jwt.get_unverified_header(token).get("kid"), keys)
        said = jwt.decode(token, key, ALGORITHMS, options=_UNTIMED, issuer=spec.issuer)
    except jwt.PyJWTError as error:
        raise Unauthorized(str(error)) from error
    _check_audience(spec, said)
    _check_times(said, now.timestamp())
    return {name: _as_text(value) for name, value in said.items()}


def _key(kid: str | None, keys: Mapping[str, Any]) -> jwt.PyJWK:
    for each in jwt.PyJWKSet.from_dict(dict(keys)).keys:
        if kid is not None and each.key_id == kid:
            return each
    raise Unauthorized("no key of that kid")


def _check_audience(spec: AuthorizerSpec, said: Mapping[str, Any]) -> None:
    given = said.get("aud", said.get("client_id"))
    audience = set(given) if isinstance(given, list) else {given}
    if not audience & set(spec.audience):
        raise Unauthorized("for another audience")


def _check_times(said: Mapping[str, Any], now: float) -> None:
    expires, begins = said.get("exp"), [said.get("nbf", 0), said.get("iat", 0)]
    if not isinstance(expires, int | float) or expires <= now:
        raise Unauthorized("expired")
    if not all(isinstance(each, int | float) and each <= now for each in begins):
        raise Unauthorized("not valid yet")


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
