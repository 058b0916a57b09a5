"""What a strong model would answer to the prompts of constrained_writing, in all eight languages.

It is strong by search: sentences and words of a small stock of its own are put together until they keep every rule.
"""

import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from synth_assets.exercises.writing_constraints.letters import letters_of
from synth_assets.exercises.writing_constraints.registry import CONSTRAINTS
from synth_assets.exercises.writing_constraints.syllables import syllables_of
from synth_assets.exercises.writing_constraints.words import words_of
from synth_assets.languages import LANGUAGES

# Sentences on nothing in particular; each may follow a colon with a small letter.
_SENTENCES = {
    "en": """
        The lamp was still warm. Nobody asked who had come. A boy ran along the wall. We counted the steps
        twice. The old man told it slowly. She kept one coin in her shoe. Its colour had gone long ago. They sat
        and said nothing. My aunt would laugh at it. The dog barked at an open gate. It began before the bells.
        Who would know that now? You could hear it from our yard. The tea grew cold on the sill. Some say it
        will come back. He drew a map on his arm. It was as big as a hand. In a dry year it is gone. I found it
        by luck. All our plans had to wait. She sang an air I did not know. An oil lamp hung on a hook. Do not
        sit so far away. Our road is long and calm. I am going back along it. A cook in a hurry burns milk.
        Morning is a long way off. We will drink to it soon.
    """,
    "fr": """
        La lampe était encore tiède. Personne ne savait qui venait. Un enfant courait le long du mur. Nous avons
        compté deux fois. Le vieux parlait lentement. Elle gardait un sou dans sa poche. Tout cela est passé. On
        reste assis sans un mot. Ma tante en rirait encore. Le chien dormait devant la porte. Cela finit avant
        midi. Qui le sait encore ? On entendait la cloche au loin. Le thé refroidit sur la table. Un jour il
        reviendra. Nul ne nous attend ici. Il tient dans une main. Les années sèches, il disparaît. Je le vis
        par hasard. Tous nos projets attendent. Elle chantait un air inconnu. Une lanterne pendait au mur. Ne
        reste pas si loin. Notre chemin est long et calme. Je rentre par le même sentier. La soupe brûle si on
        se presse. Le matin est encore loin. On boira à sa santé.
    """,
    "de": """
        Die Lampe war noch warm. Niemand fragte nach dem Namen. Ein Kind lief an der Mauer entlang. Wir zählten
        die Stufen zweimal. Der Alte erzählte es langsam. Sie trug eine Münze im Schuh. Alles das ist lange her.
        Man saß da und schwieg. Meine Tante würde darüber lachen. Ein Hund schlief vor der Tür. Es endete noch
        vor Mittag. Wer weiß das heute noch? Man hörte die Glocke bis hierher. Der Tee wird auf dem Tisch kalt.
        Eines Tages kehrt es zurück. Hier wartet niemand auf uns. Es ist klein wie eine Hand. In trockenen
        Jahren fehlt es ganz. Ich fand es durch Zufall. Alle Reisen mussten warten. Sie sang ein fremdes Lied.
        Eine Laterne hing am Haken. Setz dich nicht so weit weg. Unser Weg ist lang und still. Ich gehe
        denselben Pfad zurück. Wer eilt, dem brennt die Milch an. Bis dahin ist es noch weit. Wir trinken bald
        darauf.
    """,
    "it": """
        La lampada era ancora calda. Nessuno chiese chi fosse. Un bambino correva lungo il muro. Contammo i
        gradini due volte. Il vecchio parlava piano. Lei teneva un soldo nella scarpa. Tutto questo è passato.
        Si resta seduti senza parole. Mia zia ne riderebbe ancora. Un cane dormiva sulla soglia. Finisce prima
        di sera. Chi lo sa adesso? Si sentiva la campana da lontano. Il caffè si fredda sul tavolo. Un giorno
        tornerà da noi. Qui non ci aspetta nessuno. Sta tutto in una mano. Negli anni secchi sparisce. Lo trovai
        per caso. Ogni viaggio deve attendere. Lei cantava una vecchia canzone. Una lanterna era accesa. Non
        stare così lontano. La strada è lunga e calma. Torno indietro da solo. Chi ha fretta brucia il latte. Il
        mattino è ancora lontano. Presto si brinderà insieme.
    """,
    "es": """
        La lámpara estaba aún caliente. Nadie preguntó quién era. Un niño corría junto al muro. Contamos los
        escalones dos veces. El viejo hablaba despacio. Ella guardaba un céntimo en su zapato. Todo eso ya pasó.
        Nos sentamos sin decir nada. Mi tía se reiría de eso. Un perro dormía en el umbral. Se acaba antes de la
        noche. ¿Quién lo sabe ahora? Se oía la campana desde lejos. El café se enfría en la mesa. Un día volverá
        a casa. Aquí no nos espera nadie. Cabe en una sola mano. En los años secos se va. La encontré por azar.
        Los planes esperan hasta mañana. Ella cantaba una canción extraña. Una linterna colgaba del clavo. No
        estés tan lejos. La calle es larga y callada. Regreso por la misma senda. Quien corre quema la leche.
        Falta mucho para el alba. Luego brindaremos por ella.
    """,
    "pl": """
        Ta lampa była jeszcze ciepła. Nikt nie pytał, kto przyszedł. Mały chłopiec biegł wzdłuż muru. Dwa razy
        liczyliśmy schody. Stary człowiek mówił powoli. Ona nosiła grosz w bucie. Wszystko to już minęło.
        Siedzimy i nic nie mówimy. Moja ciotka by się śmiała. Pod progiem spał stary pies. Kończy się to przed
        nocą. Kto to jeszcze pamięta? Z daleka słychać było dzwon. Herbata stygnie na stole. Pewnego dnia to
        wróci. Tutaj nikt na nas nie czeka. Mieści się to w jednej ręce. W suche lata go nie ma. Znalazłem to
        przypadkiem. Wszystkie plany muszą czekać. Ona śpiewa nieznaną pieśń. Na haku wisi stara latarnia. Nie
        siadaj tak daleko. Nasza droga jest cicha. Wracam tą samą ścieżką. Kto się spieszy, ten przypala mleko.
        Do rana jest jeszcze czas. Niech każdy o tym pomyśli.
    """,
    "nl": """
        De lamp was nog warm. Niemand vroeg wie er kwam. Een kind liep langs de muur. We telden de treden twee
        keer. De oude man sprak langzaam. Zij had een cent in haar schoen. Dat is nu lang geleden. Men zat daar
        en zweeg. Mijn tante zou erom lachen. Een hond sliep voor de deur. Het is voor de avond gedaan. Wie weet
        dat nu nog? We hoorden de klok van ver. De thee wordt koud op tafel. Eens komt het weer terug. Hier
        wacht niemand op ons. Het past in een hand. In droge jaren is het weg. Ik vond het bij toeval. Alle
        plannen moeten wachten. Zij zong een vreemd lied. Een lantaarn hing aan de haak. Ga niet zo ver weg
        zitten. Onze weg is lang en stil. Ik ga langs hetzelfde pad terug. Wie haast heeft, laat de melk
        branden. De ochtend is nog ver. We drinken er straks op.
    """,
    "la": """
        Haec lucerna adhuc calebat. Nemo rogavit quis venisset. Puer quidam iuxta murum currebat. Bis gradus
        omnes numeravimus. Ille senex lente narrabat. Ea nummum in calceo habebat. Omnia haec iam praeterierunt.
        Nos tacentes una sedemus. De his amita mea rideret. Ante limen canis dormiebat. Hoc ante noctem finitur.
        Quis nunc id meminit? Procul tintinnabulum auditur. Cena in mensa friget. Aliquando ad nos redibit. Hic
        nemo nos exspectat. Totum in una manu est. Siccis annis nusquam est. Casu id olim inveni. Nunc omnia
        manere debent. Illa carmen ignotum canebat. In pariete lucerna pendet. Noli tam procul sedere. Iter
        nostrum longum est. Eadem semita domum redeo. Nimis festinans lac adurit. Mox simul gaudebimus. Cras de
        hoc iterum dicam.
    """,
}

