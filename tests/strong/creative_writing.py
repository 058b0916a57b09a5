"""What a strong model would answer to the prompts of creative_writing, in all eight languages.

It keeps every form by putting the sentences of a small stock of its own into it; which ones, and in which order,
differs from row to row.
"""

import random
import re
from collections.abc import Iterator

from synth_assets.exercises.creative_lists.forms import Form, forms
from synth_assets.exercises.writing_constraints.letter_play import check_lipogram
from synth_assets.exercises.writing_constraints.words import words_of
from synth_assets.languages import LANGUAGES

# The first four of each speak in the first person; none has a comma, a colon or a figure.
_SENTENCES = {
    "en": """
        I kept the letter in my coat all winter. My father never spoke of it. Nobody told me where the road went. I
        can still hear our gate at night. The lamp on the sill burned low. A boy ran down to the water with his shoes
        in his hand. The old clock had lost an hour again. Snow lay on the bread cart. She counted the steps and
        forgot the number. Two crows argued over a crust. The mill stood silent for the first time in years. Somebody
        had painted the door green. We waited until the kettle sang. The ferry came without its bell. Under the table
        slept a dog with one white ear. The teacher closed the window and sighed. What the river takes it carries
        slowly. A coin rolled across the floor and fell still. They had planted beans where the wall once was. The
        tailor sewed the last button by touch. In the orchard the ladders were wet. Every morning smelled of smoke and
        apples. The baker sang because he was afraid. Nothing in the house was younger than the chair. A stranger
        asked for salt and left a song. The moon stood in the bucket like a plate. At last the fog let go of the
        bridge. Children drew a whale on the pavement.
    """,
    "fr": """
        J'ai gardé la lettre dans mon manteau tout l'hiver. Mon père n'en parlait jamais. Personne ne m'a dit où
        menait la route. J'entends encore notre portail la nuit. La lampe brûlait bas sur le rebord. Un garçon courait
        vers l'eau avec ses souliers à la main. La vieille horloge avait encore perdu une heure. La neige couvrait la
        charrette du boulanger. Elle compta les marches et oublia le nombre. Deux corneilles se disputaient une
        croûte. Le moulin se taisait pour la première fois depuis des années. Quelqu'un avait repeint la porte en
        vert. Nous attendions que la bouilloire chante. Le bac arriva sans sa cloche. Sous la table dormait un chien
        aux oreilles blanches. La maîtresse ferma la fenêtre et soupira. Ce que prend la rivière elle le porte
        lentement. Une pièce roula sur le plancher et se tut. On avait semé des fèves à la place du mur. Le tailleur
        cousit le dernier bouton à tâtons. Dans le verger les échelles étaient mouillées. Chaque matin sentait la
        fumée et la pomme. Le boulanger chantait parce qu'il avait peur. Rien dans la maison n'était plus jeune que la
        chaise. Un inconnu demanda du sel et laissa une chanson. La lune tenait dans le seau comme une assiette. Enfin
        le brouillard lâcha le pont. Des enfants dessinaient une baleine sur le trottoir.
    """,
    "de": """
        Ich trug den Brief den ganzen Winter in meinem Mantel. Mein Vater sprach nie davon. Niemand sagte mir wohin
        die Straße ging. Ich höre nachts noch immer unser Tor. Die Lampe auf dem Sims brannte niedrig. Ein Junge lief
        mit den Schuhen in der Hand zum Wasser. Die alte Uhr hatte wieder eine Stunde verloren. Schnee lag auf dem
        Brotwagen. Sie zählte die Stufen und vergaß die Zahl. Zwei Krähen stritten um eine Rinde. Die Mühle schwieg
        zum ersten Mal seit Jahren. Jemand hatte die Tür grün gestrichen. Wir warteten bis der Kessel sang. Die Fähre
        kam ohne ihre Glocke. Unter dem Tisch schlief ein Hund mit einem weißen Ohr. Die Lehrerin schloss das Fenster
        und seufzte. Was der Fluss nimmt trägt er langsam fort. Eine Münze rollte über den Boden und lag still. Sie
        hatten Bohnen gepflanzt wo einst die Mauer stand. Der Schneider nähte den letzten Knopf im Dunkeln an. Im
        Obstgarten waren die Leitern nass. Jeder Morgen roch nach Rauch und Äpfeln. Der Bäcker sang weil er sich
        fürchtete. Nichts im Haus war jünger als der Stuhl. Ein Fremder bat um Salz und ließ ein Lied da. Der Mond
        stand im Eimer wie ein Teller. Endlich gab der Nebel die Brücke frei. Kinder malten einen Wal auf das
        Pflaster.
    """,
    "it": """
        Tenni la lettera nel mio cappotto per tutto l'inverno. Mio padre non ne parlava mai. Nessuno mi disse dove
        andava la strada. Io sento ancora di notte il nostro cancello. La lampada sul davanzale ardeva bassa. Un
        ragazzo correva verso l'acqua con le scarpe in mano. Il vecchio orologio aveva perso di nuovo un'ora. La neve
        copriva il carro del pane. Lei contò i gradini e scordò il numero. Due cornacchie litigavano per una crosta.
        Il mulino taceva per la prima volta da anni. Qualcuno aveva dipinto di verde la porta. Aspettammo finché il
        bricco cantò. Il traghetto arrivò senza la sua campana. Sotto il tavolo dormiva un cane con un orecchio
        bianco. La maestra chiuse la finestra e sospirò. Ciò che il fiume prende lo porta piano. Una moneta rotolò sul
        pavimento e si fermò. Avevano seminato fave dove un tempo era il muro. Il sarto cucì a tentoni l'ultimo
        bottone. Nel frutteto le scale erano bagnate. Ogni mattina odorava di fumo e di mele. Il fornaio cantava
        perché aveva paura. Niente in casa era più giovane della sedia. Uno straniero chiese il sale e lasciò una
        canzone. La luna stava nel secchio come un piatto. Alla fine la nebbia lasciò andare il ponte. I bambini
        disegnavano una balena sul selciato.
    """,
    "es": """
        Guardé la carta en mi abrigo todo el invierno. Mi padre nunca hablaba de ella. Nadie me dijo adónde iba el
        camino. Yo oigo todavía de noche nuestra verja. La lámpara del alféizar ardía baja. Un muchacho corrió hacia
        el agua con los zapatos en la mano. El viejo reloj había perdido otra vez una hora. La nieve cubría el carro
        del pan. Ella contó los peldaños y olvidó el número. Dos cornejas disputaban una corteza. El molino callaba
        por primera vez en años. Alguien había pintado de verde la puerta. Esperamos hasta que cantó la tetera. La
        barca llegó sin su campana. Bajo la mesa dormía un perro con una oreja blanca. La maestra cerró la ventana y
        suspiró. Lo que el río toma lo lleva despacio. Una moneda rodó por el suelo y quedó quieta. Habían sembrado
        habas donde antes estaba el muro. El sastre cosió a tientas el último botón. En el huerto las escaleras
        estaban mojadas. Cada mañana olía a humo y a manzanas. El panadero cantaba porque tenía miedo. Nada en la casa
        era más joven que la silla. Un forastero pidió sal y dejó una canción. La luna estaba en el cubo como un
        plato. Por fin la niebla soltó el puente. Unos niños dibujaban una ballena en la acera.
    """,
    "pl": """
        Przez całą zimę nosiłem ten list w moim płaszczu. Mój ojciec nigdy o nim nie mówił. Nikt mi nie powiedział
        dokąd prowadzi droga. Ja wciąż słyszę nocą naszą furtkę. Lampa na parapecie paliła się nisko. Chłopiec biegł
        do wody z butami w ręku. Stary zegar znowu zgubił godzinę. Śnieg leżał na wozie z chlebem. Ona policzyła
        schody i zapomniała liczbę. Dwie wrony kłóciły się o skórkę. Młyn milczał po raz pierwszy od lat. Ktoś
        pomalował drzwi na zielono. Czekaliśmy aż czajnik zaśpiewa. Prom przypłynął bez swojego dzwonu. Pod stołem
        spał pies z jednym białym uchem. Nauczycielka zamknęła okno i westchnęła. Co rzeka zabierze to niesie powoli.
        Moneta potoczyła się po podłodze i zamarła. Posadzili fasolę tam gdzie kiedyś był mur. Krawiec przyszył
        ostatni guzik po omacku. W sadzie drabiny były mokre. Każdy ranek pachniał dymem i jabłkami. Piekarz śpiewał
        bo się bał. Nic w tym domu nie było młodsze od krzesła. Obcy poprosił o sól i zostawił piosenkę. Księżyc stał
        w wiadrze jak talerz. Wreszcie mgła puściła most. Dzieci rysowały wieloryba na chodniku.
    """,
    "nl": """
        Ik droeg de brief de hele winter in mijn jas. Mijn vader sprak er nooit over. Niemand zei mij waar de weg heen
        ging. Ik hoor nog altijd 's nachts ons hek. De lamp op de vensterbank brandde laag. Een jongen liep met zijn
        schoenen in de hand naar het water. De oude klok was weer een uur kwijt. Er lag sneeuw op de broodkar. Zij
        telde de treden en vergat het getal. Twee kraaien vochten om een korst. De molen zweeg voor het eerst in
        jaren. Iemand had de deur groen geverfd. We wachtten tot de ketel zong. De veerpont kwam zonder zijn bel.
        Onder de tafel sliep een hond met een wit oor. De juf sloot het raam en zuchtte. Wat de rivier neemt draagt ze
        langzaam weg. Een munt rolde over de vloer en bleef liggen. Ze hadden bonen geplant waar ooit de muur stond.
        De kleermaker naaide op de tast de laatste knoop aan. In de boomgaard waren de ladders nat. Elke ochtend rook
        naar rook en appels. De bakker zong omdat hij bang was. Niets in huis was jonger dan de stoel. Een vreemde
        vroeg om zout en liet een lied achter. De maan stond in de emmer als een bord. Eindelijk liet de mist de brug
        los. Kinderen tekenden een walvis op de stoep.
    """,
    "la": """
        Ego epistulam tota hieme in pallio meo servavi. Pater meus numquam de ea locutus est. Nemo mihi dixit quo via
        duceret. Ego noctu adhuc ianuam nostram audio. Lucerna in fenestra humilis ardebat. Puer calceos manu tenens
        ad aquam currebat. Horologium vetus iterum horam amiserat. Nix in plaustro panis iacebat. Illa gradus
        numeravit et numerum oblita est. Duae cornices de crusta certabant. Mola primum post multos annos tacebat.
        Aliquis ianuam colore viridi pinxerat. Exspectabamus dum lebes caneret. Navis sine campana sua venit. Sub
        mensa canis cum aure alba dormiebat. Magistra fenestram clausit et suspiravit. Quod flumen capit lente portat.
        Nummus per pavimentum volutus est et quievit. Fabas severant ubi olim murus fuerat. Sartor ultimum globulum in
        tenebris adsuit. In pomario scalae madebant. Mane quodque fumum et mala redolebat. Pistor canebat quod
        timebat. Nihil in domo sella iunius erat. Advena salem petivit et carmen reliquit. Luna in situla velut
        catinus stabat. Tandem nebula pontem dimisit. Pueri in via cetum pingebant.
    """,
}

