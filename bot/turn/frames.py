"""How a question on each topic is put, so that "and sundays?" can be made a whole sentence.

Only the classifier reads these sentences; no patient ever does.
"""

from __future__ import annotations

ACUPUNCTURE = "acupuncture"
_CLINIC = "the clinic"
_VISIT = "a visit"

# What "it", "that" or "they" mean after an answer on the topic; acupuncture for all others.
SUBJECTS: dict[str, str] = {
    "faq/added_therapies": "cupping",
    "faq/session_length": _VISIT,
    "faq/how_many_sessions": "a session",
    "faq/what_to_expect": _VISIT,
    "faq/prepare": _VISIT,
    "faq/aftercare": _VISIT,
    "faq/side_effects": "a side effect",
    "faq/needle_fear": "the needle",
    "clinic/practitioner": "the acupuncturist",
    "clinic/hours": _CLINIC,
    "clinic/location": _CLINIC,
    "clinic/contact": _CLINIC,
    "clinic/privacy": "my data",
    "clinic/cancellation_policy": "the cancellation fee",
}

_HELPS = ("does acupuncture help", "with")
_SAFE = ("is acupuncture safe", "with")

# The topic's question, and the word that joins a bare noun to it.
FRAMES: dict[str, tuple[str, str]] = {
    "faq/about_acupuncture": _HELPS,
    "faq/why_it_helps": _HELPS,
    "faq/muscle_tension": _HELPS,
    "faq/circulation": _HELPS,
    "faq/natural_painkillers": _HELPS,
    "faq/nerve_pain": _HELPS,
    "faq/posture": _HELPS,
    "faq/stress_sleep": _HELPS,
    "faq/who_benefits": _HELPS,
    "faq/drug_free": _HELPS,
    "faq/evidence": ("is there research on acupuncture", "for"),
    "faq/what_to_expect": ("what happens at a visit", "with"),
    "faq/does_it_hurt": ("does acupuncture hurt", "in"),
    "faq/session_length": ("how long is a session", "for"),
    "faq/added_therapies": ("do you also do", ""),
    "faq/how_many_sessions": ("how many sessions do i need", "for"),
    "faq/is_it_safe": _SAFE,
    "faq/side_effects": ("are there side effects of acupuncture", "with"),
    "faq/pregnancy": ("is acupuncture safe in pregnancy", "with"),
    "faq/blood_thinners": _SAFE,
    "faq/medical_devices": _SAFE,
    "faq/needle_fear": ("what if i am afraid of needles", "with"),
    "faq/children": ("can they have acupuncture,", ""),
    "faq/medication_changes": ("can i stop my medicine", "with"),
    "faq/prepare": ("before a visit, what about", ""),
    "faq/aftercare": ("after a session, what about", ""),
    "faq/other_treatments": ("can i combine acupuncture", "with"),
    "clinic/practitioner": ("who is the practitioner", "with"),
    "clinic/hours": ("are you open", "on"),
    "clinic/location": ("how do i get to the clinic", "with"),
    "clinic/fees": ("how much is it", "for"),
    "clinic/insurance": ("is acupuncture covered by insurance", "with"),
    "clinic/cancellation_policy": ("do i pay for a missed visit", "with"),
    "clinic/contact": ("how can i contact the clinic", "by"),
    "clinic/privacy": ("what do you do with my data", "with"),
}

# What acupuncture may do for somebody.
BENEFITS = frozenset(topic for topic, frame in FRAMES.items() if frame == _HELPS)
# After one of these, a part of the body is the question whether acupuncture is for that as well.
FOR_SOMEBODY = BENEFITS | {"faq/what_to_expect", "faq/added_therapies", "faq/other_treatments"}
