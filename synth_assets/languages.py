"""The languages of the grid, in the order their partition keys were added. Append only, never reorder."""

LANGUAGES: dict[str, str] = {
    "en": "English",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "es": "Spanish",
    "pl": "Polish",
    "nl": "Dutch",
    "la": "Latin",
}
