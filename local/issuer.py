"""In place of the user pool: signs tokens for the people of the shop file, whoever asks.

Its endpoints are Cognito's, so that a page signs in here as it does there: the code flow with PKCE.
Its key is made when it is first needed, and forgotten with the process.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from kesher.domain.shop import Agent, Shop
from local.template import AuthorizerSpec

VALID = timedelta(minutes=15)
"""As template.yaml has it."""
CODE_VALID = timedelta(minutes=5)
REFRESH_VALID = timedelta(hours=12)


class NoToken(ValueError):
    """What an OAuth client did wrong; its text is the error code of RFC 6749."""


@dataclass(frozen=True)
class Key:
    """A key pair and the name it is published under."""

    kid: str
    private: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def made(cls, kid: str) -> "Key":
        return cls(kid, rsa.generate_private_key(public_exponent=65537, key_size=2048))

    def published(self) -> dict[str, Any]:
        public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {**public, "kid": self.kid, "use": "sig", "alg": "RS256"}


@lru_cache(maxsize=1)
def own_key() -> Key:
    return Key.made("local-1")


@dataclass(frozen=True)
class _Grant:
    agent: str
    until: datetime
    redirect_uri: str = ""
    challenge: str = ""


@dataclass
class Issuer:
    spec: AuthorizerSpec
    callbacks: tuple[str, ...]
    shop: Shop
    now: Callable[[], datetime]
    _grants: dict[str, _Grant] = field(default_factory=dict)
    """Codes and refresh tokens that may still be used."""

    @property
    def client(self) -> str:
        return self.spec.audience[0]

    def keys(self) -> dict[str, Any]:
        """Its JSON Web Key Set."""
        return {"keys": [own_key().published()]}

    def token(
        self,
        agent: Agent,
        claims: Mapping[str, Any] = MappingProxyType({}),
        shop: str | None = None,
        key: Key | None = None,
    ) -> str:
        """An ID token as the user pool would give this agent; `claims` go over it, None takes one
        away."""
        whole = self.claims(agent, shop or self.shop.shop, "id") | {
            "aud": self.client,
            "cognito:groups": [agent.level],
            "custom:shop": shop or self.shop.shop,
            "custom:agent": agent.id,
            **({"email": agent.email, "email_verified": True} if agent.email else {}),
            **claims,
        }
        return _signed({k: v for k, v in whole.items() if v is not None}, key or own_key())

    def access_token(self, agent: Agent) -> str:
        """It says nothing of the shop, so the desk does not take it."""
        access = {"client_id": self.client, "scope": "openid", "cognito:groups": [agent.level]}
        return _signed(self.claims(agent, self.shop.shop, "access") | access, own_key())

    def claims(self, agent: Agent, shop: str, use: Literal["id", "access"]) -> dict[str, Any]:
        """What both kinds of token say."""
        now = self.now()
        sub = str(uuid5(NAMESPACE_URL, f"{self.spec.issuer}/{shop}/{agent.id}"))
        return {
            "sub": sub,
            "iss": self.spec.issuer,
            "token_use": use,
            "cognito:username" if use == "id" else "username": sub,
            "auth_time": int(now.timestamp()),
            "iat": int(now.timestamp()),
            "exp": int((now + VALID).timestamp()),
            "jti": secrets.token_hex(16),
        }

    # --- the code flow, RFC 6749 and 7636 ---------------------------------------------------------

    def back(self, agent: str, asked: dict[str, str]) -> str:
        """Where somebody who has said who they are is sent, with a code in the address. `asked` is the
        query of the authorize endpoint. Raises NoToken."""
        redirect_uri = asked.get("redirect_uri", "")
        if asked.get("client_id") != self.client or redirect_uri not in self.callbacks:
            raise NoToken("unauthorized_client")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            raise NoToken("invalid_request")
        if self.shop.agent(agent) is None:
            raise NoToken("access_denied")
        challenge, until = asked.get("code_challenge", ""), self.now() + CODE_VALID
        code = self._granted(_Grant(agent, until, redirect_uri, challenge))
        return f"{redirect_uri}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def exchanged(self, form: dict[str, str]) -> dict[str, Any]:
        """Tokens for a code or a refresh token; raises NoToken."""
        if form.get("client_id") != self.client:
            raise NoToken("invalid_client")
        match form.get("grant_type"):
            case "authorization_code":
                return self._given(self._used_code(form), with_refresh=True)
            case "refresh_token":
                return self._given(self._known(form.get("refresh_token", "")), with_refresh=False)
        raise NoToken("unsupported_grant_type")

    def revoked(self, form: dict[str, str]) -> None:
        """A refresh token that is used no more; one that is unknown is none, as with Cognito."""
        self._grants.pop(form.get("token", ""), None)

    def out(self, asked: dict[str, str]) -> str:
        """Where somebody who signs out is sent; raises NoToken."""
        back = asked.get("logout_uri", "")
        if asked.get("client_id") != self.client or back not in self.callbacks:
            raise NoToken("unauthorized_client")
        return back

    def _used_code(self, form: dict[str, str]) -> _Grant:
        """A code is good once."""
        grant = self._known(form.get("code", ""))
        del self._grants[form["code"]]
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not secrets.compare_digest(proof, grant.challenge):
            raise NoToken("invalid_grant")
        if form.get("redirect_uri", "") != grant.redirect_uri:
            raise NoToken("invalid_grant")
        return grant

    def _known(self, name: str) -> _Grant:
        grant = self._grants.get(name)
        if grant is None or grant.until <= self.now():
            raise NoToken("invalid_grant")
        return grant

    def _given(self, grant: _Grant, *, with_refresh: bool) -> dict[str, Any]:
        agent = self.shop.agent(grant.agent)
        if agent is None:
            raise NoToken("invalid_grant")
        refresh = _Grant(agent.id, self.now() + REFRESH_VALID)
        return {
            "id_token": self.token(agent),
            "access_token": self.access_token(agent),
            "token_type": "Bearer",
            "expires_in": int(VALID.total_seconds()),
            **({"refresh_token": self._granted(refresh)} if with_refresh else {}),
        }

    def _granted(self, grant: _Grant) -> str:
        name = secrets.token_urlsafe(24)
        self._grants[name] = grant
        return name


def _signed(claims: dict[str, Any], key: Key) -> str:
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})
