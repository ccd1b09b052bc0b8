"""A patient on the web channel: one session, messages in, replies out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from e2e.http_client import HttpClient, Response


@dataclass(frozen=True)
class Reply:
    """All messages that answered one message of the patient."""

    messages: Sequence[Mapping[str, Any]]

    @property
    def ids(self) -> list[str]:
        """Every answer id, in order, once."""
        return list(dict.fromkeys(i for message in self.messages for i in message["answer_ids"]))

    @property
    def text(self) -> str:
        """All words, as one text."""
        return "\n\n".join(message["text"] for message in self.messages)

    @property
    def choices(self) -> dict[str, str]:
        """What choosing each offered title sends."""
        return {c["title"]: c["text"] for message in self.messages for c in message["choices"]}


class Patient:
    """Opens a session of its own."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self.token: str = http.post_json("/webhooks/web/session", {}).json["session"]

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, text: str, message_id: str | None = None) -> Response:
        """Sends a message; the response as it came, refusals included."""
        body = {"text": text, "message_id": message_id or str(uuid4())}
        return self._http.post_json("/webhooks/web/message", body, self.authorization)

    def say(self, text: str, message_id: str | None = None) -> Reply:
        """Sends a message that must be answered."""
        response = self.post(text, message_id)
        assert response.status == 200, response.text
        return Reply(response.json["messages"])

    def history(self) -> list[dict[str, Any]]:
        """The conversation so far, oldest first."""
        response = self._http.get("/webhooks/web/history", self.authorization)
        assert response.status == 200, response.text
        messages: list[dict[str, Any]] = response.json["messages"]
        return messages

    def said(self) -> list[str]:
        """The patient's own messages as the server keeps them, oldest first."""
        return [entry["text"] for entry in self.history() if entry["role"] == "patient"]
