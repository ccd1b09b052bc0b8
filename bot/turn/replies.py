"""Short replies to what the assistant just said: a reaction, a choice, a yes or a no."""

from __future__ import annotations

import re
from enum import Enum

from bot.turn.context import plain

# Characters; what is longer says something of its own.
LONGEST = 80


class Reaction(Enum):
    """A short word to an answer that asks for more of it."""

    DOUBT = "doubt"
    REASON = "reason"
    MORE = "more"
    NORMAL = "normal"
    STOP_IT = "stop it"
    PLAYED_DOWN = "played down"
    JOKE = "joke"


_THAT = r"(?:that|this|it)"
_ABOUT = rf"(?: about {_THAT})?"
_MORE = r"more(?: (?:info|information|details?))?"
_HOW = r"(?:really |actually |even |all |that |so |very |much |totally )*"
_GRAVE = r"(?:serious|bad|urgent|necessary|dangerous|an emergency)"
_WHO = r"(?:i(?:'m| am| was| feel)?|im|(?:he|she)(?:'s| is| feels)?)"
_WELL = r"(?:fine|ok|okay|better|alright|all right|well)"
_FORMS = {
    Reaction.DOUBT: (
        r"really|seriously|for real|no way|prove it|says who|who says(?: so)?",
        rf"i doubt {_THAT}",
        rf"(?:are )?(?:you )?(?:really |so |100% )?sure{_ABOUT}",
        r"(?:is|are) (?:that|this|it|you) (?:true|so|for real|certain|serious)",
        rf"how (?:do|would|can) you know(?: {_THAT})?",
        r"what makes you (?:say that|so sure)",
        rf"(?:can|should) i (?:trust|believe) {_THAT}",
    ),
    Reaction.REASON: (
        rf"how|how come|how so|in what way|why(?:'s| is) {_THAT}",
        r"why(?: (?:not|so|though|so many|so long|so much))?",
        r"how (?:does|do|would|can) (?:that|this) (?:work|help)",
        r"what do you mean(?: by that)?|what does that mean",
        rf"explain(?: (?:{_THAT}|please|more))*",
        rf"(?:can|could|would) you explain(?: {_THAT})?(?: a (?:bit|little))?"
        r"(?: (?:more|better|further))?",
    ),
    Reaction.MORE: (
        r"and|go on|continue|details|elaborate|can you elaborate|for example|what else",
        rf"(?:can you |could you )?(?:tell|give) me (?:(?:a bit|a little|some) )?{_MORE}{_ABOUT}",
        rf"(?:some |any )?{_MORE}{_ABOUT}",
        r"(?:like|such as)(?: what)?",
        r"(?:is there )?anything else(?: (?:i should know|to know))?",
        rf"i(?:'d| would)? (?:want|like) to (?:know|hear|learn) more{_ABOUT}",
    ),
    Reaction.NORMAL: (
        rf"(?:is|are) (?:{_THAT}|those|these|they) (?:all |pretty |quite |really |also )?"
        r"(?:normal|common|usual|typical|expected|to be expected)",
    ),
    # Of a medicine; the dialogue's own "stop" never comes as a question.
    Reaction.STOP_IT: (
        r"(?:should|do|must|can|may|could|shall) i (?:have to |need to |just )?"
        r"(?:stop|quit|skip|pause)(?: (?:taking )?(?:it|them|that|this))?"
        r"(?: before(?: coming| a visit)?)?",
        r"(?:stop|quit) or (?:keep going|continue|keep taking (?:it|them))",
    ),
    # What is said to a warning; to any other answer these say something of their own.
    Reaction.PLAYED_DOWN: (
        rf"(?:is|are) {_THAT} {_HOW}{_GRAVE}(?: now)?",
        rf"i (?:don't|do not|dont) (?:think|believe) (?:{_THAT} is|it's|its) {_HOW}{_GRAVE}",
        r"(?:do|should) i (?:really |actually )?(?:have|need) to(?: (?:call|go|see)\b.*)?",
        rf"{_WHO} (?:feeling )?{_HOW}{_WELL}(?: now| again| today)*",
        r"(?:all |feeling )?(?:fine|better|good)(?: again)? now",
        rf"(?:{_THAT}|the pain)(?:'s| is| has| was)? (?:already |all )?"
        r"(?:gone|stopped|passed|over|better|nothing)(?: now| again| away)*|its gone(?: now)?",
        r"(?:it was (?:just |only )?(?:a )?)?false alarm|never ?mind|nvm",
        r"(?:do|should|will|would) (?:i|he|she) (?:really )?(?:need|get|have) (?:an? )?"
        r"(?:x[ -]?rays?|scan|mri|ct|doctor|hospital|ambulance|test)s?\b.*",
        r"(?:is|are) (?:it|this|that|911|988|811) (?:serious|bad|free|dangerous|an emergency)\b.*",
        r"why should i(?: call)?\b.*",
        rf"(?:can|could|should|may|shall) (?:i|it|{_THAT}) (?:just |not |still )?wait\b.*",
        r"what if i (?:just )?(?:wait|don't|dont|do not)\b.*",
        r"(?:can|could|should|may) (?:i|he|she|we|someone) (?:just |still )?"
        r"(?:drive|take (?:a |the |an )?(?:taxi|uber|bus|car)|walk|go by myself)\b.*",
        r"how long (?:will|does|would|is) (?:it|that|this|they|an? ambulance)\b.*",
        r"i (?:don't|do not|dont|can't|cant|cannot|won't|wont) (?:want to |wanna )?"
        r"(?:call|phone|go)\b.*",
    ),
    Reaction.JOKE: (
        rf"(?:{_WHO} |(?:it|that|this)(?:'s| is| was)? )?(?:just |only )?"
        r"(?:a |some )?(?:bad |stupid |dumb )?(?:joke|joking|kidding|prank|messing|jk)"
        r"(?: around| with you)*",
        r"i (?:was|am)(?:n't| not) serious|i didn't mean (?:it|that)|not serious",
    ),
}
_REACTIONS = {kind: re.compile("|".join(forms)) for kind, forms in _FORMS.items()}
_SAYING = re.compile(
    r"^(?:(?:oh|ok(?:ay)?|but|wait|hm+|um+|and|so|lol|wow|please|sorry|relax|(?:ha)+h?)[\s,.…-]+)+"
)
_PLEASE = re.compile(r"[\s,]+(?:please|though|then|lol|tho|(?:ha)+h?|sorry)$")

