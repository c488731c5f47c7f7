"""What steps of the script do: answer a question, tell the customer's orders and, against a code,
another's, start a return, take a message."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kesher.domain import conversation as talks
from kesher.domain import proof, quiet
from kesher.domain.order import Order
from kesher.domain.scene import (
    CODE,
    MESSAGE,
    MOST_QUESTIONS,
    WHICH_ORDER,
    Scene,
    Turn,
    answered,
    asked,
    menu,
    person,
)
from kesher.domain.voice import Voice
from kesher.domain.when import ahead

SHOWN_ORDERS = 3


def answer(scene: Scene, topic: str) -> Turn:
    found = answer_to(scene, topic)
    if found is None:
        return person(scene)
    return answered(scene, found)


def answer_to(scene: Scene, topic: str) -> str | None:
    bot = scene.voice.shop.bot
    question = bot.questions.get(topic)
    return scene.in_language(question.answer if question else bot.answers.get(topic, {}))


def own_orders(scene: Scene) -> Turn:
    if not scene.orders:
        return person(scene, ("no_orders",))
    told = orders_told(scene.orders, scene.voice, scene.speech, scene.now)
    return answered(scene, told)


def one_order(scene: Scene, number: str) -> Turn:
    found = of_number(scene, number)
    if found is None:
        return _of_another(scene, number)
    told = orders_told((found,), scene.voice, scene.speech, scene.now)
    return answered(scene, told)


def of_number(scene: Scene, number: str) -> Order | None:
    said = number.lstrip("#")
    return next((each for each in scene.orders if said in {_bare(each), each.id}), None)


def _bare(order: Order) -> str:
    return number_of(order).lstrip("#")


def number_of(order: Order) -> str:
    return order.number or order.id


def _of_another(scene: Scene, number: str) -> Turn:
    """A code is asked for, whether or not there is such an order; but one of the customer's own that is
    older than those listed is told, since their number proves it."""
    found = scene.sought
    if found and found.order.customer == scene.customer.id:
        told = orders_told((found.order,), scene.voice, scene.speech, scene.now)
        return Turn(talks.answered(scene.conversation), (told,), seeks=number)
    if _cannot_be_proven(scene):
        return person(scene, said=(scene.say("unknown_order", order=number),))
    talk, code = proof.asked(scene.conversation, number, found, scene.code, scene.now)
    says = (scene.say("code_asked", order=number),)
    return Turn(talks.asked(talk, CODE), says, seeks=number, asks_code=True, code=code)


def _cannot_be_proven(scene: Scene) -> bool:
    """In quiet hours a code would leave too late."""
    return (
        scene.conversation.asked >= MOST_QUESTIONS
        or proof.too_often(scene.customer, scene.now)
        or quiet.until("informational", scene.voice.shop, scene.now) is not None
    )


def code_said(scene: Scene, folded: str) -> Turn | None:
    """What is said to a code, if the text is one and one was asked for. Late or wrong too often, it is
    a person's to see to."""
    talk = scene.conversation
    code = talk.proof and proof.said(folded, awaited=talk.step == CODE)
    if not talk.proof or not code:
        return None
    if scene.now > talk.proof.until:
        return _unproven(scene)
    number, tries = talk.proof.number, talk.proof.tries + 1
    if scene.sought and proof.is_right(talk, scene.sought, code):
        told = _order_told(scene.sought.order, scene.voice, scene.speech, scene.now)
        return Turn(talks.answered(replace(talk, proof=None)), (told,), seeks=number)
    if tries >= proof.MOST_TRIES:
        return replace(_unproven(scene), seeks=number)
    talk = replace(talk, proof=replace(talk.proof, tries=tries))
    return Turn(talk, (scene.say("code_wrong"),), seeks=number)


def _unproven(scene: Scene) -> Turn:
    talk = replace(scene.conversation, proof=None)
    return person(replace(scene, conversation=talk), ("code_refused",))


def take_message(scene: Scene, team: str | None) -> Turn:
    talk = replace(scene.conversation, team=team)
    return asked(replace(scene, conversation=talk), MESSAGE, (), scene.say("message"))


def start_return(scene: Scene, team: str | None) -> Turn:
    """No needless questions: which order, if the text has not said it and there are several."""
    said = scene.conversation.order
    if said or len(scene.orders) < 2:
        only = number_of(scene.orders[0]) if scene.orders else ""
        return note_return(scene, said or only, team)
    if scene.conversation.asked >= MOST_QUESTIONS:
        return note_return(scene, "", team)
    talk = replace(scene.conversation, team=team)
    offered = tuple(number_of(each) for each in scene.orders[:SHOWN_ORDERS])
    shown = [scene.voice.render("{order}", scene.speech, order=each) for each in offered]
    question = menu(scene.say("which_order"), shown)
    return asked(replace(scene, conversation=talk), WHICH_ORDER, offered, question)


def note_return(scene: Scene, number: str, team: str | None) -> Turn:
    noted = scene.say("return_noted", order=number) if number else scene.say("return_asked")
    talk = replace(scene.conversation, order=number or None)
    return person(replace(scene, conversation=talk), said=(noted,), team=team)


# --- orders, told -------------------------------------------------------------------------------------


def orders_told(orders: tuple[Order, ...], voice: Voice, speech: str, now: datetime) -> str:
    """Order by order, the newest first, and the newest parcel's link at the end."""
    shown = orders[:SHOWN_ORDERS]
    told = [_order_told(order, voice, speech, now) for order in shown]
    links = [parcel.url for order in shown for parcel in order.under_way if parcel.url]
    return "\n".join([voice.say("orders", speech), *told, *links[:1]])


def _order_told(order: Order, voice: Voice, speech: str, now: datetime) -> str:
    """A line, and one below it for the day it is expected, where that is still ahead."""
    expected = expected_day(order, voice, speech, now)
    told = [voice.say("expected", speech, day=expected)] if expected else []
    return "\n".join([order_line(order, voice, speech), *told])


def expected_day(order: Order, voice: Voice, speech: str, now: datetime) -> str | None:
    """Such as "tomorrow", while it is ahead."""
    on = order.awaited_on
    day = ahead(on, now, ZoneInfo(voice.shop.timezone)) if on else None
    return voice.day(day, speech) if day else None


def order_line(order: Order, voice: Voice, speech: str) -> str:
    number, tracking = number_of(order), tracking_of(order)
    if tracking:
        return voice.say("order_tracked", speech, order=number, tracking=tracking)
    return voice.say(f"order_{order.status}", speech, order=number)


def tracking_of(order: Order) -> str | None:
    """Carrier and number of the parcel that stands for those under way, as far as they are known."""
    parcel = order.told_of
    return (
        f"{parcel.carrier or ''} {parcel.tracking}".strip() if parcel and parcel.tracking else None
    )
