"""How a shop speaks: the product's texts under the shop's own wording; and its ear."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kesher.domain.ear import Ear
from kesher.domain.language import RIGHT_TO_LEFT
from kesher.domain.order import Money
from kesher.domain.render import render
from kesher.domain.shop import Shop
from kesher.domain.text import fold
from kesher.domain.when import Day, When


@dataclass(frozen=True)
class Voice:
    shop: Shop
    texts: Mapping[str, Mapping[str, str]]
    """Language to text name to template."""
    money: Callable[[Money, str], str]
    """An amount as it is written in a language."""
    moment: Callable[[When, str], Mapping[str, str]]
    """A time, and its weekday or date, as they are written in a language."""
    date: Callable[[Day, str], Mapping[str, str]]
    """A day's weekday or date, as they are written in a language."""
    listen: Callable[[], Ear]
    """Made when it is first needed: most of what rooms do is told, not heard."""

    @property
    def ear(self) -> Ear:
        return self.listen()

    def say(self, word: str, language: str, **values: str) -> str:
        return self.render(self.texts[language][word], language, **values)

    def render(self, template: str, language: str, **values: str) -> str:
        values = {"shop": self.shop.name, **values}
        return render(template, values, right_to_left=language in RIGHT_TO_LEFT)

    def when(self, when: When, language: str) -> str:
        """Such as "today at 9:00": a part of a sentence, not its beginning."""
        return self.say(f"when_{when.kind}", language, **self.moment(when, language))

    def day(self, day: Day, language: str) -> str:
        """Such as "tomorrow" or "on Sunday": a part of a sentence as well."""
        return self.say(f"day_{day.kind}", language, **self.date(day, language))

    def language(self, *wanted: str | None) -> str:
        """The first of the wanted languages that the shop offers, or the shop's own."""
        offered = self.shop.languages
        return next((code for code in wanted if code in offered), offered[0])

    def is_angry(self, text: str) -> bool:
        return self.ear.anger.is_in(text)

    def takes(self, text: str) -> bool:
        return fold(text) in self.ear.taking

    def topic(self, folded: str) -> str | None:
        """What a text asks, if that is sure."""
        return self.ear.understanding.understand(folded).topic
