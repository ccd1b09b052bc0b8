"""What operators can watch at ``/metrics``; never holds an id or a patient's words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()

TURNS = Counter(
    "bot_turns", "Messages answered.", labelnames=("channel", "outcome"), registry=REGISTRY
)
TURN_SECONDS = Histogram(
    "bot_turn_seconds",
    "Time from a message taken to its reply stored.",
    labelnames=("channel",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
RECOVERED = Counter(
    "bot_messages_recovered", "Messages answered after a restart.", registry=REGISTRY
)
REFUSED = Counter(
    "bot_requests_refused", "Requests the guard refused.", labelnames=("code",), registry=REGISTRY
)
LETTERS = Counter(
    "bot_letters",
    "Attempts to send a message, by how they ended.",
    labelnames=("channel", "state"),
    registry=REGISTRY,
)
REPEATED = Counter(
    "bot_letters_repeated",
    "Messages sent again because nobody knows whether they were sent before.",
    labelnames=("channel",),
    registry=REGISTRY,
)
TAKEN = Counter(
    "bot_webhook_messages",
    "Messages that providers delivered, by what became of them.",
    labelnames=("channel", "result"),
    registry=REGISTRY,
)
PHONE_CODES = Counter(
    "bot_phone_codes",
    "Codes asked for and typed to go on by text message.",
    labelnames=("result",),
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "bot_deliveries",
    "Delivery reports from providers.",
    labelnames=("channel", "status"),
    registry=REGISTRY,
)