# Words by their initial: nouns and adjectives that can stand in a row.
_WORDS = {
    "en": """
        amber anchor apron ash | bread brass basil bells boots barley brooms berries bowls butter baskets
        blankets | corn clay copper coal crumbs carts coats cups curtains candles cobwebs cupboards | dust drums
        dew dates | eggs elms ease embers | ferns figs flour flags | gold glass ginger gates | lace lanterns
        leather linen | moss milk mint maple mugs mortar mittens marble melons music murmurs mornings | nails
        nets nutmeg | oats oil ovens ochre | pears paint plums paper pepper pots planks porridge pillows pebbles
        pitchers puddles | rust rope rye ribbons | salt sand silk steam smoke soup spoons stones shawls saddles
        sparrows shutters | tar tin tea twigs thyme timber tiles tents trays tankards teapots tablets
    """,
    "fr": """
        ambre ancre airain argile aiguilles ardoises abricots amandes avoine anis agneaux archers | beurre brume
        | cuivre cendre cire craie cloches cordes cerises coupes coffres coings chaînes couteaux | draps dattes
        dés | encre épices étain eau | foin figues farine fil | grains gants grès | lin laine lait lanternes |
        marbre miettes menthe mousse mortier melons malles manteaux moulins marmites matins mûres | nappes nacre
        noisettes | ocre olives orge osier | papier poivre plomb paille prunes poires planches pinceaux pots
        paniers perles pierres | rouille rubans riz racines | sel sable soie seigle savon sucre sabots soupe
        sauge seaux serrures souliers | tasses tuiles toile tabac thym tonneaux tambours tables tiroirs tapis
        torches traîneaux | usure | vin
    """,
    "de": """
        Asche Anker Ahorn Apfelsaft | Brot Butter Blei Binsen Becher Besen Beeren Bretter Balken Bänder Blumen
        Bohnen | Chor Clowns | Draht Dill Datteln Drachen | Erde Essig Eisen Efeu | Farn Feigen Flachs Filz |
        Gold Gras Garn Gurken Glas Gerste Ginster Gips Gläser Glut Gabeln Grütze | Honig Harz | Ingwer | Kohle
        Kupfer Kreide Kerne Krüge Körbe Kalk Kissen Karren Kerzen Kirschen Knöpfe | Leder Leinen Lehm Laternen |
        Milch Mehl Moos Mörtel Mohn Malz Messing Mützen Mandeln Möhren Mäntel Muscheln | Nägel Netze Nelken
        Nüsse | Öl Ofen Obst Ocker Oliven | Papier Pech Pflaumen Pfeffer | Rost Reis Roggen Ruß | Salz Sand
        Seide Silber Samt Seife Senf Säcke Schalen Spaten Steine Stroh | Ton Tee Teer Tinte | Wachs Wolle Wein
        Wasser Weizen Watte Wurzeln Walnüsse Wiegen Wagen Würfel Weiden | Zimt Zinn Zucker Ziegel
    """,
    "it": """
        ambra ancora argilla avena aceto anice aghi anelli asini aquile archi arance | burro brina bronzo
        brocche | cera cenere carta carbone corda calce coppe chiodi cesti ciliegie coperte cuscini | datteri
        drappi dadi | erbe edera essenze | farina fichi ferro fieno | gesso grano guanti ghiaia | inchiostro
        incenso | lana lino latte lanterne | miele menta muschio marmo malto mele mattoni melograni mantelli
        mulini mirto mandorle | noci nastri neve | olio orzo olive ottone | pane pepe paglia perle pere piombo
        pietre pennelli panche pentole | riso rame ruggine rosmarino | sale sabbia seta sapone sughero segale
        spezie scale secchi sassi stoffe stivali | tazze tegole tela timo tabacco torce tamburi tappeti tini
        trecce tartufi tovaglie
    """,
    "es": """
        ámbar ancla arcilla avena aceite anís agujas anillos asnos águilas arcos arena | barro bronce botas
        brasas | cera ceniza carbón cuerda cal copas clavos cestos cerezas cojines cobre canela | dátiles dados
        dedales | espigas especias encaje | harina hierro | fresas fieltro faroles | gavillas guantes grava
        granos | hilo | incienso | lana lino leche linternas | miel menta musgo mármol malta moras mortero
        mantas molinos mirto membrillos monedas | nueces nácar nabos | olivas ocre ollas oro | paja perlas peras
        plomo piedras pinceles platos panes papel pimienta | resina ramas romero | sal seda sebo sopa sacos
        salvia sillas sombreros sandalias semillas sábanas sortijas | tazas tejas tela tomillo tabaco tambores
        tapices tinta trigo toneles trenzas tierra
    """,
    "pl": """
        aksamit ametyst arkusz atrament | bursztyn beczki buty bułki | cegły cukier cynamon | drewno dzbany
        daktyle | echo ekran | figi farba flagi | garnki glina guziki | igły imbir | kawa kreda kosze kamienie
        kasza korale kubki koce kotwice kurtki krople kwiaty | len lampy lustra lina | mleko miedź mech mąka
        miód malwy marmur miski motyle młyny migdały maliny | nici noże namioty | ocet owies oliwa orzechy |
        papier pieprz piasek perły pszenica poduszki pióra płótno pędzle pomidory pochodnie pudła | rdza ryż
        róże rzepa | sól sukno srebro sery sznury skrzynie szkło siano stoły syrop sosny szyby | talerze tkaniny
        tytoń | wosk wełna wino woda wiśnie wozy wstążki wiadra węgiel wiklina worki wagi | zboże zioła złoto
        zegary zupa zapałki zamki zasłony zaprawa zeszyty zboża ziarna
    """,
    "nl": """
        as anijs ankers amber | brood boter balken bekers bessen bonen bezems banden borden boeken bloemen
        blikken | citroenen cacao | draad dille dadels dozen | eieren erwten essen edik | fluweel flessen franje
        | goud gras garen glas gerst gember gordels gips granen graan glazen geuren | haver hout | klei koper
        krijt kolen kruiken kisten kalk kussens karren kaarsen kersen knopen | leer linnen leem lantaarns | melk
        meel mos mortel munt mout mutsen manden marmer messen mantels mossels | netten naalden noten | olie
        ovens oker olijven | papier pek pruimen peper | roest rijst rogge ramen | suiker satijn staal stro soep
        stenen schalen spaden sokken sjaals schoenen strikken | teer thee touw tin | vis veren vlas vijgen verf
        vuur vaten vazen violen vesten vlaggen vlierbessen
    """,
    "la": """
        aurum arena aqua avena acetum argentum anuli arcus aquilae aceti agni amphorae | bulbi bacae balteus |
        cera cinis carbo corda calx calices clavi cistae cerasa culcitae cepae capsae | digiti dolia dona | ebur
        equi esca | farina fici ferrum fenum | gypsum grana gemmae | hedera | ignes ius imber | lana linum lac
        laternae | mel menta muscus marmor mala molae mantica mori muri malvae mella myrtus | nuces nodi naves |
        oleum ova olivae ollae | panis piper palea plumbum pira petrae patinae pondera pocula perulae pulli
        plumae | resina rosae radix rami | sal sericum sapo secale saxa sacci scalae situlae salvia sellae
        soleae stamen | tegulae tela thymum tibiae | urna uvae unda umbrae | vinum vasa vestes vela viola viscum
        vitrum vimina virgae vellera vaccae vitis
    """,
}
# What can be said with one vowel, by language and vowel, and between the lines of a prisoner's paper.
_UNIVOCAL = {
    "en a": "a sad man sat, flat sand, what a grand band, a glad lad sang, call that cat, warm wax, all dark lamps",
    "en e": "then we slept, the bells end, tell me the news, "
    "green reeds, when the geese fled, these men knelt, even here",
    "en i": "in his kind mind, this is ink, with his wild child, mild light, "
    "six thin birds sing, sip it, link, dim light",
    "en o": "so cold, no stool, do look, old cooks do work, soft wool, on top, two lost books, from town to town",
    "fr e": "le temps reste, elle est belle, en ce temps, ses lèvres, "
    "cette herbe sèche, elle rêve, les fers, le vent cesse",
    "fr a": "là-bas, ça va, la rampe, ma part, la tartane a cap, ta barbara, à grands pas, sans drap, sa flamba",
    "de e": "der erste Besen, er lebt, der Herr geht, es regnet eben, "
    "wer denkt, stets gelesen, ferne Sterne, wer stehen lernt",
    "de a": "das war lang, man sah Gras, am Abhang, als Papa sang, hart, da lag Sand, kalt, ganz nah, was kam danach",
    "it a": "alla fata, la casa calda, la sala bassa, la mamma canta, "
    "amara, parla, cara gatta, alza la banda, da sala a sala",
    "it e": "mese per mese, per me, le belle sere, sempre verde, nelle terre, bene, tre perle, vele, e se cede",
    "it i": "i visi, i vini, i fini fili, sì, i brividi, i ricci, i primi lidi, i miti, i rivi",
    "it o": "poco, troppo, molto solo, col nostro forno, corto, rotto, lo zoppo, o no, non lo so, oro",
    "es a": "la casa alta, la mañana clara, cada cama, la manta blanca, hasta la plaza, va, la sala, nada habla",
    "es e": "el jefe, el té, este mes, entre tres redes, se mece, él cree, me ve, es leve, tres meses",
    "es o": "poco, todo solo, los ojos rojos, oro, con dolor, corto, dos toros, pozo hondo, color, los otros",
    "pl a": "mała lampa, stara brama, sama dama, tam, łatwa praca, nasza trawa, płacz, ława, kaszka, dalsza jazda",
    "pl o": "oto, potok, około, ono rosło, mocno, koło, sporo, chłodno, krok, bo gorzko, słono",
    "nl e": "de lente geeft, er leven, met hem, een lege fles, heel even, wel, de beste, het lekkere, ze lezen veel",
    "nl a": "dat kan, daar was, maar langs, als Jan aan wal stapt, zwart zand, wat zal dat, allang, laat maar gaan",
    "nl o": "zo groot, ook, vol brood, om, rond, lood, door bos, kort, ons schoon loon, nog nooit, ooit",
    "la a": "alta casa, nam aqua, ad ara, clara lampas, sacra, magna, alba ala, rana, amara, tam cara, lata",
    "la e": "ecce, semper, nempe, esse, per me, tene, perge, et merces, bene, verbera, vere, decem menses",
    "la i": "nisi, ibi, fili, sic, hic, mihi, tibi, vidi, his, viri, inimici, nihil scripsi",
}
_PRISONER = {
    "en": "we were near, in our room, our nice cousin, one man can swim, various screens, no one came, even a raven",
    "fr": "on s'en souvient encore, nous ramons, une main, sans raison, "
    "vers nous, un ours ronronne, un ciré, nos rires",
    "de": "nun war er warm, wir waren nur in Reimen, eine Sirene, nur so, von innen, unser Amen, immer meine Arme",
    "it": "non ancora, una voce, ancora con noi, non muore, un ramo, "
    "se viene, con me, vicino, ai nervi, senza soccorso",
    "es": "no ves, una voz, con ramas, ninguna casa, nos mece, si viene, a veces, en unas ruinas, unas cimas",
    "pl": "nie ma, oni z nami, co rano, w ramce, czas nas nie rozumie, ze sosen, marzenie, sercem, oni nosze rosna",
    "nl": "nu niet meer, we waren samen, een naam, in een rivierarm, om vier, even naar zee, romans, vannacht nooit",
    "la": "non sumus, rursus, ecce via nova, sine mora, in via, "
    "erramus, nemo scivisse, vera cura, summos ramos, nova voce",
}
_PANGRAMS = {
    "en": ["We quizzed six lively jugglers from Thebes about the knack of packing vowels.",
           "Six jovial bakers quietly fold the warm pizza dough, crack nuts and giggle."],
    "fr": ["Le jeune boxeur prend vite un café chaud, mange des yaourts exquis et gagne onze prix."],
    "de": ["Fünf kräftige Boten jagten vor Mittag zwölf schöne, müde Pferde und wachsame Kühe ins Dorf über den Bach.",
           "Zwölf jubelnde Männer kamen spät, fegten vor der Tür und wuschen sich die schönen Röcke."],
    "it": ["Quel vecchio fabbro zoppo mangia con gusto due fichi e tre datteri, poi balla e svela segreti."],
    "es": ["El niño yanqui exige vino, jamón, queso fresco, higos y pan blanco a la dueña del zarzal, pues vuelve.",],
    "pl": ["Źrebię, jeż i łoś gonią ćmę w głąb puszczy, aż dzień znów kończy się hukiem fal i trwogą."],
    "nl": ["Vijf zwarte dikke poezen jagen heel graag achter muizen, wolven bij het groene schip en de boot."],
    "la": ["Rex quidam flumen gelidum transibat, et hospes vicinus panem obtulit."],
}  # fmt: skip
_REQUIRED = {
    "en": "Remember {words}.", "fr": "Il y avait là {words}.", "de": "Da waren auch {words}.",
    "it": "Ricordiamo anche {words}.", "es": "Recordemos también {words}.", "pl": "Są tu jeszcze {words}.",
    "nl": "Daar waren ook {words}.", "la": "Hic erant etiam {words}.",
}  # fmt: skip
_ENGLISH = {name: code for code, name in LANGUAGES.items()}
_TRIES = 400


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | list | None:
    """The reply to a prompt of constrained_writing, or None when it is another's; `messages` are (role, text)."""
    system, last = messages[0][1], messages[-1][1]
    if system.startswith("A request for a short text is to be worded anew in "):
        return _reworded(last, rng)
    if "plans a text under formal constraints" in system:
        return _trace(last, rng)
    if "true to every constraint, which a program will check" in system:
        return _text(last, rng)
    return None


