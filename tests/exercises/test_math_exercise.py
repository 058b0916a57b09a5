import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Draft, Query, Reply, Task
from synth_assets.exercises.math_exercise import MathExercise
from synth_assets.exercises.math_templates.base import DIFFICULTIES
from synth_assets.exercises.math_templates.numbers import (
    FORMATS,
    canonical,
    find_numbers,
    format_number,
    plural_form,
)
from synth_assets.exercises.math_templates.registry import FAMILIES, TEMPLATES
from synth_assets.exercises.math_templates.words import CURRENCIES, NOUNS, counted, format_date, with_article
from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.verdict import judge_row

MATH = MathExercise()
CHECKS = {"result_equal", "first_line_parses", "trace_agrees", "independent_evaluation", "no_template_marks"}
BY_MODEL = {"wording": {"model": 1.0}}
Row = tuple[Task, Query, Draft, Answer]


def task_of(template: str, language: str, pass_number: int, priors=None) -> Task:
    constraints = MATH.draw(key=template, pass_number=pass_number, language=language, priors=priors or {})
    return Task(
        candidate_id=f"{template}-{language}-{pass_number}",
        exercise=MATH.name,
        language=language,
        constraints=constraints,
        pass_number=pass_number,
    )


def row_of(template: str, language: str, pass_number: int) -> Row:
    task = task_of(template, language, pass_number)
    query = MATH.make_query(task)
    draft = MATH.make_draft(task, query)
    return task, query, draft, MATH.make_answer(task, query, draft)


def wrongly_counted(text: str, language: str) -> list[str]:
    """Every number that is followed by a noun in a form that it does not take ("1 apples")."""
    forms: dict[str, set[int]] = {}
    for nouns in NOUNS[language].values():
        for index, form in enumerate(nouns.split("|")):
            forms.setdefault(form.split()[0], set()).add(index)
    text = re.sub(r"\b\d{4} roku\b", "", text)  # a Polish date's year, an ordinal
    pairs = re.findall(r"(?<![\w(])([\d.,\u00a0\u202f]*\d)\s(\w+)", text)
    return [
        f"{number} {word}"
        for number, word in pairs
        if word in forms and plural_form(find_numbers(number, language)[-1], language) not in forms[word]
    ]


def assert_sound(row: Row) -> None:
    task, query, draft, answer = row
    checks = MATH.verify(task, query, draft, answer)
    assert {check.name for check in checks} == CHECKS
    assert [check for check in checks if not check.passed] == []
    assert query.text.count("?") == 1
    for text, language in ((query.text, task.language), (draft.text, "en"), (answer.text, task.language)):
        assert not re.search(r"[{}]|\bNone\b|\bnan\b|  |\s[,.](?!\.)", text), text
        assert wrongly_counted(text, language) == []
    lines = draft.text.splitlines()
    assert lines[0] == "### 1. Task Analysis"
    assert {"├", "└", "→", "✓", "●"} <= set(draft.text)
    assert lines[-1].startswith("∴ ")
    assert all(0.1 <= float(entropy) <= 1.8 for entropy in re.findall(r"⟨H≈([\d.]+)⟩", draft.text))
    first, blank, solution = answer.text.split("\n")
    assert first.startswith("**")
    assert first.endswith("**")
    assert blank == ""
    # a point within a number or before a lower-case word ends no sentence ("23. April")
    assert 2 <= len(re.split(r"[.!?] (?=\D*[A-ZÀ-ÖØ-ÞŚŻŹĆŁÓ1-9])", re.sub(r"\d\. ", "", solution))) <= 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_row_of_every_template_language_and_difficulty_is_sound(template, language):
    for pass_number in range(3):
        row = row_of(template, language, pass_number)
        assert row[1].payload["difficulty"] == DIFFICULTIES[pass_number]
        assert_sound(row)


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_two_hundred_rows_of_every_difficulty_are_sound(template, language):
    for pass_number in range(600):
        assert_sound(row_of(template, language, pass_number))


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_rows_pass_the_scorers_of_the_exercise(template, language):
    for pass_number in range(12):
        task, query, draft, answer = row_of(template, language, pass_number)
        verdict = judge_row(
            ScoredRow(
                exercise=MATH.name,
                language=language,
                query=query.text,
                draft=draft.text,
                answer=answer.text,
                checks={check.name: check.passed for check in MATH.verify(task, query, draft, answer)},
            ),
            MATH.scorers,
            {},
        )
        assert verdict.passed, [score for score in verdict.scores if not score.passed]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_two_hundred_passes_are_two_hundred_problems(template, language):
    rows = [MATH.make_query(task_of(template, language, pass_number)) for pass_number in range(200)]
    assert len({MATH.duplicate_key(query, Answer(text="")) for query in rows}) == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_both_phrasings_give_the_same_numbers(template, language):
    seen = {}
    for attempt in range(20):
        task = replace(task_of(template, language, 4), candidate_id=f"seed {attempt}")
        query = MATH.make_query(task)
        seen[query.payload["phrasing"]] = sorted(find_numbers(query.text, language))
    assert seen[0] == seen[1]


