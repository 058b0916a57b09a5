"""What texts may be about, and what they may be, in all eight languages; written for this project.

Topics are bare nouns in groups of eight of one kind: a text about rain may be forbidden to say snow. Behind a slash
stand beginnings of forms that the noun's own does not show ("nix/niv").
"""

from dataclasses import dataclass
from functools import cache

from synth_assets.exercises.writing_constraints.letters import folded
from synth_assets.exercises.writing_constraints.words import stem_of, words_of
from synth_assets.languages import LANGUAGES

_TOPICS = """
rain|pluie|Regen|pioggia|lluvia|deszcz|regen|pluvia
snow|neige|Schnee|neve|nieve|śnieg|sneeuw|nix/niv
wind|vent|Wind|vento|viento|wiatr/wietrz|wind|ventus
storm|tempête|Sturm|tempesta|tormenta|burza|storm|tempestas
fog|brouillard|Nebel|nebbia|niebla|mgła/mgie|mist|nebula
frost|givre|Frost|gelo|helada|mróz|vorst|pruina
cloud|nuage|Wolke|nuvola|nube|chmura|wolk|nubes
thunder|tonnerre|Donner|tuono|trueno|grzmot|donder|tonitrus

river|rivière|Fluss|fiume|río|rzeka/rzec|rivier|flumen
sea|mer|Meer|mare|mar|morze/morsk|zee|mare/mari
lake|lac|See|lago|lago|jezioro|meer|lacus
harbour|port|Hafen|porto|puerto|port|haven|portus
bridge|pont|Brücke|ponte|puente|most|brug|pons/pont
boat|barque|Boot|barca|barca|łódź|boot|navis
lighthouse|phare|Leuchtturm|faro|faro|latarnia|vuurtoren|pharus
island|île|Insel|isola|isla|wyspa|eiland|insula

mountain|montagne|Berg|montagna|montaña|góra|berg|mons/mont
forest|forêt|Wald|bosco/bosch|bosque|las/les|bos|silva
field|champ|Feld|campo|campo|pole/pól|veld|ager/agr
desert|désert|Wüste|deserto|desierto|pustynia|woestijn|desertum
valley|vallée|Tal|valle|valle|dolina|vallei|vallis
hill|colline|Hügel|collina|colina|wzgórze|heuvel|collis
meadow|prairie|Wiese|prato|prado|łąka|weide|pratum
path|sentier|Pfad|sentiero|sendero|ścieżka|pad|semita

sun|soleil|Sonne|sole|sol|słońce|zon|sol
moon|lune|Mond|luna|luna|księżyc|maan|luna
star|étoile|Stern|stella|estrella|gwiazda/gwieźd|ster|stella
night|nuit|Nacht|notte|noche|noc|nacht|nox/noct
dawn|aube|Morgenrot|alba|alba|świt|dageraad|aurora
shadow|ombre|Schatten|ombra|sombra|cień/cieni|schaduw|umbra
comet|comète|Komet|cometa|cometa|kometa|komeet|cometes
planet|planète|Planet|pianeta|planeta|planeta|planeet|planeta

spring|printemps|Frühling|primavera|primavera|wiosna|lente|ver
summer|été|Sommer|estate|verano|lato/leci|zomer|aestas
autumn|automne|Herbst|autunno|otoño|jesień|herfst|autumnus
winter|hiver|Winter|inverno|invierno|zima|winter|hiems
morning|matin|Morgen|mattino|mañana|poranek|ochtend|mane
evening|soir|Abend|sera|tarde|wieczór|avond|vesper
birthday|anniversaire|Geburtstag|compleanno|cumpleaños|urodziny|verjaardag|natalis
clock|horloge|Uhr|orologio|reloj|zegar|klok|horologium

dog|chien|Hund|cane|perro|pies/psa/psem/psu/psy|hond|canis
cat|chat|Katze|gatto|gato|kot/koc|kat|feles
horse|cheval/chevau|Pferd|cavallo|caballo|koń|paard|equus
bird|oiseau|Vogel|uccello|pájaro|ptak|vogel|avis
spider|araignée|Spinne|ragno/ragn|araña|pająk|spin|aranea
fish|poisson|Fisch|pesce|pez/pec|ryba|vis|piscis
wolf|loup|Wolf|lupo|lobo|wilk|wolf/wolv|lupus
fox|renard|Fuchs|volpe|zorro|lis|vos|vulpes

tree|arbre|Baum|albero|árbol|drzewo|boom/bom|arbor
rose|rose|Rose|rosa|rosa|róża|roos/roz|rosa
apple|pomme|Apfel|mela|manzana|jabłko/jabłe|appel|malum
leaf/leav|feuille|Blatt|foglia|hoja|liść/list|blad|folium
seed|graine|Samen|seme|semilla|nasiono|zaad/zad|semen
mushroom|champignon|Pilz|fungo/fungh|seta|grzyb|paddenstoel|fungus
grass|herbe|Gras|erba|hierba|trawa|gras|herba
oak|chêne|Eiche|quercia|roble|dąb/dęb|eik|quercus

bread|pain|Brot|pane|pan|chleb|brood/brod|panis
cheese|fromage|Käse|formaggio|queso|ser|kaas|caseus
honey|miel|Honig|miele|miel|miód|honing|mel
wine|vin|Wein|vino|vino|wino|wijn|vinum
salt|sel|Salz|sale|sal|sól|zout|sal
cake|gâteau|Kuchen|torta|pastel|ciasto/cieśc|taart|placenta
milk|lait|Milch|latte|leche|mleko/mlecz|melk|lac
nut|noix|Nuss|noce|nuez/nuec|orzech|noot/noten|nux/nuc

house|maison|Haus|casa|casa|dom|huis/huiz|domus
door|porte|Tür|porta|puerta|drzwi|deur|ianua
window|fenêtre|Fenster|finestra|ventana|okno/okie|venster|fenestra
lamp|lampe|Lampe|lampada|lámpara|lampa|lamp|lucerna
table|table|Tisch|tavolo|mesa|stół|tafel|mensa
kitchen|cuisine|Küche|cucina|cocina|kuchnia|keuken|culina
garden|jardin|Garten|giardino|jardín|ogród|tuin|hortus
roof|toit|Dach|tetto|tejado|dach|dak|tectum

key|clé|Schlüssel|chiave|llave|klucz|sleutel|clavis
mirror|miroir|Spiegel|specchio|espejo|lustro|spiegel|speculum
letter|lettre|Brief|lettera|carta|list/liści|brief/briev|epistula
book|livre|Buch/Büch|libro|libro|książka|boek|liber/libr
coin|pièce|Münze|moneta|moneda|moneta|munt|nummus
ring|bague|Ring|anello|anillo|pierścień|ring|anulus
candle|bougie|Kerze|candela|vela|świeca/świec|kaars|candela
umbrella|parapluie|Schirm|ombrello|paraguas|parasol|paraplu|umbella

child|enfant|Kind|bambino|niño|dziecko/dzieci|kind|puer
friend|ami|Freund|amico|amigo|przyjaciel/przyjaciół|vriend|amicus
neighbour|voisin|Nachbar|vicino|vecino|sąsiad|buurman/buur|vicinus
stranger|étranger|Fremder|straniero|extranjero|nieznajomy|vreemdeling|hospes
queen|reine|Königin|regina|reina|królowa|koningin|regina
thief/thiev|voleur|Dieb|ladro|ladrón|złodziej|dief/diev|fur
giant|géant|Riese|gigante|gigante|olbrzym|reus/reuz|gigas
sister|sœur|Schwester|sorella|hermana|siostra|zuster|soror

baker|boulanger|Bäcker|fornaio|panadero|piekarz|bakker|pistor
farmer|paysan|Bauer|contadino|campesino|rolnik|boer|agricola
teacher|professeur|Lehrer|maestro|maestro|nauczyciel|leraar|magister
doctor|médecin|Arzt|medico|médico|lekarz|dokter|medicus
sailor|marin|Matrose|marinaio|marinero|marynarz|matroos|nauta
shepherd|berger|Hirte|pastore|pastor|pasterz|herder|pastor
cook|cuisinier|Koch|cuoco|cocinero|kucharz|kok|coquus
smith|forgeron|Schmied|fabbro|herrero|kowal|smid|faber/fabr

music|musique|Musik|musica|música|muzyka|muziek|musica
song|chanson|Lied|canzone|canción|piosenka|lied|carmen
dance|danse|Tanz|danza|danza|taniec/tańc|dans|saltatio
painting|peinture|Gemälde|pittura|pintura|obraz|schilderij|pictura
theatre|théâtre|Theater|teatro|teatro|teatr|theater|theatrum
flute|flûte|Flöte|flauto|flauta|flet|fluit|tibia
mask|masque|Maske|maschera|máscara|maska|masker|persona
colour|couleur|Farbe|colore|color|kolor|kleur|color

road|route|Straße|strada|camino|droga/dróg|weg|via
journey|voyage|Reise|viaggio|viaje|podróż|reis/reiz|iter/itin
map|carte|Karte|mappa|mapa|mapa|kaart|tabula
market|marché|Markt|mercato|mercado|rynek/rynk|markt|forum
city/citi|ville|Stadt|città|ciudad|miasto/mieśc|stad/sted|urbs/urb
village|village|Dorf|villaggio|pueblo|wieś/wsi|dorp|vicus
tower|tour|Turm|torre|torre|wieża|toren|turris
wheel|roue|Rad/Räd|ruota|rueda|koło/kół|wiel|rota

dream|rêve|Traum|sogno/sogn|sueño|sen/snu/sny/snów|droom/drom|somnium
memory/memori|souvenir|Erinnerung|ricordo|recuerdo|wspomnienie|herinnering|memoria
silence|silence|Stille|silenzio|silencio|cisza|stilte|silentium
secret|secret|Geheimnis|segreto|secreto|sekret|geheim|secretum
hope|espoir|Hoffnung|speranza|esperanza|nadzieja|hoop/hopen|spes/spe
fear|peur|Angst|paura|miedo|strach|angst|timor
joy|joie|Freude|gioia|alegría|radość|vreugde|gaudium
patience|patience|Geduld|pazienza|paciencia|cierpliwość|geduld|patientia

game|jeu|Spiel|gioco/gioch|juego|gra|spel|ludus
wedding|mariage|Hochzeit|matrimonio|boda|wesele|bruiloft|nuptiae
feast|fête|Fest|festa|fiesta|święto|feest|convivium
victory/victori|victoire|Sieg|vittoria|victoria|zwycięstwo|overwinning|victoria
prize|prix|Preis|premio|premio|nagroda|prijs/prijz|praemium
debt|dette|Schuld|debito|deuda|dług|schuld|debitum
gift|cadeau|Geschenk|dono|regalo|prezent|geschenk|donum
promise|promesse|Versprechen|promessa|promesa|obietnica|belofte|promissum
"""

