"""The labelled set that the educational head is tested on, as the program that makes it.

`python -m tests.quality.educational_passages` writes `educational_set.jsonl` beside this file, and
`educational_set.npy` with the packaged encoder's vectors as int8 (1 stands for 1/508), so that the head is tested
without the encoder. Passages on one topic, or of one document, bear one group, and are split together. Its text is this
project's
own: paragraphs of the self-knowledge documents, steps and ingredients of the house recipes, and passages put together
from the topics and frames below. The scores follow from what a passage is made of, by FineWeb-Edu's scale: 0 nothing to
learn (notices, chatter), 1 hardly anything (advertisements, bare lists), 2 a remark or an instruction without reasons,
3 a definition and a fact, 4 an explanation with its reason, 5 that with an example worked through.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth_assets.encoder import Encoder
from synth_assets.identity import hash_of, rng_of
from synth_assets.seeds.base import Seed
from synth_assets.seeds.house_recipes import HouseRecipes
from synth_assets.seeds.self_knowledge import SelfKnowledge

FILE = Path(__file__).with_name("educational_set.jsonl")
VECTORS = FILE.with_suffix(".npy")
STEPS = 508  # no dimension of a vector exceeds a quarter
ABOUT = (
    "Passages with a score from 0 to 5 for what a reader learns; made by tests/quality/educational_passages.py "
    "from this "
    "project's own documents, recipes and templates; no third-party text"
)


class Topic(NamedTuple):
    """What can be said of a thing: what it is, a fact, why it is so, and an example worked through."""

    term: str
    definition: str
    fact: str
    reason: str
    example: str


TOPICS = (
    Topic(
        "evaporation",
        "Evaporation is the passing of a liquid into vapour below its boiling point.",
        "Puddles vanish on a windy day long before they would boil.",
        "The fastest molecules at the surface leave first, so those that stay behind are slower on average, and "
        "the liquid cools.",
        "Wet one finger and hold both in the wind: the wet one feels cold, because the water takes the heat it "
        "needs from the skin.",
    ),
    Topic(
        "a prime number",
        "A prime number is a whole number above one that only one and itself divide.",
        "There are twenty-five of them below one hundred.",
        "A divisor above the square root pairs with one below it, so it is enough to try divisors up to the root.",
        "To test 91, try 2, 3, 5 and 7: since 7 times 13 makes 91, it is not prime.",
    ),
    Topic(
        "photosynthesis",
        "Photosynthesis is how plants build sugar from water and carbon dioxide with the energy of light.",
        "It takes place in the chloroplasts of the leaves.",
        "Chlorophyll absorbs red and blue light and reflects the green, which is why leaves look green to us.",
        "Cover half a leaf with foil for a week, then stain it with iodine: only the lit half turns dark, for "
        "only there was starch made.",
    ),
    Topic(
        "a lever",
        "A lever is a rigid bar that turns about a fixed point.",
        "Scissors, crowbars and seesaws are levers.",
        "The work on both sides is equal, so a force that moves four times as far can be a quarter as strong.",
        "A child of twenty kilograms two metres from the pivot balances an adult of eighty at half a metre, since"
        " 20 times 2 equals 80 times one half.",
    ),
    Topic(
        "inflation",
        "Inflation is a lasting rise of the general level of prices.",
        "Statistical offices measure it with a basket of goods.",
        "If money grows faster than what can be bought with it, each coin is worth a smaller part of the whole.",
        "At five per cent a year, a loaf of two pounds costs 2.10 after one year and 2.21 after two, because the "
        "second rise is taken on the first.",
    ),
    Topic(
        "tides",
        "Tides are the regular rise and fall of the sea.",
        "Most coasts have two high waters a day.",
        "The Moon pulls the near side of the Earth more strongly than its centre and the centre more than the far"
        " side, so that two bulges form.",
        "When Sun and Moon stand in one line their pulls add up, and the spring tide of new moon is therefore "
        "higher than the one a week later.",
    ),
    Topic(
        "a fraction",
        "A fraction names how many equal parts of a whole are meant.",
        "The number below the line is called the denominator.",
        "Parts can only be added when they are of one size, and so the denominators must be made equal first.",
        "One half and one third become three sixths and two sixths, which together make five sixths.",
    ),
    Topic(
        "a vaccine",
        "A vaccine is a harmless piece or form of a germ that trains the body's defence.",
        "The first was made against smallpox.",
        "Memory cells stay behind after the first meeting, so that antibodies come in days instead of weeks.",
        "Someone vaccinated against tetanus who steps on a nail has antibodies at once, while another must wait "
        "until the body has learnt them.",
    ),
    Topic(
        "sound",
        "Sound is a wave of pressure that travels through matter.",
        "In air it covers about 340 metres a second.",
        "Each layer of air pushes the next, and where there is no air there is nothing to push.",
        "Count six seconds between lightning and thunder: six times 340 is about 2,000, so the storm is two "
        "kilometres off.",
    ),
    Topic(
        "a metaphor",
        "A metaphor speaks of one thing as if it were another.",
        "Everyday speech is full of them.",
        "It carries over what is known of the one, so that a reader understands the other at a stroke.",
        "In 'time is money' one can spend, save and waste hours, because all that is done with coins is now said "
        "of them.",
    ),
    Topic(
        "erosion",
        "Erosion is the wearing away of soil and rock by water, wind and ice.",
        "Bare slopes lose soil most quickly.",
        "Roots hold the grains and leaves break the fall of the drops, so that where both are missing each rain "
        "carries some away.",
        "Pour a can of water over a tray of bare earth and over one with grass: the first runs brown, the second "
        "nearly clear.",
    ),
    Topic(
        "an average",
        "An average is the sum of several values divided by how many there are.",
        "Newspapers quote it for incomes and temperatures.",
        "Every value pulls with its whole size, which is why a single huge one can move it far.",
        "Nine people earning two thousand and one earning eighty-two thousand have an average of ten thousand, "
        "which none of them earns.",
    ),
    Topic(
        "magnetism",
        "Magnetism is the force between moving charges, which iron shows most plainly.",
        "A compass needle is a small magnet.",
        "In iron, tiny regions can all be turned the same way, and their forces then add up instead of cancelling.",
        "Stroke a needle forty times in one direction with a magnet and lay it on a floating cork: it swings "
        "until it points north.",
    ),
    Topic(
        "supply and demand",
        "Supply and demand are what sellers offer and buyers want at each price.",
        "Markets for fruit show both every morning.",
        "A higher price tempts sellers and deters buyers, so only one price leaves neither goods nor wishes over.",
        "If frost halves the harvest, the old price would leave buyers without strawberries; they outbid each "
        "other until as many give up as are missing.",
    ),
    Topic(
        "fermentation",
        "Fermentation is how microbes live on sugar without oxygen.",
        "Bread, cheese and cabbage owe their taste to it.",
        "Yeast wins energy by splitting sugar and sets gas free on the way, which the dough holds back.",
        "Mix yeast, sugar and warm water in a bottle with a balloon on its neck: within an hour the balloon "
        "stands upright.",
    ),
    Topic(
        "density",
        "Density is the mass of a thing divided by its volume.",
        "Gold is about nineteen times as dense as water.",
        "A body pushes away as much water as it takes room, and it floats if that water weighs more than itself.",
        "A block of 500 grams and 800 cubic centimetres has a density of 0.625, so five eighths of it lie under water.",
    ),
    Topic(
        "a constitution",
        "A constitution is the law that says how all other laws are made.",
        "Most countries have it in writing.",
        "Those who rule today could change ordinary rules in their own favour, so the basic ones are made harder "
        "to change.",
        "If an amendment takes two thirds of 300 votes, a government of 180 cannot lengthen its own term without "
        "winning twenty of its opponents.",
    ),
    Topic(
        "a food chain",
        "A food chain lists who eats whom, beginning with a plant.",
        "Few chains have more than five links.",
        "Each animal uses most of its food to move and keep warm, so only about a tenth reaches the next one.",
        "A thousand kilograms of grass feed a hundred of hares and ten of foxes, which is why foxes are rarer "
        "than hares.",
    ),
    Topic(
        "an algorithm",
        "An algorithm is a list of steps that surely leads to a result.",
        "The word comes from the name of a Persian scholar.",
        "Every step says exactly what comes next, and so a machine can follow it that understands nothing.",
        "To find a name among a thousand sorted ones, open the middle and keep the right half: ten openings are "
        "enough, since 2 to the tenth is 1,024.",
    ),
    Topic(
        "the seasons",
        "The seasons are the parts of the year that differ in warmth and length of day.",
        "They are opposite on the two halves of the globe.",
        "The Earth's axis is tilted, so the same light falls steeply on one half and slantingly on the other.",
        "Shine a torch straight on a wall and then at a slant: the patch grows and pales, as sunlight does in winter.",
    ),
    Topic(
        "rust",
        "Rust is what iron turns into with water and oxygen.",
        "It takes up more room than the metal.",
        "Its flakes let water through to fresh iron, and therefore it never protects what lies beneath.",
        "Put one nail in dry air, one in boiled water under oil and one in a wet dish: after a week only the last"
        " is brown.",
    ),
    Topic(
        "compound interest",
        "Compound interest is interest that is itself paid interest.",
        "Banks add it once a year or more often.",
        "Each year's gain is reckoned on all earlier ones, so that growth speeds up.",
        "At four per cent, a hundred pounds are 104 after one year and 108.16 after two; after eighteen they have"
        " doubled.",
    ),
    Topic(
        "an echo",
        "An echo is a sound thrown back by a surface.",
        "Bats hunt with it.",
        "The ear only tells two sounds apart that lie a tenth of a second apart, so the wall must be far enough away.",
        "At 340 metres a second the sound goes 34 metres in that time, there and back, and so the wall must stand"
        " at least 17 metres off.",
    ),
    Topic(
        "a dictatorship",
        "A dictatorship is a rule that nobody can vote out.",
        "It was an office for emergencies in ancient Rome.",
        "Whoever alone controls courts, press and soldiers has nobody left to report his errors.",
        "When officials inflated the harvest figures to please the ruler, grain was exported that did not exist, "
        "and the villages starved.",
    ),
    Topic(
        "friction",
        "Friction is the force that opposes sliding.",
        "Without it no one could walk.",
        "Seen closely all surfaces are rough, and their peaks catch in each other until a pull bends or breaks them.",
        "A crate of fifty kilograms that needs 200 newtons to slide on wood slides with forty on rollers, since "
        "rolling peaks hardly catch.",
    ),
    Topic(
        "a sonnet",
        "A sonnet is a poem of fourteen lines with a fixed scheme of rhymes.",
        "It was invented in Sicily.",
        "The change of the rhymes after the eighth line asks for a turn of thought at the same place.",
        "If eight lines complain of a cold spring, the ninth may begin with 'and yet', and the last six find the "
        "first crocus.",
    ),
    Topic(
        "osmosis",
        "Osmosis is the passage of water through a skin that holds back what is dissolved.",
        "It keeps plants upright.",
        "Water moves both ways, but fewer of its particles leave the side that is crowded with salt.",
        "Strew salt on slices of cucumber: after ten minutes they lie in water, which the salt outside has drawn "
        "from the cells.",
    ),
    Topic(
        "probability",
        "Probability says how often an event happens among equally likely cases.",
        "It lies between zero and one.",
        "Separate events leave each other's cases untouched, so that their shares are multiplied.",
        "The chance of two sixes is one sixth of one sixth, or one in thirty-six, as a table of all throws shows.",
    ),
    Topic(
        "a battery",
        "A battery turns chemical energy into electric current.",
        "The first was a pile of zinc and copper plates.",
        "One metal gives electrons away more readily than the other, and the wire is the only way between them.",
        "Stick a zinc nail and a copper coin into a lemon and join them by wires to a small clock: it begins to run.",
    ),
    Topic(
        "a glacier",
        "A glacier is a body of ice that flows under its own weight.",
        "It carries stones on its back and in its base.",
        "Under pressure ice creeps like very stiff honey, fastest in the middle, where no wall holds it.",
        "A row of stakes set straight across the ice in spring is a bow in autumn, whose middle has moved most.",
    ),
)

_OPENINGS = ("", "Let us look at this calmly. ", "Many have seen it and few have asked. ", "Here is the idea. ")
_ADS = (
    "Hurry! Our {} starter kit is now 40% off. Order today, free delivery, limited stock, and get a mug on top!",
    "Looking for {}? Click here for the best deals. Subscribe now and save big. Offer ends Sunday!",
    "New in our shop: everything about {} at unbeatable prices. Visit our stores, open daily from nine to eight.",
    "Win a weekend for two! Share our post about {}, tag three friends and follow our page.",
)
_LISTS = (
    "Tags: {}, tips, news, photos, links, archive, top ten, more",
    "Contents: 1. Home 2. About 3. {} 4. Gallery 5. Contact 6. Sitemap",
    "{}; page 12; see also page 40; index; next; previous; print this page",
)
_CHATTER = (
    "lol did anyone else sleep through the bit on {} yesterday?? so tired haha, see you all later",
    "omg same, I never got {} either. anyway what are you wearing on Friday? text me",
    "First! Also nice video, greetings from me and my cat. Who else came here because of {}?",
    "ok so my cousin said something about {} and I was like whatever, pass the crisps",
)
_NOTICES = (
    "This page on {} uses cookies. By continuing you accept our terms of use and our privacy policy. All "
    "rights reserved.",
    "Error 404: the page {} could not be found. Please return to the start page or contact the administrator.",
    "You must be logged in to comment on {}. Forgot your password? Register here. Terms and conditions apply.",
    "Copyright notice. No part of these pages on {} may be reproduced without written permission of the owner.",
)
_REMARKS = (
    "I have always liked {}. My teacher talked about it for weeks, and I still think it is one of the nicer subjects.",
    "People have different views on {}. Some find it easy, some find it hard, and others do not think about it at all.",
    "Next week the club meets to talk about {}. Bring a notebook. Last time it was well attended and there was cake.",
)


def _passages() -> Iterator[tuple[str, str, int, str]]:
    """(group, kind, score, text)."""
    for topic in TOPICS:
        rng = rng_of("educational topic", topic.term)
        rest = (topic.fact, topic.reason, topic.example)
        for opening in _OPENINGS[:3]:
            yield topic.term, "worked through", 5, f"{opening}{topic.definition} {topic.reason} {topic.example}"
        yield (
            topic.term,
            "worked through",
            5,
            f"{topic.fact} {topic.definition} {topic.reason} For example: {topic.example}",
        )
        yield topic.term, "explained", 4, f"{topic.definition} {topic.reason}"
        yield topic.term, "explained", 4, f"{topic.fact} Why is that so? {topic.reason}"
        yield topic.term, "explained", 4, f"{rng.choice(_OPENINGS)}{topic.definition} {topic.fact} {topic.reason}"
        yield topic.term, "defined", 3, f"{topic.definition} {topic.fact}"
        yield topic.term, "defined", 3, f"What is {topic.term}? {topic.definition} {rest[0]}"
        for frame in _REMARKS:
            yield topic.term, "remark", 2, frame.format(topic.term)
        for kind, score, frames in (
            ("advertisement", 1, _ADS),
            ("list", 1, _LISTS),
            ("chatter", 0, _CHATTER),
            ("notice", 0, _NOTICES),
        ):
            for frame in rng.sample(frames, 2):
                yield topic.term, kind, score, frame.format(topic.term)
    for kind, score, reader in (("document", 4, SelfKnowledge()), ("recipe", 2, HouseRecipes())):
        for file in reader.files(("en",)):
            for seed in reader.read(file):
                if not isinstance(seed, Seed):
                    continue
                for block in seed.blocks:
                    if block.kind == "paragraph" and 15 <= len(block.text.split()) <= 90:
                        yield seed.url, kind, score, block.text


def made() -> list[str]:
    """The lines of the file: the header, then one passage each, in the order of their ids."""
    rows = {}
    for group, kind, score, text in _passages():
        text = re.sub(r"\s+", " ", text)
        text = text[0].upper() + text[1:]
        row_id = hash_of("educational", text)[:16]
        rows[row_id] = {"id": row_id, "group": group, "kind": kind, "score": score, "text": text}
    lines = [{"about": ABOUT}, *(rows[row_id] for row_id in sorted(rows))]
    return [json.dumps(line, ensure_ascii=False) for line in lines]


def vectors(texts: Sequence[str]) -> NDArray[np.int8]:
    """The packaged encoder's vectors, as the file keeps them, of shape (len(texts), 384)."""
    return np.clip(np.rint(Encoder().embed(texts) * STEPS), -127, 127).astype(np.int8)


if __name__ == "__main__":
    lines = made()
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    np.save(VECTORS, vectors([json.loads(line)["text"] for line in lines[1:]]))
    print(f"{FILE.name}: {len(lines) - 1} passages")