# request openings; salutation, signature, date line, headline, two speakers, direction, address, question
_PIECES = {
    "en": (
        ("For a reading at the library I need {form} on “{theme}”{year}.",
         "Could you write {form} about “{theme}”{year}?"),
        "Dear Agnes,", "Yours\nMartin", "Tuesday the fourth of March", "Whale Seen on the Market Square",
        ("Agnes", "Martin"), "(A door slams.)", "Dear friends,", "Who am I?",
    ),
    "fr": (
        ("Pour une lecture à la bibliothèque, il me faudrait {form} ; écris-la sur « {theme} »{year}.",
         "Peux-tu écrire {form} sur « {theme} »{year} ?"),
        "Chère Agnès,", "Ton Martin", "Mardi quatre mars", "Une baleine sur la place du marché",
        ("Agnès", "Martin"), "(Une porte claque.)", "Chers amis,", "Qui suis-je ?",
    ),
    "de": (
        ("Für eine Lesung in der Bücherei brauche ich {form} über „{theme}“{year}.",
         "Kannst du mir bitte {form} zum Thema „{theme}“ schreiben{year}?"),
        "Liebe Agnes,", "Dein Martin", "Dienstag, der vierte März", "Wal auf dem Marktplatz gesehen",
        ("Agnes", "Martin"), "(Eine Tür schlägt zu.)", "Liebe Freunde,", "Wer bin ich?",
    ),
    "it": (
        ("Per una lettura in biblioteca mi serve {form} su «{theme}»{year}, scrivimela.",
         "Puoi scrivere {form} sul tema «{theme}»{year}?"),
        "Cara Agnese,", "Tuo Martino", "Martedì quattro marzo", "Una balena sulla piazza del mercato",
        ("Agnese", "Martino"), "(Una porta sbatte.)", "Cari amici,", "Chi sono io?",
    ),
    "es": (
        ("Para una lectura en la biblioteca necesito {form} sobre «{theme}»{year}.",
         "¿Puedes escribir {form} sobre el tema «{theme}»{year}?"),
        "Querida Inés:", "Tu Martín", "Martes cuatro de marzo", "Una ballena en la plaza del mercado",
        ("Inés", "Martín"), "(Se cierra una puerta.)", "Queridos amigos:", "¿Quién soy?",
    ),
    "pl": (
        ("Na spotkanie w bibliotece potrzebuję czegoś takiego jak {form} na temat „{theme}”{year}.",
         "Czy możesz napisać {form} na temat „{theme}”{year}?"),
        "Droga Agnieszko,", "Twój Marcin", "Wtorek, czwarty marca", "Wieloryb na rynku",
        ("Agnieszka", "Marcin"), "(Trzaskają drzwi.)", "Drodzy przyjaciele,", "Kim jestem?",
    ),
    "nl": (
        ("Voor een voorleesavond in de bibliotheek heb ik {form} nodig over “{theme}”{year}.",
         "Kun je {form} schrijven over “{theme}”{year}?"),
        "Lieve Agnes,", "Je Martijn", "Dinsdag vier maart", "Walvis gezien op het marktplein",
        ("Agnes", "Martijn"), "(Een deur slaat dicht.)", "Beste vrienden,", "Wie ben ik?",
    ),
    "la": (
        ("Ad recitationem in bibliotheca faciendam {form} quaero; argumentum est «{theme}»{year}.",
         "Velim mihi scribas {form}, cuius argumentum sit «{theme}»{year}."),
        "Martinus Agneti suae salutem.", "Vale", "Ante diem quartum Nonas Martias",
        "Cetus in foro visus", ("Agnes", "Martinus"), "(Ianua clauditur.)", "Amici carissimi,", "Quis sum ego?",
    ),
}  # fmt: skip

