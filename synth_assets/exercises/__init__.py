"""The registry: every exercise, in the order its partition key was added. Append only, never reorder."""

from synth_assets.exercises.base import Exercise

EXERCISES: dict[str, Exercise] = {}
