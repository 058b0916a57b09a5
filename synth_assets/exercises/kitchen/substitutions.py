"""What stands in for an ingredient that is missing, in which ratio, and what all of them are called.

The ratios are those that cooks' tables agree on, by measure: of butter three quarters of oil, of baking powder a
quarter of soda and half of cream of tartar. A unit of its own (an egg: one spoon of flaxseed, three of water) stands
beside the ratio where the measures differ.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from synth_assets.exercises.kitchen.quantities import Line, Quantity, alike, name_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that stands in: `ratio` of it for one of what is missing, in `unit` where it is another."""

    name: str
    ratio: Fraction
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """A missing ingredient, as seeds name it, and what stands in for it.

    Attributes:
        missing: name, a key of `NAMES`.
        pattern: finds it in an English or German ingredient's name.
        dimensions: in which its quantity must be given.
        parts: what stands in, in the order an answer lists it.
        unless: a pattern; where the procedure has it, nothing can stand in (whites that are beaten).
    """

    missing: str
    pattern: str
    dimensions: tuple[str, ...]
    parts: tuple[Part, ...]
    unless: str = ""


_UNLESS = {
    "egg": r"\bwhites?\b|\byolks?\b|scrambl|boil the eggs|Eiweiß|Eigelb|Spiegelei|Rührei",
    "butter": r"\brub\b|\bfry\b|spread|clarified",
}


def _of(missing: str, pattern: str, dimensions: str, *parts: tuple[str, ...]) -> Substitution:
    return Substitution(
        missing=missing,
        pattern=pattern,
        dimensions=tuple(dimensions.split()),
        parts=tuple(
            Part(name=part[0], ratio=Fraction(part[1]), unit=part[2] if len(part) > 2 else None) for part in parts
        ),
        unless=_UNLESS.get(missing, ""),
    )


SUBSTITUTIONS: tuple[Substitution, ...] = (
    _of("baking powder", r"\bbaking powder\b|Backpulver", "volume",
        ("baking soda", "1/4"), ("cream of tartar", "1/2")),
    _of("buttermilk", r"\bbuttermilk\b|^Buttermilch", "volume", ("milk", "15/16"), ("lemon juice", "1/16")),
    _of("butter", r"(?<!peanut )(?<!almond )(?<!cocoa )\bbutter\b|^Butter$", "mass volume", ("vegetable oil", "3/4")),
    _of("lard", r"\blard\b|Schweineschmalz", "mass volume", ("butter", "5/4")),
    _of("egg", r"^(?:large |medium |beaten |whole )*eggs?\b(?! (?:white|yolk|noodle|wash))|^Eie?r?$", "count",
        ("ground flaxseed", "1", "tbsp"), ("water", "3", "tbsp")),
    _of("brown sugar", r"\bbrown sugar\b|brauner Zucker", "mass", ("white sugar", "15/16"), ("molasses", "1/16")),
    _of("honey", r"\bhoney\b|^Honig", "mass volume", ("white sugar", "5/4")),
    _of("lime juice", r"\blime juice\b|Limettensaft", "volume", ("lemon juice", "1")),
    _of("lemon juice", r"\blemon juice\b|^Zitronensaft", "volume", ("vinegar", "1/2")),
    _of("vinegar", r"(?<!balsamic )\bvinegar\b|^Essig|^Weinessig", "volume", ("lemon juice", "2")),
    _of("sour cream", r"\bsour cream\b|saure Sahne|Schmand", "mass volume", ("Greek yoghurt", "1")),
    _of("Greek yoghurt", r"\bgreek yog", "mass volume", ("sour cream", "1")),
    _of("garlic", r"\bcloves?\b.*\bgarlic\b|\bgarlic cloves?\b|Knoblauchzehe", "count",
        ("garlic powder", "1/8", "tsp")),
    _of("white wine", r"\bwhite wine\b(?! vinegar)|Weißwein(?!essig)", "volume",
        ("vegetable stock", "7/8"), ("lemon juice", "1/8")),
    _of("tomato paste", r"\btomato paste\b|Tomatenmark", "volume mass", ("passata", "3")),
    _of("cornstarch", r"\bcorn ?starch\b|Speisestärke", "volume mass", ("flour", "2")),
    _of("cream", r"\b(?:heavy|whipping|double) cream\b|^Sahne|Schlagsahne", "volume mass",
        ("milk", "3/4"), ("butter", "1/4")),
    _of("dry yeast", r"\bdry yeast\b|Trockenhefe", "mass volume", ("fresh yeast", "3")),
    _of("olive oil", r"\bolive oil\b|Olivenöl", "volume mass", ("sunflower oil", "1")),
    _of("walnuts", r"\bwalnuts?\b|Walnüsse", "mass volume", ("almonds", "1")),
    _of("milk", r"^(?:whole |cold |warm |hot )*milk\b|^Milch$", "volume", ("evaporated milk", "1/2"), ("water", "1/2")),
    _of("stock", r"\b(?:vegetable|chicken|beef) stock\b|\b(?:Gemüse|Hühner|Fleisch)brühe", "volume",
        ("water", "15/16"), ("soy sauce", "1/16")),
    _of("white sugar", r"^(?:granulated |caster |superfine )*(?:white )?(?:granulated )?sugar\b|^Zucker$",
        "mass volume", ("honey", "3/4")),
)  # fmt: skip

