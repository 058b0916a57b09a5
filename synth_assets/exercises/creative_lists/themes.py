"""What a text is about, in all eight languages; written for this project.

Themes are bare nouns in the form a dictionary lists, which frames quote. Behind a slash stand beginnings of forms that
the noun's own does not show ("iter/itiner").
"""

from dataclasses import dataclass
from functools import cache

from synth_assets.exercises.writing_constraints.letters import folded
from synth_assets.exercises.writing_constraints.words import stem_of, words_of
from synth_assets.languages import LANGUAGES

_THEMES = """
jealousy/jealous|jalousie/jaloux|Eifersucht/eifersüchtig|gelosia/gelos|celos|zazdrość/zazdro|jaloezie/jaloers|invidia
homecoming|retour|Heimkehr|ritorno|regreso|powrót/powrac/powro|thuiskomst|reditus
first love|premier amour|erste Liebe|primo amore|primer amor|pierwsza miłość|eerste liefde|primus amor
old age/old|vieillesse/vieux/vieil|Alter|vecchiaia/vecchi|vejez/viej|starość/star|ouderdom/oud|senectus/senect
friendship/friend|amitié/ami|Freundschaft/Freund|amicizia/amic|amistad/amig|przyjaźń/przyja|vriendschap/vriend|amicitia/amic
betrayal/betray|trahison/trah|Verrat/verräter/verrät|tradimento/trad|traición/traicion|zdrada/zdra|verraad/verra|proditio/prod
forgiveness/forgiv|pardon|Vergebung/vergeb/verzeih|perdono/perdon|perdón/perdon|przebaczenie/przebacz|vergeving/verge|venia
solitude|solitude/seul|Einsamkeit/einsam|solitudine/sol|soledad|samotność/samot|eenzaamheid/eenza|solitudo/solitud
courage|courage|Mut|coraggio|valor/valent|odwaga/odwa|moed|fortitudo/fort
fear/afraid|peur|Angst|paura|miedo|strach|angst|timor
hope|espoir/espér|Hoffnung/hoff|speranza/sper|esperanza/esper|nadzieja/nadzie|hoop|spes
waiting/wait|attente/attend|Warten|attesa/attend|espera|czekanie/czeka|wachten/wacht|exspectatio/exspect
memory/memor|mémoire/souven|Erinnerung/erinner|memoria/ricord|memoria/recuerd|pamięć/pamię|herinnering/herinner|memoria
forgetting/forg|oubli|Vergessen|oblio/dimentic|olvido|zapomnienie/zapom|vergetelheid/verge|oblivio
farewell|adieu|Abschied|addio|despedida/despid|pożegnanie/żegna|afscheid|vale/valedic/discess
exile|exil|Verbannung/verbann|esilio/esili|destierro/desterr|wygnanie/wygna|ballingschap/balling|exsilium
childhood/child|enfance/enfan|Kindheit/Kind|infanzia/bambin|infancia/niñ|dzieciństwo/dzieci|kindertijd/kind|pueritia/puer
motherhood/mother|maternité/mère|Mutterschaft/Mutter|maternità/madr|maternidad/madr|macierzyństwo/matk|moederschap/moeder|mater/matr
fatherhood/father|paternité/père|Vaterschaft/Vater|paternità/padr|paternidad/padr|ojcostwo/ojc|vaderschap/vader|pater/patr
brothers/brother|frères/frère|Brüder/Bruder|fratelli/fratell|hermanos/herman|bracia/brat/brac|broers/broer|fratres/frat
grandmother|grand-mère|Großmutter|nonna|abuela|babcia/bab|grootmoeder|avia
inheritance/inherit|héritage/hérit|Erbe|eredità/eredit|herencia/hered|spadek/spadk|erfenis|hereditas/heredit
secret|secret|Geheimnis/geheim|segreto|secreto|tajemnica/tajemni|geheim|arcanum/arcan/secret
lie/lying|mensonge/ment|Lüge|bugia/bugi|mentira|kłamstwo/kłam|leugen|mendacium/menda
truth/true|vérité/vrai|Wahrheit/wahr|verità/vero|verdad|prawda/prawd|waarheid/waar|veritas/verita
promise|promesse/promi|Versprechen/versprech|promessa/promes|promesa|obietnica/obie|belofte|promissum/promiss
debt|dette|Schuld|debito/debit|deuda|dług|schuld|debitum/debit
honour|honneur|Ehre|onore/onor|honor/honr|honor|eer|honos/honor
shame/asham|honte|Scham|vergogna/vergogn|vergüenza/vergü|wstyd|schaamte/schaam|pudor
pride/proud|orgueil/fier|Stolz|orgoglio/orgogli|orgullo|duma|trots|superbia/superb
envy/envi|envie|Neid|invidia/invid|envidia|zawiść/zawi|afgunst|livor
greed|avarice/avar|Gier|avidità/avid|codicia|chciwość/chciw|hebzucht|avaritia/avar
generosity/gener|générosité/génér|Großzügigkeit/großzüg|generosità/gener|generosidad/gener|hojność/hojn|vrijgevigheid/vrijgev|liberalitas/liberal
patience/patien|patience/patien|Geduld|pazienza/pazien|paciencia/pacien|cierpliwość/cierpliw|geduld|patientia/patient
curiosity/curio|curiosité/curi|Neugier|curiosità/curios|curiosidad/curios|ciekawość/ciekaw|nieuwsgierigheid/nieuwsgier|curiositas/curios
wonder|émerveillement/émerveill|Staunen|meraviglia/meravigl|asombro|zachwyt/zachwy|verwondering/verwond|admiratio/admir|
grief/griev|deuil|Trauer|lutto|duelo|żałoba/żałob|rouw|luctus
joy|joie|Freude|gioia|alegría|radość/rado|vreugde|gaudium
anger/angr|colère|Zorn|ira/rabbia|ira|gniew|woede|ira
consolation/consol|consolation/consol|Trost|consolazione/consol|consuelo/consol|pocieszenie/pociesz|troost|solacium/solac
laughter/laugh|rire|Lachen/lach|risata/ris|risa|śmiech|lachen/lach|risus
silence/silent|silence|Stille|silenzio|silencio|cisza/cisz|stilte|silentium
music|musique|Musik|musica|música|muzyka|muziek|musica/music
dance/danc|danse|Tanz|danza|danza|taniec/tań/tańc|dans|saltatio/salt
theatre|théâtre|Theater|teatro|teatro|teatr|theater|theatrum
painting/paint|peinture/pein|Malerei/mal|pittura/pitt|pintura/pint|malarstwo/mal|schilderkunst/schilder|pictura/pict
books/book|livres|Bücher/Buch|libri|libros|książki/książ|boeken|libri/libr
letters/letter|lettres|Briefe|lettere|cartas|listy/list|brieven/brief|epistulae/epistul
bread|pain|Brot|pane|pan|chleb|brood|panis
wine|vin|Wein|vino|vino|wino|wijn|vinum
salt|sel|Salz|sale|sal|sól/sol|zout|sal
fire|feu|Feuer|fuoco|fuego|ogień/ogni|vuur|ignis
water|eau|Wasser|acqua|agua|woda/wod|water|aqua
rain|pluie|Regen|pioggia/piogg|lluvia|deszcz|regen|pluvia/imb
snow|neige|Schnee|neve|nieve|śnieg|sneeuw|nix/niv
wind|vent|Wind|vento|viento|wiatr/wietrz|wind|ventus
sea|mer|Meer|mare|mar|morze/morz/mors|zee|mare/mar
river|rivière|Fluss|fiume|río|rzeka/rzec|rivier|flumen/flumin
mountain|montagne|Berg|montagna|montaña|góra/gór|berg|mons/mont
forest|forêt|Wald|bosco/bosch|bosque|las/les|woud|silva
garden|jardin|Garten/Gärt|giardino/giardin|jardín/jardin|ogród/ogrod|tuin|hortus
harvest|récolte|Ernte|raccolto/raccolt|cosecha|żniwa/żniw|oogst|messis
spring|printemps|Frühling|primavera|primavera|wiosna/wios|lente|ver/vern
autumn|automne|Herbst|autunno|otoño|jesień/jesie|herfst|autumnus
night|nuit|Nacht/Nächt|notte|noche|noc|nacht|nox/noct
dawn|aube|Morgengrauen/Morgen|alba|alba/amanec|świt|dageraad|aurora
moon|lune|Mond|luna|luna|księżyc|maan|luna
stars/star|étoiles|Sterne/Stern|stelle/stell|estrellas|gwiazdy/gwiaz/gwieź|sterren/ster|stellae/stell
shadow|ombre|Schatten|ombra|sombra|cień/cieni|schaduw|umbra
mirror|miroir|Spiegel|specchio/specch|espejo|lustro/lust|spiegel|speculum/specul
dream|rêve|Traum/träum|sogno/sogn|sueño/soñ|sen/snu/śni|droom/drom|somnium/somni
sleep|sommeil/dorm|Schlaf|sonno/dorm|sueño/dorm|sen/snu/spa/śpi|slaap|somnus/somn
journey|voyage|Reise|viaggio/viagg|viaje|podróż|reis|iter/itiner
road|route|Straße|strada|camino|droga/dro|weg|via
bridge|pont|Brücke|ponte/pont|puente|most|brug|pons/pont
train|train|Zug/Züg|treno|tren|pociąg|trein|hamaxostichus/hamaxost
ship|navire|Schiff|nave/nav|barco|statek/stat|schip|navis
border|frontière|Grenze|confine/confin|frontera|granica/grani|grens|finis/fin
city|ville|Stadt/Städt|città|ciudad|miasto/mia|stad|urbs/urb
village|village|Dorf/Dörf|villaggio/villagg|pueblo|wieś/wsi|dorp|vicus/vic
house|maison|Haus/Häus|casa|casa|dom|huis|domus
door|porte|Tür|porta|puerta|drzwi|deur|ianua
window|fenêtre|Fenster|finestra|ventana|okno/okn/okien|raam/ramen|fenestra
key|clé|Schlüssel|chiave/chiav|llave|klucz|sleutel|clavis
clock|horloge|Uhr|orologio/orolog|reloj|zegar|klok|horologium
lost things|objets perdus|verlorene Dinge|cose perdute|cosas perdidas|zgubione rzeczy|verloren dingen|res amissae
work|travail|Arbeit|lavoro|trabajo|praca/prac|werk|labor
money|argent|Geld|denaro/dena/soldi|dinero|pieniądze/pieni|geld|pecunia
luck/lucky|chance|Glück|fortuna|suerte|szczęście/szczę|geluk|fortuna
justice/just|justice/just|Gerechtigkeit/gerecht|giustizia/giust|justicia/just|sprawiedliwość/sprawied|rechtvaardigheid/recht|iustitia/iust
freedom/free|liberté/libr|Freiheit/frei|libertà/liber|libertad/libr|wolność/woln|vrijheid/vrij|libertas/libert
war|guerre|Krieg|guerra|guerra|wojna/woj|oorlog|bellum/bell
peace|paix|Frieden/Fried|pace|paz|pokój/pokoj|vrede|pax/pac
hunger/hungry|faim|Hunger|fame|hambre|głód/głod|honger|fames
illness/ill|maladie/malad|Krankheit/krank|malattia/malat|enfermedad/enferm|choroba/chor|ziekte/ziek|morbus/morb
animals/animal|animaux/anima|Tiere/Tier|animali/animal|animales/animal|zwierzęta/zwierz|dieren/dier|animalia/animal
birds/bird|oiseaux/oiseau|Vögel/Vogel|uccelli/uccell|pájaros/pájar|ptaki/ptak/ptas|vogels/vogel|aves/av
the future|avenir|Zukunft|futuro|futuro|przyszłość/przyszł|toekomst|futurum/futur
echo|écho|Echo|eco|eco|echo|echo|echo
gift|cadeau|Geschenk/schenk|dono/don/regal|regalo/regal|prezent|geschenk/cadeau|donum/don/mun
"""

