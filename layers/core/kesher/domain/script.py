"""The bot's script: what is said and asked without a person, and how it leads to one.

A step says something and then asks, branches, does one thing, or goes on (`shop.Step`). A shop that
writes none has Kesher's; its own steps stand in place of those of the same name. A text is first
taken as the answer to what was asked, then as a question of its own. Between two answers at most two
guiding questions are asked; whoever is still not understood then has a person. So has everyone who
asks for one, at any step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

from kesher.domain import conversation as talks
from kesher.domain import proof, quiet
from kesher.domain.calendar import Calendar
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.order import Order, Shipment
from kesher.domain.proof import CodeText, Sought
from kesher.domain.shop import Choice, Condition, Said, Shop, Step
from kesher.domain.spoken import order_number
from kesher.domain.text import fold
from kesher.domain.voice import Voice

MOST_QUESTIONS = 2
SHOWN_ORDERS = 3
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
    "thanks": Step(say="welcome", do="close"),
    "goodbye": Step(say="goodbye", do="close"),
}
ROUTES: dict[str, str] = {
    "greeting": "start",
    "menu": "start",
    "order": "my_orders",
    "start_return": "start_return",
    "person": "person",
    "thanks": "thanks",
    "close": "goodbye",
}
"""Topic to step. Any other topic is answered, if the shop has an answer, or is for a person."""

MEANT, WHICH_ORDER, MESSAGE = "did you mean", "which order", "a message"
"""Steps that are not written down: their questions are made for the moment. No shop's step has a
space in its name."""
CODE = "a code"
"""Another such: what was texted to another's phone is awaited."""


def steps(shop: Shop) -> Mapping[str, Step]:
    return SHIPPED | shop.bot.script


def routes(shop: Shop) -> Mapping[str, str]:
    return ROUTES | shop.bot.topics


@dataclass(frozen=True)
class House:
    """The shop as a conversation meets it: how it speaks, and when its people are there."""

    voice: Voice
    calendar: Calendar


@dataclass(frozen=True)
class Scene:
    """Where the script finds itself: nobody but it answers."""

    customer: Customer
    conversation: Conversation
    orders: tuple[Order, ...]
    """The customer's own, newest first."""
    ahead: int
    """How many customers wait for a person already."""
    house: House
    now: datetime
    sought: Sought | None = None
    """The order of a number that none of their own has, where the text turns on one."""
    code: str | None = None
    """Drawn for this text, should it need one."""

    @property
    def voice(self) -> Voice:
        return self.house.voice

    @property
    def speech(self) -> str:
        """The language to answer in."""
        return self.voice.language(self.customer.language)


@dataclass(frozen=True)
class Turn:
    """What the script makes of a text: sentences, and what becomes of the conversation."""

    conversation: Conversation
    says: tuple[str, ...] = ()
    wants: Literal["more", "person", "end"] = "more"
    team: str | None = None
    insists: bool = False
    """The customer has asked for a person in so many words: who waits already is told again."""
    seeks: str | None = None
    """The number of the order, not among the customer's newest, that it turns on."""
    asks_code: bool = False
    code: CodeText | None = None
    """To be texted to the phone of that order."""


class _Heard(NamedTuple):
    raw: str
    folded: str


def hear(scene: Scene, text: str) -> Turn:
    """What is said to a text of a customer whom no person answers yet."""
    heard = _Heard(text, fold(text))
    tried = _code_said(scene, heard)
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
        return _person(_unasked(scene), ("message_noted",), talk.team)
    chosen = scene.voice.numbers.choice(heard.folded, len(talk.options), _labels(scene))
    if chosen:
        return _follow(scene, talk.options[chosen - 1])
    named = _of_number(scene, order_number(heard.raw) or "")
    if named and talk.step == WHICH_ORDER:
        return _returned(scene, _number(named), talk.team)
    return _of_its_own(scene, heard)


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
        return _returned(scene, option, talk.team)
    return play(scene, option) if option in steps(scene.voice.shop) else _person(scene)


# --- what a text asks of itself -----------------------------------------------------------------------


def _of_its_own(scene: Scene, heard: _Heard) -> Turn:
    guess = scene.voice.understanding.understand(heard.folded)
    number = order_number(heard.raw)
    if number and (guess.topic == "order" or len(heard.folded.split()) <= JUST_A_NUMBER):
        return _one_order(scene, number)
    if guess.topic == "start_return":
        scene = replace(scene, conversation=replace(scene.conversation, order=number))
    if guess.topic:
        return _topic(scene, guess.topic)
    if guess.options:
        return _did_you_mean(scene, guess.options)
    return _person(scene)


def _topic(scene: Scene, topic: str) -> Turn:
    step = routes(scene.voice.shop).get(topic)
    return play(scene, step) if step else _answered(scene, topic)


