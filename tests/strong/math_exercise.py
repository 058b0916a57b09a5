"""What a strong model answers to the prompts of math_exercise, computed from the prompt alone, in all eight languages.

A rewording sets the problem into a small scene; trace and answer carry on the steps that stand beside the problem, in
another frame of words each time.
"""

import random
import re

from synth_assets.languages import LANGUAGES

_CODES = {name: code for code, name in LANGUAGES.items()}
_REWORD = re.compile(r"^Reword a mathematical problem in (\w+)\.")
_DRAFT = "Solve a mathematical problem in a short reasoning trace in English"
_ANSWER = re.compile(r"^Write the solution of a mathematical problem in (\w+) for someone")
# the last one: worked examples stand before it
_PROBLEM = re.compile(r".*^Problem: (.*)\nReworded:\s*\Z", re.MULTILINE | re.DOTALL)
_WORKING = re.compile(r"<working>\n(.*?)\n</working>", re.DOTALL)
_RESULT = re.compile(r"^Result: (.+)$", re.MULTILINE)

SCENES = {
    "en": ("Here is a small problem from everyday life.", "Picture the following case.", "A neighbour asks for help.",
           "This came up over breakfast.", "Consider what follows."),
    "fr": ("Voici un petit problème de la vie courante.", "Imaginons le cas suivant.", "Un voisin demande de l'aide.",
           "La question s'est posée au petit déjeuner.", "Considérons ce qui suit."),
    "de": ("Hier ist eine kleine Aufgabe aus dem Alltag.", "Man stelle sich den folgenden Fall vor.",
           "Ein Nachbar bittet um Hilfe.", "Diese Frage kam beim Frühstück auf.", "Folgendes sei gegeben."),
    "it": ("Ecco un piccolo problema della vita di ogni giorno.", "Immaginiamo il caso seguente.",
           "Un vicino chiede aiuto.", "La domanda è nata a colazione.", "Consideriamo quanto segue."),
    "es": ("He aquí un pequeño problema de la vida diaria.", "Imaginemos el caso siguiente.", "Un vecino pide ayuda.",
           "La pregunta surgió durante el desayuno.", "Consideremos lo que sigue."),
    "pl": ("Oto małe zadanie z życia codziennego.", "Wyobraźmy sobie następującą sytuację.",
           "Sąsiad prosi o pomoc.", "To pytanie padło przy śniadaniu.", "Rozważmy następujący przypadek."),
    "nl": ("Hier is een klein vraagstuk uit het dagelijks leven.", "Stel je het volgende geval voor.",
           "Een buurman vraagt om hulp.", "Deze vraag kwam op bij het ontbijt.", "Bekijk het volgende geval."),
    "la": ("Ecce quaestio parva e vita cotidiana sumpta.", "Fingamus rem ita se habere.", "Vicinus auxilium petit.",
           "Haec quaestio inter cenam orta est.", "Consideremus quae sequuntur."),
}  # fmt: skip
_OPENERS = {
    "en": ("Step by step it goes like this.", "Let us take one thing after the other.", "The way there is short."),
    "fr": ("Procédons pas à pas.", "Prenons les choses l'une après l'autre.", "Le chemin est court."),
    "de": ("Schritt für Schritt geht es so.", "Gehen wir der Reihe nach vor.", "Der Weg dahin ist kurz."),
    "it": ("Procediamo passo per passo.", "Prendiamo una cosa dopo l'altra.", "La strada è breve."),
    "es": ("Vayamos paso a paso.", "Tomemos una cosa después de otra.", "El camino es corto."),
    "pl": ("Idźmy krok po kroku.", "Rozważmy wszystko po kolei.", "Droga do wyniku jest krótka."),
    "nl": ("Stap voor stap gaat het zo.", "Laten we alles op volgorde nemen.", "De weg erheen is kort."),
    "la": ("Gradatim procedamus.", "Alterum post alterum sumamus.", "Via brevis est."),
}  # fmt: skip
_CLOSERS = {
    "en": ("That is what was asked for.", "With this the question is settled.", "Nothing else is needed."),
    "fr": ("C'est bien ce qui était demandé.", "La question est ainsi réglée.", "Il ne faut rien de plus."),
    "de": ("Genau danach war gefragt.", "Damit ist die Frage geklärt.", "Mehr braucht es nicht."),
    "it": ("È proprio quello che si chiedeva.", "Così la questione è risolta.", "Non serve altro."),
    "es": ("Eso es justo lo que se preguntaba.", "Con esto queda resuelta la cuestión.", "No hace falta nada más."),
    "pl": ("Właśnie o to pytano.", "W ten sposób zadanie jest rozwiązane.", "Nic więcej nie potrzeba."),
    "nl": ("Precies dat werd gevraagd.", "Daarmee is de vraag beantwoord.", "Meer is er niet nodig."),
    "la": ("Hoc ipsum quaerebatur.", "Ita quaestio soluta est.", "Nihil praeterea opus est."),
}  # fmt: skip
_INSIGHTS = (
    "the order of the steps follows from what is sought",
    "only quantities of one kind may be put together",
    "what is given is enough, nothing is given twice",
    "it pays to name the quantities before reckoning",
)


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | list[str] | None:
    """The reply to a conversation of (role, text) pairs; None when it is not of this exercise."""
    opening, last = messages[0][1], messages[-1][1]
    if found := _REWORD.match(last):
        problem = _PROBLEM.match(last)
        assert problem is not None
        return f"{rng.choice(SCENES[_CODES[found[1]]])} {problem[1].strip()}"
    if opening.startswith(_DRAFT):
        return trace_of(last, rng, conclusion=_of(_RESULT, last))
    if found := _ANSWER.match(opening):
        return f"**{_of(_RESULT, last)}**\n\n{working_of(last, rng, _CODES[found[1]])}"
    return None


def trace_of(turn: str, rng: random.Random, *, conclusion: str, remarks: tuple[str, ...] = ()) -> str:
    """A trace that goes through the steps beside the problem."""
    steps = [line for line in _of(_WORKING, turn).splitlines() if not line.startswith("option ")]
    return "\n".join(
        [
            "### 1. Task Analysis",
            "├─ given → the quantities that the problem states",
            "└─ sought → the one quantity that it asks for ●",
            "### 2. Working",
            f"※ {rng.choice(_INSIGHTS)} ⟨H≈0.{rng.randint(2, 8)}⟩ ◐",
            *(f"→ {step}" for step in steps),
            "### 3. Verification",
            f"✓ gone through once more in another order, {len(steps)} steps lead to the same result",
            *remarks,
            f"∴ {conclusion}",
        ]
    )


def working_of(turn: str, rng: random.Random, language: str) -> str:
    """The working beside the problem between an opening and a closing sentence."""
    return f"{rng.choice(_OPENERS[language])} {_of(_WORKING, turn)} {rng.choice(_CLOSERS[language])}"


def _of(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found is not None, f"the prompt shows nothing that matches {pattern.pattern!r}"
    return found[1].strip()
