"""Short replies in French to a warning; nothing else is answered in French."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.safety.text import fold
from bot.turn.replies import LONGEST, Reaction

_IT = r"(?:c'?\s?(?:etait|est|etais|tait|t)|cetait|cest|ceta|ct)"
_ONLY = r"(?:juste |seulement |rien que |que |bin |ben |vraiment )*"
_JOKE = r"(?:blagues?|farces?|jokes?|plaisanteries?|niaiseries?|rigolade)"
_JOKED = (
    r"(?:blaguais?|plaisantais?|rigolais?|niaisais?|deconnais?|farcais?|rigole|niaise|plaisante|"
    r"blague|deconne)"
)
_I = r"(?:je (?:n')?|j'|j )"
_WELL = r"(?:bien|mieux|correcte?|ok|beaucoup mieux|tres bien)"
_NOW = r"(?: maintenant| la| asteure| aujourd'hui)*"
# Written without accents, as `fold` leaves them.
_FORMS: Mapping[Reaction, tuple[str, ...]] = {
    Reaction.JOKE: (
        rf"(?:{_IT} )?(?:pas )?{_ONLY}(?:une |des |pour une |de la )?"
        rf"(?:mauvaise |petite |grosse )?{_JOKE}(?: plate)?",
        rf"{_IT} {_ONLY}(?:pour (?:rire|rigoler|le fun|niaiser|blaguer)|une? joke)",
        r"(?:juste )?pour (?:rire|rigoler|niaiser|le fun)",
        rf"(?:{_I}|j)?{_JOKED}(?: avec (?:toi|vous))?",
        rf"{_IT}? ?pas (?:serieux|vrai)|{_I}?(?:suis|etais) pas (?:serieux|serieuse)",
        rf"{_I}(?:suis|etais) (?:en train de |en )(?:rire|blaguer|plaisanter|niaiser|joke)",
    ),
    Reaction.PLAYED_DOWN: (
        rf"(?:{_I}?(?:vais|suis|me sens)|je me sens|ca va|tout va|il va|elle va|chu) {_WELL}{_NOW}",
        rf"ca va{_NOW}|{_IT} (?:correct|passe|fini|rien|parti)(?:e|es)?{_NOW}",
        r"(?:est ce|est-ce) (?:que )?c'?est (?:vraiment |si |aussi )*(?:grave|serieux|urgent)",
        r"c'?est (?:vraiment |si |aussi |pas (?:si )?)*(?:grave|serieux|urgent)(?: que ca)?",
        r"(?:vraiment|serieux|serieusement|t'?es sur|vous etes surs?|etes-vous surs?)",
        r"fausse alerte|laissez faire|laisse faire|oubliez (?:ca|cela)|oublie ca",
    ),
}
_REACTIONS = {kind: re.compile("|".join(forms)) for kind, forms in _FORMS.items()}
_SAYING = re.compile(
    r"^(?:(?:ah|oh|ok|ben|bin|bah|mais|non|lol|mdr|ptdr|desolee?|scusez?|excusez?(?:-moi)?|pardon|"
    r"relax|du calme|attendez|voyons|(?:ha)+h?)[\s,.!…-]+)+"
)
_ENDING = re.compile(
    r"[\s,.!]+(?:desolee?|merci|pardon|lol|mdr|la|voyons|svp|excusez?(?:-moi)?|(?:ha)+h?)$"
)


def french_reaction(text: str) -> Reaction | None:
    """The kind of short reaction a French message is: a joke, or a warning played down.

    Args:
        text: As the patient wrote it.
    """
    if len(text) > LONGEST:
        return None
    folded = " ".join(fold(text)[0].split()).strip(" ?!.,;:")
    said = _ENDING.sub("", _SAYING.sub("", folded)).strip(" ?!.,;:")
    return next((kind for kind, form in _REACTIONS.items() if form.fullmatch(said)), None)
