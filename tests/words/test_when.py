"""How an instant and a day are told in each language."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_day_names

from kesher import words
from kesher.domain.render import fields
from kesher.domain.when import Day, When, when
from tests.builders import VOICE, voice

LRM = "\u200e"
TODAY = When("today", 6, date(2026, 11, 22), time(14, 30))
TOMORROW = When("tomorrow", 0, date(2026, 11, 23), time(9, 0))
SUNDAY = When("weekday", 6, date(2026, 11, 29), time(9, 0))
DECEMBER = When("date", 3, date(2026, 12, 24), time(9, 5))


@pytest.mark.parametrize(
    ("moment", "language", "told"),
    [
        (TODAY, "en", "today at 14:30"),
        (TOMORROW, "en", "tomorrow (Monday) at 9:00"),
        (SUNDAY, "en", "on Sunday at 9:00"),
        (DECEMBER, "en", "on 24 December at 9:05"),
        (TODAY, "he", "היום בשעה 14:30"),
        (TOMORROW, "he", "מחר (יום שני) בשעה 9:00"),
        (SUNDAY, "he", "ביום ראשון בשעה 9:00"),
        (DECEMBER, "he", "ב-24 בדצמבר בשעה 9:05"),
        (TODAY, "fa", "امروز ساعت ۱۴:۳۰"),
        (TOMORROW, "fa", "فردا (دوشنبه) ساعت ۹:۰۰"),
        (SUNDAY, "fa", "یکشنبه ساعت ۹:۰۰"),
        (DECEMBER, "fa", "۳ دی ساعت ۹:۰۵"),
        (TODAY, "ar", "اليوم الساعة 14:30"),
        (TOMORROW, "ar", "غدًا (الاثنين) الساعة 9:00"),
        (SUNDAY, "ar", "يوم الأحد الساعة 9:00"),
        (DECEMBER, "ar", "في 24 ديسمبر الساعة 9:05"),
        (TODAY, "ru", "сегодня в 14:30"),
        (TOMORROW, "ru", "завтра (в понедельник) в 9:00"),
        (SUNDAY, "ru", "в воскресенье в 9:00"),
        (DECEMBER, "ru", "24 декабря в 9:05"),
    ],
)
def test_an_instant_is_told_as_people_say_it(moment: When, language: str, told: str) -> None:
    assert told == VOICE.when(moment, language).replace(LRM, "")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "on Saturday at 20:15"),
        ("he", "ביום שבת בשעה 20:15"),
        ("fa", "شنبه ساعت ۲۰:۱۵"),
        ("ar", "يوم السبت الساعة 20:15"),
        ("ru", "в субботу в 20:15"),
    ],
)
def test_saturday_night_is_told_in_the_right_case(language: str, told: str) -> None:
    zone = ZoneInfo("Asia/Jerusalem")
    seen = when(
        datetime(2026, 11, 28, 18, 15, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC), zone
    )
    assert told == VOICE.when(seen, language).replace(LRM, "")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["today", "tomorrow", "on Sunday", "on 24 December"]),
        ("he", ["היום", "מחר", "ביום ראשון", "ב-24 בדצמבר"]),
        ("fa", ["امروز", "فردا", "یکشنبه", "۳ دی"]),
        ("ar", ["اليوم", "غدًا", "يوم الأحد", "في 24 ديسمبر"]),
        ("ru", ["сегодня", "завтра", "в воскресенье", "24 декабря"]),
    ],
)
def test_a_day_is_told_as_people_say_it(language: str, told: list[str]) -> None:
    days = (Day(each.kind, each.weekday, each.date) for each in (TODAY, TOMORROW, SUNDAY, DECEMBER))

    assert told == [VOICE.day(each, language) for each in days]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_weekdays_are_those_of_the_language_from_monday(language: str) -> None:
    """Babel's, which in Russian are not in the case that follows "on"."""
    names = get_day_names("wide", locale=language)
    for weekday in range(7):
        monday = date(2026, 11, 23)
        seen = When("weekday", weekday, monday + timedelta(weekday), time(9))
        written = words.moment(seen, language)["weekday"]
        assert names[weekday] == written or (
            language == "ru" and names[weekday][:-1] in written.removeprefix("в")
        )


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 3, 21), "۱ فروردین"),
        (date(2027, 3, 20), "۲۹ اسفند"),
        (date(2025, 3, 20), "۳۰ اسفند"),
        (date(2026, 9, 22), "۳۱ شهریور"),
    ],
)
def test_persian_dates_are_of_the_persian_calendar(day: date, told: str) -> None:
    assert told == words.moment(When("date", day.weekday(), day, time(9)), "fa")["date"]


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("moment", [TODAY, TOMORROW, SUNDAY, DECEMBER], ids=lambda each: each.kind)
def test_a_text_is_given_what_it_asks_for(language: str, moment: When) -> None:
    asked = fields(words.texts(language)[f"when_{moment.kind}"])
    assert asked == set(words.moment(moment, language))


def test_a_shop_may_say_it_in_its_own_words() -> None:
    own = voice(words={"en": {"when_tomorrow": "tomorrow morning, {time}"}})
    assert own.when(TOMORROW, "en") == "tomorrow morning, 9:00"
