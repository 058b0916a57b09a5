"""Self-Instruct: a model writes new tasks from eight shown ones, and then examples of them (Self-Instruct, Alpaca).

Three requests make one row: a new instruction; whether it is a classification; examples, label first for a
classification (an input written first leans towards one label) and input first for the rest. The paper's filters stand
in `_instruction_problem`, `_usable` and the ROUGE-L against seed tasks and pool.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Check, Draft, DuplicateRule, Exercise, Query, Role, Step, Task, prompt
from synth_assets.exercises.passages import neutralised
from synth_assets.identity import normalised
from synth_assets.languages import LANGUAGES
from synth_assets.prompts import PROMPT_ROOT, render
from synth_assets.quality.rouge import nearest, words

SHOWN = 8
SHOWN_FROM_POOL = 2
MIN_WORDS, MAX_WORDS = 4, 150
MAX_ROUGE_L = 0.7
ECHOED_RUN = 6  # words in a row of the prompt's own wording, which small models repeat in place of a task

# Words of tasks that text alone cannot do, a list for every language of the grid: a word harmless in one language is
# none in another (Dutch "map" is a folder, French "carte" is a map). Whole words, so inflected forms stand one by one.
BLACKLIST: dict[str, tuple[str, ...]] = {
    "en": (
        "image", "images", "graph", "graphs", "picture", "pictures", "photo", "photos", "file", "files", "map", "maps",
        "draw", "plot", "go to",
    ),
    "fr": (
        "image", "images", "graphique", "graphiques", "photo", "photos", "fichier", "fichiers", "carte", "cartes",
        "dessin", "dessins", "dessine", "dessiner", "dessinez", "trace", "tracer", "tracez", "va sur", "allez sur",
    ),
    "de": (
        "bild", "bilder", "bildern", "bildes", "foto", "fotos", "grafik", "grafiken", "diagramm", "diagramme", "graph",
        "graphen", "datei", "dateien", "karte", "karten", "landkarte", "zeichne", "zeichnen", "zeichnung", "plotte",
        "gehe zu", "gehe auf", "geh auf",
    ),
    "it": (
        "immagine", "immagini", "grafico", "grafici", "foto", "fotografia", "fotografie", "file", "mappa", "mappe",
        "disegno", "disegni", "disegna", "disegnare", "disegnate", "vai su", "vai a",
    ),
    "es": (
        "imagen", "imágenes", "gráfico", "gráficos", "gráfica", "gráficas", "foto", "fotos", "fotografía", "archivo",
        "archivos", "fichero", "ficheros", "mapa", "mapas", "dibujo", "dibujos", "dibuja", "dibujar", "dibuje", "ve a",
        "vaya a",
    ),
    "pl": (
        "obraz", "obrazu", "obrazie", "obrazy", "obrazów", "obrazek", "obrazka", "zdjęcie", "zdjęcia", "zdjęciu",
        "zdjęć", "wykres", "wykresu", "wykresie", "wykresy", "wykresów", "plik", "pliku", "pliki", "plików", "mapa",
        "mapy", "mapę", "mapie", "narysuj", "rysunek", "rysunku", "rysunki", "przejdź do", "idź do",
    ),
    "nl": (
        "afbeelding", "afbeeldingen", "plaatje", "plaatjes", "foto", "foto's", "grafiek", "grafieken", "bestand",
        "bestanden", "kaart", "kaarten", "landkaart", "tekening", "tekeningen", "teken een", "ga naar",
    ),
    "la": (
        "imago", "imaginem", "imaginis", "imagine", "imagines", "pictura", "picturam", "picturae", "tabula geographica",
        "tabulam geographicam", "pinge", "pingite", "delinea", "delineate",
    ),
}  # fmt: skip

# It stays open whether the program or its result is wanted, so the paper leaves these out.
_PROGRAM_OPENINGS = (
    "write a program", "écris un programme", "écrivez un programme", "schreibe ein programm", "schreib ein programm",
    "scrivi un programma", "escribe un programa", "napisz program", "schrijf een programma", "scribe programma",
)  # fmt: skip

_MARKED = re.compile(r"<<<BEGIN TASKS>>>.*<<<END TASKS>>>", re.DOTALL)
_NUMBERED = re.compile(r"(?:^|\n)\s*\d+\s?[.)]\s")
_YES_NO = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
_OPENING_MARKS = "¿¡"  # Spanish sentences begin with them


def _instances_schema(first: str, second: str) -> dict[str, Any]:
    # The wanted order is also the alphabetical one (class_label < input < output), so that it survives sorted keys.
    return {
        "type": "object",
        "properties": {
            "instances": {
                "type": "array",
                "minItems": 1,
                "maxItems": 3,
                "items": {
                    "type": "object",
                    "properties": {first: {"type": "string"}, second: {"type": "string"}},
                    "required": [first, second],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["instances"],
        "additionalProperties": False,
    }


def _instances_grammar(first: str, second: str) -> str:
    return "\n".join(
        (
            r'root ::= "{\"instances\": [" item (", " item)? (", " item)? "]}"',
            rf'item ::= "{{\"{first}\": " string ", \"{second}\": " string "}}"',
            r'string ::= "\"" ([^"\\\x00-\x1F] | "\\" ["\\/nt])* "\""',
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedTask:
    """One task written by hand; `instances` are (input, output)."""

    task_id: str
    instruction: str
    is_classification: bool
    instances: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One example of a task; `input` is empty where the task needs none."""

    input: str
    output: str


