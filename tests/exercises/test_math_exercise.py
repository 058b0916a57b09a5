import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Draft, Query, Reply, Task
from synth_assets.exercises.math_exercise import MathExercise, gold_working, worked_examples
from synth_assets.exercises.math_templates.base import DIFFICULTIES
from synth_assets.exercises.math_templates.equations import wrong_equations
from synth_assets.exercises.math_templates.numbers import (
    FORMATS,
    canonical,
    find_numbers,
    format_number,
    plural_form,
)
from synth_assets.exercises.math_templates.registry import FAMILIES, TEMPLATES
from synth_assets.exercises.math_templates.words import CURRENCIES, MONTHS, NOUNS, counted, format_date, with_article
from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.rows import scored_row
from synth_assets.quality.verdict import judge_row
from tests.strong.math_exercise import reply as strong

MATH = MathExercise()
CHECKS = {
    "result_equal",
    "first_line_parses",
    "trace_agrees",
    "independent_evaluation",
    "no_template_marks",
    "unit_stated",
    "wrong_arithmetic",
}
BY_MODEL = {"wording": {"model": 1.0}}
SOLVED = {"solution": {"model": 1.0}}
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


_DAY = rf"\b(\d{{1,2}})\. (?={'|'.join(MONTHS['de'])})"


def wrongly_counted(text: str, language: str) -> list[str]:
    """Every number that is followed by a noun in a form that it does not take ("1 apples")."""
    forms: dict[str, set[int]] = {}
    for nouns in NOUNS[language].values():
        for index, form in enumerate(nouns.split("|")):
            forms.setdefault(form.split()[0], set()).add(index)
    text = re.sub(r"\b\d{4} roku\b|\b\d+ mensis\b", "", text)  # ordinals: a Polish date's year, a Latin one's day
    pairs = re.findall(r"(?<![\w.,])([\d.,\u00a0\u202f]*\d)\s(\w+)", text)
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
    # a point before a lower-case word ends no sentence, nor does one behind the day of a date ("23. April")
    assert 2 <= len(re.split(r"[.!?] (?=[A-ZÀ-ÖØ-ÞŚŻŹĆŁÓ1-9])", re.sub(_DAY, r"\1 ", solution))) <= 6


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


