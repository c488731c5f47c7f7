"""What holds for any text that a customer may answer a survey with."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.domain.numerals import CARDINALS, MARKS, NINE_OR_NO
from kesher.domain.rating import CSAT, NPS, SCALES, Scale, read
from kesher.domain.rating.tokens import tokenised
from kesher.domain.rating.vocabulary import known
from kesher.domain.stem import words
from kesher.domain.text import fold
from tests.builders import ANY_TEXT
from tests.ratings.measure import Answer, answers

ANSWERS = answers()
KNOWN = known()
EACH_SCALE = st.sampled_from(list(SCALES.values()))


_NUMBER_WORDS = {fold(NINE_OR_NO)} | {
    fold(word) for table in (*CARDINALS.values(), MARKS) for said in table.values() for word in said
}
_PLAIN_WORDS = sorted(
    {phrase for phrase, (_, value) in KNOWN.items() if not value}
    - {phrase for phrase in KNOWN if _NUMBER_WORDS & set(phrase.split())}
)
_OTHER_WORDS = sorted(
    {
        word
        for each in ANSWERS
        for word in words(fold(each.text))
        if not any(char.isdigit() for char in word)
        and word not in _NUMBER_WORDS
        and KNOWN.get(word, ("", 0))[0] not in {"weak", "number"}
        and each.scale != "thumbs"
    }
)
_WITHOUT_NUMBERS = st.lists(
    st.one_of(
        st.sampled_from(_PLAIN_WORDS),
        st.sampled_from(_OTHER_WORDS),
        st.sampled_from([",", "!", "?", "\n", "-", "👍", "❤️", "...", "/", "%", "*"]),
        st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "So", "L")), max_size=5),
    ),
    max_size=15,
).map(" ".join)


@given(_WITHOUT_NUMBERS, st.sampled_from([CSAT, NPS]))
@settings(max_examples=10_000, deadline=None)
def test_a_text_without_digit_number_word_or_star_has_no_score(text: str, scale: Scale) -> None:
    found = read(text, scale)

    assert found.score is found.guess is None


@given(st.one_of(ANY_TEXT, _WITHOUT_NUMBERS), EACH_SCALE, st.data())
@settings(max_examples=500, deadline=None)
def test_whatever_is_read_is_a_score_of_the_scale_or_none(
    text: str, scale: Scale, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text)))
    number = data.draw(
        st.sampled_from(["5", "11", "⭐⭐", "9/10", "0", "خمسة", "4.5", "👎", "½", "-2"])
    )
    found = read(f"{text[:place]} {number} {text[place:]}", scale)

    for score in (found.score, found.guess):
        assert score is None or scale.low <= score <= scale.top
    assert (found.kind == "score") == (found.score is not None)
    assert (found.confidence in {"exact", "leading"}) == (found.score is not None)
    assert (found.confidence == "inferred") == (found.guess is not None)


_MARKS = st.sampled_from(
    [*"\u200e\u200f\u061c\u202a\u202b\u202c\u202e\u2066\u2067\u2069", "\ufeff"]
)
_EMOJI = st.sampled_from(["❤️", "🙏🏽", "😡", "👨‍👩‍👧", "🇮🇱", "💯", "🎉", "✨", "☺", "™"])


@given(st.sampled_from(ANSWERS), st.data())
@settings(max_examples=700, deadline=None)
def test_marks_spaces_and_emoji_change_no_reading(answer: Answer, data: st.DataObject) -> None:
    text = answer.text
    place = data.draw(st.integers(0, len(text)))
    marked = text[:place] + data.draw(_MARKS) + text[place:]
    spaced = marked.replace(
        " ", data.draw(st.sampled_from(["  ", " \u00a0 ", f" {data.draw(_EMOJI)} "]))
    )
    found = read(f" {spaced} {data.draw(_EMOJI)} ", SCALES[answer.scale])

    plain = answer.reading
    assert (plain.kind, plain.score, plain.guess) == (found.kind, found.score, found.guess)
    assert (plain.confidence, plain.asks, plain.rescaled) == (
        found.confidence,
        found.asks,
        found.rescaled,
    )


@given(
    st.sampled_from(ANSWERS),
    st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"]),
)
@settings(max_examples=500, deadline=None)
def test_digits_of_every_script_read_alike(answer: Answer, digits: str) -> None:
    written_otherwise = answer.text.translate(str.maketrans("0123456789", digits))

    assert answer.reading.score == read(written_otherwise, SCALES[answer.scale]).score


@given(ANY_TEXT, EACH_SCALE)
@settings(max_examples=500, deadline=None)
def test_any_text_is_read(text: str, scale: Scale) -> None:
    assert read(text, scale).kind in {"score", "ask again", "not an answer"}


@pytest.mark.parametrize(
    "piece",
    [
        "5",
        "9" * 50,
        "5 ",
        "5 sorry ",
        "if ",
        "would 5 ",
        "⭐",
        "-",
        "5/",
        "A5",
        "\ud800",
        "\x00",
        "½",
        "נה ",
    ],
)
def test_a_text_of_5000_characters_is_read_in_no_time(piece: str) -> None:
    for scale in SCALES.values():
        assert read((piece * 5_000)[:5_000], scale).kind


@given(ANY_TEXT)
@settings(max_examples=500, deadline=None)
def test_tokens_stand_where_they_were_typed(text: str) -> None:
    tokens = tokenised(text)

    for each in tokens:
        assert 0 <= each.start < each.end <= len(text)
    assert all(one.end <= other.start for one, other in pairwise(tokens))


# Things that shops sell and people count, as each language counts them; and what is said of them.
_COUNTED = (
    (
        (2, 3, 4, 5),
        (
            "plates cups lamps shirts dresses shoes boots socks toys trains dolls puzzles "
            "books candles glasses knives forks spoons towels sheets pillows blankets chairs "
            "tables screws parts cables chargers batteries phones bags wallets belts hats "
            "scarves rings necklaces watches bottles jars cans packets refunds coupons codes "
            "calls emails texts agents couriers neighbours boys girls men women sizes colours "
            "pages floors sofas rugs people children pairs sets kits packs"
        ),
        ("", "broken", "arrived late", "are missing", "in the box", "please"),
    ),
    (
        (2, 3, 4, 5),
        (
            "צלחות כוסות מנורות חולצות שמלות נעליים מגפיים גרביים צעצועים רכבות בובות פאזלים "
            "ספרים נרות כוסיות סכינים מזלגות כפות מגבות סדינים כריות שמיכות כיסאות שולחנות "
            "ברגים כבלים מטענים סוללות טלפונים תיקים ארנקים חגורות כובעים צעיפים טבעות "
            "שרשראות שעונים בקבוקים צנצנות קופסאות חבילות זיכויים קופונים קודים שיחות מיילים "
            "נציגים שליחים שכנים בנים בנות גברים נשים מידות צבעים קומות ספות שטיחים אנשים "
            "ילדים זוגות סטים ערכות שקיות פרחים זרים עציצים עוגות בלונים מתנות תמונות מסגרות "
            "וילונות מדפים"
        ),
        ("", "שבורות", "הגיעו באיחור", "לא הגיעו"),
    ),
    (
        (2, 3, 4, 5),
        (
            "بشقاب لیوان لامپ پیراهن لباس کفش چکمه جوراب اسباب‌بازی قطار عروسک پازل کتاب شمع "
            "چاقو چنگال قاشق حوله ملحفه بالش پتو صندلی میز پیچ کابل شارژر باتری گوشی کیف "
            "کمربند کلاه شال انگشتر گردنبند بطری قوطی کوپن کد تماس پیامک همسایه پسر دختر مرد "
            "زن سایز رنگ طبقه مبل فرش جعبه کارتن گل گلدان کیک بادکنک هدیه عکس قاب پرده روز "
            "هفته ماه نفر"
        ),
        ("", "شکسته بود", "نرسید", "دارم"),
    ),
    (
        (3, 4, 5),
        (
            "صحون كاسات لمبات قمصان فساتين أحذية جزمات جوارب ألعاب قطارات دمى كتب شموع سكاكين "
            "شوك ملاعق مناشف شراشف مخدات بطانيات كراسي طاولات براغي كوابل شواحن بطاريات "
            "تلفونات شنط محافظ أحزمة قبعات خواتم عقود ساعات قناني علب كوبونات أكواد مكالمات "
            "رسائل موظفين مندوبين جيران أولاد بنات رجال نساء مقاسات ألوان طوابق كنبات سجاد "
            "أيام أسابيع ورود باقات هدايا صور"
        ),
        ("", "مكسورة", "وصلت متأخرة", "ناقصة"),
    ),
    (
        (2, 3, 4),
        (
            "тарелки чашки лампы рубашки платья игрушки поезда куклы книги свечи ножа вилки "
            "ложки полотенца простыни подушки одеяла стула стола кресла болта кабеля зарядки "
            "батарейки телефона сумки кошелька ремня шапки кольца часа бутылки банки коробки "
            "купона кода звонка письма менеджера курьера соседа мальчика девочки размера "
            "цвета этажа дивана ковра дня недели месяца цветка букета торта шарика подарка "
            "фото зеркала мыла окна ведра"
        ),
        ("", "разбиты", "не пришли", "опоздали"),
    ),
    (
        (5,),
        (
            "тарелок чашек ламп рубашек платьев игрушек поездов кукол книг свечей ножей вилок "
            "ложек полотенец простыней подушек одеял стульев столов кресел болтов кабелей "
            "зарядок батареек телефонов сумок кошельков ремней шапок колец часов бутылок "
            "банок коробок купонов кодов звонков писем менеджеров курьеров соседей мальчиков "
            "девочек размеров цветов этажей диванов ковров дней недель месяцев букетов тортов "
            "шариков подарков фото зеркал окон ведер"
        ),
        ("", "разбиты", "не пришло", "опоздали"),
    ),
)


@pytest.mark.parametrize(("numbers", "things", "told"), _COUNTED)
def test_counted_things_are_no_scores(
    numbers: tuple[int, ...], things: str, told: tuple[str, ...]
) -> None:
    counted = [
        text
        for number in numbers
        for thing in things.split()
        for each in told
        if read(text := f"{number} {thing} {each}", CSAT).score is not None
    ]

    assert counted == []
