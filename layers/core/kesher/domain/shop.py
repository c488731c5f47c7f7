"""A shop as its file describes it. One definition: Lambdas read it from plain JSON, the command line
checks the YAML against it and publishes its JSON Schema. `docs/shop-file.md` explains every key."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)

# Read by the command line's validator; a plain dict, so that no Lambda needs it.
_STRICT = {"extra": "forbid", "use_attribute_docstrings": True}

Level = Literal["agent", "lead", "owner"]
LEVELS: tuple[Level, ...] = ("agent", "lead", "owner")
"""What people may do at the desk; each may do what those before it may."""


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
class Team:
    """People who answer the same customers."""

    __pydantic_config__ = _STRICT

    id: str
    """Its id for agents[].teams: lower-case letters, digits and hyphens."""
    name: str
    """As people at the desk know it."""
    languages: list[str] = field(default_factory=list)
    """Languages it answers in; all of the shop's, unless given."""


@dataclass(frozen=True)
class Agent:
    """A person who works at the desk."""

    __pydantic_config__ = _STRICT

    id: str
    """Their id, which their sign-in carries as custom:agent: lower-case letters, digits and hyphens."""
    name: str
    """As customers know them."""
    role: str
    """Their title, as customers know it: "customer care"."""
    level: Level = "agent"
    """What they may do at the desk: agent, lead or owner."""
    teams: list[str] = field(default_factory=list)
    """Ids of the teams they are in."""
    languages: list[str] = field(default_factory=list)
    """Languages they answer in; all of the shop's, unless given."""
    hours: dict[Weekday, list[str]] | None = None
    """When they are there, written as `calendar.hours`; whenever the shop is open, unless given."""
    email: str | None = None
    """Where they are written to."""
    phone: str | None = None
    """Where alerts are texted to, in international form: "+972502345678"."""
    alerts: list[Literal["text", "email"]] = field(default_factory=lambda: ["text", "email"])
    """How they are alerted, as far as the file has the address."""

    def may(self, least: Level) -> bool:
        return LEVELS.index(self.level) >= LEVELS.index(least)


@dataclass(frozen=True)
class Question:
    """A question the script can answer by itself."""

    __pydantic_config__ = _STRICT

    ask: dict[str, list[str]]
    """Language to the phrases customers use; a text that says one of them asks this."""
    answer: dict[str, str]
    """Language to the answer."""
    label: dict[str, str] = field(default_factory=dict)
    """Language to what it is called when the customer is asked "did you mean"; the first phrase of
    `ask`, unless given."""


Said = dict[str, str] | str
"""Language to text; or the name of one of Kesher's texts, which `words` may have in other words."""


@dataclass(frozen=True)
class Choice:
    """One of the answers that a question offers."""

    __pydantic_config__ = _STRICT

    label: Said
    """What the customer reads beside its number, and may write instead of it."""
    go: str
    """The step that follows."""


@dataclass(frozen=True)
class Condition:
    """What must hold, all of it."""

    __pydantic_config__ = _STRICT

    hours: Literal["open", "closed"] | None = None
    """Whether people answer now, by `calendar`."""
    language: list[str] = field(default_factory=list)
    """The customer's language is one of these."""
    orders: (
        Literal["none", "some", "confirmed", "shipped", "delivered", "cancelled", "refunded"] | None
    ) = None
    """Whether the customer has orders, or what the newest has come to."""


Deed = Literal["answer", "orders", "message", "return", "hand_over", "close"]


@dataclass(frozen=True)
class Step:
    """One step of the script: it says something, then asks, branches, does one thing, or goes on."""

    __pydantic_config__ = _STRICT

    say: Said | None = None
    """Said before anything else."""
    ask: Said | None = None
    """A guiding question; `choices` are listed below it with their numbers."""
    choices: list[Choice] = field(default_factory=list)
    when: Condition | None = None
    """Where it holds the script goes to `go`, else to `otherwise`."""
    do: Deed | None = None
    """answer: what `topic` names, of `bot.answers` or `bot.questions`. orders: the customer's orders
    and what has become of them. message: takes the next text for a person. return: asks which order
    it is, if there are several, and hands over. hand_over: to a person. close: ends the conversation."""
    topic: str | None = None
    """For `do: answer`."""
    team: str | None = None
    """For `do: message`, `return` and `hand_over`: the id of the team that is asked."""
    go: str | None = None
    """The step that follows: after `say`, after `do: answer` or `orders`, and where `when` holds."""
    otherwise: str | None = None
    """The step that follows where `when` does not hold."""


