"""Hints that make two texts on one topic different: who speaks, where, when, how. English, for the author alone.

They stand in no query, and nothing about them is checked; written for this project.
"""

TONES = (
    "cheerful", "wistful", "dry", "solemn", "tender", "mocking", "hurried", "patient", "proud", "worried", "grateful",
    "stubborn", "dreamy", "matter-of-fact", "playful", "weary",
)  # fmt: skip
SPEAKERS = (
    "a child who cannot sleep", "an old ferryman", "a baker before dawn", "a widow at her window", "a village teacher",
    "a stowaway", "a retired clockmaker", "a nurse on the night shift", "a bored guard", "a gardener", "an apprentice",
    "a traveller without luggage", "a postwoman", "a chess player", "two quarrelling neighbours", "a cat",
)  # fmt: skip
SETTINGS = (
    "at a kitchen table", "on a ship", "in an empty theatre", "on a mountain pass", "at a market stall", "in a library",
    "by a mill", "in a cellar", "on the last train", "in an orchard", "under a bridge", "on a roof",
    "in a waiting room", "at a border", "in a snowed-in hut", "at a well",
)  # fmt: skip

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAYS, _HOURS, _MINUTES = 28, 24, 60
_MOMENTS = len(_MONTHS) * _DAYS * _HOURS * _MINUTES
_STRIDE = 181_081  # prime to the number of moments, so that all come before any comes again


def moment_of(pass_number: int) -> str:
    """A day and a time of day ("14 May, 16:25"), another for each of some 480,000 passes over one source."""
    rest, minute = divmod(pass_number * _STRIDE % _MOMENTS, _MINUTES)
    rest, hour = divmod(rest, _HOURS)
    month, day = divmod(rest, _DAYS)
    return f"{day + 1} {_MONTHS[month]}, {hour}:{minute:02}"
