"""The driver of steps, with a client that answers from a script."""

import asyncio
from dataclasses import replace

import pytest

from synth_assets.errors import ModelUnreachable, Refused, Waiting
from synth_assets.exercises.base import (
    Answer,
    Check,
    Draft,
    Exercise,
    Message,
    Query,
    Reply,
    Request,
    Task,
    Text,
)
from synth_assets.generation import DRIVER_REFUSALS, StepInput, carry, run_step

TASK = Task(candidate_id="c", exercise="scripted", language="fr", constraints={})
QUERY, DRAFT = Query(text="q"), Draft(text="d")


def request(text="ask", **settings):
    settings = {"role": "query", "templates": (f"scripted/{text}@1",)} | settings
    return Request(messages=(Message(role="user", parts=(Text(text=text),)),), **settings)


def text_of(asked):
    return asked.messages[0].parts[0].text


class Scripted:
    """Answers requests from a script, and keeps what was asked and how.

    `answer(text, attempt, sample)` gives the text of a reply, a Reply or an exception to raise.
    """

    def __init__(self, answer=lambda text, attempt, sample: f"{text}!", model="m"):
        self.answer = answer
        self.model = model
        self.asked = []
        self.how = []

    async def ask(self, request, *, exercise, language, candidate_id, step, attempt):
        self.asked.append(request)
        self.how.append((exercise, language, candidate_id, step, attempt))
        await asyncio.sleep(0)
        replies = []
        for sample in range(request.n):
            answer = self.answer(text_of(request), attempt, sample)
            if isinstance(answer, Exception):
                raise answer
            call_id = f"{candidate_id}-{text_of(request)}-{attempt}-{sample}"
            if isinstance(answer, str):
                answer = Reply(text=answer, model=self.model, call_id=call_id)
            replies.append(replace(answer, call_id=call_id))
        return tuple(replies)


class Program(Exercise):
    """An exercise whose steps are given: values, refusals, or functions of the task that make them."""

    name, label, source = "scripted", "scripted", "this test"

    def __init__(self, query=None, draft=None, answer=None, checks=(), version=1):
        self.steps = {"query": query, "draft": draft, "answer": answer}
        self.checks = checks
        self.version = version

    def _make(self, step, task):
        made = self.steps[step]
        made = made(task) if callable(made) else made
        if isinstance(made, Refused):
            raise made
        return made

    def make_query(self, task):
        return self._make("query", task)

    def make_draft(self, task, query):
        return self._make("draft", task)

    def make_answer(self, task, query, draft):
        return self._make("answer", task)

    def verify(self, task, query, draft, answer):
        return self.checks(answer) if callable(self.checks) else self.checks


def carried(exercise, step="query", client=None, attempts=3, **changes):
    item = StepInput(task=TASK, query=QUERY, draft=DRAFT, parent_fingerprint="parent")
    client = Scripted() if client is None else client
    return asyncio.run(carry(exercise, step, replace(item, **changes), client, attempts=attempts))


def ask_once(task):
    (reply,) = yield request()
    return Query(text=reply.text)


# --- values and generators


@pytest.mark.parametrize(
    ("step", "value"), [("query", Query(text="q", payload={"a": 1})), ("draft", Draft()), ("answer", Answer(text="a"))]
)
def test_a_value_of_a_program_is_the_outcome_and_no_model_is_asked(step, value):
    client = Scripted()
    outcome = carried(Program(**{step: value}), step, client)
    assert outcome.value == value
    assert (outcome.model, outcome.templates, outcome.call_ids, outcome.attempts) == ("program", (), (), 1)
    assert (outcome.refused_reason, outcome.refused_detail) == (None, None)
    assert client.asked == []


@pytest.mark.parametrize("step", ["query", "draft", "answer"])
def test_a_generator_is_handed_its_replies_and_its_calls_are_noted(step):
    def two_turns(task):
        (first,) = yield request("one")
        (second,) = yield request(f"two after {first.text}")
        return Answer(text=second.text)

    client = Scripted()
    outcome = carried(Program(**{step: two_turns}), step, client)
    assert outcome.value == Answer(text="two after one!!")
    assert outcome.candidate_id == "c"
    assert outcome.model == "m"
    assert outcome.templates == ("scripted/one@1", "scripted/two after one!@1")
    assert outcome.call_ids == ("c-one-0-0", "c-two after one!-0-0")
    assert client.how == [("scripted", "fr", "c", step, 0)] * 2