_YEARS = {"en": " as in {y}", "fr": ", comme en {y}", "de": " wie im Jahr {y}", "it": " come nel {y}",
          "es": " como en {y}", "pl": " jak w roku {y}", "nl": " zoals in {y}", "la": " quasi anno {y}"}  # fmt: skip


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | list | None:
    """The reply to the last of the messages, or None where they are not of this exercise."""
    system, last = messages[0][1], messages[-1][1]
    if found := re.match(r"You word requests for creative writing in (\w+),", system):
        return _request(last, _code(found.group(1)), rng)
    if "plans a creative text before it is written" in system:
        return _trace(last, rng)
    if found := re.match(r"Write the text that is asked for, in (\w+): idiomatic, concrete,", system):
        return _text(last, _code(found.group(1)), rng)
    return None


def _code(name: str) -> str:
    return next(code for code, language in LANGUAGES.items() if language == name)


def _request(prompt: str, language: str, rng: random.Random) -> str:
    form = re.search(r"^Form: .*\((.+?)\)$", prompt, re.MULTILINE).group(1)
    theme = re.search(r"^Theme: .*\((.+?)\)$", prompt, re.MULTILINE).group(1)
    year = re.search(r"^(?:Published|Set in the year): (\d+)$", prompt, re.MULTILINE)
    worded = _YEARS[language].format(y=year.group(1)) if year else ""
    return rng.choice(_PIECES[language][0]).format(form=form, theme=theme, year=worded)