_ROWS = """
baking powder|baking powder|levure chimique|Backpulver|lievito per dolci|levadura química|proszek do pieczenia|bakpoeder|pulvis levans
baking soda|baking soda|bicarbonate de soude|Natron|bicarbonato di sodio|bicarbonato de sodio|soda oczyszczona|baksoda|bicarbonas sodicus
cream of tartar|cream of tartar|crème de tartre|Weinstein|cremor tartaro|crémor tártaro|kamień winny|wijnsteenpoeder|cremor tartari
buttermilk|buttermilk|lait ribot|Buttermilch|latticello|suero de mantequilla|maślanka|karnemelk|lac butyri
milk|milk|lait|Milch|latte|leche|mleko|melk|lac
lemon juice|lemon juice|jus de citron|Zitronensaft|succo di limone|zumo de limón|sok z cytryny|citroensap|sucus citri
butter|butter|beurre|Butter|burro|mantequilla|masło|boter|butyrum
vegetable oil|vegetable oil|huile végétale|Pflanzenöl|olio vegetale|aceite vegetal|olej roślinny|plantaardige olie|oleum vegetale
lard|lard|saindoux|Schweineschmalz|strutto|manteca de cerdo|smalec|reuzel|lardum
egg|egg|œuf|Ei|uovo|huevo|jajko|ei|ovum
ground flaxseed|ground flaxseed|graines de lin moulues|gemahlene Leinsamen|semi di lino macinati|linaza molida|mielone siemię lniane|gemalen lijnzaad|semen lini tritum
water|water|eau|Wasser|acqua|agua|woda|water|aqua
brown sugar|brown sugar|sucre roux|brauner Zucker|zucchero di canna|azúcar moreno|cukier trzcinowy|bruine suiker|saccharum fuscum
white sugar|white sugar|sucre blanc|weißer Zucker|zucchero bianco|azúcar blanco|biały cukier|witte suiker|saccharum album
molasses|molasses|mélasse|Melasse|melassa|melaza|melasa|melasse|melassa
honey|honey|miel|Honig|miele|miel|miód|honing|mel
lime juice|lime juice|jus de citron vert|Limettensaft|succo di lime|zumo de lima|sok z limonki|limoensap|sucus citri viridis
vinegar|vinegar|vinaigre|Essig|aceto|vinagre|ocet|azijn|acetum
sour cream|sour cream|crème aigre|saure Sahne|panna acida|crema agria|kwaśna śmietana|zure room|cremor acidus
Greek yoghurt|Greek yoghurt|yaourt grec|griechischer Joghurt|yogurt greco|yogur griego|jogurt grecki|Griekse yoghurt|iogurtum Graecum
garlic|garlic|ail|Knoblauch|aglio|ajo|czosnek|knoflook|allium
garlic powder|garlic powder|ail en poudre|Knoblauchpulver|aglio in polvere|ajo en polvo|czosnek w proszku|knoflookpoeder|pulvis allii
white wine|white wine|vin blanc|Weißwein|vino bianco|vino blanco|białe wino|witte wijn|vinum album
vegetable stock|vegetable stock|bouillon de légumes|Gemüsebrühe|brodo vegetale|caldo de verduras|bulion warzywny|groentebouillon|ius holerum
tomato paste|tomato paste|concentré de tomate|Tomatenmark|concentrato di pomodoro|tomate concentrado|koncentrat pomidorowy|tomatenpuree|lycopersica spissata
passata|passata|coulis de tomate|passierte Tomaten|passata di pomodoro|tomate triturado|przecier pomidorowy|passata|lycopersica liquata
cornstarch|cornflour|fécule de maïs|Speisestärke|amido di mais|maicena|skrobia kukurydziana|maïzena|amylum maydis
flour|flour|farine|Mehl|farina|harina|mąka|bloem|farina
cream|cream|crème entière|Schlagsahne|panna fresca|nata|śmietanka|slagroom|cremor lactis
dry yeast|dry yeast|levure sèche|Trockenhefe|lievito secco|levadura seca|suche drożdże|droge gist|fermentum siccum
fresh yeast|fresh yeast|levure fraîche|frische Hefe|lievito fresco|levadura fresca|świeże drożdże|verse gist|fermentum recens
olive oil|olive oil|huile d'olive|Olivenöl|olio d'oliva|aceite de oliva|oliwa|olijfolie|oleum olivarum
sunflower oil|sunflower oil|huile de tournesol|Sonnenblumenöl|olio di girasole|aceite de girasol|olej słonecznikowy|zonnebloemolie|oleum helianthi
walnuts|walnuts|noix|Walnüsse|noci|nueces|orzechy włoskie|walnoten|nuces iuglandes
almonds|almonds|amandes|Mandeln|mandorle|almendras|migdały|amandelen|amygdala
evaporated milk|evaporated milk|lait concentré non sucré|Kondensmilch|latte evaporato|leche evaporada|mleko skondensowane|koffiemelk|lac spissatum
stock|stock|bouillon|Brühe|brodo|caldo|bulion|bouillon|ius
soy sauce|soy sauce|sauce soja|Sojasauce|salsa di soia|salsa de soja|sos sojowy|sojasaus|liquamen sojae
"""  # noqa: E501
_CODES = ("en", "fr", "de", "it", "es", "pl", "nl", "la")