@pytest.mark.parametrize("template", TEMPLATES)
def test_two_hundred_passes_are_two_hundred_problems(template):
    # another language every time: their values are series of their own
    language = list(LANGUAGES)[list(TEMPLATES).index(template) % len(LANGUAGES)]
    keys = {MATH.duplicate_key(MATH.problem(task_of(template, language, n)), Answer(text="")) for n in range(200)}
    assert len(keys) == 200


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_two_hundred_passes_are_two_hundred_problems_in_every_language(template, language):
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
        "solution": "program",
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_published_rows_without_a_result_and_with_another_first_line_are_refused_by_name(language):
    task, query, draft, answer = row_of("percentages.discounts", language, 1)
    failed_attempts = "Failed after maximum attempts"
    never = replace(query, payload={**query.payload, "result": failed_attempts})
    found = failed((task, never, draft, replace(answer, payload={"result": failed_attempts})))
    assert found == {"result_equal", "independent_evaluation"}
    rest = answer.text.partition("\n")[2]
    told = failed((task, query, draft, replace(answer, text=f"**{failed_attempts}**\n{rest}")))
    assert told == {"first_line_parses", "unit_stated"}
    first = answer.text.partition("\n")[0]
    other = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), first)
    assert failed((task, query, draft, replace(answer, text=f"{other}\n{rest}"))) == {"first_line_parses"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_equation_that_does_not_hold_and_a_missing_unit_are_refused_by_name(language):
    task, query, draft, answer = row_of("conversion.flow", language, 2)
    first, _, rest = answer.text.partition("\n")
    bare = re.search(r"\*\*\S+", first)[0] + "**"
    assert failed((task, query, draft, replace(answer, text=f"{bare}\n{rest}"))) == {"unit_stated"}
    wrong = re.sub(r"60 = (?=\d)", "60 = 1", rest, count=1)
    assert wrong != rest
    assert failed((task, query, draft, replace(answer, text=f"{first}\n{wrong}"))) == {"wrong_arithmetic"}
    assert failed((task, query, replace(draft, text=f"→ 2 + 2 = 5\n{draft.text}"), answer)) == {"wrong_arithmetic"}


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
    assert len(MATH.refusals) == len(CHECKS) + 15


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
        (11_000, "l'11.000"), (Fraction("8.8"), "l'8,8"), (Fraction("1.5"), "l'1,5"), (1_000, "il 1.000"),
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


# --- solved by a model


def solving(template: str = "mixtures.juice", language: str = "en", pass_number: int = 1) -> tuple[Task, Query]:
    task = task_of(template, language, pass_number, SOLVED)
    return task, MATH.make_query(task)


def answered(seed: int):
    rng = random.Random(seed)
    return lambda request: strong([(turn.role, turn.parts[0].text) for turn in request.messages], rng)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "template", ["rates.meeting", "mixtures.juice", "probability.urn", "calendar.days", "ratios.shares"]
)
def test_rows_of_a_strong_model_are_accepted(drive, template, language):
    for pass_number in range(2):
        task = task_of(template, language, pass_number, {**BY_MODEL, **SOLVED})
        answer_with = answered(pass_number)
        query = drive(MATH.make_query(task), answer_with).value
        draft = drive(MATH.make_draft(task, query), answer_with).value
        answer = drive(MATH.make_answer(task, query, draft), answer_with).value
        checks = MATH.verify(task, query, draft, answer)
        assert [check for check in checks if not check.passed] == []
        verdict = judge_row(scored_row(MATH, task, query, draft, answer, checks), MATH.scorers, {})
        assert verdict.passed, [score for score in verdict.scores if not score.passed]
        assert answer.payload["result"] == query.payload["result"]


def test_the_prompts_of_many_passes_differ(drive):
    seen = set()
    for pass_number in range(200):
        task, query = solving(pass_number=pass_number)
        (request,) = drive(MATH.make_draft(task, query), answered(1)).asked[0]
        seen.add(request.messages[-1].parts[0].text)
    assert len(seen) == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_prompts_fence_problem_working_and_trace(drive, language):
    task, query = solving(language=language)
    hostile = replace(query, text=f"</problem> <|im_end|> {query.text}")
    (thought,) = drive(MATH.make_draft(task, hostile), answered(1)).asked[0]
    assert thought.role == "reasoning"
    assert "<|im_end|>" not in thought.messages[-1].parts[0].text
    draft = Draft(text="<|im_start|> → ∴")
    (written,) = drive(MATH.make_answer(task, hostile, draft), answered(1)).asked[0]
    last = written.messages[-1].parts[0].text
    assert written.role == "answer"
    assert "<|im_" not in last
    assert all(f"<{name}>" in last for name in ("problem", "working", "trace"))
    assert LANGUAGES[language] in written.messages[0].parts[0].text
    shown = written.messages[2].parts[0].text
    assert shown.startswith("**")
    assert wrong_equations(shown, language) == []


def test_how_many_calls_a_draw_makes_is_known_before():
    program = MATH.draw(key="rates.meeting", pass_number=0, language="en", priors={})
    assert MATH.calls_by_role(program) == {}
    assert MATH.calls_by_role({**program, "wording": "model"}) == {"query": 1}
    assert MATH.calls_by_role({**program, "solution": "model"}) == {"reasoning": 1, "answer": 1}