@dataclass(frozen=True)
class Bot:
    """What is answered without a person."""

    __pydantic_config__ = _STRICT

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    """The standard questions: opening_hours, returns, shipping; each language to answer. How they
    are asked is known."""
    questions: dict[str, Question] = field(default_factory=dict)
    """The shop's own questions, by a name of your choice."""
    script: dict[str, Step] = field(default_factory=dict)
    """Steps by name, in place of Kesher's of the same name or beside them. `start` is where a customer
    begins who greets or asks for the menu."""
    topics: dict[str, str] = field(default_factory=dict)
    """What a text is about to the step that follows, where it is not Kesher's: greeting, menu, order,
    start_return, product, person, thanks, close, or the name of a question."""


@dataclass(frozen=True)
class Canned:
    """A reply that agents give again and again. They see it with its blanks filled in, change it as they
    like, and send it as their own."""

    __pydantic_config__ = _STRICT

    title: str
    """As people at the desk know it."""
    text: dict[str, str]
    """Language to text, in each that its teams answer in; docs/shop-file.md lists its blanks."""
    teams: list[str] = field(default_factory=list)
    """Ids of the teams it is for; all, unless given."""
    picture: str | None = None
    """The https address of a picture, which stands below the text."""


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
    parts_per_day: int | None = None
    """SMS parts that may be sent in a day of the shop's time zone. What is over waits, is looked at
    every 15 minutes, and expires when it is no longer true. 0 stops all texts; none is no limit."""
    quiet_hours: QuietHours | None = None
    """When order notices wait for the morning; answers to a customer who writes do not."""


@dataclass(frozen=True)
class Shabbat:
    """Closed from candle lighting to the end of Shabbat and of each festival on which no work is
    done, at a place: a city, or latitude and longitude."""

    __pydantic_config__ = _STRICT

    city: str | None = None
    """One of the cities that docs/shop-file.md lists."""
    latitude: float | None = None
    """Degrees north, in place of a city."""
    longitude: float | None = None
    """Degrees east, in place of a city."""
    diaspora: bool | None = None
    """Whether festivals have their second day; as the city has it, and otherwise not."""
    candle_minutes: int | None = None
    """Minutes before sunset at which candles are lit; the city's custom, and otherwise 18."""
    havdalah_minutes: int | None = None
    """Minutes after sunset at which the day ends; when three stars are out (the sun 8.5 degrees
    below the horizon), unless given."""
    before_minutes: int = 0
    """Minutes before candle lighting at which the shop closes."""
    after_minutes: int = 0
    """Minutes after the day's end at which it opens again."""


@dataclass(frozen=True)
class Holidays:
    """The public holidays of a country."""

    __pydantic_config__ = _STRICT

    country: str
    """ISO 3166 code in capitals: IL, IR, US."""
    region: str | None = None
    """Its part, such as NY, where holidays differ by it."""
    without: list[str] = field(default_factory=list)
    """Names of holidays on which the shop is open."""
    only: list[str] = field(default_factory=list)
    """Names of the days this is about, in place of all public holidays; also of days that are none."""
    close_at: str | None = None
    """The hour from which these days are closed, such as "13:00"; all day, unless given."""


@dataclass(frozen=True)
class Closed:
    """Days of the shop's own."""

    __pydantic_config__ = _STRICT

    first: date
    last: date | None = None
    """The same day, unless given."""
    hours: str | None = None
    """The hours of each of these days that are closed, such as "13:00-18:00"; all, unless given."""
    label: str = ""
    """What it is for, for whoever reads the file."""


@dataclass(frozen=True)
class OpeningHours:
    """When people answer. A shop without it is open day and night."""

    __pydantic_config__ = _STRICT

    hours: dict[Weekday, list[str]] | None = None
    """Weekday to its windows, such as "09:00-18:00", "20:00-02:00" past midnight, or "24h". A day
    that is not there is closed; without `hours` every day is open day and night."""
    shabbat: Shabbat | None = None
    """Closed on Shabbat and festivals."""
    holidays: list[Holidays] = field(default_factory=list)
    """Closed on public holidays."""
    eves_close_at: str | None = None
    """The hour at which the day before a festival or a holiday ends, such as "13:00"."""
    closed: list[Closed] = field(default_factory=list)
    """Closed on days of the shop's own."""


@dataclass(frozen=True)
class Service:
    """What customers are promised of people, in hours of the `calendar`."""

    __pydantic_config__ = _STRICT

    answer_minutes: int = 10
    """How soon a person answers when nobody else waits. All who wait before add as much, shared among
    those who are there: the agents of the team who know the language, by their `hours`."""
    target_hours: int = 12
    """The longest that is ever promised, and the time within which a person is to have answered."""
    reopen_hours: int = 72
    """A customer who writes so soon after a person closed is back in the same conversation."""