# name -> language -> what it is called there
NAMES: Mapping[str, Mapping[str, str]] = {
    row.split("|")[0]: dict(zip(_CODES, row.split("|")[1:], strict=True)) for row in _ROWS.strip().splitlines()
}


def possible(lines: Sequence[Line], procedure: str) -> list[tuple[int, Substitution]]:
    """Which lines of a recipe have a substitution, as (index, substitution), in the recipe's order."""
    found = []
    for index, line in enumerate(lines):
        if line.quantity is None:
            continue
        for each in SUBSTITUTIONS:
            if line.quantity.dimension in each.dimensions and re.search(each.pattern, line.name, re.IGNORECASE):
                if not each.unless or not re.search(each.unless, procedure, re.IGNORECASE):
                    found.append((index, each))
                break
    return found


def replacement(quantity: Quantity, part: Part) -> Quantity:
    """How much of one part stands in for a quantity: exact, in the quantity's unit or the part's own."""
    unit = quantity.unit if part.unit is None else part.unit
    return Quantity(low=quantity.low * part.ratio, high=quantity.high * part.ratio, unit=unit)


def names_it(said: str, name: str, language: str) -> bool:
    """Whether a line names the ingredient: at least half of the words of its name stand there in some form."""
    wanted, there = name_words(NAMES[name][language]), name_words(said)
    return 2 * sum(any(alike(word, other) for other in there) for word in wanted) >= len(wanted)
