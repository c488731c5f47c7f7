"""Shop files: read, checked, and complained about with file, line and mend."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import phonenumbers
import pydantic
import yaml
from babel import Locale

from kesher import channels, platforms, words
from kesher.domain import sms
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.render import fields, render
from kesher.domain.shop import Agent, Shop
from kesher.errors import NotFound
from local import cannedcheck, laddercheck, openinghours, scriptcheck, surveycheck
from local.fault import Fault, Path_

SHOP: pydantic.TypeAdapter[Shop] = pydantic.TypeAdapter(Shop)
NOTICES = ("confirmed", "shipped", "delivered", "cancelled", "refunded")
TOPICS = ("opening_hours", "returns", "shipping")
LONGEST_TEXT = 1600
EXAMPLE = {
    **{"order": "#1001", "amount": "199.90", "carrier": "Israel Post"},
    **{"tracking": "RR123456785IL", "name": "Maya", "time": "14:30", "weekday": "Sunday"},
    **{"date": "24 December", "day": "on 24 December", "when": "on Sunday at 14:30"},
    **{"role": "customer care", "agent": "Dana", "sender": "+972552345678", "code": "048213"},
    **{"low": "1", "top": "5", "count": "3"},
    **{"state": "on its way", "asked": "The bottle came broken", "answer": "We send a new one"},
}
"""Values of the usual length, for what a text with `{fields}` costs."""
ID = r"[a-z0-9][a-z0-9-]{0,39}"


class BadShopFile(Exception):
    def __init__(self, file: Path, faults: list[Fault], node: yaml.Node | None) -> None:
        placed = sorted(((_line(node, each.where), each) for each in faults), key=lambda p: p[0])
        lines = (
            f"{file}:{line}: {_dotted(fault.where)}{fault.what}\n    {fault.mend}"
            for line, fault in placed
        )
        super().__init__("\n".join(lines))
        self.faults = faults


def read(file: Path) -> Shop:
    """The shop in a file; raises BadShopFile with every fault found."""
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise BadShopFile(
            file, [Fault((), str(error), "Give the path of a shop file.")], None
        ) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = Fault((line,), f"not YAML: {error.problem}", "Indentation or quoting is off here.")
        raise BadShopFile(file, [fault], None) from error
    if not isinstance(document, dict):
        fault = Fault((), "not a shop file", "Begin with `shop:`, as examples/demo-shop.yaml does.")
        raise BadShopFile(file, [fault], node)
    if twice := [*_twice(node)]:
        raise BadShopFile(file, twice, node)
    try:
        shop = SHOP.validate_python(document)
    except pydantic.ValidationError as error:
        raise BadShopFile(file, [_fault(each) for each in error.errors()], node) from error
    faults = [
        *_shop_faults(shop),
        *_channel_faults(shop),
        *_people_faults(shop),
        *laddercheck.faults(shop),
        *_text_faults(shop),
    ]
    if faults:
        raise BadShopFile(file, faults, node)
    return shop


def schema() -> dict[str, Any]:
    """The JSON Schema that is published beside `docs/shop-file.md`."""
    return SHOP.json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


@dataclass(frozen=True)
class Cost:
    """What one sending of a text of the shop's costs."""

    where: str
    language: str
    plan: sms.Plan
    dear: sms.Dear | None
    """The few characters that make it dearer than it need be."""


def costs(shop: Shop) -> list[Cost]:
    """Every text of the file, as it is sent: its values are those of EXAMPLE."""
    return [
        Cost(where, language, sms.plan(sms.plain(text)), sms.dear(text))
        for where, language, text in _written(shop)
    ]