_NO = re.compile(
    r"(?:no|nope|nah|neither|none|no thanks|(?:none|neither|not any)(?: of)? "
    r"(?:them|these|those|the above|that)|not (?:really|that|those|these|either)|something else)"
)
_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1,
    "1": 0, "one": 0, "2": 1, "two": 1, "3": 2, "three": 2,
}  # fmt: skip
_PICK = re.compile(
    r"(?:i(?:'d| would)? (?:mean|meant|want|like|pick|choose) )?"
    r"(?:(?P<named>the(?! one$)|number|no\.? ?(?=\d)|#|option|choice|answer)\s*)*"
    r"(?P<which>[a-z]+|\d(?:st|nd|rd)?)[.)]?(?: (?:one|choice|option|question))?"
)
_YES = re.compile(
    r"(?:yes|yeah|yep|yup|yea|ya|sure|correct|right|exactly|ok(?:ay)?|"
    r"(?:yes |yeah )?(?:that(?:'s| is)? (?:it|right|one|the one|what i mean(?:t)?)|that one|please|"
    r"i do|i did))"
)


def folded(text: str) -> str:
    """A card's title without case, spacing and end mark, as a patient may type it."""
    return " ".join(text.casefold().split()).rstrip("?!. ")


def reaction(text: str) -> Reaction | None:
    """The kind of short reaction a message is; None when it says something of its own."""
    said = _bare(text)
    return next((kind for kind, form in _REACTIONS.items() if form.fullmatch(said)), None)


def picked(text: str, count: int, asked: bool) -> int | None:
    """Which of the choices just put to the patient a message takes.

    Args:
        text: The message.
        count: How many choices there are.
        asked: Whether the assistant asked which one was meant; only then a bare "2" or a "yes" to
            the only choice is an answer.
    """
    said = _bare(text)
    if asked and count == 1 and _YES.fullmatch(said):
        return 0
    match = _PICK.fullmatch(said)
    if match is None or match["which"] not in _ORDINALS:
        return None
    if not asked and not match["named"]:
        return None
    place = _ORDINALS[match["which"]]
    return place % count if count and place < count else None


def agrees(text: str) -> bool:
    """A bare yes."""
    return _YES.fullmatch(_bare(text)) is not None


def refuses(text: str) -> bool:
    """A bare no, or "none of these"."""
    return _NO.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    """A message without its opening and its marks; nothing of a long one, which is no reply."""
    if len(text) > LONGEST:
        return ""
    return _PLEASE.sub("", _SAYING.sub("", plain(text)))
