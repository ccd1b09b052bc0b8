"""What all messages share halfway through the encoder, found from ordinary sentences.

The states of a middle layer all point much the same way, which hides how messages differ; their
mean is subtracted (Mu & Viswanath, "All-but-the-Top", 2018). It is taken over sentences of no
particular topic, so that it is the same for every project and known before any of its data.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.nlu.onnx_export import Array, Middle, export_lower

SENTENCES = (
    "what time is it",
    "can you help me with something",
    "i would like to know more about this",
    "how does it work",
    "thank you very much",
    "where are you located",
    "i had a long day at work",
    "is it possible to come tomorrow",
    "my son goes to school by bus",
    "please call me when you can",
    "what should i bring with me",
    "the weather is nice today",
    "how long does it take to get there",
    "i am not sure what to do",
    "do you have this in another size",
    "we went to the lake last weekend",
    "it was better than i expected",
    "could you tell me the price",
    "my knee is a bit stiff in the morning",
    "i will think about it and let you know",
    "who can i talk to about my order",
    "yes that works for me",
    "no i don't need anything else",
    "which one would you recommend",
    "i forgot my password again",
    "play some music in the kitchen",
    "she likes to read before bed",
    "this is the second time i am asking",
    "are there any side effects",
    "what does this word mean",
    "how do i change my address",
    "i have been waiting for twenty minutes",
)


def centre(weights: Mapping[str, Array], tokenizer: Path, layers: int, heads: int) -> Array:
    """The mean of the sentences' mean states, width numbers.

    Args:
        weights: The state dict of a Hugging Face ``BertModel``, float32.
        tokenizer: Its ``tokenizer.json``.
        layers: After how many transformer layers.
        heads: Number of attention heads.
    """
    split = Tokenizer.from_file(str(tokenizer))
    split.no_padding()
    nothing = np.zeros_like(weights["embeddings.LayerNorm.bias"])
    with TemporaryDirectory() as folder:
        graph = Path(folder) / "graph.onnx"
        export_lower(weights, layers, heads, graph, Middle(layers, nothing))
        session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
        means = [_mean_state(session, split.encode(sentence).ids) for sentence in SENTENCES]
    mean: Array = np.mean(means, axis=0, dtype=np.float32)
    return mean


def _mean_state(session: onnxruntime.InferenceSession, ids: list[int]) -> Array:
    feed = {
        "input_ids": np.array([ids], np.int64),
        "attention_mask": np.ones((1, len(ids)), np.int64),
    }
    states: Array = session.run(None, feed)[0][0]
    mean: Array = states[1:].mean(axis=0)
    return mean