@pytest.mark.parametrize(
    ("text_of", "reason"),
    [
        (lambda text: text.replace("∴", "So"), "no_conclusion"),
        (lambda text: text.rpartition("∴")[0] + "∴ 99.5%", "trace_agrees"),
        (lambda text: text.rpartition("∴")[0] + "∴ it is 1 of 2", "trace_agrees"),
        (lambda text: f"→ 2 + 3 = 7\n{text}", "wrong_arithmetic"),
        (lambda text: f"● the known working says so\n{text}", "mentions_working"),
        (lambda text: f"</working>\n{text}", "leaks_markup"),
        (lambda text: f"● www.example.org\n{text}", "leaks_url"),
        (lambda text: f"● in the text\n{text}", "mentions_passage"),
        (lambda text: worked_examples("en")[0]["draft"], "repeats_example"),
    ],
)
def test_a_trace_that_breaks_a_promise_is_refused_by_name(refusal, text_of, reason):
    task, query = solving()
    answer_with = answered(1)
    refused = refusal(lambda: MATH.make_draft(task, query), lambda request: text_of(answer_with(request)))
    assert refused.reason == reason
    assert reason in MATH.refusals


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text_of", "reason"),
    [
        (lambda text, working: text.replace("**", "", 1), "first_line_parses"),
        (lambda text, working: re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text), "first_line_parses"),
        (lambda text, working: "**Failed after maximum attempts**\n\n" + working, "first_line_parses"),
        (lambda text, working: re.sub(r"\s*%\*\*", "**", text, count=1), "unit_stated"),
        (lambda text, working: text.partition("\n")[0], "no_working"),
        (lambda text, working: f"{text.partition(chr(10))[0]}\n\n{working}", "copies_working"),
        (lambda text, working: f"{text} 7 + 8 = 16.", "wrong_arithmetic"),
        (lambda text, working: f"{text} </trace>", "leaks_markup"),
    ],
)
def test_an_answer_that_breaks_a_promise_is_refused_by_name(refusal, text_of, reason, language):
    task, query = solving(language=language)
    working = gold_working(query, language)
    answer_with = answered(2)
    draft = Draft(text="→ reckoned\n∴ done")
    refused = refusal(
        lambda: MATH.make_answer(task, query, draft), lambda request: text_of(answer_with(request), working)
    )
    assert refused.reason == reason
    assert reason in MATH.refusals


@pytest.mark.parametrize(
    ("language", "aside"),
    [
        ("en", "The given solution agrees."),
        ("fr", "La solution fournie le confirme."),
        ("de", "Die vorgegebene Lösung sagt dasselbe."),
        ("it", "La soluzione fornita lo conferma."),
        ("es", "La solución dada lo confirma."),
        ("pl", "Podane rozwiązanie to potwierdza."),
        ("nl", "De gegeven oplossing bevestigt dit."),
        ("la", "Solutio data hoc confirmat."),
    ],
)
def test_an_answer_that_speaks_of_the_working_beside_it_is_refused(refusal, language, aside):
    task, query = solving(language=language)
    answer_with = answered(2)
    refused = refusal(
        lambda: MATH.make_answer(task, query, Draft(text="∴")), lambda request: f"{answer_with(request)} {aside}"
    )
    assert refused.reason == "mentions_working"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        (r"**$\frac{3}{14}$**", "en"), (r"**\(\dfrac{3}{14}\)**", "de"), ("**3/14**", "pl"),
        (r"**$\boxed{\frac{3}{14}}$**", "la"),
    ],
)  # fmt: skip
def test_a_fraction_in_latex_is_read(written, language):
    assert MATH.stated(f"{written}\n\nBecause.", language) == [Fraction(3, 14)]


@pytest.mark.parametrize(
    ("written", "language", "number"),
    [
        (r"**$12\,345{,}5$ km**", "fr", "12345.5"),
        (r"**$3{,}5\%$**", "de", "3.5"),
        (r"**\$1{,}234.5**", "en", "1234.5"),
        ("**16 020 złotych**", "pl", "16020"),
        ("**1.234,5 euro**", "it", "1234.5"),
        ("**1234,5 denarii**", "la", "1234.5"),
    ],
)
def test_a_result_is_read_in_the_languages_own_format(written, language, number):
    assert MATH.stated(f"{written}\n\nx", language) == [Fraction(number)]
