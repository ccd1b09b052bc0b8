"""Many patients at once by SMS and Messenger, their providers repeating themselves, over HTTP."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from fakes.provider_api import ProviderFake
from fakes.webhooks import batch_of, messenger_event, signed_form, signed_json, sms_fields

from bot.storage.sealing import KeyRing

PUBLIC_URL = "https://faq.clinic.example"
SMS, MESSENGER = "/webhooks/sms", "/webhooks/messenger"
SAID = (
    "does it hurt?",
    "ça fait mal? 😀",
    "疼吗",
    "how much is it & do you take visa + cash",
    "are you open saturday 🙏🏽",
    "does acupuncture help sciatica…",
    "👍",
    "can i park there?\nand the bus?",
)
IN_FLIGHT = 40
BATCH = 10


@dataclass(frozen=True)
class Delivery:
    """One request, signed.

    Attributes:
        path: Where to.
        body: Every byte.
        headers: With the signature.
        ids: Of the messages in it, as the provider names them.
    """

    path: str
    body: bytes
    headers: dict[str, str]
    ids: tuple[str, ...]


@dataclass
class Storm:
    """What is delivered, and how it was answered."""

    port: int
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    async def deliver(self, session: aiohttp.ClientSession, one: Delivery, tries: int = 1) -> int:
        """Delivers once; with more tries, again until it is taken."""
        status = 0
        for _ in range(tries):
            began = time.perf_counter()
            try:
                url = f"http://127.0.0.1:{self.port}{one.path}"
                async with session.post(url, data=one.body, headers=one.headers) as response:
                    await response.read()
                    status = response.status
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
                continue
            self.statuses[status] += 1
            self.seconds.append(time.perf_counter() - began)
            if status < 300:
                break
            await asyncio.sleep(0.2)
        return status

    async def run(self, patients: Sequence[Sequence[Delivery]], copies: int, tries: int) -> None:
        """Each patient's messages in order, all patients at once, and every message again.

        Args:
            patients: The deliveries of each, in the order in which they were written.
            copies: Each is delivered one to so many times.
            tries: For the first delivery of each.
        """
        room = asyncio.Semaphore(IN_FLIGHT)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def again(one: Delivery) -> None:
                await asyncio.sleep(random.uniform(0, 2))
                async with room:
                    await self.deliver(session, one, tries)

            async def write(deliveries: Sequence[Delivery]) -> None:
                repeated = []
                for one in deliveries:
                    async with room:
                        first = asyncio.ensure_future(self.deliver(session, one, tries))
                        twins = range(random.randint(0, copies - 1))
                        repeated += [asyncio.ensure_future(again(one)) for _ in twins]
                        await first
                await asyncio.gather(*repeated)

            await asyncio.gather(*map(write, patients))


def texts(patients: int, each: int) -> list[list[Delivery]]:
    """Texts of so many patients, with repeated and empty fields."""
    return [[a_text(who, number) for number in range(each)] for who in range(patients)]


def batches(patients: int, each: int) -> list[list[Delivery]]:
    """Messenger batches of ten events each, from two patients in two entries."""
    found = []
    for who in range(0, patients, 2):
        events = [
            messenger_event(f"90{who + number % 2:04d}", _say(number), f"m_{who}_{number}", number)
            for number in range(2 * each)
        ]
        cut = [events[start : start + BATCH] for start in range(0, len(events), BATCH)]
        found.append([_batch(part) for part in cut])
    return found


def a_text(who: int, number: int) -> Delivery:
    """A signed text of one patient; the same numbers are the same text."""
    message_id = f"SM{who:016x}{number:016x}"
    fields = sms_fields(f"+1780{5550000 + who}", _say(number), message_id)
    # Twilio repeats a field when a patient's phone does, and sends many of them empty.
    fields += [("MediaContentType0", ""), ("Tag", "b"), ("Tag", "a"), ("Tag", "b")]
    body, headers = signed_form(f"{PUBLIC_URL}{SMS}", fields)
    return Delivery(SMS, body, headers, (message_id,))


def _batch(events: Sequence[dict[str, object]]) -> Delivery:
    body, headers = signed_json(batch_of(*events, entries=2))
    ids = tuple(str(dict(event["message"])["mid"]) for event in events)  # type: ignore[call-overload]
    return Delivery(MESSENGER, body, headers, ids)


def _say(number: int) -> str:
    return SAID[number % len(SAID)]


@dataclass(frozen=True)
class Outcome:
    """What became of all messages.

    Attributes:
        lost: Ids that were taken and have no reply, or were never taken.
        doubled: Letters that left more often than once.
        disordered: Conversations whose replies left in another order than their messages came.
    """

    lost: list[str]
    doubled: list[str]
    disordered: list[str]


def outcome(database: Path, keys: KeyRing, api: ProviderFake, ids: Sequence[str]) -> Outcome:
    """Reads the database, and what the providers got."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT message_id, id FROM inbox WHERE status = 'done'")
        row_of = dict(rows.fetchall())
        letters = connection.execute(
            "SELECT idempotency_key, conversation_id, provider_id, body FROM outbox ORDER BY id"
        ).fetchall()
    replied = {int(key.split("/")[1]) for key, _, name, _ in letters if name and "reply/" in key}
    bodies = [keys.open("outbox.body", body) for *_, body in letters]
    told = [who.partition(":")[2] for _, who, _, _ in letters]
    kept = Counter(zip(told, bodies, strict=True))
    sent = Counter((one.to, one.text) for one in api.sent)
    return Outcome(
        lost=[one for one in ids if row_of.get(one) not in replied],
        doubled=[to for (to, text), times in sent.items() for _ in range(times - kept[to, text])],
        disordered=_disordered([(who, name) for _, who, name, _ in letters], len(api.sent)),
    )


def _disordered(letters: Sequence[tuple[str, str]], count: int) -> list[str]:
    """Conversations of which the provider got a later letter first, by the names it gave."""
    place_of = {f"SM{place:032x}": place for place in range(1, count + 1)}
    place_of |= {f"m_{place}": place for place in range(1, count + 1)}
    places: dict[str, list[int]] = {}
    for who, name in letters:
        if name in place_of:
            places.setdefault(who, []).append(place_of[name])
    return [who for who, order in places.items() if order != sorted(order)]