# As the object of "write", with the article of the language.
_KINDS = """
letter|a letter|une lettre|einen Brief|una lettera|una carta|list|een brief|epistulam
diary_entry|a diary entry|une page de journal intime|einen Tagebucheintrag|una pagina di diario|una página de diario|\
wpis do pamiętnika|een dagboekfragment|commentariolum diurnum
fable|a fable|une fable|eine Fabel|una favola|una fábula|bajkę|een fabel|fabulam
notice|a public notice|un avis au public|einen Aushang|un avviso|un aviso|ogłoszenie|een mededeling|edictum
report|a report|un compte rendu|einen Bericht|un resoconto|un informe|sprawozdanie|een verslag|relationem
speech|a speech|un discours|eine Rede|un discorso|un discurso|przemówienie|een toespraak|orationem
toast|a toast|un toast|einen Trinkspruch|un brindisi|un brindis|toast|een toost|propinationem
riddle|a riddle|une devinette|ein Rätsel|un indovinello|una adivinanza|zagadkę|een raadsel|aenigma
note|a short note|un petit mot|eine Notiz|un biglietto|una nota|notatkę|een briefje|schedulam
monologue|a monologue|un monologue|einen Monolog|un monologo|un monólogo|monolog|een monoloog|soliloquium
lullaby|a lullaby|une berceuse|ein Wiegenlied|una ninna nanna|una nana|kołysankę|een slaapliedje|neniam
story|a very short story|un court récit|eine kleine Geschichte|un breve racconto|un breve relato|\
krótkie opowiadanie|een kort verhaal|brevem narrationem
poem|a poem|un poème|ein Gedicht|una poesia|un poema|wiersz|een gedicht|carmen
prayer|a prayer|une prière|ein Gebet|una preghiera|una plegaria|modlitwę|een gebed|precationem
praise|a song of praise|un éloge|ein Loblied|un elogio|un elogio|pochwałę|een lofzang|laudationem
description|a description|une description|eine Beschreibung|una descrizione|una descripción|opis|een beschrijving|\
descriptionem
epitaph|an epitaph|une épitaphe|eine Grabinschrift|un epitaffio|un epitafio|epitafium|een grafschrift|epitaphium
complaint|a complaint|une plainte|eine Klage|un lamento|una queja|skargę|een klacht|querelam
blessing|a blessing|une bénédiction|einen Segensspruch|una benedizione|una bendición|błogosławieństwo|een zegen|\
benedictionem
lesson|a little lesson|une petite leçon|eine kleine Lektion|una piccola lezione|una pequeña lección|krótką lekcję|\
een kleine les|praeceptum
scene|a scene|une scène|eine Szene|una scena|una escena|scenę|een scène|scaenam
invitation|an invitation|une invitation|eine Einladung|un invito|una invitación|zaproszenie|een uitnodiging|\
invitationem
confession|a confession|une confession|ein Geständnis|una confessione|una confesión|wyznanie|een bekentenis|\
confessionem
prophecy|a prophecy|une prophétie|eine Prophezeiung|una profezia|una profecía|proroctwo|een voorspelling|vaticinium
farewell|a farewell|un adieu|einen Abschiedsgruß|un saluto d'addio|una despedida|pożegnanie|een afscheidsgroet|\
valedictionem
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic: its name and the beginnings of its forms in each language, and the group that it is one of."""

    id: str
    group: int
    names: dict[str, str]
    stems: dict[str, tuple[str, ...]]