_SMALL = 3  # letters of words that say nothing: articles, prepositions


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme: its English name, its name in every language, and the folded beginnings its forms are known by."""

    id: str
    names: dict[str, str]
    stems: dict[str, tuple[str, ...]]


@cache
def themes() -> dict[str, Theme]:
    """All themes by their English name, in their order."""
    found = {}
    for line in _THEMES.strip().splitlines():
        cells = dict(zip(LANGUAGES, line.rstrip("|").split("|"), strict=True))
        names = {language: cell.split("/")[0] for language, cell in cells.items()}
        theme = Theme(
            id=names["en"], names=names, stems={language: _stems(cell, language) for language, cell in cells.items()}
        )
        assert theme.id not in found, theme.id
        found[theme.id] = theme
    return found


def _stems(cell: str, language: str) -> tuple[str, ...]:
    name, *others = cell.split("/")
    words = words_of(name, language)
    # of "lost things" each word counts, but no article and no preposition
    stems = [stem_of(word) for word in words if len(word) > _SMALL or len(words) == 1]
    return tuple(dict.fromkeys([*stems, *(folded(other) for other in others)]))


def names_theme(text: str, theme: str, language: str) -> bool:
    """Whether some form of one of the theme's words stands in the text."""
    stems = themes()[theme].stems[language]
    return any(folded(word).startswith(stems) for word in words_of(text, language))
