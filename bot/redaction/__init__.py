"""Takes out of a text what tells who wrote it, before staff review it.

Presidio finds and replaces; the recognisers are patterns, the numbering plan of phones, and the
same reader that finds names for the booking form. There is no language model for names: the small
one that can be had from a registry is an upload of somebody else's, takes as much memory as the
rest of this room ten times over, and goes by capital letters, which chats do without. A name that
nobody introduces may therefore stay; it is why the original is not shown either.
"""

from bot.redaction.redactor import Redactor

__all__ = ["Redactor"]
