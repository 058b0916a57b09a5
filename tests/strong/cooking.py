"""What a strong model answers to the prompts of cooking, computed from the prompt alone, in all eight languages.

It cannot translate: the names of ingredients stay as the prompt has them, which the checks allow for what they are
about, the amounts. Its sentences are put together from a bank of each language.
"""

import random
import re

from synth_assets.exercises.kitchen.quantities import find_quantities, read_line, write_quantity
from synth_assets.languages import LANGUAGES

_CODES = {name: code for code, name in LANGUAGES.items()}
_PASSAGE = re.compile(r"^Dish: (.*)\n<passage>\n(.*?)\n</passage>", re.MULTILINE | re.DOTALL)

# opening, question about the dish, words after a list, advice: three ways each
_BANK = {
    "en": (
        ("Tonight we cook for {cook}, and I would like everything to be ready in time.",
         "There will be guests at our table soon, and this dish is what they asked for.",
         "My sister wants to learn this dish, so we are going to cook it together."),
        ("How do I make {title} so that everybody at the table is glad?",
         "What is the right way to cook {title} at home from start to end?",
         "Could you tell me what matters most when I make {title} for guests?"),
        ("Weigh everything before you begin, and keep to the order in which the recipe names its steps.",
         "Taste the dish before it goes to the table, and give yourself time to set everything out.",
         "Put the bowls ready first, and nothing will be forgotten when the pan is hot."),
        "Keep to the order of the method for {title}: {step} Whoever does that with patience will be content.",
    ),
    "fr": (
        ("Ce soir nous cuisinons pour des amis, et je voudrais que tout soit prêt à temps.",
         "Nous aurons bientôt des invités à table, et c'est ce plat qu'ils ont demandé.",
         "Ma sœur veut apprendre ce plat, nous allons donc le préparer ensemble."),
        ("Comment préparer « {title} » pour que tout le monde à table soit content ?",
         "Quelle est la bonne manière de cuisiner « {title} » à la maison, du début à la fin ?",
         "Pourriez-vous me dire ce qui compte le plus quand je prépare « {title} » pour des invités ?"),
        ("Pesez tout avant de commencer et respectez l'ordre dans lequel les étapes se suivent.",
         "Goûtez le plat avant de le servir, et prenez le temps de tout disposer sur la table.",
         "Préparez d'abord les saladiers, et rien ne sera oublié quand la poêle sera chaude."),
        "Gardez l'ordre des gestes et ne pressez rien : celui qui cuisine avec patience sera content du résultat.",
    ),
    "de": (
        ("Heute Abend kochen wir für Freunde, und ich möchte, dass alles rechtzeitig fertig ist.",
         "Bald sitzen Gäste an unserem Tisch, und genau dieses Gericht haben sie sich gewünscht.",
         "Meine Schwester will dieses Gericht lernen, deshalb kochen wir es zusammen."),
        ("Wie mache ich „{title}“, damit am Tisch alle zufrieden sind?",
         "Wie kocht man „{title}“ zu Hause richtig, vom Anfang bis zum Ende?",
         "Kannst du mir sagen, worauf es bei „{title}“ für Gäste am meisten ankommt?"),
        ("Wiege alles ab, bevor du anfängst, und halte dich an die Reihenfolge der Schritte.",
         "Koste das Gericht, bevor es auf den Tisch kommt, und nimm dir Zeit zum Anrichten.",
         "Stelle zuerst die Schüsseln bereit, dann wird nichts vergessen, wenn die Pfanne heiß ist."),
        "Halte dich an die Reihenfolge der Schritte und übereile nichts: Wer mit Geduld kocht, wird zufrieden sein.",
    ),
    "it": (
        ("Questa sera cuciniamo per gli amici, e vorrei che tutto fosse pronto in tempo.",
         "Presto avremo ospiti a tavola, e proprio questo piatto hanno chiesto.",
         "Mia sorella vuole imparare questo piatto, perciò lo prepariamo insieme."),
        ("Come preparo «{title}» in modo che tutti a tavola siano contenti?",
         "Qual è il modo giusto di cucinare «{title}» a casa, dall'inizio alla fine?",
         "Mi puoi dire che cosa conta di più quando preparo «{title}» per gli ospiti?"),
        ("Pesate tutto prima di cominciare e rispettate l'ordine in cui i passaggi si seguono.",
         "Assaggiate il piatto prima di portarlo in tavola e prendetevi il tempo per disporre tutto.",
         "Preparate prima le ciotole, e nulla sarà dimenticato quando la padella sarà calda."),
        "Rispettate l'ordine dei passaggi e non abbiate fretta: chi cucina con pazienza sarà contento del risultato.",
    ),
    "es": (
        ("Esta noche cocinamos para unos amigos, y quisiera que todo estuviera listo a tiempo.",
         "Pronto tendremos invitados a la mesa, y este es el plato que han pedido.",
         "Mi hermana quiere aprender este plato, así que vamos a prepararlo juntos."),
        ("¿Cómo preparo «{title}» para que todos en la mesa queden contentos?",
         "¿Cuál es la manera correcta de cocinar «{title}» en casa, del principio al final?",
         "¿Me puedes decir qué es lo más importante cuando preparo «{title}» para invitados?"),
        ("Pesa todo antes de empezar y respeta el orden en que se siguen los pasos.",
         "Prueba el plato antes de llevarlo a la mesa y tómate tiempo para colocarlo todo.",
         "Prepara primero los cuencos, y nada se olvidará cuando la sartén esté caliente."),
        "Respeta el orden de los pasos y no tengas prisa: quien cocina con paciencia quedará contento.",
    ),
    "pl": (
        ("Dziś wieczorem gotujemy dla przyjaciół i chciałbym, żeby wszystko było gotowe na czas.",
         "Niedługo będziemy mieć gości przy stole i właśnie o to danie prosili.",
         "Moja siostra chce się nauczyć tego dania, więc przygotujemy je razem."),
        ("Jak przygotować danie „{title}”, żeby wszyscy przy stole byli zadowoleni?",
         "Jaki jest dobry sposób na danie „{title}” w domu, od początku do końca?",
         "Czy możesz powiedzieć, co jest najważniejsze, kiedy robię danie „{title}” dla gości?"),
        ("Zważ wszystko, zanim zaczniesz, i trzymaj się kolejności, w jakiej następują po sobie kroki.",
         "Spróbuj dania, zanim trafi na stół, i daj sobie czas, żeby wszystko ładnie podać.",
         "Najpierw przygotuj miski, a niczego nie zapomnisz, kiedy patelnia będzie gorąca."),
        "Trzymaj się kolejności kroków i niczego nie przyspieszaj: kto gotuje cierpliwie, będzie zadowolony z dania.",
    ),
    "nl": (
        ("Vanavond koken we voor vrienden, en ik wil graag dat alles op tijd klaar is.",
         "Binnenkort zitten er gasten aan onze tafel, en dit gerecht hebben ze gevraagd.",
         "Mijn zus wil dit gerecht leren maken, dus gaan we het samen koken."),
        ("Hoe maak ik \"{title}\" zodat iedereen aan tafel tevreden is?",
         'Wat is de juiste manier om "{title}" thuis te koken, van begin tot eind?',
         'Kun je me vertellen wat het belangrijkste is als ik "{title}" voor gasten maak?'),
        ("Weeg alles af voordat je begint en houd je aan de volgorde waarin de stappen elkaar volgen.",
         "Proef het gerecht voordat het op tafel komt en neem de tijd om alles mooi neer te zetten.",
         "Zet eerst de kommen klaar, dan wordt er niets vergeten als de pan heet is."),
        "Houd je aan de volgorde van de stappen en haast je niet: wie met geduld kookt, zal tevreden zijn.",
    ),
    "la": (
        ("Hac vespera amicis nostris cenam paramus, et omnia in tempore parata esse volo.",
         "Mox hospites ad mensam nostram erunt, qui hunc ipsum cibum a nobis petiverunt.",
         "Soror mea hunc cibum parare discere vult, itaque eum una coquemus."),
        ("Quomodo cibum qui “{title}” vocatur ita parabo ut omnes ad mensam contenti sint?",
         "Quae est recta ratio cibum qui “{title}” vocatur domi coquendi ab initio usque ad finem?",
         "Potesne mihi dicere quid maxime curandum sit, cum “{title}” hospitibus paro?"),
        ("Omnia pondera antequam incipis, et ordinem serva quo opera inter se sequuntur.",
         "Gusta cibum antequam ad mensam fertur, et tempus tibi sume ut omnia bene disponas.",
         "Vasa prius para, et nihil oblivisceris cum sartago iam calida erit."),
        "Ordinem operum serva et noli festinare: qui patienter coquit, is cibo suo sine dubio contentus erit.",
    ),
}  # fmt: skip
_STEP = {
    "en": "Go on with care", "fr": "Continuez avec soin", "de": "Mache sorgfältig weiter", "it": "Continuate con cura",
    "es": "Sigue con cuidado", "pl": "Postępuj dalej starannie", "nl": "Ga zorgvuldig verder", "la": "Perge diligenter",
}  # fmt: skip


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | None:
    """The reply to one prompt, given as (role, text); None where it is not of cooking."""
    system, prompt = messages[0][1], messages[-1][1]
    if "kitchen adviser" not in system or (found := _PASSAGE.search(prompt)) is None:
        return None
    title, recipe = found[1], found[2]
    if "You write what a cook says" in system:
        code = _CODES[re.search(r" in (\w+):\Z", prompt)[1]]
        openings, questions, _, _ = _BANK[code]
        if "Sentences and list in" not in prompt:
            return rng.choice(questions).format(title=title)
        lines = [read_line(line, "en") for line in recipe.splitlines() if line.strip()]
        cook = re.search(r"Cook: (.+?)\. Season", prompt)[1]
        told = [f"- {write_quantity(line.quantity, code)} {line.name}" for line in lines if line.quantity]
        return "\n".join([rng.choice(openings).format(cook=cook), "", *told])
    tail = prompt[found.end() :]
    key = re.search(r"^Key: (.+)$", tail, re.MULTILINE)
    keys = [each for each in key[1].split("; ") if not each.startswith("keep ")] if key else []
    seed, heading = ("de", "Zubereitung\n") if recipe.startswith("Zutaten") else ("en", "Procedure\n")
    steps = recipe.partition(heading)[2].splitlines()
    if "You are the reasoner" in system:
        return _trace(title, keys, steps)
    code = _CODES[re.search(r"Answer in (\w+):\Z", prompt)[1]]
    _, _, words, advice = _BANK[code]
    if keys:
        return "\n".join([*(f"- {each}" for each in keys), "", rng.choice(words)])
    if "Answer the practical question" in tail:
        return advice.format(title=title.lower(), step=steps[-1])
    listed = [line for line in recipe.partition(heading)[0].splitlines()[1:] if line.strip()]
    read = [read_line(line, seed) for line in listed]
    amounts = [f"- {write_quantity(line.quantity, code)} {line.name}" for line in read if line and line.quantity]
    return "\n".join([*amounts, "", *_steps(steps, seed, code, rng)])


