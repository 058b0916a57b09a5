"""What a strong model would answer to the prompts of editing, from the prompt alone.

It knows no dictionary: a translation is told in sentences of its own bank, one for each of the source's, with the
source's numbers and names in them. Corrections, extraction and rewriting are worked out of the text.
"""

import json
import random
import re

from synth_assets.exercises.editing_tasks.extraction import figures
from synth_assets.exercises.editing_tasks.figures import held_numbers, years
from synth_assets.exercises.math_templates.numbers import canonical
from synth_assets.exercises.passages import sentences
from synth_assets.languages import LANGUAGES

_CODES = {name: code for code, name in LANGUAGES.items()}
_FENCED = re.compile(r"<passage>\n(.*?)\n</passage>", re.DOTALL)
_PAIR = re.compile(r'"([^"\n]+)" for "([^"\n]+)"')

# Subjects, what they do, and when or where: any three in a row are a sentence.
_BANK = {
    "en": ("old letters|the first maps|most travellers|village teachers|many scholars|careful readers|"
           "early printers|their neighbours|some merchants|the town records",
           "speak of it often|call it by another name|describe it in detail|mention it only once|"
           "took it for granted|knew it very well|wrote about it later|have praised its beauty|"
           "asked where it began|kept it in memory",
           "in more than one region|since the oldest days|with growing interest|for several good reasons|"
           "without any real doubt|at the end of the year|during a long winter|among friends and strangers|"
           "near the great harbour|under changing names"),
    "fr": ("les vieilles lettres|les premières cartes|la plupart des voyageurs|les instituteurs du village|"
           "bien des savants|les lecteurs attentifs|les premiers imprimeurs|leurs voisins|quelques marchands|"
           "les registres de la ville",
           "en parlent souvent|lui donnent un autre nom|la décrivent en détail|ne la citent qu'une fois|"
           "la tenaient pour évidente|la connaissaient très bien|ont écrit sur elle|ont vanté sa beauté|"
           "se demandaient son origine|en gardent la mémoire",
           "dans plus d'une région|depuis les temps anciens|avec un intérêt croissant|"
           "pour plusieurs bonnes raisons|sans le moindre doute|à la fin de l'année|pendant un long hiver|"
           "parmi les amis et les étrangers|près du grand port|sous des noms divers"),
    "de": ("alte Briefe|die ersten Karten|die meisten Reisenden|die Lehrer im Dorf|viele Gelehrte|"
           "aufmerksame Leser|die frühen Drucker|ihre Nachbarn|einige Kaufleute|die Bücher der Stadt",
           "sprechen oft davon|nennen es anders|beschreiben es genau|erwähnen es nur einmal|"
           "hielten es für gewiss|kannten es sehr gut|schrieben später darüber|haben seine Schönheit gelobt|"
           "fragten nach dem Anfang|behielten es im Gedächtnis",
           "in mehr als einer Gegend|seit den ältesten Tagen|mit wachsender Neugier|aus mehreren guten Gründen|"
           "ohne jeden Zweifel|am Ende des Jahres|in einem langen Winter|unter Freunden und Fremden|"
           "in der Nähe des Hafens|unter wechselnden Namen"),
    "it": ("le vecchie lettere|le prime carte|molti viaggiatori|i maestri del paese|parecchi studiosi|"
           "i lettori attenti|i primi stampatori|i loro vicini|alcuni mercanti|i registri della città",
           "ne parlano spesso|le danno un altro nome|la descrivono nei particolari|la citano una volta sola|"
           "la davano per certa|la conoscevano molto bene|ne scrissero più tardi|ne lodarono la bellezza|"
           "chiedevano da dove venisse|ne conservano la memoria",
           "in più di una regione|fin dai tempi antichi|con un interesse crescente|per diverse buone ragioni|"
           "senza alcun vero dubbio|alla fine dell'anno|durante un lungo inverno|fra amici e stranieri|"
           "vicino al grande porto|sotto nomi diversi"),
    "es": ("las viejas cartas|los primeros mapas|muchos viajeros|los maestros del pueblo|varios estudiosos|"
           "los lectores atentos|los primeros impresores|sus vecinos|algunos mercaderes|"
           "los registros de la ciudad",
           "hablan de ello a menudo|le dan otro nombre|lo describen con detalle|lo citan una sola vez|"
           "lo daban por seguro|lo conocían muy bien|escribieron sobre ello después|alabaron su belleza|"
           "preguntaban por su origen|guardan su memoria",
           "en más de una región|desde los tiempos antiguos|con un interés creciente|por varias buenas razones|"
           "sin ninguna duda real|al final del año|durante un largo invierno|entre amigos y extraños|"
           "cerca del gran puerto|bajo nombres distintos"),
    "pl": ("stare listy|pierwsze mapy|liczni podróżnicy|nauczyciele ze wsi|wielu uczonych|uważni czytelnicy|"
           "dawni drukarze|ich sąsiedzi|niektórzy kupcy|księgi tego miasta",
           "często o tym mówią|inaczej to nazywają|dokładnie to opisują|wspominają o tym tylko raz|"
           "uważali to za pewne|bardzo dobrze to znali|pisali o tym później|chwalili jego piękno|"
           "pytali, skąd się wzięło|zachowują to w pamięci",
           "w niejednej okolicy|od najdawniejszych czasów|z rosnącą ciekawością|z kilku ważnych powodów|"
           "bez żadnej wątpliwości|pod koniec roku|podczas długiej zimy|wśród przyjaciół i obcych|"
           "niedaleko wielkiego portu|pod różnymi nazwami"),
    "nl": ("oude brieven|de eerste kaarten|de meeste reizigers|de meesters in het dorp|veel geleerden|"
           "aandachtige lezers|de eerste drukkers|hun buren|enkele kooplieden|de boeken van de stad",
           "spreken er vaak over|geven het een andere naam|beschrijven het heel precies|"
           "noemen het maar één keer|hielden het voor zeker|kenden het erg goed|schreven er later over|"
           "prezen de schoonheid ervan|vroegen naar het begin|bewaren het in het geheugen",
           "in meer dan één streek|sinds de oudste tijden|met groeiende belangstelling|"
           "om verschillende goede redenen|zonder enige echte twijfel|aan het einde van het jaar|"
           "tijdens een lange winter|onder vrienden en vreemden|dicht bij de grote haven|onder wisselende namen"),
    "la": ("veteres epistulae|primae tabulae|plurimi viatores|magistri in vico|multi viri docti|"
           "lectores diligentes|primi typographi|vicini eorum|nonnulli mercatores|libri civitatis",
           "de hac re saepe loquuntur|eam aliter appellant|eam diligenter describunt|eam semel tantum memorant|"
           "eam pro certo habebant|eam optime noverant|de ea postea scripserunt|pulchritudinem eius laudaverunt|"
           "unde orta esset quaesiverunt|eam memoria tenent",
           "non in una tantum regione|ab antiquissimis temporibus|cum maiore in dies studio|pluribus de causis|"
           "sine ulla dubitatione|sub finem anni|per longam hiemem|inter amicos et hospites|prope magnum portum|"
           "sub variis nominibus"),
}  # fmt: skip
_AND = {"en": "and", "fr": "et", "de": "und", "it": "e", "es": "y", "pl": "a", "nl": "en", "la": "et"}
_WITH = {
    "en": "(see also {})", "fr": "(voir aussi {})", "de": "(siehe auch {})", "it": "(vedi anche {})",
    "es": "(véase también {})", "pl": "(zob. też {})", "nl": "(zie ook {})", "la": "(vide etiam {})",
}  # fmt: skip
_ARTICLES = re.compile(
    r"(?<![\w'\u2019])(?:the|a|an|le|la|les|un|une|des|du|der|die|das|den|dem|ein|eine|einen|einem|einer|eines|il|lo|i"
    r"|gli|uno|una|el|los|las|unos|unas|de|het|een|jest|są|był|była|było|były|est|sunt|erat|erant|fuit|fuerunt|esse)"
    r"(?![\w'\u2019]) ?|(?<![\w])(?:l|un)['\u2019]|(?:d|qu)['\u2019]une? "
)
_LETTER = {
    "en": ("Dear Sir or Madam,", "Yours faithfully"),
    "fr": ("Madame, Monsieur,", "Veuillez agréer mes salutations distinguées."),
    "de": ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen"),
    "it": ("Gentili Signore e Signori,", "Distinti saluti"),
    "es": ("Estimados señores:", "Les saluda atentamente"),
    "pl": ("Szanowni Państwo,", "Z wyrazami szacunku"),
    "nl": ("Geachte dames en heren,", "Met vriendelijke groet"),
    "la": ("Lectoribus salutem", "Valete."),
}
_QUESTION = {
    "en": "What is there to know about this?",
    "fr": "Que faut-il savoir de cela ?",
    "de": "Was muss man darüber wissen?",
    "it": "Che cosa bisogna sapere di questo?",
    "es": "¿Qué hay que saber de esto?",
    "pl": "Co trzeba o tym wiedzieć?",
    "nl": "Wat moet men hierover weten?",
    "la": "Quid de hac re sciendum est?",
}
_AGAIN = {
    "en": "And what else?",
    "fr": "Et quoi encore ?",
    "de": "Und was noch?",
    "it": "E che altro?",
    "es": "¿Y qué más?",
    "pl": "A co jeszcze?",
    "nl": "En wat nog meer?",
    "la": "Et quid praeterea?",
}
_HEAD = {
    "en": "What is known today", "fr": "Ce que l'on sait aujourd'hui", "de": "Was man heute weiß",
    "it": "Che cosa si sa oggi", "es": "Lo que se sabe hoy", "pl": "Co dziś wiadomo",
    "nl": "Wat men vandaag weet", "la": "Quid hodie constet",
}  # fmt: skip


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | None:
    """The reply to one prompt, given as (role, text); None where it is not of editing."""
    system, prompt = messages[0][1], messages[-1][1]
    if "of an editing desk" not in system:
        return None
    request = _FENCED.findall(prompt)[-1]
    if "translator of an editing desk" in system:
        return _told(request, re.search(r"\nIn (\w+):", prompt)[1], rng)
    text = _text(request)
    tail = prompt.rpartition("</passage>")[2]
    if "reasoner of an editing desk" in system:
        return _trace(text, _PAIR.findall(_line(tail, "Key: ")), tail)
    if pairs := _PAIR.findall(_line(tail, "Key: ")):
        return _corrected(text, pairs)
    if "One JSON object" in tail:
        return _extracted(request, text)
    language = re.search(r"\nEdit in (\w+):", prompt)[1]
    if register := re.search(r"register asked for \((.+?)\)", tail):
        return _restyled(register[1], text, _CODES[language])
    return _told(text, language, rng)