def test_n_samples_come_back_as_n_replies():
    def best_of_three(task):
        replies = yield request(n=3)
        return Query(text=" ".join(reply.text for reply in replies))

    outcome = carried(Program(best_of_three), client=Scripted(lambda text, attempt, sample: f"sample {sample}"))
    assert outcome.value.text == "sample 0 sample 1 sample 2"
    assert outcome.call_ids == ("c-ask-0-0", "c-ask-0-1", "c-ask-0-2")


def test_requests_of_one_list_are_asked_side_by_side_and_answered_in_order():
    class Waiting(Scripted):
        """Answers none of two requests before both are asked."""

        def __init__(self):
            super().__init__()
            self.both = asyncio.Barrier(2)

        async def ask(self, request, **how):
            await asyncio.wait_for(self.both.wait(), 10)
            return await super().ask(request, **how)

    def two_at_once(task):
        (one,), (other, third) = yield [request("one"), request("other", n=2)]
        return Query(text=f"{one.text} {other.text} {third.text}")

    outcome = carried(Program(two_at_once), client=Waiting())
    assert outcome.value.text == "one! other! other!"
    assert outcome.call_ids == ("c-one-0-0", "c-other-0-0", "c-other-0-1")


def test_forty_turns_are_one_step():
    def dialogue(task):
        turns = []
        for number in range(40):
            (reply,) = yield request(f"turn {number}")
            turns.append(reply.text)
        return Query(text="", payload={"turns": turns})

    outcome = carried(Program(dialogue))
    assert outcome.value.payload["turns"] == [f"turn {number}!" for number in range(40)]
    assert len(outcome.call_ids) == 40


def test_the_same_replies_lead_to_the_same_requests_and_the_same_outcome():
    def shuffled(task):
        words = ["a", "b", "c", "d", "e"]
        task.rng("shuffle").shuffle(words)
        (first,) = yield request(" ".join(words))
        two = yield [request(first.text), request(first.text[::-1], temperature=0.1)]
        return Query(text=str(two))

    first, second = Scripted(), Scripted()
    assert carried(Program(shuffled), client=first) == carried(Program(shuffled), client=second)
    assert first.asked == second.asked
    assert len(first.asked) == 3


def test_the_draft_and_the_answer_see_what_was_made_before():
    class Echo(Exercise):
        """Says what it was handed."""

        name, label, source = "echo", "echo", "this test"

        def make_draft(self, task, query):
            return Draft(text=query.text)

        def make_answer(self, task, query, draft):
            return Answer(text=query.text + draft.text)

        def verify(self, task, query, draft, answer):
            return (Check(name="all_there", passed=(query, draft, answer.text) == (QUERY, DRAFT, "qd")),)

    assert carried(Echo(), "draft").value == Draft(text="q")
    outcome = carried(Echo(), "answer")
    assert outcome.value == Answer(text="qd")
    assert outcome.checks == (Check(name="all_there", passed=True),)


# --- attempts and refusals


def test_an_attempt_is_told_to_the_task_and_to_the_client():
    def refused_twice(task):
        (reply,) = yield request()
        if task.attempt < 2:
            raise Refused("not_yet", f"attempt {task.attempt}")
        return Query(text=f"{reply.text} at {task.attempt}")

    client = Scripted()
    outcome = carried(Program(refused_twice), client=client)
    assert outcome.value.text == "ask! at 2"
    assert outcome.attempts == 3
    assert outcome.refused_reason is None
    assert [how[-1] for how in client.how] == [0, 1, 2]
    assert outcome.call_ids == ("c-ask-0-0", "c-ask-1-0", "c-ask-2-0")


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_when_attempts_are_used_up_the_last_reason_stands(attempts):
    def always_refused(task):
        yield request()
        raise Refused(f"reason_{task.attempt}", "why")

    outcome = carried(Program(always_refused), attempts=attempts)
    assert outcome.value is None
    assert (outcome.refused_reason, outcome.refused_detail) == (f"reason_{attempts - 1}", "why")
    assert outcome.attempts == attempts
    assert len(outcome.call_ids) == attempts