def test_there_are_twelve_templates_in_eight_families_or_more():
    assert MATH.templates() == tuple(TEMPLATES)
    assert len(TEMPLATES) >= 12
    assert len({template.family for template in TEMPLATES.values()}) >= 8
    assert len(TEMPLATES) == sum(len(family) for family in FAMILIES)
    for template in TEMPLATES.values():
        assert list(template.texts) == list(LANGUAGES)


def test_a_row_is_the_same_whenever_it_is_made():
    later = row_of("mixtures.juice", "pl", 40)
    assert row_of("mixtures.juice", "pl", 40) == later
    task = task_of("mixtures.juice", "pl", 40)
    assert dict(task.constraints) == {
        "template": "mixtures.juice",
        "family": "mixtures",
        "difficulty": "medium",
        "wording": "program",
    }


def test_what_is_published_names_result_family_difficulty_and_template():
    task, query, _, answer = row_of("probability.urn", "de", 0)
    gold = query.payload["result"]
    assert MATH.published_constraints(task, query) == f"result:{gold}, family:probability, difficulty:easy"
    assert MATH.published_script(task, query) == "probability.urn"
    assert answer.text.startswith(f"**{gold}**\n")
    assert json.loads(json.dumps(query.payload)) == query.payload


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_row_that_came_back_from_storage_is_worked_out_alike(template):
    task, query, draft, answer = row_of(template, "nl", 7)
    stored = replace(query, payload=json.loads(json.dumps(query.payload)))
    assert MATH.make_draft(task, stored) == draft
    assert MATH.make_answer(task, stored, draft) == answer


def failed(row: Row) -> set[str]:
    return {check.name for check in MATH.verify(*row) if not check.passed}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_wrong_result_is_refused_by_name(template):
    task, query, draft, answer = row_of(template, "en", 3)
    wrong = str(Fraction(query.payload["result"]) + 1)
    assert "result_equal" in failed((task, replace(query, payload={**query.payload, "result": wrong}), draft, answer))
    tampered = failed((task, query, draft, replace(answer, payload={"result": wrong})))
    assert tampered == {"result_equal", "independent_evaluation"}


@pytest.mark.parametrize(
    ("first_line", "fault"),
    [
        ("**999999 minutes**", "another number"),
        ("120 minutes", "not bold"),
        ("**minutes**", "no number"),
        ("**2 times 60 minutes**", "two numbers"),
    ],
)
def test_a_wrong_first_line_is_refused_by_name(first_line, fault):
    task, query, draft, answer = row_of("rates.meeting", "en", 0)
    rest = answer.text.partition("\n")[2]
    assert failed((task, query, draft, replace(answer, text=f"{first_line}\n{rest}"))) == {"first_line_parses"}, fault


def test_a_trace_that_ends_elsewhere_is_refused_by_name():
    task, query, draft, answer = row_of("sequences.seats", "fr", 0)
    assert failed((task, query, replace(draft, text=draft.text + "\n∴ 3 seats"), answer)) == {"trace_agrees"}
    assert failed((task, query, replace(draft, text="→ nothing"), answer)) == {"trace_agrees"}


