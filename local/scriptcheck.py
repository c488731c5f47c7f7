"""What is wrong with a shop's script, before a customer finds out."""

from collections.abc import Iterator, Mapping
from itertools import chain

from kesher import words
from kesher.domain import script, sms
from kesher.domain.render import fields
from kesher.domain.shop import Said, Shop, Step
from local.fault import Fault, Path_

MOST_PARTS = 4
TOPICS = ("opening_hours", "returns", "shipping")
PEOPLE = frozenset({"hand_over", "message", "return"})


def faults(shop: Shop) -> list[Fault]:
    """Nothing that is not the shop's own is complained about; where a step's name is wrong, what
    follows from it is not looked at yet."""
    shape = [*chain.from_iterable(_shape(shop, name) for name in shop.bot.script), *_routes(shop)]
    return shape or [*_ways(shop), *_texts(shop)]


def texts(shop: Shop) -> Iterator[tuple[Path_, Said]]:
    """Every text of the shop's own steps, and where it stands."""
    for name, step in shop.bot.script.items():
        where = ("bot", "script", name)
        yield from (((*where, key), said) for key in ("say", "ask") if (said := getattr(step, key)))
        yield from (((*where, "choices", n, "label"), e.label) for n, e in enumerate(step.choices))


# --- each step by itself ------------------------------------------------------------------------------


def _shape(shop: Shop, name: str) -> Iterator[Fault]:
    step, where = shop.bot.script[name], ("bot", "script", name)
    kinds = [key for key in ("ask", "when", "do") if getattr(step, key)]
    if len(kinds) > 1:
        mend = "Make two steps of it, the one going to the other."
        yield Fault(where, f"both {kinds[0]}s and {kinds[1]}s", mend)
    if not kinds and not (step.say or step.go):
        yield Fault(where, "does nothing", "Give it say, ask, when, do or go.")
    if bool(step.ask) != bool(step.choices):
        missing = "choices" if step.ask else "ask"
        yield Fault(where, f"has no {missing}", "A question needs ask and choices.")
    if step.when and not (step.go and step.otherwise):
        mend = "Say where it goes when it holds (go), and when it does not (otherwise)."
        yield Fault((*where, "when"), "leads to one side only", mend)
    if (step.do == "answer") != (step.topic is not None):
        yield Fault((*where, "topic"), "belongs to `do: answer`", "One is not without the other.")
    if step.topic and step.topic not in _topics(shop):
        mend = f"The questions are {', '.join(sorted(_topics(shop)))}."
        yield Fault((*where, "topic"), f"no question {step.topic!r}", mend)
    if step.do in PEOPLE | {"close"} and step.go:
        yield Fault(
            (*where, "go"), "is never reached", f"After `do: {step.do}` the script is over."
        )
    yield from _unspoken(shop, step, where)
    yield from _nowhere(shop, step, where)


def _topics(shop: Shop) -> set[str]:
    return {*TOPICS, *shop.bot.questions}


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
    for name in shop.bot.script:
        where = ("bot", "script", name)
        if name not in reached:
            mend = "Go to it from a step, or from a topic under bot.topics; or remove it."
            yield Fault(where, "cannot be reached", mend)
        elif circle := _circle(known, name):
            mend = "Ask something, answer something or hand over on the way."
            yield Fault(where, f"goes round for ever: {' > '.join(circle)}", mend)
        elif known[name].ask and not _leads_to_a_person(known, name):
            mend = "Add a choice that goes to `person`, Kesher's step that hands over."
            yield Fault((*where, "choices"), "none leads to a person", mend)
        elif (most := _questions(known, name, ())) > script.MOST_QUESTIONS:
            what = f"asks up to {most} questions before an answer or a person"
            mend = f"Ask at most {script.MOST_QUESTIONS}: answer, or hand over, earlier."
            yield Fault(where, what, mend)


def _follows(step: Step) -> list[str]:
    after = [step.go, step.otherwise, *(each.go for each in step.choices)]
    return [each for each in after if each is not None]


def _reached(known: Mapping[str, Step], names: Iterator[str] | object) -> set[str]:
    reached: set[str] = set()
    waiting = [*names]  # type: ignore[misc]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _follows(known[name])
    return reached


def _circle(known: Mapping[str, Step], start: str) -> list[str]:
    """A way back to this step on which nothing is asked or done."""
    ways = [[start]]
    while ways:
        way = ways.pop()
        step = known[way[-1]]
        if step.ask or step.do:
            continue
        for name in _follows(step):
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
        return script.MOST_QUESTIONS + 1 if step.ask else 0
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
            if code not in said:
                mend = "Say it in each of the shop's languages."
                yield Fault(where, f"is not said in {code!r}", mend)
        for code, text in said.items():
            yield from _said(where, code, text)


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


def _said(where: Path_, code: str, text: str) -> Iterator[Fault]:
    if extra := fields(text) - {"shop"}:
        what = f"asks for {', '.join(f'{{{each}}}' for each in sorted(extra))}"
        yield Fault((*where, code), what, "A step is given {shop}.")
    if (parts := sms.plan(text).parts) > MOST_PARTS:
        mend = f"Say it in {MOST_PARTS} parts at most."
        yield Fault((*where, code), f"costs {parts} SMS parts each time", mend)
