import pytest
from hypothesis import strategies as st

from kesher.domain.numerals import CARDINALS, MARKS, NINE_OR_NO, written
from kesher.domain.rating import CSAT, NPS, SCALES, THUMBS, Reading, Scale, read
from kesher.domain.rating.notation import SETS
from kesher.domain.rating.vocabulary import KINDS, ar, en, fa, he, known, ru
from kesher.domain.text import fold
from tests.ratings.measure import answers

ANSWERS = answers()
KNOWN = known()
EACH_SCALE = st.sampled_from(list(SCALES.values()))


@pytest.mark.parametrize(
    "text",
    [
        *("5", "٥", "۵", "５", "५", "৫", "𝟓", "5️⃣", "⑤", "❺", "➄", "➎", "⑸", "Ⅴ", "⁵"),
        *(" 5 ", "(5)", "5!", "«5»", "\u200f5\u200e", "\u202b5\u202c", "5.0", "05", "5 / 5", "5/5"),
        *("５／５", "٥٫٠", "5*", "5⭐", "⭐ 5"),
        *("⭐⭐⭐⭐⭐", "⭐️⭐️⭐️⭐️⭐️", "⭐ ⭐ ⭐ ⭐ ⭐", "★★★★★", "🌟🌟🌟🌟🌟", "5 stars", "5 out of 5"),
        *("five", "FIVE", "fiveeee", "חמש", "חמישה", "חָמֵשׁ", "پنج", "خمسة", "خمس", "пять"),
        *("пятёрка", "пятерку", "5 מתוך 5", "5 מ-5", "۵ از ۵", "٥ من ٥", "5 из 5", "пять из пяти"),
        *("5 on 5", "5 stars out of 5"),
        *("from 1 to 5, 5", "1-5: 5", "מ-1 עד 5 אני נותן 5", "از ۱ تا ۵ من ۵ میدم", "5, 5, 5", "5 ❤️"),
    ],
)  # fmt: skip
def test_five_is_five_however_it_is_written(text: str) -> None:
    found = read(text, CSAT)

    assert (found.kind, found.score, found.confidence) == ("score", 5, "exact")
    assert found.comment == ""
    assert not found.rescaled


@pytest.mark.parametrize(
    ("text", "scale", "score"),
    [
        ("10/10", CSAT, 5),
        ("🔟/🔟", CSAT, 5),
        ("8 out of 10", CSAT, 4),
        ("7/10", CSAT, 3),
        ("0/10", CSAT, 1),
        ("90/100", CSAT, 4),
        ("on a scale of 1 to 10: 9", CSAT, 4),
        ("5/5", NPS, 10),
        ("4 из 5", NPS, 8),
        ("★★★★☆", NPS, 8),
        ("★★★★★★★☆☆☆", CSAT, 3),
    ],
)
def test_a_score_of_another_scale_is_brought_to_ours_and_never_up(
    text: str, scale: Scale, score: int
) -> None:
    found = read(text, scale)

    assert (score, True) == (found.score, found.rescaled)
    assert found.raw in text


@pytest.mark.parametrize(
    ("text", "scale", "score", "raw"),
    [
        ("4.5", CSAT, 4, "4.5"),
        ("4,5", CSAT, 4, "4,5"),
        ("٤٫٥", CSAT, 4, "٤٫٥"),
        ("4½", CSAT, 4, "4½"),
        ("4.9", CSAT, 4, "4.9"),
        ("4.5/5", CSAT, 4, "4.5/5"),
        ("ארבע וחצי", CSAT, 4, "ארבע וחצי"),
        ("nine and a half", NPS, 9, "nine and a half"),
        ("0.5", NPS, 0, "0.5"),
    ],
)
def test_between_two_scores_the_lower_one_counts_and_what_was_typed_is_kept(
    text: str, scale: Scale, score: int, raw: str
) -> None:
    found = read(text, scale)

    assert (score, raw) == (found.score, found.raw)


def test_a_score_and_what_is_said_about_it_are_told_apart() -> None:
    assert read("4 great service but late", CSAT) == Reading(
        "score", 4, None, "leading", raw="4", comment="great service but late"
    )
    assert read("Great! 5 stars, thanks", CSAT) == Reading(
        "score", 5, None, "exact", raw="5 stars", comment="Great"
    )
    assert read("۴، ولی دیر رسید 😕", CSAT).comment == "ولی دیر رسید 😕"
    assert read("hi, 5. thanks!", CSAT).comment == ""


