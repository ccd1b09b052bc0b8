"""Who types a command, and what more than one verb tells them; no verb of its own."""

from __future__ import annotations

import getpass
import os

UNSETTLED = (
    "The rows are gone, but the database was too busy to empty its write-ahead log, where their "
    "old pages still are: run `bot db purge` when it is quieter."
)


def account() -> str:
    """The name of the account, for the log; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
