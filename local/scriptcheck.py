"""What is wrong with a shop's script, before a customer finds out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from kesher import words
from kesher.domain import scene, script, sms
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.render import fields, render
from kesher.domain.shop import Condition, Said, Shop, Step
from local.fault import Fault, Path_

MOST_PARTS = 4
TOPICS = ("opening_hours", "returns", "shipping")
PEOPLE = frozenset({"hand_over", "message", "return"})
NAME = r"[a-z][a-z0-9_]{0,39}"


def faults(shop: Shop) -> list[Fault]:
    """Nothing that is not the shop's own is complained about; where a step's name is wrong, what
    follows from it is not looked at yet."""
    shape = [*chain.from_iterable(_shape(shop, name) for name in shop.bot.script), *_routes(shop)]
    spoken = shop.languages and set(shop.languages) <= set(words.LANGUAGES)
    if shape or not spoken:
        return shape
    unsaid = [*_texts(shop)]
    return [*_ways(shop), *(unsaid or _costs(shop))]


def texts(shop: Shop) -> Iterator[tuple[Path_, Said]]:
    """Every text of the shop's own steps, and where it stands."""
    for name, step in shop.bot.script.items():
        where = ("bot", "script", name)
        yield from (((*where, key), said) for key in ("say", "ask") if (said := getattr(step, key)))
        yield from (((*where, "choices", n, "label"), e.label) for n, e in enumerate(step.choices))


def told(shop: Shop) -> Iterator[tuple[Path_, str, str]]:
    """Where each text of the shop's own steps stands, and what a customer of each language gets: a
    question with all of its choices."""
    for name, step in shop.bot.script.items():
        where = ("bot", "script", name)
        for code in shop.languages:
            if step.say:
                yield (*where, "say"), code, _text(shop, step.say, code)
            if step.ask:
                labels = [_text(shop, each.label, code) for each in step.choices]
                yield (*where, "ask"), code, scene.menu(_text(shop, step.ask, code), labels)


def _text(shop: Shop, said: Said, code: str) -> str:
    if isinstance(said, str):
        template = (words.texts(code) | shop.words.get(code, {})).get(said, "")
    else:
        template = said.get(code) or said.get(shop.languages[0], "")
    return render(template, {"shop": shop.name}, right_to_left=code in RIGHT_TO_LEFT)


# --- each step by itself ------------------------------------------------------------------------------


def _shape(shop: Shop, name: str) -> Iterator[Fault]:
    step, where = shop.bot.script[name], ("bot", "script", name)
    if not re.fullmatch(NAME, name):
        mend = "Use lower-case letters, digits and _, such as `gift_card`."
        yield Fault(where, "is no name for a step", mend)
    kinds = [key for key in ("ask", "when", "do") if getattr(step, key)]
    if len(kinds) > 1:
        mend = "Make two steps of it, the one going to the other."
        yield Fault(where, f"has both {kinds[0]} and {kinds[1]}", mend)
    if not kinds and not (step.say or step.go or step.choices):
        yield Fault(where, "does nothing", "Give it say, ask, when, do or go.")
    if bool(step.ask) != bool(step.choices):
        missing = "choices" if step.ask else "ask"
        yield Fault(where, f"has no {missing}", "A question needs ask and choices.")
    if (step.do == "answer") != (step.topic is not None):
        yield Fault((*where, "topic"), "belongs to `do: answer`", "One is not without the other.")
    if step.topic and step.topic not in _topics(shop):
        mend = f"The questions are {', '.join(sorted(_topics(shop)))}."
        yield Fault((*where, "topic"), f"no question {step.topic!r}", mend)
    yield from _branches(step, where)
    yield from _team(shop, step, where)
    yield from _unspoken(shop, step, where)
    yield from _nowhere(shop, step, where)


def _topics(shop: Shop) -> set[str]:
    return {*TOPICS, *shop.bot.questions}