def _trace(prompt: str, rng: random.Random) -> str:
    duty = re.search(r"^Duty: (.+); \d+ to \d+ words$", prompt, re.MULTILINE).group(1)
    asked = re.search(r"^Request: (.+)$", prompt, re.MULTILINE).group(1)
    image = rng.choice(("a lamp on a sill", "a boat without a bell", "a green door", "wet ladders", "a coin at rest"))
    ending = rng.choice(("silence", "a question", "a small gift", "the first light", "a closed window"))
    return (
        f"### 1. Task Analysis\n├─ asks → {asked}\n├─ form → {duty} ●\n└─ tone → low ◐\n### 2. Planning\n"
        f"● First {image}, then more of it.\n→ It is to end on {ending}. ⟨H≈0.{rng.randint(2, 9)}⟩\n"
        f"○ A first line that is loud: no.\n### 3. Verification\n✓ Each part is as the form asks.\n"
        f"∴ A text on what is asked, with {image} first and {ending} last."
    )


def _text(prompt: str, language: str, rng: random.Random) -> str:
    duty = re.search(r"^Duty: (.+); \d+ to \d+ words$", prompt, re.MULTILINE).group(1)
    form = next(form for form in forms().values() if form.duty == duty)
    letter = re.search(r"^- The letter \W(\w)\W may not occur", prompt, re.MULTILINE)
    for _ in range(4000):
        found = _of_form(form, language, rng, letter.group(1) if letter else "")
        if found is not None and form.least <= len(words_of(found, language)) <= form.most:
            return found
    return " ".join(_stock(language, "")[:3])