def _line(text: str, opening: str) -> str:
    return next((line.removeprefix(opening) for line in text.splitlines() if line.startswith(opening)), "")


def _text(request: str) -> str:
    """The text that a request bears: its last block, without what sets it off."""
    if found := re.search(r'"""\n(.*)\n"""', request, re.DOTALL):
        return found[1]
    last = request.split("\n\n")[-1]
    return re.sub(r"\A(?:Text|Texte|Testo|Texto|Tekst|Textus)\u00a0?:\s", "", last).removeprefix("> ")


def _trace(text: str, pairs: list[tuple[str, str]], tail: str) -> str:
    words = re.findall(r"[^\W\d_]{5,}", text)[:3]
    done = [f'● "{wrong}" → "{right}"' for wrong, right in pairs]
    done = done or [f'● "{word}" → keep its sense' for word in words]
    return "\n".join((
        "### 1. Task Analysis",
        f"├─ asks → an edit of {len(text.split())} words",
        '└─ rule → what the request does not name stays ●',
        "### 2. Reading",
        *dict.fromkeys(done),
        "→ the rest can stand ⟨H≈0.4⟩",
        "### 3. Verification",
        "✓ the last sentence is there",
        f'∴ The edit is whole, from "{words[0] if words else text.split()[0]}" to its last word.',
    ))  # fmt: skip


