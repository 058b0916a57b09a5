"""The forms a text may have, what code can see of each, and how long it is; written for this project.

A form has rules (`layout.RULES`), which a request states where the form's name does not imply them. What a form is
called in each language, and how a request states a rule, is in the prompts `creative_writing/wording_<language>`.
"""

from dataclasses import dataclass
from functools import cache

# id | group, as published | rules | fewest words | most words | what the authors are told, in English
_FORMS = """
short_story|Story|paragraphs=3|120|700|a short story with a beginning, a turn and an end
flash_fiction|Story|one_paragraph|40|220|a very short story in a single paragraph
fairy_tale|Story|paragraphs=3|120|700|a fairy tale in the manner of oral telling
fable|Story|moral|60|400|a fable whose last paragraph is its moral
legend|Story|paragraphs=2|100|600|a legend that explains the name or look of something
ghost_story|Story|paragraphs=3|120|700|a ghost story
detective_story|Story|paragraphs=3|120|700|a very short detective story with a clue the reader can see
science_fiction|Story|paragraphs=3|120|700|a very short science fiction story
parable|Story|moral|60|400|a parable whose last paragraph draws the lesson
prose_poem|Prose|one_paragraph|40|220|a prose poem in a single paragraph
portrait|Prose|paragraphs=2|80|450|a portrait of one character in two paragraphs or more
travel_sketch|Prose|first_person|80|450|a travel sketch in the first person
childhood_memory|Prose|first_person|80|450|an invented childhood memory in the first person
monologue|Drama|first_person|80|450|a monologue in the first person
letter|Letter|letter|60|400|a letter with a salutation, a closing and a signature
love_letter|Letter|letter|60|400|a love letter with a salutation, a closing and a signature
postcard|Letter|letter|20|110|the text of a postcard with a salutation and a signature
diary|Diary|diary|60|400|a diary entry that opens with a line for the date
logbook|Diary|log|50|400|a logbook of at least three entries, each opening with its date or hour
dialogue|Drama|dialogue|60|450|a dialogue of at least six turns between two people or more
stage_scene|Drama|scene|60|500|a scene for the stage: names before speeches and stage directions in brackets
radio_play|Drama|scene|60|500|a scene of a radio play: names before speeches and sounds in brackets
interview|Drama|interview|60|450|an invented interview: names before question and answer, and at least three questions
speech|Speech|address|80|500|a speech that opens by addressing its hearers
toast|Speech|address|40|250|a toast that opens by addressing the guests
prayer|Speech|address|30|220|a prayer or invocation that opens by addressing whom it calls
obituary|Press|obituary|60|350|an obituary of an invented person that names the years of birth and death in figures
news_report|Press|headline|60|400|a news report under a headline
advertisement|Press|headline|30|220|an advertisement under a headline
museum_label|Press|headline|40|220|a museum label under the name of the exhibit
recipe|List|recipe|50|350|an imaginary recipe: a list of ingredients with hyphens and then numbered steps
instructions|List|steps|50|350|numbered instructions for something nobody has ever needed instructions for
list_text|List|list|25|250|a list of at least six items, each on a line that opens with a hyphen
inventory|List|inventory|20|220|an inventory of at least six lines, each opening with how many there are in figures
sonnet|Poetry|lines=14|50|220|a sonnet of fourteen lines, rhymed if the language allows
couplets|Poetry|stanzas_of=2:4|30|220|a poem of at least four couplets, each a stanza of its own
tercets|Poetry|stanzas_of=3:3|30|220|a poem of at least three stanzas of three lines
ballad|Poetry|stanzas_of=4:3|50|350|a ballad of at least three stanzas of four lines
lullaby|Poetry|stanzas_of=4:2|30|220|a lullaby of at least two stanzas of four lines
ode|Poetry|stanzas=2:8|40|300|an ode of at least two stanzas that addresses what it praises
elegy|Poetry|stanzas=2:8|40|300|an elegy of at least two stanzas
free_verse|Poetry|stanzas=2:8|40|300|a poem in free verse of at least two stanzas
miniature|Poetry|lines=3|8|40|a poem of three short lines around one image
comic_verse|Poetry|lines=5|20|70|a comic poem of five lines
epitaph|Poetry|lines=4|12|60|an epitaph of four lines
riddle|Poetry|question|15|120|a riddle that ends with a question and does not give its answer
triangle_poem|Layout poem|triangle=7|15|160|a poem in the shape of a triangle
funnel_poem|Layout poem|funnel=7|15|160|a poem in the shape of a funnel
diamond_poem|Layout poem|diamond=7|15|160|a poem in the shape of a diamond
hourglass_poem|Layout poem|hourglass=7|15|160|a poem in the shape of an hourglass
staircase_poem|Layout poem|staircase=6|12|160|a poem whose lines go down like a staircase
zigzag_poem|Layout poem|zigzag=6|12|160|a poem whose lines swing from side to side
block_poem|Layout poem|block=6|30|200|a poem in the shape of a block of stone
centred_poem|Layout poem|centred=6|15|160|a poem centred under its first line like an inscription
column_poem|Layout poem|column=12|12|40|a poem in the shape of a column, one word a line
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form.

    Attributes:
        id: template of the exercise.
        group: how the published constraints call its kind.
        rule, parameters: a rule of `layout.RULES` and its numbers.
        least, most: words of a text.
        duty: what the authors are told it is.
    """

    id: str
    group: str
    rule: str
    parameters: tuple[int, ...]
    least: int
    most: int
    duty: str

    @property
    def is_verse(self) -> bool:
        """Whether line breaks are part of it, and it may do without a letter."""
        return self.group in ("Poetry", "Layout poem")


@cache
def forms() -> dict[str, Form]:
    """All forms by their id, in their order."""
    found = {}
    for line in _FORMS.strip().splitlines():
        form_id, group, ruled, least, most, duty = line.split("|")
        rule, _, parameters = ruled.partition("=")
        found[form_id] = Form(
            id=form_id,
            group=group,
            rule=rule,
            parameters=tuple(int(number) for number in parameters.split(":") if number),
            least=int(least),
            most=int(most),
            duty=duty,
        )
    return found
