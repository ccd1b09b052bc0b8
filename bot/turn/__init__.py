"""One turn: a patient's message in, a reply out; never silence.

The order is fixed: red flags on the raw text, then understanding, then Rasa's rules and actions.
Whatever fails after the first step, the patient hears either the warning or an apology with the
clinic's phone number.
"""