@cache
def _seed_file() -> bytes:
    return (PROMPT_ROOT / "self_instruct" / "seed_tasks.json").read_bytes()


@cache
def seed_tasks() -> tuple[SeedTask, ...]:
    """The packaged seed tasks, in the order of the file."""
    return tuple(
        SeedTask(
            task_id=task["id"],
            instruction=task["instruction"],
            is_classification=task["is_classification"],
            instances=tuple((instance["input"], instance["output"]) for instance in task["instances"]),
        )
        for task in json.loads(_seed_file())["tasks"]
    )


def _not_json(payload: Mapping[str, Any]) -> str:
    """Why the payload cannot be stored as UTF-8 JSON, or an empty string; a lone surrogate passes json.dumps alone."""
    try:
        json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def _one_instruction(text: str) -> str:
    """The first item of a reply that may go on numbering, on one line."""
    items = (" ".join(item.split()) for item in _NUMBERED.split(text))
    return next((item for item in items if item), "")


def _contains(term: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text) is not None


def _echoed(instruction: str, asked: str) -> str:
    """A run of words that the instruction took from the prompt (not from the tasks shown in it), or an empty string."""
    runs = [
        {tokens[start : start + ECHOED_RUN] for start in range(len(tokens) - ECHOED_RUN + 1)}
        for tokens in (words(instruction), words(_MARKED.sub(" ", asked)))
    ]
    return " ".join(min(runs[0] & runs[1], default=()))


def _instruction_problem(instruction: str, language: str) -> tuple[str, str] | None:
    """Why an instruction is refused, as (reason, detail); None when it is not.

    The paper's filter against a first letter outside ASCII is left out: it would refuse "Écris" and "Żaden".
    """
    if not instruction:
        return "instruction_empty", ""
    length = len(instruction.split())
    if not MIN_WORDS <= length <= MAX_WORDS:
        return "instruction_length", f"{length} words, wanted {MIN_WORDS} to {MAX_WORDS}"
    first = instruction[0]
    if unicodedata.category(first)[0] in "PS" and first not in _OPENING_MARKS:
        return "leading_punctuation", repr(first)
    folded = unicodedata.normalize("NFC", instruction).casefold().replace("\u2019", "'")
    listed = next((term for term in BLACKLIST[language] if _contains(term, folded)), None)
    if listed:
        return "blacklisted_word", listed
    if folded.startswith(_PROGRAM_OPENINGS):
        return "write_a_program", instruction[:80]
    return None


