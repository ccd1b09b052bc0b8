"""What staff review: redacted copies of conversations, made a moment after each turn.

The copies are made beside the turns and not in them: a patient never waits for a redaction, and a
fault in one costs nobody a reply. What a crash interrupts is made up for at the next start.
"""
