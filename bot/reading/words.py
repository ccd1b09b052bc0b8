"""The words of days and times: their classes, their spellings and the form each is known by."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)

# Other spellings, and the French words for days; a spelling one letter away from a long name is
# found without being listed.
_SPELLINGS = {
    "monday": "mon lundi",
    "tuesday": "tue tues tuseday teusday tuesdy mardi",
    "wednesday": "wed weds wednes wensday wendsday wednsday wensdays mercredi",
    "thursday": "thu thur thurs thusday thrusday thurday jeudi",
    "friday": "fri firday fryday fridy vendredi",
    "saturday": "sat satur saterday satuday samedi",
    "sunday": "sun dimanche",
    "january": "jan",
    "february": "feb",
    "march": "mar",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sep sept",
    "october": "oct",
    "november": "nov",
    "december": "dec",
    "today": "tday aujourd'hui",
    "tonight": "tonite",
    "tomorrow": "tommorow tommorrow tomoro tomrow tmrow tmrw tmr tmrrw tmrws tomorrows moro demain",
    "yesterday": "yest",
    "morning": "mornings morn mornin matin",
    "afternoon": "afternoons aft afternoon's",
    "evening": "evenings evening's soir",
    "night": "nights nite",
    "weekday": "weekdays",
    "weekend": "weekends wknd wkend wkends wknds",
    "week": "weeks wk wks",
    "day": "days",
    "month": "months",
    "hour": "hours hr hrs",
    "until": "till til 'til untill",
    "through": "thru",
    "around": "about approx approximately roughly",
    "early": "earlier beginning start",
    "middle": "mid",
    "late": "later end",
    "the": "da",
    "lunch": "lunchtime",
    "dinner": "supper",
    "noon": "midday",
    "year": "years year's",
    "christmas": "xmas christmas's",
    "easter": "easter's",
    "labour": "labor",
}
_CANONICAL = {other: word for word, others in _SPELLINGS.items() for other in others.split()}
_LONG = (*WEEKDAYS[:4], "saturday", *(m for m in MONTHS if len(m) > 6), "tomorrow", "afternoon")  # noqa: PLR2004
_GUESSED = range(7, 11)

_NEGATORS = (
    "not no never except excluding unless avoid cannot can't cant isn't isnt won't wont don't dont "
    "doesn't doesnt aren't arent wouldn't wouldnt away busy but"
)
SETS: dict[str, str] = {
    "WEEKDAY": " ".join(WEEKDAYS),
    "MONTH": " ".join(MONTHS),
    "NUMWORD": " ".join(NUMBERS),
    "ORDWORD": " ".join(ORDINALS),
    "SUFFIX": "st nd rd th",
    "AMPM": "am pm a.m p.m a.m. p.m.",
    "NEAR": "today tonight tomorrow yesterday",
    "UNIT": "day week month",
    "PERIOD": "week month weekend",
    "PART": "morning afternoon evening night",
    "WHICH": "this next coming last past following every each",
    "EDGE": "early middle late",
    "NOON": "noon",
    "BUSY": "work school lunch dinner class classes",
    "NEGATOR": _NEGATORS,
    "WEEKPART": "weekday weekend daytime",
    "HOLIDAY": (
        "christmas boxing easter thanksgiving victoria canada labour remembrance reconciliation "
        "heritage family civic louis islander nunavut natal discovery jean baptiste"
    ),
    "OTHER": "yesterday thing o'clock oclock ish new good half quarter",
}


def words(listed: str) -> frozenset[str]:
    """The words of a list as one reads it."""
    return frozenset(listed.split())


@lru_cache(maxsize=8192)
def canonical(word: str) -> str:
    """The form under which a word is known: ``tmrw`` gives ``tomorrow``."""
    lower = word.lower().replace("\u2019", "'")
    known = _CANONICAL.get(lower)
    if known is None and lower.rstrip("s").isalpha() and len(lower) in _GUESSED:
        known = next((w for w in _LONG if OSA.distance(lower, w, score_cutoff=1) <= 1), None)
    if known is None and is_plural_day(lower):
        known = canonical(lower[:-1])
    return known or lower


def is_plural_day(word: str) -> bool:
    """Whether a word is a weekday in the plural: "mondays", "thurs" is not."""
    lower = word.lower()
    if not lower.endswith("s") or lower in _CANONICAL:
        return False
    return _CANONICAL.get(lower[:-1], lower[:-1]) in WEEKDAYS
