"""Red flags in a patient's message: pure functions over the tables in ``data/safety``.

The order of the rules: read the words (`text`, `spelling`), find the patterns (`language`,
`matcher`), drop what is denied, past, hypothetical or a figure of speech (`context`), and report
what is left (`one_language`). The tables of the two languages meet in `gate`, which tells them
apart by `marks`. Nothing here imports Rasa or Sanic, reads a clock or keeps a message.
"""

from bot.safety.gate import Gate
from bot.safety.model import Assessment, Flag, Language, Level
from bot.safety.table import render_table

__all__ = ["Assessment", "Flag", "Gate", "Language", "Level", "render_table"]