# --- the request in other words

_OCCASIONS = {
    "en": "It is for {who}, who asked me for help: {frame}",
    "fr": "C'est pour {who}, qui m'a demandé de l'aide : {frame}",
    "de": "Es ist für {who} und eilt ein wenig: {frame}",
    "it": "È per {who}, che mi ha chiesto aiuto: {frame}",
    "es": "Es para {who}, que me ha pedido ayuda: {frame}",
    "pl": "To dla {who}, potrzebna mi jest pomoc: {frame}",
    "nl": "Het is voor {who} en ik heb hulp nodig: {frame}",
    "la": "Haec res ad {who} pertinet, qui auxilium meum rogat: {frame}",
}
_WHO = {
    "en": ["my neighbour", "our choir", "a friend's album", "the school paper"],
    "fr": ["ma voisine", "notre chorale", "un ami malade", "le journal de l'école"],
    "de": ["meine Nachbarin", "unseren Chor", "einen alten Freund", "die Schülerzeitung"],
    "it": ["mia zia", "il nostro coro", "un vecchio amico", "la mia classe"],
    "es": ["mi vecina", "nuestro coro", "un viejo amigo", "la revista del barrio"],
    "pl": ["mojej sąsiadki", "naszego chóru", "starego przyjaciela", "szkolnej gazetki"],
    "nl": ["mijn buurvrouw", "ons koor", "een oude vriend", "de schoolkrant"],
    "la": ["fratrem meum", "amicum veterem", "avum meum", "discipulum quendam"],
}