def _read_instances(text: str, input_key: str, output_key: str) -> list[tuple[Any, Any]]:
    """The (input, output) values of a reply, unchecked; the object may stand in prose or in a code fence.

    Raises:
        Refused: "instances_unreadable".
    """
    start = text.find("{")
    if start < 0:
        raise Refused("instances_unreadable", f"no JSON object in {text[:200]!r}")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise Refused("instances_unreadable", f"{error}: {text[:200]!r}") from error
    listed = found.get("instances")
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise Refused("instances_unreadable", f"no list of objects under 'instances' in {text[:200]!r}")
    return [(item.get(input_key), item.get(output_key)) for item in listed]


def _usable(read: list[tuple[Any, Any]]) -> tuple[list[Instance], Counter[str]]:
    """The instances that stand, and how many were left out for which reason.

    Raises:
        Refused: "conflicting_outputs" when one input has two outputs: then none of the instances can be trusted.
    """
    kept: list[Instance] = []
    left_out: Counter[str] = Counter()
    outputs: dict[str, str] = {}
    for given_input, given_output in read:
        if not isinstance(given_input, str) or not isinstance(given_output, str):
            left_out["not_text"] += 1
            continue
        instance = Instance(input=given_input.strip(), output=given_output.strip())
        key, output = normalised(instance.input), normalised(instance.output)
        if not output:
            left_out["empty_output"] += 1
        elif key == output:
            left_out["output_repeats_input"] += 1
        elif key.endswith(":") or output.endswith(":"):
            left_out["broken_off"] += 1
        elif key in outputs:
            # Without an input, other outputs are other good answers; with one, they contradict each other.
            if key and outputs[key] != output:
                raise Refused("conflicting_outputs", f"input {instance.input[:200]!r}")
            left_out["repeated_input"] += 1
        else:
            outputs[key] = output
            kept.append(instance)
    return kept, left_out


