"""Messages of patients with what reviewers said of them, as the learning reads them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.learning.evaluation import Case
from bot.review.label import Item, Verdict

OUT_OF_SCOPE = "other/out_of_scope"
# So many messages before one are said again when it is asked of a model.
LEANED_ON = 2


@dataclass(frozen=True)
class Labelled:
    """A labelled message.

    Attributes:
        item: The message, its reply and its label; the label is always there.
        before: What the patient wrote before it, redacted, oldest first.
    """

    item: Item
    before: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What the reviewer said."""
        return self.item.label.verdict if self.item.label else Verdict.IGNORE

    @property
    def right(self) -> str | None:
        """The topic that should have been answered; None where the label does not say."""
        turn, label = self.item.turn, self.item.label
        if label is None:
            return None
        if label.verdict is Verdict.WRONG:
            return label.topic
        if label.verdict is Verdict.NEW:
            # Until there is a card for it, anything else would be a wrong answer.
            return OUT_OF_SCOPE
        if label.verdict is not Verdict.RIGHT or turn.outcome == "clarify":
            return None
        if turn.outcome == "decline":
            return OUT_OF_SCOPE
        return turn.answer or None


def case_of(labelled: Labelled) -> Case | None:
    """The message as it is asked of a model; None where nobody knows what would be right."""
    if labelled.right is None:
        return None
    return Case(labelled.item.turn.text, (labelled.right,), before=labelled.before)
