"""What is told on the page that follows on an action. Only these: an address cannot say more."""

from __future__ import annotations

NOTICES = {
    "signed_out": "You are signed out.",
    "signed_out_everywhere": "You are signed out in every browser.",
    "enrolled": "All is set. Sign in with a new code from your app.",
    "password": "The password is changed. Please sign in again.",
    "few_codes": "You signed in with a recovery code. Make new ones before they run out.",
    "seen": "Marked as seen.",
    "role": "The role is changed.",
    "disabled": "The user is shut out.",
    "enabled": "The user may sign in again.",
    "booking_seen": "Marked as looked at.",
    "booking_proposed": "The time was offered to the patient.",
    "booking_confirmed": "The visit is confirmed, and the patient is told.",
    "booking_declined": "The request is declined, and the patient is told.",
    "booking_cancelled": "The visit is called off, and the patient is told.",
    "read": "Marked as read.",
    "given_back": "The assistant answers again, and the patient is told.",
    "handoff_closed": "Closed. The patient is not told.",
    "labelled_right": "Noted as right.",
    "labelled_wrong": "Noted with the right answer.",
    "labelled_new": "Noted as a new question.",
    "labelled_ignore": "It will not be asked again.",
    "label_undone": "The label is taken back. What is it?",
    "training_started": "The assistant is being trained. Patients are answered as before.",
    "promoted": "The new model is promoted: within seconds it answers.",
    "rolled_back": "The former model is back: within seconds it answers.",
    "draft_kept": "The wording is kept.",
    "draft_approved": "The wording is approved.",
    "review_empty": "Nothing is left to review.",
}

# What kind of reply a message got, as staff read it.
OUTCOME_WORDS = {
    "answer": "Answered",
    "clarify": "Asked back",
    "decline": "Declined",
    "emergency": "911",
    "urgent": "811",
    "crisis": "988",
    "booking": "Booking",
    "handoff": "Wants a person",
    "smalltalk": "Small talk",
    "with_staff": "With staff",
    "failed": "Failed",
    "unknown": "Earlier version",
}

# Why a message is in the review queue, as reviewers read it.
KIND_WORDS = {
    "thumbs_down": "The patient pressed thumbs down",
    "red_flag": "A red flag was raised",
    "declined": "It was declined",
    "clarified": "It was asked back",
    "unsure": "The assistant was not sure",
    "sample": "Drawn at random",
}

# What a patient said is wrong; the web chat says the same.
REASON_WORDS = {
    "other_question": "Not what I asked",
    "unclear": "Hard to understand",
    "incorrect": "Something is not right",
    "something_else": "Something else",
}

VERDICT_WORDS = {
    "right": "Right",
    "wrong": "Wrong",
    "new": "New question",
    "ignore": "Ignored",
}
