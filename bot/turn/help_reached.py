"""Whether a message says that the help a warning named is there: "called 911, they are coming"."""

from __future__ import annotations

import re

from bot.nlu.text import normalise
from bot.safety import Language
from bot.safety.text import fold

# What is longer tells more than that.
LONGEST = 80
_LEAD = r"(?:^|[,.;!] ?|(?<!\S)(?:ok|okay|yes|yeah|yep|so|and|thanks|hi|well) )"
_WHO = r"(?:i|we|he|she|they|it|my \w+)"
_AM = rf"(?:{_WHO}(?:'?m|'?s|'?re| am| is| are| was|'?ve| have| has)? )?"
_NOW = r"(?:now |just |already |finally |currently )*"
_PLACE = (
    r"(?:the |an? |my )?(?:hospital|er|emerg(?:ency)?(?: (?:room|department|dept))?|urgent care|"
    r"ambulance|walk[ -]?in(?: clinic)?|doctor'?s?(?: office)?|dr'?s?(?: office)?)\b"
)
_GOING = r"(?:on (?:my|our|the|his|her|their) way|heading|headed|going|off) (?:over )?to"
_LINE = (
    r"(?:to |with )?(?:911|988|811|9-1-1|9-8-8|8-1-1|health ?link(?: 811)?|(?:an?|the) ambulance|"
    r"for (?:an ambulance|help)|(?:the |an? )?(?:crisis line|help ?line|hot ?line|nurse)|"
    r"(?:my |the |a )?(?:doctor|dr|gp))\b"
)
_COMES = (
    r"(?:'s|'re| is| are)? (?:now |already )?(?:coming|on (?:the|its|their) way|here|with me)\b"
)
_DOCTOR = r"(?:doctor|dr|gp|nurse|physician|paramedics?)"
_SAW = (
    r"(?:saw|seen|checked(?: (?:out|on))?|examined|looked at|assessed|treated|is (?:seeing|with))"
)
_ENGLISH = re.compile(
    rf"{_LEAD}{_AM}{_NOW}(?:(?:here )?(?:at|in|to|got to|arrived at)|{_GOING}) {_PLACE}"
    rf"|\b(?:called|phoned|rang|dialed|dialled|texted|spoke|talked|talking|spoken) {_LINE}"
    r"|^(?:i|we)(?:'ve| have)? (?:just |already )?(?:called|phoned)(?: them| it)?$"
    rf"|{_LEAD}(?:(?:the|an) )?(?:ambulance|paramedics?|ems|help|they){_COMES}"
    rf"|\b{_DOCTOR} (?:has |have |already |just )*{_SAW} (?:me|him|her|us|it)\b"
    rf"|\b(?:i|we|he|she)(?:'ve| have| has)? {_NOW}(?:saw|seen|been to|went to|seeing) "
    rf"(?:(?:my|the|a) {_DOCTOR}\b|{_PLACE})"
)
# Written without accents, as `fold` leaves them.
_HOPITAL = r"(?:a l'hopital|a l'urgence|aux urgences)"
_FRENCH = re.compile(
    r"\b(?:je suis|chu|on est|il est|elle est|rendue?|arrivee?) (?:\w+ )?"
    rf"(?:{_HOPITAL}|dans l'ambulance|chez le (?:medecin|docteur))\b"
    rf"|\b(?:je m'en vais|je vais|on s'en va|en route|en chemin) (?:\w+ )?{_HOPITAL}\b"
    r"|\b(?:appele|telephone|parle|texte) (?:a |au |avec )*(?:le |la |une? |l')?"
    r"(?:911|988|811|ambulance|infirmiere?|medecin|docteur)\b"
    r"|\b(?:l'ambulance|ils|les secours|les ambulanciers) "
    r"(?:arrivent?|s'en vien\w+|(?:est|sont) (?:en route|la))\b"
    r"|\b(?:vu|consulte) (?:mon|le|un) (?:medecin|docteur)\b"
    r"|\b(?:medecin|docteur) m'a (?:vue?|examinee?)\b"
)
# What an emergency needs; a doctor's visit, or a nurse on the phone, is not that.
_AT_ONCE = re.compile(
    r"911|9-1-1|ambulanc|paramedic|\bems\b|hospital|\ber\b|\bemerg|\bhelp (?:is|'?s)|\bthey\b|"
    r"hopital|urgence|secours|\bils\b"
)
# With one of these the help may not be there, may have been long ago, or something else is asked.
_NOT_SO = re.compile(
    r"\?|\b(?:not|no|never|nobody|but|cannot|\w+n't|dont|cant|wont|didnt|refus\w+|if|should|can|could|"
    r"do|does|when|how|why|what|which|where|instead|later|tomorrow|last|ago|yesterday|years?|months?|"
    r"weeks?|old|before|again|worse\w*|still|book\w*|appointments?|visit|price|cost|busy|wait\w*|need|"
    r"want|will|pas|jamais|personne|mais|si|demain|hier|dernier\w*|pire|encore|rendez-vous|rdv)\b"
)


def help_is_there(text: str) -> Language | None:
    """The language in which a message says that somebody is with the patient, or was called.

    Returns:
        None when it does not say so plainly, or says more.
    """
    if len(text) > LONGEST:
        return None
    english, french = normalise(text).strip(" .!,"), " ".join(fold(text)[0].split())
    if _NOT_SO.search(english) or _NOT_SO.search(french) or "?" in text:
        return None
    if _ENGLISH.search(english):
        return "en"
    return "fr" if _FRENCH.search(french) else None


def is_at_once(text: str) -> bool:
    """Whether the help that a message says is there is that of an emergency."""
    return bool(_AT_ONCE.search(normalise(text)) or _AT_ONCE.search(fold(text)[0]))
