"""Check that everything a server needs is there, and say the remedy when it is not."""

from __future__ import annotations

import argparse
import asyncio

from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options (it has none)."""


def run(arguments: argparse.Namespace) -> int:
    """Prints one line for each part; fails when one has a fault."""
    from bot.doctor import examine

    findings = asyncio.run(examine(Settings.from_env()))
    for finding in findings:
        print(finding)
    return 1 if any(finding.is_fault for finding in findings) else 0