def _written(shop: Shop) -> Iterator[tuple[str, str, str]]:
    for topic, texts in shop.bot.answers.items():
        yield from ((f"bot.answers.{topic}", code, text) for code, text in texts.items())
    for name, question in shop.bot.questions.items():
        yield from ((f"bot.questions.{name}", code, text) for code, text in question.answer.items())
    for path, code, text in scriptcheck.told(shop):
        yield ".".join(map(str, path)), code, text
    for path, code, text in cannedcheck.told(shop):
        yield ".".join(map(str, path[:-1])), code, text
    for code, texts in shop.words.items():
        yield from (
            (f"words.{name}", code, _filled(shop, text, code)) for name, text in texts.items()
        )


def _filled(shop: Shop, template: str, code: str) -> str:
    values = EXAMPLE | {"shop": shop.name}
    return render(template, values, right_to_left=code in RIGHT_TO_LEFT)


def _twice(root: yaml.Node | None) -> Iterator[Fault]:
    """YAML takes the last of two keys of one name, and says nothing. What is anchored is looked at once,
    wherever else it is named."""
    waiting: list[tuple[Path_, yaml.Node | None]] = [((), root)]
    looked_at: set[int] = set()
    while waiting:
        where, node = waiting.pop()
        if id(node) not in looked_at and isinstance(node, yaml.CollectionNode):
            looked_at.add(id(node))
            inner = [*_inside(node)]
            keys = [key for key, _ in inner]
            for n, (key, value) in enumerate(inner):
                if key in keys[:n]:
                    mend = "Remove one, or give it another name."
                    yield Fault((*where, key), "is there twice", mend)
                waiting.append(((*where, key), value))


def _inside(node: yaml.CollectionNode) -> Iterator[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)
    else:
        yield from enumerate(node.value)


def _fault(error: Any) -> Fault:
    where, kind = tuple(step for step in error["loc"] if step != "[key]"), error["type"]
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return Fault(
            where, "unknown key", "Remove it, or look for its spelling in docs/shop-file.md."
        )
    if kind in {"missing", "missing_argument"}:
        return Fault(where, "missing", "Add it; docs/shop-file.md says what belongs there.")
    if kind == "string_type" and isinstance(error["input"], int | float):
        mend = f"Quote it: YAML reads a number here, {error['input']!r}."
        return Fault(where, error["msg"].lower(), mend)
    return Fault(where, error["msg"].lower(), f"It is {error['input']!r} now.")


def _shop_faults(shop: Shop) -> list[Fault]:
    faults = []
    if not re.fullmatch(ID, shop.shop):
        mend = "Use 1 to 40 lower-case letters, digits and hyphens; it stands in URLs."
        faults.append(Fault(("shop",), f"{shop.shop!r} is no shop id", mend))
    if not shop.languages:
        faults.append(Fault(("languages",), "empty", "Name at least one language."))
    for n, code in enumerate(shop.languages):
        if code not in words.LANGUAGES:
            mend = f"Kesher ships texts in {', '.join(words.LANGUAGES)}."
            faults.append(Fault(("languages", n), f"{code!r} is not spoken", mend))
    if shop.country not in phonenumbers.SUPPORTED_REGIONS:
        mend = "Give an ISO 3166 code in capitals, such as IL."
        faults.append(Fault(("country",), f"{shop.country!r} is no country", mend))
    faults += [
        Fault(
            ("notices", "told", n), f"{kind!r} is no notice", f"Choose from {', '.join(NOTICES)}."
        )
        for n, kind in enumerate(shop.notices.told)
        if kind not in NOTICES
    ]
    if shop.retention.messages_days < 1:
        mend = "Keep texts for a day at least: a text that is gone would be taken for a lost one."
        faults.append(Fault(("retention", "messages_days"), "less than a day", mend))
    if (shop.limits.parts_per_day or 0) < 0:
        mend = "Give a whole number; 0 stops all texts, and without the key there is no limit."
        faults.append(Fault(("limits", "parts_per_day"), "is less than nothing", mend))
    faults += _timezone_faults(shop) or openinghours.faults(shop)
    faults += [*scriptcheck.faults(shop), *surveycheck.faults(shop)]
    return [*faults, *_canned_faults(shop)]


