"""The nouns that follow numbers, their forms in each language, symbols of units, and dates.

Forms stand in the order of `numbers.plural_form`: "one|other", in Polish "one|few|many|fraction". A key may carry a
case ("day.dat"), where the language has need of it. What is written once here is right in every template.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from synth_assets.exercises.math_templates.numbers import FORMATS, format_number, plural_form

NOUNS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "pound": "pound|pounds",
        "euro": "euro|euros",
        "zloty": "zloty|zlotys",
        "denarius": "denarius|denarii",
        "minute": "minute|minutes",
        "hour": "hour|hours",
        "day": "day|days",
        "year": "year|years",
        "litre": "litre|litres",
        "metre": "metre|metres",
        "seat": "seat|seats",
        "row": "row|rows",
        "woman": "woman|women",
        "man": "man|men",
        "committee": "committee|committees",
        "ticket": "ticket|tickets",
        "red": "red ball|red balls",
        "blue": "blue ball|blue balls",
        "ball": "ball|balls",
    },
    "fr": {
        "euro": "euro|euros",
        "minute": "minute|minutes",
        "hour": "heure|heures",
        "day": "jour|jours",
        "year": "an|ans",
        "litre": "litre|litres",
        "metre": "mètre|mètres",
        "seat": "place|places",
        "row": "rang|rangs",
        "woman": "femme|femmes",
        "man": "homme|hommes",
        "committee": "comité|comités",
        "ticket": "billet|billets",
        "red": "boule rouge|boules rouges",
        "blue": "boule bleue|boules bleues",
        "ball": "boule|boules",
    },
    "de": {
        "euro": "Euro|Euro",
        "minute": "Minute|Minuten",
        "hour": "Stunde|Stunden",
        "day": "Tag|Tage",
        "year": "Jahr|Jahre",
        "year.dat": "Jahr|Jahren",
        "litre": "Liter|Liter",
        "litre.dat": "Liter|Litern",
        "metre": "Meter|Meter",
        "seat": "Platz|Plätze",
        "row": "Reihe|Reihen",
        "woman": "Frau|Frauen",
        "man": "Mann|Männer",
        "man.dat": "Mann|Männern",
        "committee": "Ausschuss|Ausschüsse",
        "ticket": "Karte|Karten",
        "red": "rote Kugel|rote Kugeln",
        "blue": "blaue Kugel|blaue Kugeln",
        "red.dat": "roten Kugel|roten Kugeln",
        "blue.dat": "blauen Kugel|blauen Kugeln",
        "ball": "Kugel|Kugeln",
    },
    "it": {
        "euro": "euro|euro",
        "minute": "minuto|minuti",
        "hour": "ora|ore",
        "day": "giorno|giorni",
        "year": "anno|anni",
        "litre": "litro|litri",
        "metre": "metro|metri",
        "seat": "posto|posti",
        "row": "fila|file",
        "woman": "donna|donne",
        "man": "uomo|uomini",
        "committee": "comitato|comitati",
        "ticket": "biglietto|biglietti",
        "red": "pallina rossa|palline rosse",
        "blue": "pallina blu|palline blu",
        "ball": "pallina|palline",
    },
    "es": {
        "euro": "euro|euros",
        "minute": "minuto|minutos",
        "hour": "hora|horas",
        "day": "día|días",
        "year": "año|años",
        "litre": "litro|litros",
        "metre": "metro|metros",
        "seat": "butaca|butacas",
        "row": "fila|filas",
        "woman": "mujer|mujeres",
        "man": "hombre|hombres",
        "committee": "comité|comités",
        "ticket": "entrada|entradas",
        "red": "bola roja|bolas rojas",
        "blue": "bola azul|bolas azules",
        "ball": "bola|bolas",
    },
    "pl": {
        "zloty": "złoty|złote|złotych|złotego",
        "zloty.gen": "złotego|złotych|złotych|złotego",
        "minute": "minuta|minuty|minut|minuty",
        "minute.acc": "minutę|minuty|minut|minuty",
        "hour": "godzina|godziny|godzin|godziny",
        "hour.acc": "godzinę|godziny|godzin|godziny",
        "hour.gen": "godziny|godzin|godzin|godziny",
        "day": "dzień|dni|dni|dnia",
        "year": "rok|lata|lat|roku",
        "year.loc": "roku|latach|latach|roku",
        "litre": "litr|litry|litrów|litra",
        "litre.gen": "litra|litrów|litrów|litra",
        "litre.ins": "litrem|litrami|litrami|litra",
        "metre": "metr|metry|metrów|metra",
        "metre.acc": "metr|metry|metrów|metra",
        "metre.gen": "metra|metrów|metrów|metra",
        "seat": "miejsce|miejsca|miejsc|miejsca",
        "row": "rząd|rzędy|rzędów|rzędu",
        "woman": "kobieta|kobiety|kobiet|kobiety",
        "woman.acc": "kobietę|kobiety|kobiet|kobiety",
        "woman.gen": "kobiety|kobiet|kobiet|kobiety",
        "man": "mężczyzna|mężczyźni|mężczyzn|mężczyzny",
        "man.acc": "mężczyznę|mężczyzn|mężczyzn|mężczyzny",
        "man.gen": "mężczyzny|mężczyzn|mężczyzn|mężczyzny",
        "committee": "komisja|komisje|komisji|komisji",
        "ticket": "bilet|bilety|biletów|biletu",
        "red": "kulę czerwoną|kule czerwone|kul czerwonych|kuli czerwonej",
        "blue": "kulę niebieską|kule niebieskie|kul niebieskich|kuli niebieskiej",
        "ball": "kula|kule|kul|kuli",
        "ball.acc": "kulę|kule|kul|kuli",
        "ball.gen": "kuli|kul|kul|kuli",
    },
    "nl": {
        "euro": "euro|euro",
        "minute": "minuut|minuten",
        "hour": "uur|uur",
        "day": "dag|dagen",
        "year": "jaar|jaar",
        "litre": "liter|liter",
        "metre": "meter|meter",
        "seat": "stoel|stoelen",
        "row": "rij|rijen",
        "woman": "vrouw|vrouwen",
        "man": "man|mannen",
        "committee": "commissie|commissies",
        "ticket": "kaartje|kaartjes",
        "red": "rode bal|rode ballen",
        "blue": "blauwe bal|blauwe ballen",
        "ball": "bal|ballen",
    },
    "la": {
        "denarius": "denarius|denarii",
        "denarius.acc": "denarium|denarios",
        "denarius.abl": "denario|denariis",
        "denarius.gen": "denarii|denariorum",
        "minute": "minuta|minutae",
        "hour": "hora|horae",
        "hour.acc": "horam|horas",
        "hour.abl": "hora|horis",
        "hour.gen": "horae|horarum",
        "day": "dies|dies",
        "day.acc": "diem|dies",
        "year": "annus|anni",
        "year.acc": "annum|annos",
        "litre": "litrum|litra",
        "litre.acc": "litrum|litra",
        "metre": "metrum|metra",
        "metre.acc": "metrum|metra",
        "seat": "sedes|sedes",
        "seat.acc": "sedem|sedes",
        "row": "ordo|ordines",
        "row.acc": "ordinem|ordines",
        "woman": "femina|feminae",
        "woman.acc": "feminam|feminas",
        "woman.abl": "femina|feminis",
        "man": "vir|viri",
        "man.acc": "virum|viros",
        "man.abl": "viro|viris",
        "committee": "consilium|consilia",
        "ticket": "tessera|tesserae",
        "ticket.acc": "tesseram|tesseras",
        "red": "globulus ruber|globuli rubri",
        "blue": "globulus caeruleus|globuli caerulei",
        "ball": "globulus|globuli",
        "ball.acc": "globulum|globulos",
        "ball.abl": "globulo|globulis",
    },
}
CURRENCIES: Mapping[str, str] = dict.fromkeys(FORMATS, "euro") | {"en": "pound", "pl": "zloty", "la": "denarius"}
# Symbols are alike in every language and never inflected; a no-break space keeps them with their number.
SYMBOLS = frozenset({"km", "km/h", "m", "m²", "m³"})
MONTHS: Mapping[str, tuple[str, ...]] = {
    code: tuple(names.split())
    for code, names in {
        "en": "January February March April May June July August September October November December",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "nl": "januari februari maart april mei juni juli augustus september oktober november december",
        "la": "Ianuarii Februarii Martii Aprilis Maii Iunii Iulii Augusti Septembris Octobris Novembris Decembris",
    }.items()
}


# Italian articles before a number whose name begins with a vowel ("l'8%", "dall'11 marzo").
_ELIDED: Mapping[str, str] = {"il": "l'", "del": "dell'", "dal": "dall'", "al": "all'", "nel": "nell'"}


def with_article(article: str, written: str, number: int | Fraction) -> str:
    """An Italian article and the number as it is written: "del 20%", "dell'8%"."""
    head = str(int(number))
    vowel = head[0] == "8" or number == 1 or (head.startswith("11") and len(head) % 3 == 2)
    return f"{_ELIDED[article]}{written}" if vowel else f"{article} {written}"


def noun_form(key: str, number: int | Fraction, language: str) -> str:
    """The form of a noun that follows the number.

    Raises:
        KeyError: the language has no such noun, or not in that case.
    """
    return NOUNS[language][key].split("|")[plural_form(number, language)]


def counted(number: int | Fraction, key: str, language: str) -> str:
    """Number and noun, number and symbol, or a percentage (key "pct")."""
    if key == "pct":
        return f"{format_number(number, language)}{FORMATS[language].percent_glue}%"
    if key in SYMBOLS:
        return f"{format_number(number, language)}\u00a0{key}"
    money = key.partition(".")[0] in CURRENCIES.values()
    return f"{format_number(number, language, places=2 if money else 0)} {noun_form(key, number, language)}"


def format_date(day: date, language: str) -> str:
    """Day, month and year, as they stand within a sentence; in Latin the genitive after "die"."""
    month = MONTHS[language][day.month - 1]
    if language == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    if language == "it":
        return f"{'1º' if day.day == 1 else day.day} {month} {day.year}"
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    if language == "de":
        return f"{day.day}. {month} {day.year}"
    if language == "pl":
        return f"{day.day} {month} {day.year} roku"
    if language == "la":
        return f"{day.day} mensis {month} anni {day.year}"
    return f"{day.day} {month} {day.year}"
