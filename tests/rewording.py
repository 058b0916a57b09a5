"""How a scripted model says what a passage says in words of its own: no long run of its words stays together.

A strong model does not copy; one that is computed from its prompt can do no better than put words between. They are
asides that say nothing, so that what the sentence says stays grounded where it was.
"""

import itertools

KEPT_TOGETHER = 4
LONG = 5  # letters of a word that an article's or a preposition's place is not behind
_ASIDES = {
    "en": ("so to say", "as it is", "in a way", "at least", "after all", "for one", "as ever", "by and large"),
    "fr": ("pour ainsi dire", "en somme", "à vrai dire", "au fond", "comme on sait", "du moins"),
    "de": ("wie man weiß", "so gesehen", "im Grunde", "wie gesagt", "alles in allem"),
    "it": ("come si sa", "in fondo", "per così dire", "a dire il vero", "tutto sommato"),
    "es": ("como se sabe", "en el fondo", "por así decirlo", "a decir verdad", "al menos"),
    "pl": ("jak wiadomo", "tak naprawdę", "w gruncie rzeczy", "jak się mówi"),
    "nl": ("zoals men weet", "in feite", "als het ware", "zo gezegd", "al met al"),
    "la": ("ut ita dicam", "ut constat", "re vera", "ut dixi"),
}


def reworded(text: str, language: str = "en") -> str:
    """A text of the language with an aside after every fourth word, at the next long one that no sign follows."""
    start = len(text) % len(_ASIDES[language])
    asides = itertools.cycle(_ASIDES[language][start:] + _ASIDES[language][:start])
    said: list[str] = []
    run = 0
    for word in text.split():
        said.append(word)
        run += 1
        if run >= KEPT_TOGETHER and len(word) >= LONG and word.isalpha():
            said[-1] += f", {next(asides)},"
            run = 0
    if said and said[-1].endswith(","):
        said[-1] = said[-1].rpartition(", ")[0] if ", " in said[-1] else said[-1].rstrip(",")
    return " ".join(said)
