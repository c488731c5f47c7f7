"""The bot's script: what is said and asked without a person, and how it leads to one.

A step says something and then asks, branches, does one thing, or goes on (`shop.Step`). A shop that
writes none has Kesher's; its own steps stand in place of those of the same name. A text is first
taken as the answer to what was asked, then as a question of its own. Between two answers at most two
guiding questions are asked; whoever is still not understood then has a person. So has everyone who
asks for one, at any step.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from kesher.domain import conversation as talks
from kesher.domain import deeds
from kesher.domain.scene import (
    CODE,
    MEANT,
    MESSAGE,
    WHICH_ORDER,
    Scene,
    Turn,
    answered,
    asked,
    menu,
    person,
)
from kesher.domain.shop import Choice, Condition, Said, Shop, Step
from kesher.domain.spoken import order_number, sign
from kesher.domain.text import fold
from kesher.domain.understanding import Guess

JUST_A_NUMBER = 2
"""Words: "order 1001" asks for it, "cancel order 1001" asks for a person."""

SHIPPED: dict[str, Step] = {
    "start": Step(
        ask="menu",
        choices=[
            Choice("menu_order", "my_orders"),
            Choice("menu_return", "start_return"),
            Choice("menu_opening_hours", "opening_hours"),
            Choice("menu_shipping", "shipping"),
            Choice("menu_person", "person"),
        ],
    ),
    "my_orders": Step(do="orders"),
    "start_return": Step(do="return"),
    "opening_hours": Step(do="answer", topic="opening_hours"),
    "shipping": Step(do="answer", topic="shipping"),
    "returns": Step(do="answer", topic="returns"),
    "person": Step(do="hand_over"),
    "all_right": Step(say="all_right"),
    "thanks": Step(say="welcome", do="close"),
    "goodbye": Step(say="goodbye", do="close"),
}
ROUTES: dict[str, str] = {
    "greeting": "start",
    "menu": "start",
    "order": "my_orders",
    "start_return": "start_return",
    "person": "person",
    "yes": "all_right",
    "no": "start",
    "thanks": "thanks",
    "close": "goodbye",
}
"""Topic to step. Any other topic is answered, if the shop has an answer, or is for a person. A yes or
no leads here where nothing was asked: whom no answer has helped has the menu."""
YES_OR_NO = frozenset({"yes", "no"})


def steps(shop: Shop) -> Mapping[str, Step]:
    return SHIPPED | shop.bot.script


def routes(shop: Shop) -> Mapping[str, str]:
    return ROUTES | shop.bot.topics


class _Heard(NamedTuple):
    raw: str
    folded: str


def hear(scene: Scene, text: str) -> Turn:
    """What is said to a text of a customer whom no person answers yet."""
    heard = _Heard(text, fold(text))
    tried = deeds.code_said(scene, heard.folded)
    if tried:
        return tried
    if scene.conversation.step:
        return _answer_to_question(scene, heard)
    return _of_its_own(scene, heard)


def offers(scene: Scene, name: str) -> tuple[str, ...]:
    """What a question offers just now: where an answer is missing, its choice is not there."""
    known = steps(scene.voice.shop)
    return tuple(each.go for each in known[name].choices if _can(scene, known, each.go, len(known)))


# --- what was asked -----------------------------------------------------------------------------------


def _answer_to_question(scene: Scene, heard: _Heard) -> Turn:
    talk = scene.conversation
    if talk.step == MESSAGE:
        return person(_unasked(scene), ("message_noted",), talk.team)
    labels = _labels(scene)
    chosen = scene.voice.ear.numbers.choice(heard.folded, len(talk.options), labels)
    chosen = chosen or _agreed(scene, heard, labels)
    if chosen:
        return _follow(scene, talk.options[chosen - 1])
    named = deeds.of_number(scene, order_number(heard.raw) or "")
    if named and talk.step == WHICH_ORDER:
        return deeds.note_return(scene, deeds.number_of(named), talk.team)
    return _of_its_own(scene, heard)


def _agreed(scene: Scene, heard: _Heard, labels: list[str]) -> int | None:
    """Which option a bare yes or no chooses, from 1: the one that says the same; or of what may have
    been meant the likeliest, or none of it."""
    said = _guess(scene, heard).topic
    if said not in YES_OR_NO:
        return None
    if scene.conversation.step == MEANT:
        return 1 if said == "yes" else len(labels)
    same = [n for n, label in enumerate(labels, start=1) if scene.voice.topic(fold(label)) == said]
    return same[0] if len(same) == 1 else None


def _yes_or_no(scene: Scene, said: str) -> Turn:
    """What chooses nothing. A customer who waits may have answered the person they wait for."""
    talk = scene.conversation
    if talk.state == "waiting" or (talk.step and said == "no"):
        return person(scene)
    return _asked_again(scene, talk.step) if talk.step else _topic(scene, said)


def _asked_again(scene: Scene, step: str) -> Turn:
    """Counted as a question of its own; a code is only waited for."""
    talk = scene.conversation
    if step == CODE:
        return Turn(talk, (scene.say("all_right"),))
    if step == WHICH_ORDER:
        return deeds.start_return(scene, talk.team)
    return play(scene, step) if step in steps(scene.voice.shop) else person(scene)


def _labels(scene: Scene) -> list[str]:
    """What stood beside each number. Several choices may go to the same step."""
    talk = scene.conversation
    if talk.step == MEANT:
        return [_topic_label(scene, each) for each in talk.options]
    if talk.step == WHICH_ORDER:
        return [*talk.options]
    left = [*steps(scene.voice.shop).get(talk.step or "", Step()).choices]
    labels = []
    for option in talk.options:
        choice = next((each for each in left if each.go == option), None)
        labels.append(_said(scene, choice.label) if choice else option)
        left = [each for each in left if each is not choice]
    return labels


def _follow(scene: Scene, option: str) -> Turn:
    """To what was chosen. A step that is gone since it was offered is a matter for a person."""
    talk = scene.conversation
    if talk.step == MEANT:
        return _topic(scene, option)
    if talk.step == WHICH_ORDER:
        return deeds.note_return(scene, option, talk.team)
    return play(scene, option) if option in steps(scene.voice.shop) else person(scene)


# --- what a text asks of itself -----------------------------------------------------------------------


def _of_its_own(scene: Scene, heard: _Heard) -> Turn:
    guess = _guess(scene, heard)
    number = order_number(heard.raw)
    if number and (guess.topic == "order" or len(heard.folded.split()) <= JUST_A_NUMBER):
        return deeds.one_order(scene, number)
    if guess.topic == "start_return":
        scene = replace(scene, conversation=replace(scene.conversation, order=number))
    if guess.topic in YES_OR_NO:
        return _yes_or_no(scene, guess.topic)
    if guess.topic:
        return _topic(scene, guess.topic)
    if guess.options:
        return _did_you_mean(scene, guess.options)
    return replace(person(scene), lost=None if guess.troubled else "words")


def _guess(scene: Scene, heard: _Heard) -> Guess:
    if heard.folded:
        return scene.voice.ear.understanding.understand(heard.folded)
    return Guess(sign(heard.raw))


def _topic(scene: Scene, topic: str) -> Turn:
    step = routes(scene.voice.shop).get(topic)
    return play(scene, step) if step else deeds.answer(scene, topic)


def _did_you_mean(scene: Scene, options: tuple[str, ...]) -> Turn:
    """A person is always among what may have been meant, and the menu never: it is a question too."""
    others = [each for each in options if each not in {"person", "menu"}]
    kept = [each for each in others if _can_topic(scene, each)]
    if not kept:
        return _topic(scene, "menu") if "menu" in options else person(scene)
    offered = (*kept, "person")
    labels = [_topic_label(scene, each) for each in offered]
    return asked(scene, MEANT, offered, menu(scene.say("did_you_mean"), labels))


def _topic_label(scene: Scene, topic: str) -> str:
    if f"topic_{topic}" in scene.voice.texts[scene.speech]:
        return scene.say(f"topic_{topic}")
    question = scene.voice.shop.bot.questions.get(topic)
    if question is None:
        return topic
    own = question.label or {code: phrases[0] for code, phrases in question.ask.items() if phrases}
    return scene.in_language(own) or topic


# --- steps --------------------------------------------------------------------------------------------


def play(scene: Scene, name: str) -> Turn:
    """From this step on, up to a question, a person or an end. Whoever is sent round in a circle has
    a person."""
    known = steps(scene.voice.shop)
    said: tuple[str, ...] = ()
    been: set[str] = set()
    follows: str | None = name
    while follows and follows not in been:
        been.add(follows)
        step = known[follows]
        said = (*said, *([_said(scene, step.say)] if step.say else []))
        if step.ask:
            return _after(said, _question(scene, follows, step))
        if step.do:
            turn = _done(scene, step)
            if turn.wants != "more" or turn.conversation.step or not step.go:
                return _after(said, turn)
            said = said + turn.says
            scene = replace(scene, conversation=turn.conversation)
        follows = _next(scene, step)
    return person(scene, said=said) if follows else answered(scene, *said)


def _after(said: tuple[str, ...], turn: Turn) -> Turn:
    return replace(turn, says=said + turn.says)


def _next(scene: Scene, step: Step) -> str | None:
    return step.go if step.when is None or _holds(scene, step.when) else step.otherwise


def _question(scene: Scene, name: str, step: Step) -> Turn:
    offered = offers(scene, name)
    if not offered:
        return person(scene)
    labels = [_said(scene, each.label) for each in step.choices if each.go in offered]
    return asked(scene, name, offered, menu(_said(scene, step.ask or ""), labels))


def _done(scene: Scene, step: Step) -> Turn:
    match step.do:
        case "answer":
            return deeds.answer(scene, step.topic or "")
        case "orders":
            return deeds.own_orders(scene)
        case "message":
            return deeds.take_message(scene, step.team)
        case "return":
            return deeds.start_return(scene, step.team)
        case "close":
            return Turn(talks.answered(scene.conversation), wants="end")
        case _:
            return replace(person(scene, team=step.team), insists=True)


def _holds(scene: Scene, condition: Condition) -> bool:
    newest = scene.orders[0].status if scene.orders else "none"
    orders = {"none": not scene.orders, "some": bool(scene.orders)}
    return (
        (
            condition.hours is None
            or scene.house.calendar.is_open(scene.now) == (condition.hours == "open")
        )
        and (not condition.language or scene.speech in condition.language)
        and (condition.orders is None or orders.get(condition.orders, newest == condition.orders))
    )


def _can(scene: Scene, known: Mapping[str, Step], name: str, left: int) -> bool:
    """Whether a step leads anywhere: an answer that the shop has not given leads nowhere."""
    step = known[name]
    if step.do == "answer":
        return deeds.answer_to(scene, step.topic or "") is not None
    if step.do or step.ask or left == 0:
        return True
    follows = _next(scene, step)
    return follows is None or _can(scene, known, follows, left - 1)


def _can_topic(scene: Scene, topic: str) -> bool:
    known, step = steps(scene.voice.shop), routes(scene.voice.shop).get(topic)
    return (
        _can(scene, known, step, len(known)) if step else deeds.answer_to(scene, topic) is not None
    )


def _unasked(scene: Scene) -> Scene:
    return replace(scene, conversation=talks.answered(scene.conversation))


def _said(scene: Scene, said: Said) -> str:
    """A text of the script: one of ours by its name, or the shop's own in the customer's language."""
    if isinstance(said, str):
        return scene.say(said)
    return scene.voice.render(scene.in_language(said) or "", scene.speech)
