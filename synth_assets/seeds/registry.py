"""Every seed collection there is, by name, in the order they are read. Adding one is one reader and one line here."""

from synth_assets.seeds.base import SeedReader
from synth_assets.seeds.cookbook import Cookbook
from synth_assets.seeds.house_recipes import HouseRecipes
from synth_assets.seeds.self_knowledge import SelfKnowledge
from synth_assets.seeds.vital_articles import VitalArticles

READERS: dict[str, SeedReader] = {
    reader.collection: reader for reader in (VitalArticles(), Cookbook(), SelfKnowledge(), HouseRecipes())
}
