"""Recipes of many kitchens, written for this project and shipped with it, so that there is something to cook from where
no cookbook is installed.

Each says for how many it is, then lists its ingredients with their quantities, one a line, and its steps. The documents
have the form that `self_knowledge` reads.
"""

from synth_assets.seeds.self_knowledge import PackagedDocuments


class HouseRecipes(PackagedDocuments):
    """Reader of one recipe a file."""

    collection = "house_recipes"
    urn = "urn:synth-assets:recipe:"
    shipped = "recipes"
