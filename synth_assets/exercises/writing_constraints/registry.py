"""All constraints, in the order in which their ids were added. Append only: the id is the source of candidates."""

from collections.abc import Mapping
from types import MappingProxyType

from synth_assets.exercises.writing_constraints.base import Constraint
from synth_assets.exercises.writing_constraints.initials import INITIAL
from synth_assets.exercises.writing_constraints.length import LENGTH
from synth_assets.exercises.writing_constraints.letter_play import LETTER_PLAY
from synth_assets.exercises.writing_constraints.shapes import SHAPES
from synth_assets.exercises.writing_constraints.syllables import METRE
from synth_assets.exercises.writing_constraints.vocabulary import VOCABULARY

CONSTRAINTS: Mapping[str, Constraint] = MappingProxyType(
    {constraint.id: constraint for constraint in (*LENGTH, *LETTER_PLAY, *INITIAL, *SHAPES, *VOCABULARY, *METRE)}
)