def _canned_faults(shop: Shop) -> list[Fault]:
    """Where a language is not spoken, what is said in it is not looked at yet."""
    spoken = set(shop.languages) <= set(words.LANGUAGES)
    return cannedcheck.faults(shop) if spoken else []


def _timezone_faults(shop: Shop) -> list[Fault]:
    import zoneinfo  # noqa: PLC0415

    try:
        zoneinfo.ZoneInfo(shop.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        mend = "Give an IANA name, such as Asia/Jerusalem."
        return [Fault(("timezone",), f"{shop.timezone!r} is no time zone", mend)]
    return []


def _channel_faults(shop: Shop) -> list[Fault]:
    faults = []
    if not shop.channels:
        faults.append(Fault(("channels",), "empty", "Without a channel nobody can be answered."))
    for key, kinds in (
        ("channels", [each.kind for each in shop.channels]),
        ("platforms", [each.kind for each in shop.platforms]),
    ):
        faults += [
            Fault((key, n, "kind"), f"{kind!r} is there twice", "One of a kind, for now.")
            for n, kind in enumerate(kinds)
            if kind in kinds[:n]
        ]
    for n, channel in enumerate(shop.channels):
        if channel.base_url and not re.match(r"https?://[^/\s]", channel.base_url):
            mend = "Begin with https://."
            faults.append(Fault(("channels", n, "base_url"), "is no address", mend))
        faults += _credential_faults(n, channel.kind, channel.credentials)
    for n, platform in enumerate(shop.platforms):
        if platform.kind not in platforms.NAMES:
            mend = f"Choose from {', '.join(sorted(platforms.NAMES))}."
            faults.append(Fault(("platforms", n, "kind"), f"no platform {platform.kind!r}", mend))
        faults += _reference_faults(("platforms", n, "secret"), platform.secret)
        if platform.previous_secret is not None:
            where = ("platforms", n, "previous_secret")
            faults += _reference_faults(where, platform.previous_secret)
    known = {each.kind for each in shop.channels}
    if shop.notices.channel and shop.notices.channel not in known:
        mend = f"Name one of the shop's channels: {', '.join(sorted(known))}."
        faults.append(Fault(("notices", "channel"), f"no channel {shop.notices.channel!r}", mend))
    return faults


def _credential_faults(n: int, kind: str, given: dict[str, str]) -> list[Fault]:
    try:
        wanted = channels.sender(kind).CREDENTIALS
    except NotFound:
        mend = f"Choose from {', '.join(sorted(channels.NAMES))}."
        return [Fault(("channels", n, "kind"), f"no channel {kind!r}", mend)]
    faults = [
        Fault(
            ("channels", n, "credentials"),
            f"{name} is missing",
            f"Add {name}: env:NAME or ssm:/path.",
        )
        for name in sorted(wanted - set(given))
    ]
    for name, reference in given.items():
        faults += _reference_faults(("channels", n, "credentials", name), reference)
    return faults


def _reference_faults(where: Path_, reference: str) -> list[Fault]:
    if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*|ssm:/[\w./-]+", reference):
        return []
    mend = "Write env:NAME or ssm:/path; a secret itself never stands in a shop file."
    return [Fault(where, "is not a reference to a secret", mend)]


def _people_faults(shop: Shop) -> list[Fault]:
    faults: list[Fault] = []
    for key, ids in (
        ("teams", [each.id for each in shop.teams]),
        ("agents", [each.id for each in shop.agents]),
    ):
        for n, id in enumerate(ids):
            if not re.fullmatch(ID, id):
                mend = "Use 1 to 40 lower-case letters, digits and hyphens."
                faults.append(Fault((key, n, "id"), f"{id!r} is no id", mend))
            if id in ids[:n]:
                mend = "Give each its own; history names people by it."
                faults.append(Fault((key, n, "id"), f"{id!r} is there twice", mend))
    for n, team in enumerate(shop.teams):
        faults += _language_faults(("teams", n, "languages"), team.languages, shop)
    emails = [(each.email or "").casefold() for each in shop.agents]
    for n, agent in enumerate(shop.agents):
        faults += _language_faults(("agents", n, "languages"), agent.languages, shop)
        faults += _team_faults(n, agent, shop)
        if agent.email is not None:
            faults += _email_faults(n, emails)
    return faults


def _language_faults(where: Path_, codes: list[str], shop: Shop) -> list[Fault]:
    mend = f"The shop's languages are {', '.join(shop.languages)}."
    return [
        Fault((*where, n), f"{code!r} is no language of the shop", mend)
        for n, code in enumerate(codes)
        if code not in shop.languages
    ]


def _team_faults(n: int, agent: Agent, shop: Shop) -> list[Fault]:
    known = [each.id for each in shop.teams]
    mend = f"The teams are {', '.join(known)}." if known else "Add it under teams."
    return [
        Fault(("agents", n, "teams", m), f"no team {team!r}", mend)
        for m, team in enumerate(agent.teams)
        if team not in known
    ]


def _email_faults(n: int, emails: list[str]) -> list[Fault]:
    where = ("agents", n, "email")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", emails[n]):
        return [Fault(where, "is no e-mail address", "Write it as name@shop.example.")]
    if emails[n] in emails[:n]:
        return [Fault(where, "is another agent's", "People sign in by it: one each.")]
    return []


def _text_faults(shop: Shop) -> list[Fault]:
    faults = [
        Fault(
            ("bot", "answers", topic),
            "is no standard question",
            f"Choose from {', '.join(TOPICS)}.",
        )
        for topic in shop.bot.answers
        if topic not in TOPICS
    ]
    answers: list[tuple[Path_, dict[str, str]]] = [
        (("bot", "answers", topic), texts) for topic, texts in shop.bot.answers.items()
    ]
    answers += [
        (("bot", "questions", name, "answer"), question.answer)
        for name, question in shop.bot.questions.items()
    ]
    for where, texts in answers:
        faults += [
            Fault(
                (*where, language), f"has {len(text)} characters", "No provider takes over 1,600."
            )
            for language, text in texts.items()
            if len(text) > LONGEST_TEXT
        ]
        if shop.languages and shop.languages[0] not in texts:
            name = Locale(shop.languages[0]).english_name
            mend = f"Answer in {name} at least, the shop's own language."
            faults.append(Fault(where, "is not answered in the shop's own language", mend))
    for language, texts in shop.words.items():
        faults += _word_faults(language, texts)
    return faults


def _word_faults(language: str, texts: dict[str, str]) -> list[Fault]:
    if language not in words.LANGUAGES:
        mend = f"Kesher speaks {', '.join(words.LANGUAGES)}."
        return [Fault(("words", language), "is not spoken", mend)]
    shipped, faults = words.texts(language), []
    for name, text in texts.items():
        if name not in shipped:
            mend = f"The texts are {', '.join(sorted(shipped))}."
            faults.append(Fault(("words", language, name), "is no text of Kesher's", mend))
        elif extra := fields(text) - fields(shipped[name]) - {"shop"}:
            given = ", ".join(f"{{{each}}}" for each in sorted(fields(shipped[name]) | {"shop"}))
            what = f"asks for {', '.join(f'{{{each}}}' for each in sorted(extra))}"
            faults.append(Fault(("words", language, name), what, f"It is given {given}."))
    return faults


def _line(node: yaml.Node | None, where: Path_) -> int:
    """The line of the deepest part of the path that is in the file."""
    if node is None:
        return where[0] if where and isinstance(where[0], int) else 1
    line = node.start_mark.line
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if step not in pairs:
                break
            line, node = pairs[step][0].start_mark.line, pairs[step][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
    return int(line) + 1


def _dotted(where: Path_) -> str:
    return ".".join(map(str, where)) + ": " if where and isinstance(where[0], str) else ""
