"""Webhooks that were signed and then changed: no provider ever sent one of these."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs

from faults.webhook_storm import SMS, Delivery

SIGNATURES = ("x-twilio-signature", "x-hub-signature-256")
Mutation = Callable[[Delivery, random.Random], Delivery]


def mutants(one: Delivery, count: int, dice: random.Random) -> Iterator[Delivery]:
    """So many different changes of a signed request, each of which breaks its signature.

    Args:
        one: As it was signed.
        count: How many.
        dice: Draws the changes.
    """
    while count:
        changed = dice.choice(MUTATIONS)(one, dice)
        if _means_something_else(one, changed):
            yield changed
            count -= 1


def _means_something_else(one: Delivery, changed: Delivery) -> bool:
    """Twilio signs what a form says, not how it is spelled: "+" and "%20" are the same."""
    if one.headers != changed.headers:
        return True
    if one.path != SMS:
        return one.body != changed.body
    return _form(one.body) != _form(changed.body)


def _form(body: bytes) -> object:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True)
    except ValueError:
        return None
    return {name: sorted(set(values)) for name, values in fields.items()}


def _flip(one: Delivery, dice: random.Random) -> Delivery:
    body = bytearray(one.body)
    body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    return replace(one, body=bytes(body))


def _cut(one: Delivery, dice: random.Random) -> Delivery:
    return replace(one, body=one.body[: dice.randrange(len(one.body))])


def _insert(one: Delivery, dice: random.Random) -> Delivery:
    place, junk = dice.randrange(len(one.body)), dice.randbytes(dice.randint(1, 40))
    return replace(one, body=one.body[:place] + junk + one.body[place:])


def _append(one: Delivery, dice: random.Random) -> Delivery:
    added = dice.choice([b"&From=%2B15550001111", b"&Body=x", b" ", b"&%00=%FF", b"}", b"&a"])
    return replace(one, body=one.body + added)


def _junk(one: Delivery, dice: random.Random) -> Delivery:
    return replace(one, body=dice.randbytes(dice.randrange(4_000)))


def _signature(one: Delivery, dice: random.Random) -> Delivery:
    (name,) = (name for name in SIGNATURES if name in one.headers)
    value = one.headers[name]
    place = dice.randrange(len(value))
    other = dice.choice([c for c in "ABCabc019+/=" if c != value[place]])
    changed = dice.choice(
        [value[:place] + other + value[place + 1 :], value[:place], value + other, "", "sha256="]
    )
    return replace(one, headers={**one.headers, name: changed})


def _unsigned(one: Delivery, dice: random.Random) -> Delivery:
    kept = {name: value for name, value in one.headers.items() if name not in SIGNATURES}
    return replace(one, headers=kept)


MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _insert, _append, _junk, _signature, _unsigned)