@pytest.mark.parametrize(
    "text",
    [
        "4 but where is my refund?",
        "4. When will the second parcel come",
        "4, call me please",
        "4 אבל איפה ההחזר",
        "۴ اما پولم کی برمیگرده",
        "٤ بس وين طلبي",
        "4, а где возврат",
    ],
)
def test_a_question_behind_a_score_is_asked_all_the_same(text: str) -> None:
    found = read(text, CSAT)

    assert (found.score, found.asks) == (4, True)


def test_a_comment_that_asks_nothing_is_no_question() -> None:
    assert not read("4 great service but late", CSAT).asks
    assert not read("5 как всегда", CSAT).asks


@pytest.mark.parametrize(
    "text",
    [
        *("5 days late", "order 51234", "2 items missing", "0501234567", "+972 50-234-5678", "12/5"),
        *("5:30", "12.5.2026", "$5", "5₪", "5 %", "#5", "A5", "5G", "5th", "19.90", "51234", "1,000"),
        *("2 of the glasses broke", "3 lampshades", "2 new lampshades", "the 3 I ordered", "5 pm"),
        *("not 5", "לא 5", "5 نه", "5 нет", "مش ٥", "never a 5", "I can't give you a 5", "5? no"),
        *("5?", "5 ??", "is 5 the best?", "what does 5 mean?", "5 זה הכי טוב?"),
        *("would have given 5 but nobody came", "5 if you refund me", "5 אם תחזירו את הכסף"),
        *("", " ", "?", "thanks", "👍", "❤️", "½?", "one of the cups", "no one called", "½ ½ cups"),
    ],
)  # fmt: skip
def test_what_rates_nothing_is_no_score(text: str) -> None:
    found = read(text, CSAT)

    assert ("not an answer" if text != "5 %" else "ask again", None) == (found.kind, found.score)
    assert found.comment == text


UNCLEAR = {
    CSAT: (
        *("0", "10", "7", "-1", "100", "100%", "6 stars", "☆☆☆☆☆", "5.5", "0/5", "1-5"),
        *("4-5", "4 or 5", "4, 5 or so", "3 או 4", "۴ یا ۵", "5 for you, 2 for him", NINE_OR_NO),
        *("more than 5", "almost 5", "5 or more", "פחות מ-3", "почти 5"),
    ),
    NPS: ("11", "9-10", "⭐⭐⭐⭐⭐", "5 stars", "-3", "9 או 10"),
    THUMBS: ("3", "0", "👍👎", "5/5", "⭐⭐⭐⭐⭐", "10"),
}


@pytest.mark.parametrize(
    ("scale", "text"), [(scale, text) for scale, said in UNCLEAR.items() for text in said]
)
def test_an_answer_without_one_score_of_the_scale_is_asked_for_again(
    scale: Scale, text: str
) -> None:
    assert read(text, scale).kind == "ask again"


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("3, sorry 4", 4),
        ("5 no wait, 2", 2),
        ("3 סליחה 4", 4),
        ("۵ نه ببخشید ۴", 4),
        ("٥ لا قصدي ٤", 4),
        ("5, точнее 4", 4),
        ("4, would be 5 if it had come on time", 4),
        ("4 if faster it would be 5", 4),
        ("1 because I can't give 0", 1),
    ],
)
def test_of_two_numbers_the_one_that_is_meant_counts(text: str, score: int) -> None:
    assert score == read(text, CSAT).score


@pytest.mark.parametrize(
    ("text", "nps", "csat"),
    [
        (NINE_OR_NO, ("score", 9), ("ask again", None)),
        (f" {NINE_OR_NO}. ", ("score", 9), ("ask again", None)),
        ("نه از ده", ("score", 9), ("score", 4)),
        ("نه ممنون", ("not an answer", None), ("not an answer", None)),
        ("۱۰ نه", ("not an answer", None), ("not an answer", None)),
    ],
)
def test_the_persian_nine_is_also_no(
    text: str, nps: tuple[str, int | None], csat: tuple[str, int | None]
) -> None:
    assert nps == (read(text, NPS).kind, read(text, NPS).score)
    assert csat == (read(text, CSAT).kind, read(text, CSAT).score)