class SelfInstruct(Exercise):
    """New tasks with an example, bootstrapped from seed tasks and from the exercise's own earlier rows.

    The query is the instruction and, after an empty line, its input; the answer is the output. The answer's payload is
    the published row: instruction, input, output, is_classification. The query's payload also says which tasks were
    shown, the nearest known task with its ROUGE-L, and which instances were left out. The paper keeps up to five
    instances of an instruction; here a row is one candidate, so one of them is drawn.
    """

    name = "self_instruct"
    label = "self instruct"
    source = "Self-Instruct (Wang et al. 2023), arXiv 2212.10560; Alpaca (Taori et al. 2023)"
    uses_section = False
    neighbours = 0
    uses_pool = True
    # 0.9 is a first guess, to be fitted on labelled pairs.
    duplicate_rule = DuplicateRule(kind="embedding", family="self_instruct", threshold=0.9, lexical_threshold=0.8)
    scorers = frozenset({"verifier", "length", "format", "language", "boilerplate", "repetition"})
    refusals = frozenset(
        {
            "instruction_empty",
            "instruction_length",
            "leading_punctuation",
            "blacklisted_word",
            "write_a_program",
            "echoes_prompt",
            "rouge_l_too_similar",
            "classification_unreadable",
            "instances_unreadable",
            "conflicting_outputs",
            "no_usable_instance",
            "payload_not_json",
        }
    )

    def templates(self) -> tuple[str, ...]:
        """One id: every pass over it is one new task."""
        return ("bootstrap",)

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        return {"query": 3}

    def make_query(self, task: Task) -> Step:
        """The instruction with its input; the output is written in the same breath and kept for the answer step.

        The three belong together: a label-first instance has its output before its input.
        """
        language = LANGUAGES[task.language]
        known = {seed.task_id: seed.instruction for seed in seed_tasks()}
        pool = {item.candidate_id: item.payload["instruction"] for item in task.pool}
        shown = self._shown(task, tuple(known), tuple(pool))
        known |= pool

        rendered = render(
            "self_instruct/instruction",
            shown=[neutralised(" ".join(known[task_id].split())) for task_id in shown],
            language=language,
        )
        asked = prompt("query", rendered, max_tokens=384)
        seeds_used = f"self_instruct/seed_tasks.json@{hashlib.sha256(_seed_file()).hexdigest()}"
        (reply,) = yield replace(asked, templates=(*asked.templates, seeds_used))
        instruction = _one_instruction(reply.text)
        problem = _instruction_problem(instruction, task.language)
        if problem:
            raise Refused(*problem)
        echoed = _echoed(instruction, rendered.text)
        if echoed:
            raise Refused("echoes_prompt", echoed)
        similarity, position = nearest(instruction, known.values())
        nearest_id = tuple(known)[position] if position >= 0 else ""
        if similarity > MAX_ROUGE_L:
            raise Refused(
                "rouge_l_too_similar", f"ROUGE-L {similarity:.3f} with {nearest_id}: {known[nearest_id][:200]}"
            )

        (reply,) = yield prompt(
            "query",
            render("self_instruct/classification", instruction=neutralised(instruction)),
            max_tokens=8,
            temperature=0.0,
            grammar='root ::= "Yes" | "No"',
            accept_truncated=True,  # what follows the first word does not matter
        )
        said = _YES_NO.match(reply.text)
        if said is None:
            raise Refused("classification_unreadable", reply.text[:200])
        is_classification = said[1].casefold() == "yes"

        approach = "label_first" if is_classification else "input_first"
        keys = ("class_label", "input") if is_classification else ("input", "output")
        (reply,) = yield prompt(
            "answer",
            render(f"self_instruct/instances_{approach}", instruction=neutralised(instruction), language=language),
            max_tokens=512,
            schema=_instances_schema(*keys),
            grammar=_instances_grammar(*keys),
        )
        read = _read_instances(reply.text, "input", "class_label" if is_classification else "output")
        instances, left_out = _usable(read)
        if not instances:
            raise Refused("no_usable_instance", ", ".join(f"{name} {count}" for name, count in left_out.items()))
        chosen = task.rng("instance").choice(instances)

        payload = {
            "instruction": instruction,
            "input": chosen.input,
            "output": chosen.output,
            "is_classification": is_classification,
            "approach": approach,
            "shown": list(shown),
            "rouge_l": round(similarity, 4),
            "rouge_l_with": nearest_id,
            "instances": len(instances),
            "instances_left_out": dict(left_out),
        }
        unstorable = _not_json(payload)
        if unstorable:
            raise Refused("payload_not_json", unstorable)
        return Query(text="\n\n".join(part for part in (instruction, chosen.input) if part), payload=payload)

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Answer:
        """The output that was written with the input; no model is asked."""
        row = {name: query.payload[name] for name in ("instruction", "input", "output", "is_classification")}
        return Answer(text=row["output"], payload=row)

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        """What can be said of the finished row without asking again."""
        problem = _instruction_problem(answer.payload["instruction"], task.language)
        unstorable = _not_json(answer.payload)
        return (
            Check(name="payload_not_json", passed=not unstorable, detail=unstorable),
            Check(name=problem[0], passed=False, detail=problem[1])
            if problem
            else Check(name="instruction_length", passed=True),
            Check(
                name="rouge_l_too_similar",
                passed=query.payload["rouge_l"] <= MAX_ROUGE_L,
                detail=f"ROUGE-L {query.payload['rouge_l']} with {query.payload['rouge_l_with']}",
            ),
            Check(name="no_usable_instance", passed=bool(answer.text.strip())),
        )

    def published_constraints(self, task: Task, query: Query) -> str:
        """Whether it is a classification, and with it which of the two ways its instance was made."""
        approach = query.payload["approach"].replace("_", " ")
        return f"is_classification:{'yes' if query.payload['is_classification'] else 'no'}, approach:{approach}"

    def published_script(self, task: Task, query: Query) -> str:
        """The id that the passes go over."""
        return "bootstrap"

    @staticmethod
    def _shown(task: Task, seed_ids: tuple[str, ...], pool_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Eight ids in random order: six seed tasks and two of the pool, or more seed tasks while it has fewer.

        Another attempt shows other tasks: with the same ones the same near copy is likely to come again.
        """
        rng = task.rng(f"shown/{task.attempt}")
        from_pool = rng.sample(pool_ids, min(SHOWN_FROM_POOL, len(pool_ids)))
        shown = [*from_pool, *rng.sample(seed_ids, SHOWN - len(from_pool))]
        rng.shuffle(shown)
        return tuple(shown)