def _reworded(prompt: str, rng: random.Random) -> str:
    language = _ENGLISH[re.search(r"^Reworded in (\w+):", prompt, re.M)[1]]
    frame = re.search(r"^Request: (.+)$", prompt, re.M)[1]
    rules = re.findall(r"^Rule: (.+)$", prompt, re.M)
    occasion = _OCCASIONS[language].format(who=rng.choice(_WHO[language]), frame=frame)
    return " ".join([occasion, *rules])


# --- the plan

_INSIGHTS = (
    "The opening word carries the topic, so that it cannot be forgotten later.",
    "Short sentences make every count easy to follow.",
    "Plain things of daily life leave the most freedom under a rule.",
    "What looks like a loss becomes the rhythm of the text.",
    "It is easier to choose the hard word first and to build around it.",
    "Lists of things are allowed, but a real sentence should stand beside them.",
)
_CHECKS = (
    "Counted twice, from both ends.",
    "Read once more, letter by letter.",
    "Nothing stands before the first word or after the last.",
    "No figure and no abbreviation is used.",
)


def _trace(prompt: str, rng: random.Random) -> str:
    rules = re.findall(r"^- (.+)$", prompt, re.M)
    topic = re.search(r"^- Some form of the word (.+) occurs\.", prompt, re.M)[1]
    hint = re.search(r"^Hint: (.+)$", prompt, re.M)[1]
    first, second = rng.sample(_INSIGHTS, 2)
    checks = rng.sample(_CHECKS, 2)
    stated = [rule for rule in rules if not rule.startswith("Some form")]
    return "\n".join((
        "### 1. Task Analysis",
        "├─ voice → " + hint,
        *(f"├─ rule → {rule} ●" for rule in stated if '"' not in rule and len(rule) < 160),
        f"└─ topic → '{topic}', said at least once ●",
        "### 2. Planning",
        f"※ {first}",
        f"→ The text opens with '{topic}' and goes on with things seen from there. ⟨H≈0.{rng.randint(2, 9)}⟩",
        f"◐ {second}",
        "### 3. Verification",
        *(f"✓ {check}" for check in checks),
        f"∴ A text spoken by {hint.partition(',')[0]}, which keeps the rule from its first word to its last.",
    ))  # fmt: skip


