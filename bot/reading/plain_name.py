"""Messages that are nothing but a name, as the answer to "what name?".

"Grace Kim", "Will Call" and "Stop Jones" are names there, whatever they make one think of; "Stop",
"Direct billing" and "Thank you" are not.
"""

from __future__ import annotations

import re

from bot.reading.words import MONTHS, WEEKDAYS, canonical, words

MAX_LENGTH = 80
MAX_WORDS = 4
MAX_SMALL_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")
# One of these makes a sentence. "Will", "May", "Do", "An" and "Hi" may begin a name.
_FUNCTION = words("""
    please pls plz me it now this that these the a is are was am i'm im my mine your yours you i we
    us to for of on at with from and or but if not no don't dont does did can can't cant could would
    should shall have has had need want what when where who why how which whats it's its there here
    some any much many be get give tell say ask about out up so just really very too today tomorrow
    then than as yes he she they someone somebody person everybody
""")
# Alone, or among themselves, these are wishes, questions, greetings or answers.
_TOPICAL = words("""
    stop quit cancel end exit leave skip done help menu start restart back next undo delete
    nothing none nope nah yep yeah yup ok okay k sure maybe perhaps idk dunno lol nvm nevermind
    never mind later wait again same anonymous private hi hello hey hiya bye goodbye thanks
    thank thx ty cheers good morning afternoon evening night bonjour merci salut oui non arret
    human agent operator receptionist staff someone representative doctor nurse talk speak call
    text phone email contact number message question questions info information price prices
    pricing cost costs fee fees rate rates payment pay billing direct insurance covered coverage
    receipt receipts refund deposit free discount tax cash card debit credit hours hour open
    closed closing location address directions parking park bus map entrance accessible elevator
    wheelchair street website online policy cancellation late appointment appointments booking
    book visit visits session sessions request status slot slots reschedule change confirm
    reminder waitlist time times day days date dates week weekend anytime asap soon first second
    returning new patient client acupuncture needle needles cupping heat massage dry needling
    physio chiro treatment treatments side effects safe safety pregnant pregnancy medication
    medications pacemaker covid fever bleeding thinners hurt hurts hurting hurtful painful pain
    pains sore stiff ache aches aching numb numbness tingling swelling dizzy stress anxiety
    sleep insomnia sciatica arthritis migraine migraines headache headaches tmj injury injured
    posture evidence research studies work works proof back neck shoulder shoulders hip hips
    knee knees leg legs foot feet ankle arm arms elbow wrist hand hands spine disc jaw muscle
    muscles lower upper left right chronic wrong incorrect nobody unknown test testing banana
""")


def is_plain_name(text: str) -> bool:
    """Whether a message is a name and nothing else; unsure ones are not."""
    said = text.strip(" ,!\t\n").split()
    if (
        len(text) > MAX_LENGTH
        or not 1 <= len(said) <= MAX_WORDS
        or not all(map(_WORD.fullmatch, said))
    ):
        return False
    plain = [word.lower().replace("\u2019", "'").strip(".") for word in said]
    if any(word in _FUNCTION for word in plain) or _says_no_name(plain):
        return False
    if all(word[0].isupper() for word in said):
        return len(said) > 1 or not _is_long_day(plain[0])
    named = not any(word in _TOPICAL or _is_day(word) for word in plain)
    return named and len(said) <= MAX_SMALL_WORDS


def is_no_name(text: str) -> bool:
    """Whether nobody is called what a message says: "first", "free parking"."""
    said = [word.strip(" ,.!?").lower() for word in text.split()]
    return bool(said) and all(word in _TOPICAL for word in said)


def has_long_day(text: str) -> bool:
    """Whether a day is written out, as no name is: "Friday", unlike "Thu"."""
    return any(_is_long_day(word.lower()) for word in text.split())


def _says_no_name(plain: list[str]) -> bool:
    """Words of wishes among themselves, with a day or without: "Thu Afternoon", not "Thu"."""
    others = [word for word in plain if not (len(plain) > 1 and _is_day(word))]
    return all(word in _TOPICAL for word in others)


def _is_day(word: str) -> bool:
    return canonical(word) in {*WEEKDAYS, "today", "tomorrow", "tonight", "yesterday"} or (
        word in MONTHS and word not in {"may", "april", "june", "august"}
    )


def _is_long_day(word: str) -> bool:
    """Whether it is a day and no name: "Friday", unlike "Thu", "Sun" and "Sat"."""
    return _is_day(word) and (len(word) > len("sept") or word in {"fri", "wed", "tue", "tues"})
