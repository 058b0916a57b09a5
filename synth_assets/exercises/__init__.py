"""The registry: every exercise, in the order its partition key was added. Append only, never reorder."""

from synth_assets.exercises.base import Exercise
from synth_assets.exercises.constrained_writing import ConstrainedWriting
from synth_assets.exercises.cooking import Cooking
from synth_assets.exercises.creative_writing import CreativeWriting
from synth_assets.exercises.editing import Editing
from synth_assets.exercises.math_exercise import MathExercise
from synth_assets.exercises.math_mcq import MathMcq
from synth_assets.exercises.mcq import MultipleChoice
from synth_assets.exercises.memorization import Memorization
from synth_assets.exercises.preference import Preference
from synth_assets.exercises.rag import Rag
from synth_assets.exercises.self_instruct import SelfInstruct
from synth_assets.exercises.textbook import Textbook

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for exercise in (
        Memorization(),
        MultipleChoice(),
        MathExercise(),
        Rag(),
        Textbook(),
        Preference(),
        SelfInstruct(),
        MathMcq(),
        CreativeWriting(),
        ConstrainedWriting(),
        Editing(),
        Cooking(),
    )
}