def _branches(step: Step, where: Path_) -> Iterator[Fault]:
    if step.when and not (step.go and step.otherwise):
        mend = "Say where it goes when it holds (go), and when it does not (otherwise)."
        yield Fault((*where, "when"), "leads to one side only", mend)
    if step.when == Condition():
        mend = "Ask for hours, language or orders; or remove it, and otherwise with it."
        yield Fault((*where, "when"), "always holds", mend)
    if step.otherwise and not step.when:
        mend = "It belongs to `when`; use go."
        yield Fault((*where, "otherwise"), "is never reached", mend)
    if step.go and step.ask:
        mend = "A question goes where its choices go."
        yield Fault((*where, "go"), "is never reached", mend)
    if step.go and step.do in PEOPLE | {"close"}:
        mend = f"After `do: {step.do}` the script is over."
        yield Fault((*where, "go"), "is never reached", mend)


def _team(shop: Shop, step: Step, where: Path_) -> Iterator[Fault]:
    known = [each.id for each in shop.teams]
    if step.team and step.do not in PEOPLE:
        mend = f"It belongs to `do: {', '.join(sorted(PEOPLE))}`."
        yield Fault((*where, "team"), "is never asked", mend)
    elif step.team and step.team not in known:
        mend = f"The teams are {', '.join(known)}." if known else "Add it under teams."
        yield Fault((*where, "team"), f"no team {step.team!r}", mend)


def _unspoken(shop: Shop, step: Step, where: Path_) -> Iterator[Fault]:
    for code in step.when.language if step.when else ():
        if code not in shop.languages:
            what = f"never holds: no customer speaks {code!r} here"
            mend = f"The shop's languages are {', '.join(shop.languages)}."
            yield Fault((*where, "when", "language"), what, mend)


def _nowhere(shop: Shop, step: Step, where: Path_) -> Iterator[Fault]:
    known = script.steps(shop)
    goes: list[tuple[Path_, str | None]] = [(("go",), step.go), (("otherwise",), step.otherwise)]
    goes += [(("choices", n, "go"), each.go) for n, each in enumerate(step.choices)]
    for key, name in goes:
        if name is not None and name not in known:
            yield Fault((*where, *key), f"no step {name!r}", f"The steps are {', '.join(known)}.")


def _routes(shop: Shop) -> Iterator[Fault]:
    known = script.steps(shop)
    for topic, name in shop.bot.topics.items():
        if name not in known:
            mend = f"The steps are {', '.join(known)}."
            yield Fault(("bot", "topics", topic), f"no step {name!r}", mend)
        if topic not in words.topics() | _topics(shop):
            mend = f"What is understood is {', '.join(sorted(words.topics() | _topics(shop)))}."
            yield Fault(("bot", "topics", topic), "is nothing that is understood", mend)


# --- how steps follow each other ----------------------------------------------------------------------


def _ways(shop: Shop) -> Iterator[Fault]:
    known = script.steps(shop)
    reached = _reached(known, script.routes(shop).values())
    yield from _unanswered(shop, known)
    yield from _too_long_with_ours(shop, known)
    for name in shop.bot.script:
        where = ("bot", "script", name)
        if name not in reached:
            mend = "Go to it from a step, or from a topic under bot.topics; or remove it."
            yield Fault(where, "cannot be reached", mend)
        elif circle := _circle(known, name):
            mend = "Ask something, hand over, or end it on the way."
            yield Fault(where, f"goes round for ever: {' > '.join(circle)}", mend)
        elif known[name].ask and not _leads_to_a_person(known, name):
            mend = "Add a choice that goes to `person`, Kesher's step that hands over."
            yield Fault((*where, "choices"), "none leads to a person", mend)
        elif (most := _questions(known, name, ())) > scene.MOST_QUESTIONS:
            what = f"asks up to {most} questions before an answer or a person"
            mend = f"Ask at most {scene.MOST_QUESTIONS}: answer, or hand over, earlier."
            yield Fault(where, what, mend)


