import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.language import REASONS, THRESHOLDS, score

QUERIES = {
    "en": "Why did the farmers of the valley build their houses of stone and not of wood?",
    "fr": "Pourquoi les paysans de la vallée ont-ils bâti leurs maisons en pierre et non en bois ?",
    "de": "Warum haben die Bauern des Tales ihre Häuser aus Stein und nicht aus Holz gebaut?",
    "it": "Perché i contadini della valle hanno costruito le loro case di pietra e non di legno?",
    "es": "¿Por qué los campesinos del valle construyeron sus casas de piedra y no de madera?",
    "pl": "Dlaczego chłopi z tej doliny budowali swoje domy z kamienia, a nie z drewna?",
    "nl": "Waarom bouwden de boeren van het dal hun huizen van steen en niet van hout?",
    "la": "Cur agricolae huius vallis domos suas ex lapide et non ex ligno aedificaverunt?",
}
ANSWERS = {
    "en": "The forests of the valley had been cut down for the mines, so wood had to be brought from far away. "
    "Stone lay everywhere in the fields and cost nothing but work.",
    "fr": "Les forêts de la vallée avaient été coupées pour les mines, et le bois devait venir de loin. "
    "La pierre se trouvait partout dans les champs et ne coûtait que du travail.",
    "de": "Die Wälder des Tales waren für die Bergwerke gefällt worden, und Holz musste von weit her kommen. "
    "Steine lagen überall auf den Feldern und kosteten nichts als Arbeit.",
    "it": "I boschi della valle erano stati tagliati per le miniere e il legno doveva venire da lontano. "
    "La pietra si trovava ovunque nei campi e non costava altro che fatica.",
    "es": "Los bosques del valle habían sido talados para las minas y la madera tenía que venir de lejos. "
    "La piedra se encontraba en todos los campos y no costaba más que trabajo.",
    "pl": "Lasy w dolinie zostały wycięte na potrzeby kopalń, więc drewno trzeba było sprowadzać z daleka. "
    "Kamienie leżały wszędzie na polach i nie kosztowały nic oprócz pracy.",
    "nl": "De bossen van het dal waren gekapt voor de mijnen, en hout moest van ver worden gehaald. "
    "Stenen lagen overal op de akkers en kostten niets dan werk.",
    "la": "Silvae huius vallis propter metalla caesae erant, et lignum e longinquo portari debebat. "
    "Lapides autem in omnibus agris iacebant nec quidquam praeter laborem poscebant.",
}
DRAFT = (
    "### 1. Task Analysis\nThe query asks why stone was used → the cause is probably the lack of wood ●\n"
    "The forests were cut for the mines → timber came from far away ⟨H≈0.4⟩\n"
    "∴ stone was the cheaper material in the valley"
)


def judge(language: str, query: str, answer: str, draft: str = "") -> Score:
    row = ScoredRow(exercise="memorization", language=language, query=query, draft=draft, answer=answer)
    result = score(row, THRESHOLDS)
    assert result.reason in REASONS | {""}
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_in_its_own_language_with_an_english_trace_passes(language):
    result = judge(language, QUERIES[language], ANSWERS[language], DRAFT)
    assert (result.passed, result.value, result.reason) == (True, 1.0, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_in_another_language_is_refused_by_name(language):
    other = "fr" if language == "en" else "en"
    result = judge(language, QUERIES[language], ANSWERS[other])
    assert (result.passed, result.reason) == (False, "wrong_language_answer")
    assert f"answer: {other} " in result.detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_query_in_another_language_is_refused_by_name(language):
    other = "de" if language == "nl" else "nl"
    assert judge(language, QUERIES[other], ANSWERS[language]).reason == "wrong_language_query"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_trace_that_is_not_english_is_refused_by_name(language):
    trace = f"→ {ANSWERS[language]}\n∴ {QUERIES[language]}"
    assert judge(language, "Quid? " + QUERIES[language], ANSWERS[language], trace).reason == "wrong_language_draft"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trace_may_quote_the_query_and_the_passage(language):
    draft = (
        f"Query: {QUERIES[language]}\n{DRAFT}\nThe passage says “{ANSWERS[language]}” → the wood was far away.\n∴ done"
    )
    assert judge(language, QUERIES[language], ANSWERS[language], draft).passed


@pytest.mark.parametrize(
    "answer",
    [
        "**16,020 pounds**",
        "C. Marie Curie",
        "42",
        "B. Photosynthesis",
        "$x = \\frac{3}{4}$",
        "12 · 7 = 84 → 84 + 6 = **90**",
    ],
)
@pytest.mark.parametrize("language", ["en", "pl", "la"])
def test_an_answer_without_prose_is_not_judged(language, answer):
    result = judge(language, QUERIES[language], answer)
    assert result.passed
    assert "too few to judge" in result.detail


def test_a_short_text_of_technical_terms_is_not_called_latin():
    assert judge("en", "Which genus holds Homo sapiens, Homo erectus and Homo habilis?", "A. Homo").passed


def test_an_answer_that_changes_language_half_way_is_refused():
    mixed = f"{ANSWERS['es']} Todo eso explica por qué las casas son de piedra en este valle tan alto. {ANSWERS['en']}"
    assert judge("es", QUERIES["es"], mixed).reason == "mixed_language"


def test_a_long_text_of_no_language_is_uncertain():
    noise = "Brixo tal menuro gaspel vintra dolmek surify altona grebund hastovi plonder quimast erelde fonticu"
    assert judge("en", QUERIES["en"], noise).reason in {"language_uncertain", "wrong_language_answer"}


def test_a_guess_below_the_confidence_asked_for_is_uncertain():
    row = ScoredRow(exercise="x", language="en", query=QUERIES["en"], draft="", answer=ANSWERS["en"])
    assert score(row, {**THRESHOLDS, "long_confidence": 1.01}).reason == "language_uncertain"


def test_sources_citations_and_code_of_another_language_do_not_count():
    query = f"{QUERIES['fr']}\n\n<source_1>{ANSWERS['en']}</source_1>"
    answer = (
        f'{ANSWERS["fr"]} <ref name="source_1">{ANSWERS["en"]}</ref>\n```python\nfor line in file: print(line)\n```'
    )
    assert judge("fr", query, answer).passed


def test_an_answer_that_is_one_long_quotation_is_judged_all_the_same():
    assert judge("de", QUERIES["de"], f'"{ANSWERS["en"]}"').reason == "wrong_language_answer"