@pytest.mark.parametrize("mark", ["{distance:km}", "None", "nan km", "Fraction(1, 2)"])
def test_template_marks_left_in_a_text_are_refused_by_name(mark):
    task, query, draft, answer = row_of("rates.meeting", "es", 0)
    assert failed((task, replace(query, text=f"{query.text} {mark}"), draft, answer)) == {"no_template_marks"}


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_independent_check_takes_the_result_and_nothing_beside_it(template):
    record = TEMPLATES[template]
    task, query, draft, answer = row_of(template, "it", 2)
    gold = Fraction(query.payload["result"])
    step = Fraction(1, gold.denominator) if record.unit == "fraction" else 1
    for wrong in (gold + step, gold - step):
        tampered = replace(answer, payload={"result": str(wrong)})
        assert "independent_evaluation" in failed((task, query, draft, tampered))


# --- rewording by a model


@pytest.fixture
def reworded() -> Callable[..., Query]:
    """`reworded(text_of, language)` drives the query step; the reply is made of the problem by `text_of`."""

    def drive(text_of: Callable[[str], str], language: str = "en", template: str = "sequences.seats") -> Query:
        original = MATH.make_query(task_of(template, language, 4))
        step = MATH.make_query(task_of(template, language, 4, BY_MODEL))
        request = next(step)
        assert request.role == "query"
        prompt = request.messages[0].parts[0].text
        assert original.text in prompt
        assert LANGUAGES[language] in prompt
        assert request.templates[0].startswith("math_exercise/reword@")
        with pytest.raises(StopIteration) as finished:
            step.send((Reply(text=text_of(original.text), model="scripted", call_id="1"),))
        return finished.value.value

    return drive


def test_the_prior_decides_who_words_the_problem():
    wordings = {
        MATH.draw(
            key="rates.meeting", pass_number=n, language="en", priors={"wording": {"program": 0.5, "model": 0.5}}
        )["wording"]
        for n in range(30)
    }
    assert wordings == {"program", "model"}
    assert MATH.draw(key="rates.meeting", pass_number=0, language="en", priors=BY_MODEL)["wording"] == "model"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rewording_with_the_same_numbers_is_taken(reworded, language):
    query = reworded(lambda problem: f"Reworded: “Hm. {problem}”", language)
    assert query.text.startswith("Hm. ")
    assert query.payload["template"] == "sequences.seats"


def test_a_rewording_may_write_ordinary_spaces_between_thousands(reworded):
    query = reworded(lambda problem: "Alors, " + problem.replace("\u202f", " "), "fr", "finance.compound")
    assert "\u202f" not in query.text


@pytest.mark.parametrize(
    ("text_of", "reason"),
    [
        (lambda problem: "  ", "reworded_empty"),
        (lambda problem: problem.upper(), "reworded_unchanged"),
        (lambda problem: f"Well: {problem} " + "{n}", "reworded_markup"),
        (lambda problem: f"Well: {problem}\nProblem: another one?", "reworded_markup"),
        (lambda problem: f"Well: {problem} " + "So it is asked. " * 60, "reworded_too_long"),
        (lambda problem: "Well: " + problem.replace("?", "."), "reworded_no_question"),
        (lambda problem: f"Well: {problem} 4711", "reworded_numbers_changed"),
        (lambda problem: "Well: " + re.sub(r"\d+", "some", problem, count=1), "reworded_numbers_changed"),
        (lambda problem: "Well: " + re.sub(r"(\d)\b", r"\g<1>.5", problem, count=1), "reworded_numbers_changed"),
    ],
)
def test_a_rewording_that_is_another_problem_is_refused(reworded, text_of, reason):
    with pytest.raises(Refused) as refused:
        reworded(text_of)
    assert refused.value.reason == reason
    assert refused.value.retry
    assert reason in MATH.refusals


def test_a_rewording_that_tells_the_answer_is_refused(reworded):
    gold = MATH.make_query(task_of("sequences.seats", "en", 4)).payload["result"]
    with pytest.raises(Refused) as refused:
        reworded(lambda problem: f"{problem} (It is {gold}.)")
    assert refused.value.reason == "reworded_reveals_answer"