def test_what_a_program_refuses_is_not_tried_again():
    tried = []

    def refuse(task):
        tried.append(task.attempt)
        raise Refused("bad_section", "too short")

    outcome = carried(Program(refuse))
    assert tried == [0]
    assert (outcome.refused_reason, outcome.refused_detail, outcome.attempts) == ("bad_section", "too short", 1)
    assert outcome.model == "program"


def test_a_generator_that_refuses_before_it_asks_is_not_tried_again():
    def refuse(task):
        raise Refused("bad_section")
        yield

    assert carried(Program(refuse)).attempts == 1


def test_a_refusal_that_no_other_reply_can_mend_is_final():
    def refuse(task):
        yield request()
        raise Refused("bad_section", retry=False)

    outcome = carried(Program(refuse))
    assert (outcome.refused_reason, outcome.attempts, len(outcome.call_ids)) == ("bad_section", 1, 1)
    assert outcome.refused_detail is None


BAD_REPLIES = {
    "truncated": Reply(text="half a sen", model="m", call_id="", finish_reason="length"),
    "empty_reply": Reply(text=" \n", model="m", call_id=""),
    "content_filter": Reply(text="", model="m", call_id="", finish_reason="content_filter"),
    "context_exceeded": Reply(text="", model="m", call_id="", finish_reason="context_exceeded"),
    "call_failed": Reply(text="given up after 5 requests", model="m", call_id="", finish_reason="call_failed"),
    "call_rejected": Reply(text="status 400: no", model="m", call_id="", finish_reason="call_rejected"),
}


@pytest.mark.parametrize("reason", BAD_REPLIES)
def test_a_bad_reply_is_refused_by_name_with_the_call_it_came_from(reason):
    outcome = carried(Program(ask_once), client=Scripted(lambda *_: BAD_REPLIES[reason]), attempts=2)
    assert outcome.value is None
    assert outcome.refused_reason == reason
    # a prompt that is too long or not taken stays so; all others may come out better
    attempts = 1 if reason in ("context_exceeded", "call_rejected") else 2
    assert f"c-ask-{attempts - 1}-0" in outcome.refused_detail
    assert outcome.attempts == attempts


def test_a_candidate_whose_reply_comes_by_a_batch_stays_open():
    def waits(*asked):
        raise Waiting("the reply comes by a batch")

    outcomes = []
    items = [StepInput(task=replace(TASK, candidate_id=str(number))) for number in range(3)]
    step = run_step(
        Program(ask_once), "query", items, Scripted(waits), attempts=2, window=2, on_outcome=outcomes.append
    )
    asyncio.run(step)
    assert outcomes == []


def test_the_drivers_own_refusals_are_declared():
    assert set(BAD_REPLIES) == DRIVER_REFUSALS


def test_a_bad_reply_is_asked_again_and_a_good_one_taken():
    client = Scripted(lambda text, attempt, sample: "good" if attempt else BAD_REPLIES["truncated"])
    outcome = carried(Program(ask_once), client=client)
    assert (outcome.value, outcome.attempts, outcome.refused_reason) == (Query(text="good"), 2, None)


def test_one_bad_sample_of_several_refuses_the_attempt():
    def two(task):
        yield request(n=2)
        return Query(text="never")

    client = Scripted(lambda text, attempt, sample: ["fine", BAD_REPLIES["empty_reply"]][sample])
    assert carried(Program(two), client=client, attempts=1).refused_reason == "empty_reply"


def test_a_truncated_reply_is_handed_over_where_the_request_takes_it():
    def takes_it(task):
        (reply,) = yield request(accept_truncated=True)
        return Query(text=reply.text)

    assert carried(Program(takes_it), client=Scripted(lambda *_: BAD_REPLIES["truncated"])).value.text == "half a sen"