def _stock(language: str, letter: str) -> list[str]:
    sentences = re.findall(r"\S.*?[.?](?=\s|$)", " ".join(_SENTENCES[language].split()))
    return [sentence for sentence in sentences if not letter or check_lipogram(sentence, letter, language) is None]


def _of_form(form: Form, language: str, rng: random.Random, letter: str) -> str | None:
    stock = _stock(language, letter)
    first, rest = stock[:4], stock[4:]
    rng.shuffle(rest)
    # the first person early, so that every text may speak in it
    said = [*rng.sample(first, min(3, len(first))), *rest]
    if form.is_verse:
        rng.shuffle(said)
        return _verse(form, said, language, rng)
    return _prose(form, said, language)


def _until(said: list[str], least: int, language: str) -> list[str]:
    """As many of the sentences as `least` words and a few more take."""
    taken: list[str] = []
    while said and sum(len(words_of(sentence, language)) for sentence in taken) < least * 1.1:
        taken.append(said[len(taken)])
    return taken


def _blocks(sentences: list[str], count: int) -> list[str]:
    size = -(-len(sentences) // count)
    return [" ".join(sentences[start : start + size]) for start in range(0, len(sentences), size)]


def _prose(form: Form, said: list[str], language: str) -> str:
    _, salutation, signature, date, headline, names, direction, address, _ = _PIECES[language]
    body = _until(said, form.least, language)
    rule, lines = form.rule, _until(said, form.least, language)
    while len(lines) < 7:
        lines = said[: len(lines) + 1]
    if rule == "one_paragraph":
        return " ".join(body)
    if rule in ("paragraphs", "moral", "first_person"):
        return "\n\n".join([*_blocks(body, 2), said[len(body)]])
    if rule == "letter":
        return "\n\n".join([salutation, " ".join(body), signature])
    if rule == "diary":
        return "\n\n".join([date, " ".join(body)])
    if rule == "headline":
        return "\n\n".join([headline, *_blocks(body, 2)])
    if rule == "address":
        return f"{address} {' '.join(body)}"
    if rule == "obituary":
        return f"Martin Ferrer, *1871, †1949.\n\n{' '.join(body)}"
    if rule == "log":
        return "\n".join(f"{7 + number}:30 {sentence}" for number, sentence in enumerate(lines))
    if rule in ("dialogue", "scene", "interview"):
        turns = [f"{names[number % 2]}: {sentence}" for number, sentence in enumerate(lines)]
        turns = [turn[:-1] + "?" if rule == "interview" and number % 2 == 0 else turn
                 for number, turn in enumerate(turns)]  # fmt: skip
        return "\n".join([direction, *turns] if rule == "scene" else turns)
    if rule == "recipe":
        steps = [f"{number}. {sentence}" for number, sentence in enumerate(lines[3:], start=1)]
        return "\n".join([*(f"- {sentence}" for sentence in lines[:3]), "", *steps])
    if rule == "steps":
        return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(lines, start=1))
    if rule == "list":
        return "\n".join(f"- {sentence}" for sentence in lines)
    assert rule == "inventory", rule
    return "\n".join(f"{number + 2} - {sentence}" for number, sentence in enumerate(lines))