def _trace(title: str, keys: list[str], steps: list[str]) -> str:
    named = [f"● {step} → part {place}" for place, step in enumerate(steps[:4], start=1)]
    done = [f"● {each}" for each in keys] or named
    return "\n".join((
        "### 1. Task Analysis",
        f"├─ asks → what the cook of {title} has to know ●",
        "└─ rule → amounts and minutes as the dish has them ●",
        f"### 2. {'Arithmetic' if keys else 'Method'}",
        *done,
        "→ nothing is left over ⟨H≈0.3⟩",
        "### 3. Verification",
        "✓ each line once and in its order",
        f"∴ {title} comes out as it should.",
    ))  # fmt: skip


def _steps(steps: list[str], seed: str, code: str, rng: random.Random) -> list[str]:
    """The steps: in English as they stand, else sentences of the bank that bear each step's times and heat."""
    if code == seed:
        return [f"{place}. {step}" for place, step in enumerate(steps, start=1)]
    told = []
    for place, step in enumerate(steps, start=1):
        found = [each.quantity for each in find_quantities(re.sub(r"\([^()]*\)", "", step), seed)]
        held = [write_quantity(each, code) for each in found if each.dimension in ("time", "celsius", "fahrenheit")]
        words = _BANK[code][2][place % 3] if place <= 3 else f"{_STEP[code]}."
        bare = words.rstrip(".")
        told.append(f"{place}. {bare} ({', '.join(held)})." if held else f"{place}. {words}")
    rng.random()
    return told
