"""`python -m synth_assets`: the same as the command synth-assets."""

from synth_assets.cli import main

main()