def test_a_long_detail_is_cut():
    def refuse(task):
        raise Refused("bad_section", "x" * 100_000)

    assert len(carried(Program(refuse)).refused_detail) == 2000


def test_the_first_check_that_fails_is_the_reason():
    checks = (
        Check(name="has_options", passed=True),
        Check(name="wrong_letter", passed=False, detail="E"),
        Check(name="too_long", passed=False),
    )
    outcome = carried(Program(answer=Answer(text="a"), checks=checks), "answer")
    assert outcome.value is None
    assert (outcome.refused_reason, outcome.refused_detail, outcome.attempts) == ("wrong_letter", "E", 1)


def test_an_answer_of_a_model_that_fails_a_check_is_asked_for_again():
    def ask(task):
        (reply,) = yield request()
        return Answer(text=reply.text)

    def right(answer):
        return (Check(name="right", passed=answer.text == "42"),)

    client = Scripted(lambda text, attempt, sample: ["41", "42", "43"][attempt])
    outcome = carried(Program(answer=ask, checks=right), "answer", client)
    assert (outcome.value, outcome.attempts) == (Answer(text="42"), 2)
    assert outcome.checks == (Check(name="right", passed=True),)
    assert carried(Program(answer=ask, checks=right), "answer", client, attempts=1).refused_reason == "right"


def test_checks_are_for_answers_only():
    never = (Check(name="never", passed=False),)
    assert carried(Program(query=Query(text="q"), checks=never), "query").value == Query(text="q")
    assert carried(Program(draft=Draft(text="d"), checks=never), "draft").value == Draft(text="d")


def test_a_generator_is_closed_when_its_reply_is_refused():
    closed = []

    def ask(task):
        try:
            yield request()
        finally:
            closed.append(task.attempt)

    carried(Program(ask), client=Scripted(lambda *_: BAD_REPLIES["truncated"]), attempts=2)
    assert closed == [0, 1]


# --- fingerprints


def fingerprint(make=ask_once, step="query", model="m", version=1, **changes):
    return carried(Program(**{step: make}, version=version), step, Scripted(model=model), **changes).fingerprint


def other_template(task):
    (reply,) = yield request(templates=("scripted/ask@2",))
    return Query(text=reply.text)


def other_temperature(task):
    (reply,) = yield request(temperature=0.1)
    return Query(text=reply.text)


def without_template(task):
    (reply,) = yield request(templates=())
    return Query(text=reply.text)


PROGRAM_VALUE = Query(text="q")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"make": other_template}),
        ({}, {"make": other_temperature}),
        ({}, {"model": "another"}),
        ({}, {"parent_fingerprint": "another"}),
        ({}, {"make": PROGRAM_VALUE}),
        ({}, {"step": "draft"}),
        ({"make": PROGRAM_VALUE}, {"make": PROGRAM_VALUE, "version": 2}),
        ({"make": PROGRAM_VALUE}, {"make": PROGRAM_VALUE, "parent_fingerprint": "another"}),
        ({"make": without_template}, {"make": without_template, "model": "another"}),
        ({"make": without_template}, {"make": without_template, "version": 2}),
    ],
)
def test_a_fingerprint_changes_with_what_made_the_row(one, other):
    assert fingerprint(**one) == fingerprint(**one)
    assert fingerprint(**one) != fingerprint(**other)


def test_a_fingerprint_does_not_change_with_luck_or_with_the_candidate():
    def unlucky(task):
        (reply,) = yield request()
        if task.attempt == 0:
            raise Refused("not_yet")
        return Query(text=reply.text + " otherwise")

    assert fingerprint(unlucky) == fingerprint()
    assert fingerprint(task=replace(TASK, candidate_id="another")) == fingerprint()
    assert fingerprint(version=2) == fingerprint()


# --- many candidates