def _too_long_with_ours(shop: Shop, known: Mapping[str, Step]) -> Iterator[Fault]:
    """Kesher's own steps ask before they come to the shop's."""
    for name in sorted({*script.routes(shop).values()} - {*shop.bot.script}):
        if (most := _questions(known, name, ())) > scene.MOST_QUESTIONS:
            mend = f"Ask less in what follows {name!r}, or write a {name!r} of your own."
            what = f"Kesher's {name!r} now leads to {most} questions before an answer or a person"
            yield Fault(("bot", "script"), what, mend)


def _unanswered(shop: Shop, known: Mapping[str, Step]) -> Iterator[Fault]:
    """Whoever asks for a person has one, whatever the shop's script is."""
    begins = script.routes(shop)["person"]
    where = (
        ("bot", "topics", "person") if "person" in shop.bot.topics else ("bot", "script", begins)
    )
    if not _always_a_person(known, begins, ()):
        mend = "Let each way from here end in `do: hand_over`, `message` or `return`."
        yield Fault(where, "gives no person to whoever asks for one", mend)


def _always_a_person(known: Mapping[str, Step], name: str, way: tuple[str, ...]) -> bool:
    step = known[name]
    if step.do in PEOPLE or name in way:
        return step.do in PEOPLE
    after = _follows(step)
    return bool(after) and all(_always_a_person(known, each, (*way, name)) for each in after)


def _follows(step: Step) -> list[str]:
    after = [step.go, step.otherwise, *(each.go for each in step.choices)]
    return [each for each in after if each is not None]


def _reached(known: Mapping[str, Step], names: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _follows(known[name])
    return reached


def _circle(known: Mapping[str, Step], start: str) -> list[str]:
    """A way back to this step on which no customer is asked anything."""
    ways = [[start]]
    while ways:
        way = ways.pop()
        step = known[way[-1]]
        for name in () if step.ask else _follows(step):
            if name == start:
                return [*way, start]
            if name not in way:
                ways.append([*way, name])
    return []


def _leads_to_a_person(known: Mapping[str, Step], name: str) -> bool:
    return any(known[each].do in PEOPLE for each in _reached(known, [name]))


def _questions(known: Mapping[str, Step], name: str, way: tuple[str, ...]) -> int:
    """The most guiding questions from here on, up to an answer or a person."""
    step = known[name]
    if name in way:
        return scene.MOST_QUESTIONS + 1 if step.ask else 0
    own = bool(step.ask) + (step.do in {"message", "return"})
    after = [] if step.do else _follows(step)
    return own + max((_questions(known, each, (*way, name)) for each in after), default=0)


# --- what is said -------------------------------------------------------------------------------------


def _texts(shop: Shop) -> Iterator[Fault]:
    for where, said in texts(shop):
        if isinstance(said, str):
            yield from _named(shop, where, said)
            continue
        for code in shop.languages:
            if not said.get(code, "").strip():
                mend = "Say it in each of the shop's languages."
                yield Fault(where, f"is not said in {code!r}", mend)
        for code, text in said.items():
            yield from _given(where, code, text)


def _costs(shop: Shop) -> Iterator[Fault]:
    for where, code, text in told(shop):
        if (parts := sms.plan(text).parts) > MOST_PARTS:
            mend = f"Say it in {MOST_PARTS} parts at most."
            yield Fault((*where, code), f"costs {parts} SMS parts each time", mend)


def _named(shop: Shop, where: Path_, name: str) -> Iterator[Fault]:
    for code in shop.languages:
        text = (words.texts(code) | shop.words.get(code, {})).get(name)
        if text is None:
            mend = "Write the text itself, language by language, or name one of docs/shop-file.md."
            yield Fault(where, f"there is no text {name!r} in {code!r}", mend)
            return
        if extra := fields(text) - {"shop"}:
            what = f"{name!r} asks for {', '.join(sorted(extra))}, which a step does not know"
            yield Fault(where, what, "Name another text.")
            return


def _given(where: Path_, code: str, text: str) -> Iterator[Fault]:
    if extra := fields(text) - {"shop"}:
        what = f"asks for {', '.join(f'{{{each}}}' for each in sorted(extra))}"
        yield Fault((*where, code), what, "A step is given {shop}.")