# --- the text


def _text(prompt: str, rng: random.Random) -> str | None:
    language = _ENGLISH[re.search(r"^Text in (\w+):", prompt, re.M)[1]]
    topic = re.search(r"^- Some form of the word (.+) occurs\. At least (\d+) words\.", prompt, re.M)
    rules = [read for line in re.findall(r"^- (.+)$", prompt, re.M) if (read := _rule(line, language))]
    writer = _Writer(language, topic[1], int(topic[2]), rules, rng)
    for _ in range(_TRIES):
        text = writer.write()
        if text is None or len(words_of(text, language)) < writer.least:
            continue
        if all(CONSTRAINTS[name].check(text, parameter, language) is None for name, parameter in rules):
            return text
    return None


_LENGTHS = {"word": "number_words", "sentence": "number_sentences", "paragraph": "number_paragraphs",
            "line": "number_lines"}  # fmt: skip
_QUOTED = re.compile(r"“([^”]+)”")


def _rule(line: str, language: str) -> tuple[str, str] | None:
    """Constraint and parameter of a rule as the prompt states it in English."""
    numbers, given = re.findall(r"\d+", line), _QUOTED.findall(line)
    if found := re.match(
        r"Write (exactly|at least|at most|between) [\d and]+ ?(word|sentence|paragraph|line)s?\.", line
    ):
        forms = {"exactly": "{0}", "at least": ">={0}", "at most": "<={0}", "between": "{0}-{1}"}
        return _LENGTHS[found[2]], forms[found[1]].format(*numbers)
    known: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("The letter ", "avoid_letter", lambda: given[0]),
        ("Use no vowel but", "univocalism", lambda: given[0]),
        ("Use only letters without strokes", "prisoner", lambda: "no_ascenders_descenders"),
        ("Every single word", "start_letter", lambda: given[0]),
        ("In every sentence at least", "alliteration", lambda: f"{given[0]}*{numbers[0]}"),
        ("The first letters of the lines", "acrostic_lines", lambda: given[0].lower()),
        ("The first letters of the sentences", "acrostic_sentences", lambda: given[0].lower()),
        ("Write one line for each", "abecedarian", lambda: f"{given[0]}-{given[-1]}"),
        ("The lines have, in this order, just so many words", "snowball_lines", lambda: f"{numbers[0]}-{numbers[-1]}"),
        ("Every sentence has exactly", "isocolon", lambda: numbers[0]),
        ("No word may have more than", "max_word_letters", lambda: numbers[0]),
        ("Forbidden words", "forbidden_words", lambda: "+".join(given)),
        ("These words must occur", "required_words", lambda: "+".join(given)),
        ("No word may occur twice", "no_repeated_word", lambda: numbers[0]),
        ("Every sentence begins with the words", "same_opening", lambda: given[0]),
    )
    for opening, name, parameter in known:
        if line.startswith(opening):
            return name, parameter()
    if found := re.match(r"Write (\d) lines?; in each the first word has (\d) letters.* up to (\d)", line):
        return "snowball_words", f"{found[2]}-{found[3]}*{found[1]}"
    if found := re.match(r"Write exactly (\d) sentences; each begins with the last word", line):
        return "chain", found[1]
    if not line.startswith("Some form") and re.search(r"\d-\d-\d", line):
        return "syllables", re.search(r"\d(?:-\d)+", line)[0]
    return None if line.startswith("Some form") else ("pangram", "all")


