"""Interest.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.finance.break_even import BREAK_EVEN
from synth_assets.exercises.math_templates.finance.compound import COMPOUND
from synth_assets.exercises.math_templates.finance.depreciation import DEPRECIATION
from synth_assets.exercises.math_templates.finance.exchange import EXCHANGE
from synth_assets.exercises.math_templates.finance.instalments import INSTALMENTS
from synth_assets.exercises.math_templates.finance.lending import LENDING
from synth_assets.exercises.math_templates.finance.stall import STALL

TEMPLATES = (COMPOUND, LENDING, INSTALMENTS, STALL, EXCHANGE, DEPRECIATION, BREAK_EVEN)