def _did_you_mean(scene: Scene, options: tuple[str, ...]) -> Turn:
    """A person is always among what may have been meant, and the menu never: it is a question too."""
    others = [each for each in options if each not in {"person", "menu"}]
    kept = [each for each in others if _can_topic(scene, each)]
    if not kept:
        return _topic(scene, "menu") if "menu" in options else _person(scene)
    offered = (*kept, "person")
    labels = [_topic_label(scene, each) for each in offered]
    return _asked(scene, MEANT, offered, menu(_say(scene, "did_you_mean"), labels))


def _topic_label(scene: Scene, topic: str) -> str:
    if f"topic_{topic}" in scene.voice.texts[scene.speech]:
        return _say(scene, f"topic_{topic}")
    question = scene.voice.shop.bot.questions.get(topic)
    if question is None:
        return topic
    own = question.label or {code: phrases[0] for code, phrases in question.ask.items() if phrases}
    return _in_language(scene, own) or topic


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
    return _person(scene, said=said) if follows else Turn(talks.answered(scene.conversation), said)


def _after(said: tuple[str, ...], turn: Turn) -> Turn:
    return replace(turn, says=said + turn.says)


def _next(scene: Scene, step: Step) -> str | None:
    return step.go if step.when is None or _holds(scene, step.when) else step.otherwise


def _question(scene: Scene, name: str, step: Step) -> Turn:
    offered = offers(scene, name)
    if not offered:
        return _person(scene)
    labels = [_said(scene, each.label) for each in step.choices if each.go in offered]
    return _asked(scene, name, offered, menu(_said(scene, step.ask or ""), labels))


def _asked(scene: Scene, name: str, offered: tuple[str, ...], question: str) -> Turn:
    if scene.conversation.asked >= MOST_QUESTIONS:
        return _person(scene)
    return Turn(talks.asked(scene.conversation, name, offered), (question,))


def menu(question: str, labels: Sequence[str]) -> str:
    """A question with its answers below it, each with its number."""
    return "\n".join([question, *(f"{n}. {label}" for n, label in enumerate(labels, start=1))])


def _done(scene: Scene, step: Step) -> Turn:
    match step.do:
        case "answer":
            return _answered(scene, step.topic or "")
        case "orders":
            return _orders(scene)
        case "message":
            return _message(scene, step.team)
        case "return":
            return _return(scene, step.team)
        case "close":
            return Turn(talks.answered(scene.conversation), wants="end")
        case _:
            return replace(_person(scene, team=step.team), insists=True)


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
        return _answer(scene, step.topic or "") is not None
    if step.do or step.ask or left == 0:
        return True
    follows = _next(scene, step)
    return follows is None or _can(scene, known, follows, left - 1)


def _can_topic(scene: Scene, topic: str) -> bool:
    known, step = steps(scene.voice.shop), routes(scene.voice.shop).get(topic)
    return _can(scene, known, step, len(known)) if step else _answer(scene, topic) is not None


# --- deeds --------------------------------------------------------------------------------------------


def _answered(scene: Scene, topic: str) -> Turn:
    answer = _answer(scene, topic)
    if answer is None:
        return _person(scene)
    return Turn(talks.answered(scene.conversation), (answer,))


def _answer(scene: Scene, topic: str) -> str | None:
    bot = scene.voice.shop.bot
    question = bot.questions.get(topic)
    return _in_language(scene, question.answer if question else bot.answers.get(topic, {}))


def _in_language(scene: Scene, texts: Mapping[str, str]) -> str | None:
    return texts.get(scene.speech) or texts.get(scene.voice.shop.languages[0])


def _orders(scene: Scene) -> Turn:
    if not scene.orders:
        return _person(scene, ("no_orders",))
    told = orders_told(scene.orders, scene.voice, scene.speech)
    return Turn(talks.answered(scene.conversation), (told,))


def _one_order(scene: Scene, number: str) -> Turn:
    found = _of_number(scene, number)
    if found is None:
        return _of_another(scene, number)
    told = orders_told((found,), scene.voice, scene.speech)
    return Turn(talks.answered(scene.conversation), (told,))


def _of_number(scene: Scene, number: str) -> Order | None:
    said = number.lstrip("#")
    return next((each for each in scene.orders if said in {_bare(each), each.id}), None)


def _bare(order: Order) -> str:
    return _number(order).lstrip("#")


def _number(order: Order) -> str:
    return order.number or order.id


def _of_another(scene: Scene, number: str) -> Turn:
    """A code is asked for, whether or not there is such an order; but one of the customer's own that is
    older than those listed is told, since their number proves it."""
    found = scene.sought
    if found and found.order.customer == scene.customer.id:
        told = orders_told((found.order,), scene.voice, scene.speech)
        return Turn(talks.answered(scene.conversation), (told,), seeks=number)
    if _cannot_be_proven(scene):
        return _person(scene, said=(_say(scene, "unknown_order", order=number),))
    talk, code = proof.asked(scene.conversation, number, found, scene.code, scene.now)
    says = (_say(scene, "code_asked", order=number),)
    return Turn(talks.asked(talk, CODE), says, seeks=number, asks_code=True, code=code)


