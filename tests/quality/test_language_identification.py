import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.language_identification import (
    FUNCTION_WORDS,
    are_plainly_in,
    identify,
    identify_all,
    identify_by_function_words,
)
from synth_assets.seeds.signatures import fold

PROSE = {
    "en": "The river rises in the hills and flows for many miles before it reaches the sea.",
    "fr": "La rivière prend sa source dans les collines et coule sur de longues distances avant la mer.",
    "de": "Der Fluss entspringt in den Hügeln und fließt viele Meilen weit, bevor er das Meer erreicht und dort endet.",
    "it": "Il fiume nasce nelle colline e scorre per molte miglia prima di arrivare al mare, dove era un ponte.",
    "es": "El río nace en las colinas y corre por muchas leguas antes de llegar al mar, donde una vez hubo un puente.",
    "pl": "Rzeka wypływa ze wzgórz i płynie przez wiele mil, zanim dotrze do morza, gdzie kiedyś był most z drewna.",
    "nl": "De rivier ontspringt in de heuvels en stroomt vele mijlen voordat zij de zee bereikt.",
    "la": "Flumen in collibus oritur et per multa milia passuum fluit, antequam ad mare pervenit, ubi olim pons fuit.",
}
QUESTIONS = {
    "en": "What is the capital of France?",
    "fr": "Où est né Victor Hugo ?",
    "de": "Wer war Goethe?",
    "it": "Chi era Dante?",
    "es": "¿Quién fue Colón?",
    "pl": "Kto to był Chopin?",
    "nl": "Wie was Rembrandt?",
    "la": "Quis fuit Caesar?",
}


def test_every_language_of_the_grid_has_function_words_in_its_order():
    assert list(FUNCTION_WORDS) == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prose_is_identified_with_confidence(language):
    found = identify(PROSE[language])
    assert found.code == language
    assert found.confidence >= 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_questions_are_identified(language):
    assert identify(QUESTIONS[language]).code == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Gnaeus Pompeius Magnus was a Roman general and statesman who was prominent in the end of the republic.",
        ),
        ("en", "Simuliidae are related to the Ceratopogonidae, Chironomidae and Thaumaleidae; the genus is Simulium."),
        ("fr", "Abū Nuwās, de son vrai nom al-Ḥasan Ibn Hāni al-Ḥakamī, est un poète de langue arabe né à Ahvaz."),
        (
            "es",
            'Compuso "Night and Day", "Begin the Beguine" y "What Is This Thing Called Love" para el teatro.',
        ),
    ],
)
def test_foreign_names_do_not_mislead(language, text):
    assert identify(text).code == language


@pytest.mark.parametrize("text", ["", "  ", "123 + 4", "東京は日本の首都", "Χαίρετε κόσμε", "!?"])
def test_nothing_is_said_where_nothing_tells(text):
    assert identify(text) == ("", 0.0)


def test_a_batch_says_the_same_as_one_by_one():
    texts = [*PROSE.values(), *QUESTIONS.values(), "", "123"]
    assert identify_all(texts) == [identify(text) for text in texts]


def test_words_that_several_languages_share_overflow_nothing():
    found = identify("in a de " * 5000)
    assert found.code in LANGUAGES
    assert 0.0 < found.confidence <= 1.0


def test_decomposed_accents_read_like_composed_ones():
    assert identify("Ou\u0300 est ne\u0301 le poe\u0300te ?").code == "fr"


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_function_words_decide_they_alone_say_what_both_witnesses_say(language):
    text = f"{PROSE[language]} {PROSE[language]}"
    (alone,) = identify_by_function_words([text])
    assert alone == identify(text)
    assert alone is not None
    assert alone.code == language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the king's men and it is his who was at home", "en"),
        ("THE AND OF TO IN IS 3the 4and _of_ 'to' ' ''", "en"),
        ("l\u2019eau qu'elle a et d'une qui n'est pas dans la mer", "fr"),
        ('est "the and of to in is that" dans la mer et les bois qui ne sont pas', "fr"),
        ("\u00abthe and of to in\u00bb et\u2014le\u2026la\u00a0les \u2019 et dans une", "fr"),
    ],
)
def test_words_are_counted_whatever_stands_around_them(text, code):
    found = identify_by_function_words([text])[0]
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "12 ' \u2019 ... \u00b2", "Tabula", "the and"])
def test_few_function_words_decide_nothing_alone(text):
    assert identify_by_function_words([text])[0] is None


def test_many_texts_at_once_are_judged_as_each_alone():
    shorter = [text[:size] for text in PROSE.values() for size in (0, 7, 40, 90)]
    odd = [
        "L\u2019eau d'une\u00a0fontaine, « the king of the hill »",
        "\u0130 \u0130stanbul'da",
        "' 'n' '",
        "\u00c8 vero",
    ]
    texts = [*PROSE.values(), *shorter, *odd, *(f"{text} {text}" for text in PROSE.values())]
    assert identify_by_function_words(texts) == [identify_by_function_words([text])[0] for text in texts]
    assert identify_all(texts) == [identify(text) for text in texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_text_that_begins_and_ends_in_its_language_is_plainly_in_it(language):
    other = "de" if language != "de" else "fr"
    long = " ".join([PROSE[language]] * 12)
    changing = " ".join([PROSE[language]] * 4 + [PROSE[other]] * 8)
    listing = " ".join([PROSE[language]] * 3 + ["Achatocarpaceae, Aizoaceae, Amaranthaceae, Cactaceae,"] * 20)
    texts = [long, long, changing, listing, PROSE[language][:20], ""]
    languages = [language, other, language, language, language, language]
    assert are_plainly_in(fold(texts).words, languages) == [True, False, False, False, False, False]


@pytest.mark.parametrize("language", PROSE)
def test_what_is_plainly_in_a_language_however_short_is_in_it_by_both_witnesses(language):
    texts = [" ".join([PROSE[code]] * times) for code in PROSE for times in (1, 2, 12)]
    plainly = are_plainly_in(fold(texts).words, [language] * len(texts))
    told = [text for text, is_plain in zip(texts, plainly, strict=True) if is_plain]
    assert " ".join([PROSE[language]] * 12) in told
    assert {verdict.code for verdict in identify_all(told)} == {language}