class _Writer:
    """Puts sentences and words together until the rules are kept."""

    def __init__(
        self, language: str, topic: str, least: int, rules: Sequence[tuple[str, str]], rng: random.Random
    ) -> None:
        self.language, self.topic, self.least, self.rng = language, topic, least, rng
        self.rules = dict(rules)
        groups = [group.split() for group in _WORDS[language].split("|")]
        words = [word for group in groups for word in group]
        self.sentences = [part for part in re.split(r"(?<=[.?])\s+", _SENTENCES[language].strip()) if self._fits(part)]
        self.words = [word for word in words if self._fits(word)]
        self.all_words = words

    def _fits(self, text: str) -> bool:
        """Whether nothing in it breaks a rule on letters or words."""
        local = ("avoid_letter", "max_word_letters", "forbidden_words", "univocalism", "prisoner", "start_letter")
        return all(
            CONSTRAINTS[name].check(text, self.rules[name], self.language) is None
            for name in local
            if name in self.rules
        )

    def write(self) -> str | None:
        for name, make in (
            ("univocalism", self._phrases), ("prisoner", self._phrases), ("start_letter", self._row),
            ("snowball_words", self._snowball), ("syllables", self._metre), ("snowball_lines", self._growing),
            ("chain", self._chain), ("no_repeated_word", self._all_different),
        ):  # fmt: skip
            if name in self.rules:
                return make()
        return self._laid_out(self._pieces())

    # pieces: sentences under rules that hold sentence by sentence

    def _pieces(self) -> list[str] | None:
        rules, rng = self.rules, self.rng
        spelled = rules.get("acrostic_lines") or rules.get("acrostic_sentences")
        if "abecedarian" in rules:
            first, _, last = rules["abecedarian"].partition("-")
            letters = "".join(map(chr, range(ord(first), ord(last) + 1)))
            spelled = letters
        count = len(spelled) if spelled else self._count()
        chosen = self._some_sentences(count)
        if chosen is None:
            return None
        if spelled:
            return [self._headed(self._word(letter), piece, index) for index, (letter, piece) in
                    enumerate(zip(letters_of(spelled, self.language), chosen, strict=True))]  # fmt: skip
        if "alliteration" in rules:
            letter, _, least = rules["alliteration"].partition("*")
            words = [word for word in self.words if letters_of(word, self.language)[0] == letter]
            return [
                f"{_capital(', '.join(rng.sample(words, int(least))))}: {self._named(piece, index)}"
                for index, piece in enumerate(chosen)
            ]
        if "same_opening" in rules:
            return [f"{_capital(rules['same_opening'])}: {self._named(piece, index)}"
                    for index, piece in enumerate(chosen)]  # fmt: skip
        if "isocolon" in rules:
            return [self._padded(piece, index, int(rules["isocolon"])) for index, piece in enumerate(chosen)]
        if "pangram" in rules:
            chosen[-1] = rng.choice(_PANGRAMS[self.language])
        if "required_words" in rules:
            words = rules["required_words"].replace("+", ", ")
            chosen[-1] = _REQUIRED[self.language].format(words=words)
        return [f"{_capital(self.topic)}: {_small(chosen[0])}", *chosen[1:]]

    def _count(self) -> int:
        for name in ("number_sentences", "number_lines"):
            if name in self.rules:
                return self._within(self.rules[name])
        if "number_paragraphs" in self.rules:
            return self._within(self.rules["number_paragraphs"]) * 2
        if "number_words" in self.rules:
            return max(2, self._within(self.rules["number_words"]) // 6)
        return self.rng.randint(4, 6)

    def _within(self, parameter: str) -> int:
        numbers = list(map(int, re.findall(r"\d+", parameter)))
        if parameter.startswith("<="):
            return self.rng.randint(max(2, numbers[0] - 10 if numbers[0] > 20 else 3), numbers[0])
        if parameter.startswith(">="):
            return self.rng.randint(numbers[0], numbers[0] + 2)
        return self.rng.randint(numbers[0], numbers[-1])

    def _some_sentences(self, count: int) -> list[str] | None:
        chosen = self.rng.sample(self.sentences, min(count, len(self.sentences)))
        while len(chosen) < count:  # where hardly a sentence keeps the rule, rows of words do
            if len(self.words) < 4:
                return None
            chosen.append(f"{_capital(', '.join(self.rng.sample(self.words, 4)))}.")
        if sum(len(words_of(piece, self.language)) for piece in chosen) < self.least:
            chosen[0] = f"{_capital(', '.join(self.rng.sample(self.words, 6)))}: {_small(chosen[0])}"
        return chosen

    def _word(self, letter: str) -> str:
        return self.rng.choice([word for word in self.words if letters_of(word, self.language)[:1] == letter])

    def _headed(self, word: str, piece: str, index: int) -> str:
        topic = f", {self.topic}" if index == 0 else ""
        return f"{_capital(word)}{topic}: {_small(piece)}"

    def _named(self, piece: str, index: int) -> str:
        return f"{self.topic}, {_small(piece)}" if index == 0 else _small(piece)

    def _padded(self, piece: str, index: int, count: int) -> str | None:
        missing = count - len(words_of(piece, self.language))
        if missing < (index == 0):
            piece = f"{' '.join(words_of(piece, self.language)[: count - 2])}."  # cut, then led in
            missing = count - len(words_of(piece, self.language))
        lead = self.rng.sample(self.words, missing)
        if index == 0:
            lead[0] = self.topic
        return f"{_capital(', '.join(lead))}: {_small(piece)}" if lead else piece

    def _laid_out(self, pieces: list[str] | None) -> str | None:
        if pieces is None:
            return None
        rules = self.rules
        if {"acrostic_lines", "abecedarian", "number_lines"} & rules.keys():
            return "\n".join(pieces)
        if "number_paragraphs" in rules:
            count = min(len(pieces), self._within(rules["number_paragraphs"]))
            cuts = sorted(self.rng.sample(range(1, len(pieces)), count - 1)) if count > 1 else []
            bounds = [0, *cuts, len(pieces)]
            return "\n\n".join(" ".join(pieces[a:b]) for a, b in pairwise(bounds))
        if "number_words" in rules:
            self._trim(pieces)
        return " ".join(pieces)

    def _trim(self, pieces: list[str]) -> None:
        """Lead sentences in with as many words as are missing, at most eight a sentence."""
        missing = self._within(self.rules["number_words"]) - len(words_of(" ".join(pieces), self.language))
        for index in range(len(pieces) - 1, 0, -1):
            taken = min(missing, 8)
            if taken > 0:
                lead = _capital(", ".join(self.rng.sample(self.words, taken)))
                pieces[index] = f"{lead}: {_small(pieces[index])}"
                missing -= taken

    # texts that are made as a whole

    def _phrases(self) -> str:
        bank = _PRISONER[self.language]
        if "univocalism" in self.rules:
            bank = _UNIVOCAL[f"{self.language} {self.rules['univocalism']}"]
        phrases = [phrase for phrase in map(str.strip, bank.split(",")) if self._fits(phrase)]
        return f"{_capital(self.topic)}: {', '.join(self.rng.sample(phrases, self.rng.randint(5, len(phrases))))}."

    def _row(self) -> str:
        chosen = self.rng.sample([word for word in self.words if word.lower() != self.topic.lower()], 8)
        return f"{_capital(self.topic)}: {', '.join(chosen)}."

    def _snowball(self) -> str | None:
        span, _, count = self.rules["snowball_words"].partition("*")
        least, most = map(int, span.split("-"))
        stock = [*self.all_words, *words_of(" ".join(self.sentences), self.language)]
        lines = []
        own = len(letters_of(self.topic, self.language))
        for number in range(int(count)):
            line = []
            for length in range(least, most + 1):
                fitting = [word for word in stock if len(letters_of(word, self.language)) == length]
                if not fitting:
                    return None
                line.append(self.topic if number == 0 and length == own else self.rng.choice(fitting))
            lines.append(_capital(", ".join(line)))
        return "\n".join(lines)

    def _metre(self) -> str | None:
        lines = []
        sure = {word: syllables_of(word, self.language) for word in {*self.words, self.topic}}
        for index, wanted in enumerate(map(int, self.rules["syllables"].split("-"))):
            line = [self.topic] if index == 0 else []
            left = wanted - (sure[self.topic][0] if line else 0)
            while left > 0:
                fitting = [word for word in self.words if sure[word][0] == sure[word][1] <= left and word not in line]
                if not fitting:
                    return None
                line.append(self.rng.choice(fitting))
                left -= sure[line[-1]][0]
            lines.append(_capital(", ".join(line)))
        return "\n".join(lines)

    def _growing(self) -> str:
        first, last = map(int, self.rules["snowball_lines"].split("-"))
        counts = range(first, last + 1) if first < last else range(first, last - 1, -1)
        lines = []
        for count in counts:
            if count == 1:
                lines.append(_capital(self.topic))
                continue
            fitting = [piece for piece in self.sentences if len(words_of(piece, self.language)) == count]
            made = f"{_capital(', '.join(self.rng.sample(self.words, count)))}."
            lines.append(self.rng.choice(fitting) if fitting and self.rng.random() < 0.8 else made)
        return "\n".join(lines)

    def _chain(self) -> str:
        pieces = self.rng.sample(self.sentences, int(self.rules["chain"]))
        linked = [f"{_capital(self.topic)}: {_small(pieces[0])}"]
        for piece in pieces[1:]:
            linked.append(f"{_capital(words_of(linked[-1], self.language)[-1])}: {_small(piece)}")
        return " ".join(linked)

    def _all_different(self) -> str:
        used = {self.topic.lower()}
        pieces = [f"{_capital(self.topic)}!"]
        for piece in self.rng.sample(self.sentences, len(self.sentences)):
            words = [word.lower() for word in words_of(piece, self.language)]
            if used.isdisjoint(words) and len(set(words)) == len(words):
                used.update(words)
                pieces.append(piece)
        most = self._within(self.rules["number_sentences"]) if "number_sentences" in self.rules else len(pieces)
        pieces = pieces[:most]
        missing = int(self.rules["no_repeated_word"]) - len(words_of(" ".join(pieces), self.language))
        if missing > 0:
            free = [word for word in self.words if word.lower() not in used]
            pieces[-1] = f"{_capital(', '.join(self.rng.sample(free, missing)))}: {_small(pieces[-1])}"
        return " ".join(pieces)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]
