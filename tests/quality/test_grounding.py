import json
from pathlib import Path

import pytest

from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.grounding import REASONS, THRESHOLDS, applies, score

FORTY = json.loads((Path(__file__).parent / "forty_questions.json").read_text(encoding="utf-8"))

SECTIONS = {
    "en": "The tower of the old town hall was raised in 1478 by the mason Hans Brenner. Lightning burnt its wooden "
    "roof in 1611, and the council replaced it with copper from the mines of Falun.",
    "fr": "La tour de l'ancien hôtel de ville fut élevée en 1478 par le maçon Hans Brenner. La foudre brûla son toit "
    "de bois en 1611 et le conseil le remplaça par du cuivre des mines de Falun.",
    "de": "Der Turm des alten Rathauses wurde 1478 von dem Maurer Hans Brenner errichtet. Ein Blitz verbrannte 1611 "
    "sein hölzernes Dach, und der Rat ersetzte es durch Kupfer aus den Gruben von Falun.",
    "it": "La torre del vecchio municipio fu innalzata nel 1478 dal muratore Hans Brenner. Un fulmine bruciò il tetto "
    "di legno nel 1611 e il consiglio lo sostituì con rame delle miniere di Falun.",
    "es": "La torre del antiguo ayuntamiento fue levantada en 1478 por el albañil Hans Brenner. Un rayo quemó su techo "
    "de madera en 1611 y el concejo lo sustituyó por cobre de las minas de Falun.",
    "pl": "Wieżę starego ratusza wzniósł w 1478 roku murarz Hans Brenner. Piorun spalił jej drewniany dach w 1611, "
    "a rada zastąpiła go miedzią z kopalni w Falun.",
    "nl": "De toren van het oude raadhuis werd in 1478 opgetrokken door de metselaar Hans Brenner. Bliksem verbrandde "
    "in 1611 het houten dak, en de raad verving het door koper uit de mijnen van Falun.",
    "la": "Turris veteris curiae anno 1478 a structore Hans Brenner erecta est. Fulmen anno 1611 tectum ligneum "
    "combussit, quod senatus cupro ex metallis Falun restituit.",
}
QUERIES = {
    "en": "What happened to the roof of the tower?",
    "fr": "Qu'est-il arrivé au toit de la tour ?",
    "de": "Was geschah mit dem Dach des Turms?",
    "it": "Che cosa accadde al tetto della torre?",
    "es": "¿Qué le pasó al techo de la torre?",
    "pl": "Co się stało z dachem wieży?",
    "nl": "Wat gebeurde er met het dak van de toren?",
    "la": "Quid tecto turris accidit?",
}
GROUNDED = {
    "en": "Lightning burnt it in 1611. The council had it replaced with copper from Falun.",
    "fr": "La foudre l'a brûlé en 1611. Le conseil l'a remplacé par du cuivre venu de Falun.",
    "de": "Ein Blitz hat es 1611 verbrannt. Der Rat ließ es durch Kupfer aus Falun ersetzen.",
    "it": "Un fulmine lo bruciò nel 1611. Il consiglio lo fece sostituire con rame di Falun.",
    "es": "Un rayo lo quemó en 1611. El concejo hizo sustituirlo por cobre de Falun.",
    "pl": "W 1611 roku spalił go piorun. Rada zastąpiła drewniany dach miedzią z Falun.",
    "nl": "De bliksem verbrandde het in 1611. De raad verving het hout door koper uit Falun.",
    "la": "Fulmen id anno 1611 combussit. Senatus tectum ligneum cupro Falun restituit.",
}
UNGROUNDED = {
    "en": "Pigeons nested beneath the slates until a gardener chased them away. Children painted the gutters yellow.",
    "fr": "Des pigeons nichaient sous les ardoises. Des enfants peignaient la gouttière en jaune.",
    "de": "Tauben nisteten unter Schindeln. Kinder bemalten anschließend die Regenrinne gelb.",
    "it": "Alcuni piccioni nidificavano sotto le tegole. I bambini dipinsero di giallo la grondaia.",
    "es": "Unas palomas anidaban bajo las tejas hasta que un jardinero las espantó. Los niños pintaron el canalón.",
    "pl": "Gołębie gniazdowały pod dachówkami, aż ogrodnik je przepędził. Dzieci pomalowały rynnę na żółto.",
    "nl": "Duiven nestelden onder leisteen totdat een tuinman ze verjoeg. Kinderen schilderden daarna de goot geel.",
    "la": "Columbae sub tegulis nidificabant, donec hortulanus eas fugavit. Pueri canalem flavo colore pinxerunt.",
}
DECLINING = {
    "en": "Nobody can say: the height of that weathercock is not recorded, and no source describes any weathercock.",
    "fr": "La hauteur de cette girouette n'est pas connue : aucune source ne décrit pareil ornement.",
    "de": "Die Höhe dieses Wetterhahns ist nicht bekannt; keine Quelle beschreibt überhaupt solchen Schmuck.",
    "it": "L'altezza di quella banderuola non è nota: nessuna fonte descrive un simile ornamento.",
    "es": "La altura de esa veleta no se conoce: ninguna fuente describe semejante adorno.",
    "pl": "Wysokość tego kurka nie jest znana: brak źródeł opisujących podobną ozdobę.",
    "nl": "De hoogte van die windhaan is niet bekend: geen bron beschrijft zulke versiering.",
    "la": "Altitudo illius galli ignota est: nullus fons tale ornamentum describit.",
}