def test_every_reason_is_declared():
    assert MATH.refusals > CHECKS
    assert len(MATH.refusals) == len(CHECKS) + 7


# --- numbers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "number",
    [
        0, 1, 7, 999, 1000, 1234, 9999, 10_000, 16_020, 123_456, 1_062_882,
        *map(Fraction, ("0.5", "12.05", "1679.04", "16020.5", "3/14", "715/5985")),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_were_written(number, language):
    assert find_numbers(f"x {format_number(number, language)} km/h.", language) == [number]
    assert Fraction(canonical(number)) == number


@pytest.mark.parametrize(
    ("language", "thousands", "ten_thousands", "decimal"),
    [
        ("en", "1,234", "16,020", "1,234.5"),
        ("fr", "1\u202f234", "16\u202f020", "1\u202f234,5"),
        ("de", "1.234", "16.020", "1.234,5"),
        ("it", "1.234", "16.020", "1.234,5"),
        ("es", "1234", "16\u202f020", "1234,5"),
        ("pl", "1234", "16\u00a0020", "1234,5"),
        ("nl", "1.234", "16.020", "1.234,5"),
        ("la", "1234", "16020", "1234,5"),
    ],
)
def test_each_language_has_its_number_format(language, thousands, ten_thousands, decimal):
    assert format_number(1234, language) == thousands
    assert format_number(16020, language) == ten_thousands
    assert format_number(Fraction("1234.5"), language) == decimal
    assert format_number(1968, language, grouped=False) == "1968"
    assert set(FORMATS) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "1 złoty"), (2, "2 złote"), (4, "4 złote"), (5, "5 złotych"), (11, "11 złotych"), (12, "12 złotych"),
        (14, "14 złotych"), (21, "21 złotych"), (22, "22 złote"), (112, "112 złotych"), (1002, "1002 złote"),
        (0, "0 złotych"), (Fraction("2.5"), "2,50 złotego"), (100, "100 złotych"),
    ],
)  # fmt: skip
def test_polish_takes_the_right_plural_form(number, expected):
    assert counted(number, "zloty", "pl") == expected


@pytest.mark.parametrize(
    ("language", "number", "key", "expected"),
    [
        ("en", 1, "litre", "1 litre"),
        ("en", Fraction("0.5"), "litre", "0.5 litres"),
        ("fr", Fraction("1.5"), "litre", "1,5 litre"),
        ("fr", 2, "litre", "2 litres"),
        ("nl", 3, "hour", "3 uur"),
        ("de", 2, "year.dat", "2 Jahren"),
        ("la", 1, "denarius.acc", "1 denarium"),
        ("de", 20, "pct", "20\u00a0%"),
        ("it", 20, "pct", "20%"),
    ],
)
def test_nouns_agree_with_their_number(language, number, key, expected):
    assert counted(number, key, language) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (8, "l'8"), (80, "l'80"), (11, "l'11"), (1, "l'1"), (18, "il 18"), (20, "il 20"), (110, "il 110"),
        (11_000, "l'11.000"), (Fraction("8.8"), "l'8,8"),
    ],
)  # fmt: skip
def test_italian_articles_are_elided_before_vowels(number, expected):
    assert with_article("il", format_number(number, "it"), number) == expected


def test_every_noun_has_all_its_forms_in_every_language():
    for language, nouns in NOUNS.items():
        assert {len(forms.split("|")) for forms in nouns.values()} == {4 if language == "pl" else 2}
        currency = CURRENCIES[language]
        assert currency in nouns
        assert currency in NOUNS["en"]  # a trace names it in English
    assert set(NOUNS) == set(LANGUAGES)


def test_the_first_of_a_month_is_written_as_an_ordinal_where_it_is_one():
    first = date(2024, 5, 1)
    assert format_date(first, "fr") == "1er mai 2024"
    assert format_date(first, "it") == "1º maggio 2024"
    assert format_date(first, "de") == "1. Mai 2024"
    assert format_date(first, "pl") == "1 maja 2024 roku"