def _cannot_be_proven(scene: Scene) -> bool:
    """In quiet hours a code would leave too late."""
    return (
        scene.conversation.asked >= MOST_QUESTIONS
        or proof.too_often(scene.customer, scene.now)
        or quiet.until("informational", scene.voice.shop, scene.now) is not None
    )


def _code_said(scene: Scene, heard: _Heard) -> Turn | None:
    """What is said to a code, if the text is one and one was asked for. Late or wrong too often, it is
    a person's to see to."""
    talk = scene.conversation
    code = talk.proof and proof.said(heard.folded, awaited=talk.step == CODE)
    if not talk.proof or not code:
        return None
    if scene.now > talk.proof.until:
        return _unproven(scene)
    number, tries = talk.proof.number, talk.proof.tries + 1
    if scene.sought and proof.is_right(talk, scene.sought, code):
        told = _order_line(scene.sought.order, scene.voice, scene.speech)
        return Turn(talks.answered(replace(talk, proof=None)), (told,), seeks=number)
    if tries >= proof.MOST_TRIES:
        return replace(_unproven(scene), seeks=number)
    talk = replace(talk, proof=replace(talk.proof, tries=tries))
    return Turn(talk, (_say(scene, "code_wrong"),), seeks=number)


def _unproven(scene: Scene) -> Turn:
    talk = replace(scene.conversation, proof=None)
    return _person(replace(scene, conversation=talk), ("code_refused",))


def _message(scene: Scene, team: str | None) -> Turn:
    if scene.conversation.asked >= MOST_QUESTIONS:
        return _person(scene, team=team)
    asked = talks.asked(replace(scene.conversation, team=team), MESSAGE)
    return Turn(asked, (_say(scene, "message"),))


def _return(scene: Scene, team: str | None) -> Turn:
    """No needless questions: which order, if the text has not said it and there are several."""
    said = scene.conversation.order
    if said or len(scene.orders) < 2:
        only = _number(scene.orders[0]) if scene.orders else ""
        return _returned(scene, said or only, team)
    if scene.conversation.asked >= MOST_QUESTIONS:
        return _returned(scene, "", team)
    talk = replace(scene.conversation, team=team)
    offered = tuple(_number(each) for each in scene.orders[:SHOWN_ORDERS])
    shown = [scene.voice.render("{order}", scene.speech, order=each) for each in offered]
    question = menu(_say(scene, "which_order"), shown)
    return _asked(replace(scene, conversation=talk), WHICH_ORDER, offered, question)


def _returned(scene: Scene, number: str, team: str | None) -> Turn:
    noted = _say(scene, "return_noted", order=number) if number else _say(scene, "return_asked")
    talk = replace(scene.conversation, order=number or None)
    return _person(replace(scene, conversation=talk), said=(noted,), team=team)


def _person(
    scene: Scene,
    words: tuple[str, ...] = (),
    team: str | None = None,
    *,
    said: tuple[str, ...] = (),
) -> Turn:
    says = (*said, *(_say(scene, word) for word in words))
    return Turn(talks.answered(scene.conversation), says, "person", team)


def _unasked(scene: Scene) -> Scene:
    return replace(scene, conversation=talks.answered(scene.conversation))


def _say(scene: Scene, word: str, **values: str) -> str:
    return scene.voice.say(word, scene.speech, **values)


def _said(scene: Scene, said: Said) -> str:
    """A text of the script: one of ours by its name, or the shop's own in the customer's language."""
    if isinstance(said, str):
        return _say(scene, said)
    return scene.voice.render(_in_language(scene, said) or "", scene.speech)


# --- orders, told -------------------------------------------------------------------------------------


def orders_told(orders: tuple[Order, ...], voice: Voice, speech: str) -> str:
    """One line an order, the newest first, and the newest parcel's link at the end."""
    shown = orders[:SHOWN_ORDERS]
    lines = [voice.say("orders", speech)]
    lines += [_order_line(order, voice, speech) for order in shown]
    links = [parcel.url for order in shown for parcel in _on_their_way(order) if parcel.url]
    return "\n".join([*lines, *links[:1]])


def _order_line(order: Order, voice: Voice, speech: str) -> str:
    number = _number(order)
    for parcel in _on_their_way(order):
        if parcel.tracking:
            tracking = f"{parcel.carrier or ''} {parcel.tracking}".strip()
            return voice.say("order_tracked", speech, order=number, tracking=tracking)
    return voice.say(f"order_{order.status}", speech, order=number)


def _on_their_way(order: Order) -> tuple[Shipment, ...]:
    """The parcels of an order that is under way, the newest first."""
    return order.shipments[::-1] if order.status == "shipped" else ()