def step_of(number, exercise, client, *, window=2, attempts=3, inputs=None, on_outcome=None):
    outcomes = []
    items = [StepInput(task=replace(TASK, candidate_id=str(n))) for n in range(number)] if inputs is None else inputs
    run = run_step(
        exercise, "query", items, client, attempts=attempts, window=window, on_outcome=on_outcome or outcomes.append
    )
    try:
        asyncio.run(run)
    except Exception as error:
        return outcomes, error
    return outcomes, None


def test_every_candidate_has_one_outcome():
    def every_third_refused(task):
        (reply,) = yield request()
        if int(task.candidate_id) % 3 == 0:
            raise Refused("third")
        return Query(text=reply.text)

    outcomes, error = step_of(10, Program(every_third_refused), Scripted(), window=4)
    assert error is None
    assert sorted(outcome.candidate_id for outcome in outcomes) == [str(number) for number in range(10)]
    assert {outcome.candidate_id for outcome in outcomes if outcome.refused_reason} == {"0", "3", "6", "9"}


@pytest.mark.parametrize("window", [1, 2, 5, 100])
def test_no_more_candidates_are_under_way_than_the_window_says(window):
    under_way, most = set(), []

    def busy(task):
        under_way.add(task.candidate_id)
        most.append(len(under_way))
        for number in range(int(task.candidate_id) % 4 + 1):
            yield request(f"{number}")
        under_way.discard(task.candidate_id)
        return Query(text="done")

    outcomes, error = step_of(20, Program(busy), Scripted(), window=window)
    assert error is None
    assert len(outcomes) == 20
    assert max(most) == min(window, 20)


def test_inputs_are_read_no_further_than_the_window():
    read, finished, furthest = [], [], []

    async def inputs():
        for number in range(12):
            read.append(number)
            furthest.append(len(read) - len(finished))
            yield StepInput(task=replace(TASK, candidate_id=str(number)))

    _, error = step_of(0, Program(ask_once), Scripted(), window=3, inputs=inputs(), on_outcome=finished.append)
    assert error is None
    assert len(finished) == 12
    assert max(furthest) <= 3


def test_no_inputs_are_no_work():
    assert step_of(0, Program(ask_once), Scripted()) == ([], None)


def failing_at(number, error, *, turns_before=0):
    def make(task):
        for turn in range(turns_before if int(task.candidate_id) != number else 0):
            yield request(f"{turn}")
        (reply,) = yield request("last" if int(task.candidate_id) != number else "failing")
        return Query(text=reply.text)

    return Program(make), Scripted(lambda text, attempt, sample: error if text == "failing" else text)


def test_a_model_that_cannot_be_used_stops_the_rest_and_those_under_way_finish():
    failure = ModelUnreachable("nobody answers")
    outcomes, error = step_of(20, *failing_at(2, failure, turns_before=5), window=3)
    assert error is failure
    names = {outcome.candidate_id for outcome in outcomes}
    assert {"0", "1"} <= names, "what was under way is finished"
    assert "2" not in names, "the one that failed stays open"
    assert len(names) <= 5, "nothing new is started"
    assert all(outcome.refused_reason is None for outcome in outcomes)


def test_a_fault_in_an_exercise_is_raised_and_is_no_refusal():
    def faulty(task):
        yield request()
        raise ZeroDivisionError("a fault")

    outcomes, error = step_of(5, Program(faulty), Scripted())
    assert isinstance(error, ZeroDivisionError)
    assert outcomes == []


def test_a_fault_of_who_is_told_is_raised_too():
    def listener(outcome):
        raise BrokenPipeError("nobody listens")

    _, error = step_of(5, Program(ask_once), Scripted(), on_outcome=listener)
    assert isinstance(error, BrokenPipeError)


def test_replies_beside_a_failed_request_are_waited_for():
    ended = []

    class Slow(Scripted):
        """Fails one request at once and answers the other later."""

        async def ask(self, request, **how):
            if text_of(request) == "failing":
                raise ModelUnreachable("nobody answers")
            for _ in range(10):
                await asyncio.sleep(0)
            ended.append(text_of(request))
            return await super().ask(request, **how)

    def two(task):
        yield [request("failing"), request("slow")]

    with pytest.raises(ModelUnreachable):
        carried(Program(two), client=Slow())
    assert ended == ["slow"]
