"""What stands between the internet and a turn.

The order, on every request of a channel: size, then signature or session, then form and sender,
then opt-out, then rate, then duplicate (the inbox). A request refused by one never reaches the
next, and a refusal says which in plain words and nothing about the inside.
"""
