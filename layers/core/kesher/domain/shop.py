"""A shop as its file describes it. One definition: Lambdas read it from plain JSON, the command line
checks the YAML against it and publishes its JSON Schema. `docs/shop-file.md` explains every key."""

from dataclasses import dataclass, field

# Read by the command line's validator; a plain dict, so that no Lambda needs it.
_STRICT = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True)
class Channel:
    """A messaging provider and the sender that customers see and write to."""

    __pydantic_config__ = _STRICT

    kind: str
    """The adapter's name, which is also its name in the webhook's URL."""
    sender: str
    """The number customers see, in international form (+972...), or the provider's sender id."""
    base_url: str | None = None
    """The provider's API at another address: a white label, or a test."""
    credentials: dict[str, str] = field(default_factory=dict, repr=False)
    """Name to secret reference: env:NAME on one machine, ssm:/path on AWS. Never a secret itself."""


@dataclass(frozen=True)
class Platform:
    """A shop system that posts order events."""

    __pydantic_config__ = _STRICT

    kind: str
    """The adapter's name, which is also its name in the webhook's URL."""
    secret: str
    """Reference to the secret its webhooks are signed with: env:NAME or ssm:/path."""
    previous_secret: str | None = None
    """Reference to the secret before it, accepted as well while the secret is being changed."""


@dataclass(frozen=True)
class Question:
    """A question the script can answer by itself."""

    __pydantic_config__ = _STRICT

    ask: dict[str, list[str]]
    """Language to the phrases customers use; a text that says one of them asks this."""
    answer: dict[str, str]
    """Language to the answer."""


@dataclass(frozen=True)
class Bot:
    """What is answered without a person."""

    __pydantic_config__ = _STRICT

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    """The standard questions: opening_hours, returns, shipping; each language to answer. How they
    are asked is known."""
    questions: dict[str, Question] = field(default_factory=dict)
    """The shop's own questions, by a name of your choice."""


@dataclass(frozen=True)
class Notices:
    """What buyers are told of their orders."""

    __pydantic_config__ = _STRICT

    told: list[str] = field(
        default_factory=lambda: ["confirmed", "shipped", "delivered", "cancelled", "refunded"]
    )
    """Which of confirmed, shipped, delivered, cancelled, refunded are told."""
    channel: str | None = None
    """Channel for buyers who have never written; the first one listed, unless given."""
    valid_hours: int = 12
    """A status older than this is not told: late news alarms more than it helps."""


@dataclass(frozen=True)
class QuietHours:
    """Local time, in the shop's time zone."""

    __pydantic_config__ = _STRICT

    start: str
    """From when order notices wait: "21:00"."""
    end: str
    """When they leave: "08:00"."""


@dataclass(frozen=True)
class Limits:
    __pydantic_config__ = _STRICT

    automatic_replies_per_hour: int = 12
    """Automatic replies to one customer before the script falls silent and a person is waited for."""
    quiet_hours: QuietHours | None = None
    """When order notices wait for the morning; answers to a customer who writes do not."""


@dataclass(frozen=True)
class Retention:
    __pydantic_config__ = _STRICT

    messages_days: int = 400
    """How long texts are kept. Consent and opt-outs are kept for ever."""


@dataclass(frozen=True)
class Door:
    """What the public door needs of a shop; kept apart, since the door uses no database."""

    shop: str
    country: str
    channels: list[Channel]
    platforms: list[Platform]


@dataclass(frozen=True, eq=False)
class Shop:
    """One shop, which is one tenant. Compared by identity, so that what is derived from it once
    (its phrasebook) can be kept beside it."""

    __pydantic_config__ = _STRICT

    shop: str
    """The shop's id in URLs: lower-case letters, digits and hyphens."""
    name: str
    """The shop's name as customers know it."""
    languages: list[str]
    """Languages of the shop, its own first: en, he, fa, ar, ru."""
    country: str
    """ISO 3166 code; numbers written without a country are read as numbers of this one."""
    timezone: str
    """IANA name, such as Asia/Jerusalem."""
    channels: list[Channel]
    platforms: list[Platform] = field(default_factory=list)
    bot: Bot = field(default_factory=Bot)
    notices: Notices = field(default_factory=Notices)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    """Language to text name to your own wording, in place of the one Kesher ships."""
    limits: Limits = field(default_factory=Limits)
    retention: Retention = field(default_factory=Retention)

    @property
    def door(self) -> Door:
        return Door(self.shop, self.country, self.channels, self.platforms)

    def route(self, channel: str | None, line: str | None) -> tuple[str, str]:
        """Channel and sender for a text to a customer who last wrote on `channel` to `line`."""
        kinds = {each.kind: each.sender for each in self.channels}
        if channel in kinds:
            return channel, line or kinds[channel]
        kind = self.notices.channel or self.channels[0].kind
        return kind, kinds[kind]