def _verse(form: Form, said: list[str], language: str, rng: random.Random) -> str | None:
    rule, numbers = form.rule, form.parameters
    if rule == "question":
        return "\n".join([*said[:4], _PIECES[language][8]])
    if rule == "lines":
        return "\n".join(said[: numbers[0]])
    if rule == "stanzas_of":
        size, least = numbers
        count = max(least, -(-form.least // (6 * size)))
        return _stanzas(said, size, count)
    if rule == "stanzas":
        return _stanzas(said, 5, 2)
    if rule == "staircase":
        return "\n".join(f"{'   ' * number}{sentence}" for number, sentence in enumerate(said[: numbers[0]]))
    if rule == "zigzag":
        return "\n".join(f"{'      ' * (number % 2)}{sentence}" for number, sentence in enumerate(said[: numbers[0]]))
    if rule == "centred":
        lines = sorted(said[: numbers[0] + 1], key=len, reverse=True)
        return "\n".join(" " * ((len(lines[0]) - len(line)) // 2) + line for line in lines)
    words = iter(" ".join(said).split())
    if rule == "column":
        return "\n".join(word for _, word in zip(range(rng.randint(14, 24)), words, strict=False))
    return _shape(rule, numbers[0], words)


def _stanzas(said: list[str], size: int, count: int) -> str | None:
    if len(said) < size * count:
        return None
    return "\n\n".join("\n".join(said[start : start + size]) for start in range(0, size * count, size))


def _shape(rule: str, count: int, words: Iterator[str]) -> str | None:
    """The words in lines of such lengths, or nothing where they do not fall so."""
    middle = count // 2
    ways = {
        "triangle": [1] * (count - 1), "funnel": [-1] * (count - 1),
        "diamond": [1] * middle + [-1] * middle, "hourglass": [-1] * middle + [1] * middle, "block": [0] * (count - 1),
    }[rule]  # fmt: skip
    width = {"triangle": 6, "diamond": 6, "funnel": 60, "hourglass": 44, "block": 38}[rule]
    left = list(words)
    lines = [_line(left, width - 5, width)]
    for way in ways:
        before = len(lines[-1])
        lines.append(_line(left, width - 4, width) if way == 0 else
                     _line(left, before + 5, before + 16) if way > 0 else
                     _line(left, max(1, before - 12), before - 1))  # fmt: skip
        if not all(lines):
            return None
    return "\n".join(lines) if max(map(len, lines)) - min(map(len, lines)) <= 4 or rule != "block" else None


def _line(left: list[str], least: int, most: int) -> str:
    """The next words that make a line of such a length, or "" where none do."""
    line = ""
    while left and len(line) < least:
        line = f"{line} {left.pop(0)}".strip()
    return line if least <= len(line) <= most else ""