def _corrected(text: str, pairs: list[tuple[str, str]]) -> str:
    parts, rest = [], text
    for wrong, right in pairs:  # in the order of the text
        found = re.search(rf"(?<!\w){re.escape(wrong)}(?!\w)", rest)
        parts += [rest[: found.start()], right]
        rest = rest[found.end() :]
    return "".join([*parts, rest])


def _told(text: str, name: str, rng: random.Random) -> str:
    """As many sentences as the text has, each about as long, with its numbers."""
    code = _CODES[name]
    bank = [rng.sample(slot.split("|"), 10) for slot in _BANK[code]]
    told, turn = [], 0
    for part in sentences(text, "en"):
        kept = [canonical(value) for value in held_numbers(part, "en" if code != "en" else "fr")]
        kept = [each if code == "en" else each.replace(".", ",") for each in kept if "/" not in each]
        said = ""
        slots = bank if len(part) > 60 else bank[:2]
        while not said or len(said) < (0.8 if len(part) > 60 else 0.62) * len(part):
            # each slot goes round at a pace of its own, so that no two of a text agree in two slots
            clause = " ".join(
                slot[(turn * pace + turn // 10) % 10] for slot, pace in zip(slots, (1, 3, 7), strict=False)
            )
            said = f"{said}, {_AND[code]} {clause}" if said else clause
            turn += 1
        numbers = f" {_WITH[code].format(', '.join(kept))}" if kept else ""
        told.append(f"{said[0].upper()}{said[1:]}{numbers}.")
    return " ".join(told)


def _extracted(request: str, text: str) -> str:
    schema = json.loads(re.search(r"```json\n(.*?)\n```", request, re.DOTALL)[1])
    code = next(code for code in LANGUAGES if _keys(schema) <= _known_keys(code))
    words = text.split()
    whole = sentences(text, code)
    value = {}
    for key, field in schema["properties"].items():
        if field["type"] == "string":
            value[key] = whole[0] if value else " ".join(words[:3])
        elif field["items"]["type"] == "integer":
            value[key] = years(text)
        elif field["items"]["type"] == "string":
            names = re.findall(r"(?<=[a-z,] )[A-ZÀ-Ż][^\W\d_]{3,}", text)
            value[key] = list(dict.fromkeys(names))
        else:
            value[key] = _records(field, text, whole)
    return json.dumps(value, ensure_ascii=False)


def _records(field: dict, text: str, whole: list[str]) -> list[dict]:
    first, second = field["items"]["properties"]
    kind = field["items"]["properties"][first]["type"]
    if kind == "integer":
        return [{first: year, second: _before(text, str(year))} for year in years(text)]
    if kind == "number":
        for code in ("en", "fr"):  # separators tell
            found = figures(text, code)
            if code == "fr" or not re.search(r"\d[.\u00a0]\d{3}", text):
                break
        shown = [{first: json.loads(number), second: whole[0]} for number in found]
        return [{**each, second: _around(text, index)} for index, each in enumerate(shown)]
    found = list(dict.fromkeys(re.findall(r"[^\W\d_]+ [^\W\d_]+ [^\W\d_]{6,}", text)))[:3]
    return [{first: words.split()[-1], second: words} for words in found]


def _around(text: str, index: int) -> str:
    pieces = re.findall(r"[^\W\d_]+(?: [^\W\d_]+){0,3}", text)
    return pieces[index % len(pieces)]


def _before(text: str, what: str) -> str:
    """The words that lead up to a value, and it."""
    return " ".join(text[: text.index(what) + len(what)].split(" ")[-4:])


def _keys(schema: dict) -> set[str]:
    return set(schema["properties"])


def _known_keys(code: str) -> set[str]:
    from synth_assets.exercises.editing_tasks.extraction import SCHEMAS, schema_of

    return {key for kind in SCHEMAS for key in schema_of(kind, code)["properties"]}


def _restyled(register: str, text: str, code: str) -> str:
    flat = re.sub(r"\s*[()]\s*", ", ", text).replace(" ,", ",").replace(",,", ",").replace(",.", ".")
    short = _pieces(flat, 6)
    whole = sentences(text, code)
    if register in ("plain language", "for a child"):
        return " ".join([_QUESTION[code], *short] if register == "for a child" else short)
    if register == "telegram":
        return " ".join(
            part
            for part in re.sub(r"\s+", " ", _ARTICLES.sub("", text)).split(" ")
            if len(part) > 3 or part[:1].isdigit()
        )
    if register == "bullet list":
        return "\n".join(f"- {part}" for part in short)
    if register == "single sentence":
        return "; ".join(re.sub(r"[.!?]+(?=\s|$)", "", part).replace("\n", " ") for part in whole) + "."
    if register == "questions and answers":
        half = max(1, len(short) // 2)
        return "\n".join([_QUESTION[code], " ".join(short[:half]), _AGAIN[code], " ".join(short[half:] or short)])
    if register == "headline and lead":
        return f"{_HEAD[code]}\n\n{' '.join(short)}"
    opening, closing = _LETTER[code]
    return f"{opening}\n\n{' '.join(short)}\n\n{closing}"


def _pieces(text: str, most: int) -> list[str]:
    """The text cut into sentences of about `most` words, none ending on a word that looks like an abbreviation."""
    words, pieces = text.split(), []
    while words:
        end = most
        while end < len(words) and len(words[end - 1]) < 5:
            end += 1
        pieces.append(" ".join(words[:end]).rstrip(",;:.\u2013\u2014-") + ".")
        words = words[end:]
    return [piece[0].upper() + piece[1:] for piece in pieces if re.search(r"\w", piece)]