THUMBED: dict[int | None, tuple[str, ...]] = {
    1: (
        *(
            "👍",
            "👍🏽",
            "👍👍👍",
            "👍 thanks",
            "👍 но долго",
            "thumbs up",
            "1",
            "yes",
            "כן",
            "بله",
            "نعم",
        ),
        *("да", "Yes, thanks!"),
    ),
    0: ("👎", "👎 never again", "2", "no", "לא", NINE_OR_NO, "خیر", "لا", "нет", "👎 לא עזרו"),
    None: ("👍?", "not 👍", "no thanks", "no problem", "yes but late", "1 item", "like I said"),
}


@pytest.mark.parametrize(
    ("score", "text"), [(score, text) for score, said in THUMBED.items() for text in said]
)
def test_thumbs_are_read_where_thumbs_were_asked_for(score: int | None, text: str) -> None:
    assert score == read(text, THUMBS).score


@pytest.mark.parametrize("text", ["👍", "👎", "👍👍", "👍 thanks", "yes", "no", "❤️"])
def test_thumbs_and_yes_are_no_score_elsewhere(text: str) -> None:
    assert read(text, CSAT).kind == read(text, NPS).kind == "not an answer"


def test_a_score_behind_other_words_is_a_guess() -> None:
    assert read("The driver even carried it upstairs, 5/5", CSAT) == Reading(
        "not an answer",
        guess=5,
        confidence="inferred",
        raw="5/5",
        comment="The driver even carried it upstairs",
    )


@pytest.mark.parametrize(
    ("scale", "low", "neither", "satisfied"),
    [
        (CSAT, {1, 2}, {3}, {4, 5}),
        (NPS, {0, 1, 2, 3, 4, 5, 6}, {7, 8}, {9, 10}),
        (THUMBS, {0}, set(), {1}),
    ],
)
def test_a_score_is_low_or_satisfied_by_its_scale(
    scale: Scale, low: set[int], neither: set[int], satisfied: set[int]
) -> None:
    scores = set(range(scale.low, scale.top + 1))

    assert low == {each for each in scores if scale.is_low(each)}
    assert satisfied == {each for each in scores if scale.is_satisfied(each)}
    assert neither == scores - low - satisfied


WORDS = [
    (value, word)
    for table in (*CARDINALS.values(), MARKS)
    for value, said in table.items()
    for word in said
    if word != NINE_OR_NO
]


@pytest.mark.parametrize(("value", "word"), WORDS)
def test_every_number_word_is_its_number_where_it_is_the_whole_answer(
    value: int, word: str
) -> None:
    assert value == read(word, NPS).score
    assert (value if 1 <= value <= 5 else None) == read(f"{word}!", CSAT).score


@pytest.mark.parametrize("language", [en, he, fa, ar, ru])
def test_a_word_has_one_kind(language: object) -> None:
    table: dict[str, tuple[str, ...]] = language.WORDS  # type: ignore[attr-defined]
    for kind, phrases in table.items():
        assert kind in KINDS
        for phrase in phrases:
            assert KNOWN[fold(phrase)][0] == kind, phrase


def test_every_kind_has_words_and_every_set_knows_its_kinds() -> None:
    assert set(KINDS) <= {kind for kind, _ in KNOWN.values()}
    assert all(each for each in SETS.values())


@pytest.mark.parametrize(
    ("char", "digits"),
    [
        ("٣", "3"),
        ("⑩", " 10 "),
        ("🔟", " 10 "),
        ("½", "½"),
        ("¾", "½"),
        ("五", None),
        ("a", None),
    ],
)
def test_characters_that_are_numbers(char: str, digits: str | None) -> None:
    assert digits == written(char)


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("5 Noa rocks", 5, "Noa rocks"),
        ("5 سارة ممتازة", 5, "سارة ممتازة"),
        ("۵ شیرین خانم فرشته‌ست", 5, "شیرین خانم فرشته‌ست"),
        ("Noa 4", 4, ""),
        ("5 for Noa, 2 for the courier", None, None),
        ("5 Rosa candles", None, None),
    ],
)
def test_a_number_before_the_name_of_who_is_rated_counts_nothing(
    text: str, score: int | None, comment: str | None
) -> None:
    names = frozenset(map(fold, ("Noa", "سارة", "شیرین")))
    found = read(text, CSAT, names)

    assert (found.score, found.comment if score else None) == (score, comment)
    assert read("5 Noa rocks", CSAT).score is None, "who is not known may be a thing"
