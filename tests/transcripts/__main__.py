"""`python -m tests.transcripts [exercise]`: writes the readable form of every file of transcripts beside it, and the
tokens a call that `synth-assets plan` begins with.

Says what ends otherwise than it was written for, and exits with 1 then.
"""

import json
import sys

from synth_assets.stages.forecast import PROFILE
from tests.transcripts.transcript import files, play, shown, token_profile, transcripts

wrong = 0
for path in files():
    if sys.argv[1:] and path.parent.name not in sys.argv[1:]:
        continue
    for transcript in transcripts(path):
        played = play(transcript)
        if played.ended != transcript.verdict or played.unused:
            wrong += 1
            print(f"{path.parent.name}/{path.stem} {transcript.name}: written for {transcript.verdict}, "
                  f"ended {played.ended} ({played.detail[:400]}), unused {played.unused}")  # fmt: skip
    path.with_suffix(".md").write_text(shown(path), "utf-8")
profile = {**json.loads(PROFILE.read_text("utf-8")), **token_profile()}
PROFILE.write_text(json.dumps(profile, indent=2, sort_keys=True) + "\n", "utf-8")
sys.exit(1 if wrong else 0)