def judge(answer: str, *, language: str = "en", query: str | None = None, section: str | None = None, **rest) -> Score:
    row = ScoredRow(
        exercise="memorization",
        language=language,
        query=QUERIES[language] if query is None else query,
        draft="",
        answer=answer,
        **{"section_language": language, "section_text": section or SECTIONS[language], **rest},
    )
    result = score(row, THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_says_what_its_section_says_passes(language):
    result = judge(GROUNDED[language], language=language)
    assert (result.passed, result.reason) == (True, "")
    assert result.value >= 0.6


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_about_something_else_is_ungrounded(language):
    result = judge(UNGROUNDED[language], language=language)
    assert (result.passed, result.reason) == (False, "ungrounded")
    assert result.value < 0.4


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_from_nowhere_is_refused_by_name(language):
    result = judge(GROUNDED[language].replace("1611", "1734"), language=language)
    assert (result.passed, result.reason) == (False, "ungrounded_number")
    assert "1734" in result.detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_declines_is_not_punished(language):
    assert judge(DECLINING[language], language=language).passed


@pytest.mark.parametrize("language", LANGUAGES)
def test_declining_does_not_excuse_an_invented_number(language):
    assert judge(f"{DECLINING[language]} 1734.", language=language).reason == "ungrounded_number"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_translated_answer_is_held_to_numbers_and_names_only(language):
    translated = {"section": SECTIONS["en"], "section_language": "en"}
    result = judge(GROUNDED[language], language=language, **translated)
    assert result.passed
    assert "translated" in result.detail
    wrong = judge(GROUNDED[language].replace("1611", "1734"), language=language, **translated)
    assert wrong.reason == "ungrounded_number"


def test_a_translated_answer_full_of_unknown_names_is_refused():
    answer = "La torre fue obra de Pedro Machuca, amigo de Berruguete, y la pagó Carlos de Habsburgo con oro de Potosí."
    assert judge(answer, language="es", section=SECTIONS["en"], section_language="en").reason == "ungrounded_name"


def test_names_from_nowhere_are_refused_by_name():
    answer = "Lightning burnt the roof, and the council replaced it with copper bought by Otto Krause from Rammelsberg."
    result = judge(answer)
    assert (result.passed, result.reason) == (False, "ungrounded_name")
    assert "krause" in result.detail


def test_an_answer_that_only_repeats_the_question_is_refused():
    query = "What happened to the wooden roof of the famous tower after lightning struck?"
    assert judge("The wooden roof of the famous tower, lightning struck.", query=query).reason == "echoes_query"


def test_yes_no_and_one_word_answers_are_no_echo():
    assert judge("Yes.", query="Was the roof burnt?").passed
    assert judge("It was copper.", query="Was it copper or lead that came from Falun?").passed


@pytest.mark.parametrize(
    "number",
    ["1478", "133", "the 17th century and 1611", "the 1610s", "3 or 4", "1,478"],
    ids=[
        "stands there",
        "difference of two years",
        "century",
        "decade",
        "too small to judge",
        "written with a separator",
    ],
)
def test_numbers_that_follow_from_the_section_are_grounded(number):
    assert judge(f"Lightning burnt the wooden roof: {number}.").passed


@pytest.mark.parametrize(
    ("written", "passes"), [("16 020", True), ("16.020", True), ("16,020", True), ("16,200", False)]
)
def test_thousands_are_read_however_they_are_grouped(written, passes):
    result = judge(f"The copper roof weighs {written} pounds.", section="The copper roof weighs 16,020 pounds.")
    assert result.passed is passes


def test_multiple_choice_options_are_no_evidence_for_the_answer():
    query = "Which metal covers the tower?\n\nA. Copper\nB. Platinum\nC. Lead\nD. Tin"
    assert judge("A. Copper", query=query).passed
    assert judge("B. Platinum", query=query).reason == "ungrounded"


def test_neighbours_and_sources_of_the_query_are_evidence():
    fact = "A weathercock of gilded iron crowns the spire since 1702."
    answer = "A gilded weathercock of iron crowns it since 1702."
    assert not judge(answer).passed
    assert judge(answer, neighbour_texts=(fact,)).passed
    assert judge(answer, query=f"What crowns it?\n<source_1>{fact}</source_1>").passed
    assert judge(f'It is <ref name="source_1">{fact}</ref>', neighbour_texts=(fact,)).passed


def test_a_row_without_passages_is_not_judged():
    row = ScoredRow(exercise="math", language="en", query="6 * 7?", draft="", answer="42")
    assert not applies(row)


def test_forty_answers_are_grounded_in_their_passage_and_in_no_other():
    passages = {"own": FORTY["passage"], "other": SECTIONS["en"]}
    passed = {
        name: sum(judge(item["answer"], query=item["query"], section=text).passed for item in FORTY["questions"])
        for name, text in passages.items()
    }
    assert passed["own"] >= 39
    assert passed["other"] == 0


def test_the_detail_names_the_weakest_sentence():
    weak = "Children painted the gutters yellow."
    result = judge(f"Lightning burnt the wooden roof in 1611. {weak} The council replaced it with copper from Falun.")
    assert result.passed
    assert weak in result.detail
    assert "burnt the wooden" not in result.detail