Asked = Literal["csat", "nps", "thumbs", "none"]


@dataclass(frozen=True)
class SurveyRules:
    """What customers are asked when a person has closed their conversation."""

    __pydantic_config__ = _STRICT

    scale: Asked = "csat"
    """csat: 1 to 5, how good the help was. nps: 0 to 10, whether they would recommend the shop.
    thumbs: whether they were helped. none: nothing is asked."""
    teams: dict[str, Asked] = field(default_factory=dict)
    """Ids of teams that are asked something else."""
    wait_minutes: int = 15
    """How long after the closing it is asked."""
    every_days: int = 14
    """Nobody is asked twice within so many days."""
    expires_hours: int = 72
    """An answer that comes later is kept, and not counted."""
    reminder: bool = False
    """Whether who has not answered is asked once more, a day later."""


Kind = Literal["low_rating", "waiting", "resolution", "undeliverable", "angry", "script_failing"]
KINDS: tuple[Kind, ...] = (
    *("low_rating", "waiting", "resolution", "undeliverable", "angry", "script_failing"),
)


@dataclass(frozen=True)
class Rung:
    """Who is alerted, and how long they have."""

    __pydantic_config__ = _STRICT

    to: list[str]
    """agent: who has the customer, or had them last. lead: the leads of that team. owner. chat: the
    rooms of `escalation.chat`. Or ids of agents."""
    minutes: int = 15
    """Of the calendar; then the next rung is alerted. By the clock, where the kind is urgent."""


@dataclass(frozen=True)
class OnCall:
    """Who is woken while the shop is closed."""

    __pydantic_config__ = _STRICT

    agent: str
    """Their id."""
    hours: dict[Weekday, list[str]] | None = None
    """When they may be, written as `calendar.hours`; whenever the shop is closed, unless given."""


@dataclass(frozen=True)
class Ladder:
    """What reaches the shop's people by itself, and whom, one after another."""

    __pydantic_config__ = _STRICT

    kinds: list[Kind] = field(default_factory=lambda: [*KINDS])
    """What is raised: low_rating, waiting, resolution, undeliverable, angry, script_failing."""
    first_minutes: int = 60
    """Of the calendar, within which a person is to have answered for the first time."""
    next_minutes: int = 60
    """The same, for every answer after that."""
    resolution_hours: int | None = None
    """Of the calendar, within which a conversation with people is to have ended; no such target,
    unless given."""
    rungs: list[Rung] = field(
        default_factory=lambda: [
            Rung(["agent", "chat"]),
            Rung(["lead"]),
            Rung(["owner"], minutes=30),
        ]
    )
    """From the first to be alerted to the last."""
    urgent: list[Kind] = field(default_factory=list)
    """Kinds that wake whoever is on call; all others wait for the opening."""
    on_call: list[OnCall] = field(default_factory=list)
    """In the order they are woken in."""
    angry: dict[str, list[str]] = field(default_factory=dict)
    """Language to words of anger, beside Kesher's."""
    email: str | None = None
    """The channel that e-mails alerts."""
    chat: list[str] = field(default_factory=list)
    """The channels that post alerts to a room."""


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
    calendar: OpeningHours = field(default_factory=OpeningHours)
    teams: list[Team] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    bot: Bot = field(default_factory=Bot)
    canned: dict[str, Canned] = field(default_factory=dict)
    """Replies for the agents, by a name of your choice."""
    notices: Notices = field(default_factory=Notices)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    """Language to text name to your own wording, in place of the one Kesher ships."""
    service: Service = field(default_factory=Service)
    survey: SurveyRules | None = None
    escalation: Ladder = field(default_factory=Ladder)
    limits: Limits = field(default_factory=Limits)
    retention: Retention = field(default_factory=Retention)

    @property
    def door(self) -> Door:
        return Door(self.shop, self.country, self.channels, self.platforms)

    def agent(self, id: str) -> Agent | None:
        return next((each for each in self.agents if each.id == id), None)

    def route(self, channel: str | None, line: str | None) -> tuple[str, str]:
        """Channel and sender for a text to a customer who last wrote on `channel` to `line`."""
        kinds = {each.kind: each.sender for each in self.channels if self.is_for_texts(each.kind)}
        if channel in kinds:
            return channel, line or kinds[channel]
        kind = self.notices.channel or next(iter(kinds))
        return kind, kinds[kind]

    def is_for_texts(self, channel: str) -> bool:
        """Whether customers are reached there; the others carry alerts."""
        return channel not in {self.escalation.email, *self.escalation.chat}

    def sender(self, channel: str | None) -> str | None:
        """None where the shop has no such channel."""
        return next((each.sender for each in self.channels if each.kind == channel), None)