@cache
def topics() -> dict[str, Topic]:
    """All topics by id, which is the English noun."""
    found = {}
    for group, block in enumerate(_TOPICS.strip().split("\n\n")):
        for line in block.splitlines():
            cells = dict(zip(LANGUAGES, line.split("|"), strict=True))
            names = {language: cell.partition("/")[0] for language, cell in cells.items()}
            stems = {language: tuple(_stems(cell)) for language, cell in cells.items()}
            found[names["en"]] = Topic(id=names["en"], group=group, names=names, stems=stems)
    return found


def _stems(cell: str) -> list[str]:
    name, *beginnings = cell.split("/")
    # five letters tell the noun, whatever follows in its declension
    return [stem_of(name)[:5], *(folded(beginning) for beginning in beginnings)]


@cache
def text_kinds() -> dict[str, dict[str, str]]:
    """Text kind -> language -> its name as the object of "write"."""
    found = {}
    for line in _KINDS.strip().splitlines():
        kind, *names = line.split("|")
        found[kind] = dict(zip(LANGUAGES, names, strict=True))
    return found


# Where nouns grow together, a topic may stand at the end of a longer word ("Sommerregen").
_COMPOUNDING = frozenset({"de", "nl"})


def names_topic(text: str, topic: str, language: str) -> bool:
    """Whether a form of the topic's noun stands in the text."""
    stems = topics()[topic].stems[language]
    inside = [part for part in (*stems, folded(topics()[topic].names[language])) if len(part) >= 4]
    for word in words_of(text, language):
        for part in (folded(word), *folded(word).split("-")):
            if part.startswith(stems):
                return True
            if language in _COMPOUNDING and any(stem in part for stem in inside):
                return True
    return False


def siblings(topic: str) -> list[str]:
    """The other topics of its group."""
    group = topics()[topic].group
    return [other for other, entry in topics().items() if entry.group == group and other != topic]
