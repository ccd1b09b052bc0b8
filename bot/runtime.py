"""Makes Rasa and its libraries quiet, local and cheap; called before they are first imported."""

from __future__ import annotations

import logging
import os
from pathlib import Path

# No telemetry, no search for a GPU, no oversubscribed cores for matrices of this size.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "2",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
}
# At DEBUG, Rasa logs the patients' messages; at INFO, some of its parts say more than is useful.
LIBRARIES = ("rasa", "matplotlib", "tensorflow", "apscheduler", "sanic.access")
# The OpenBLAS in NumPy's and SciPy's wheels knows processors by their model number, and takes the
# oldest code for one that is newer than itself: matrices five times as slow. What a processor can
# do says which code it can run; the first that fits is taken.
BLAS_KERNELS = (
    ("SKYLAKEX", frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})),
    ("HASWELL", frozenset({"avx2", "fma"})),
)
PROCESSOR = Path("/proc/cpuinfo")


def prepare(cache: Path, log_level: str = "WARNING") -> None:
    """Sets what libraries read from the environment, and the logging of this process.

    Args:
        cache: Where the results of training steps are kept, Rasa's own and the encoder's.
        log_level: For this project's own loggers; the libraries' never go below WARNING.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(cache / "rasa"))
    if kernels := blas_kernels():
        os.environ.setdefault("OPENBLAS_CORETYPE", kernels)
    # Some libraries reset Python's warning filters when they are imported; the log's level holds.
    logging.captureWarnings(True)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("bot").setLevel(log_level)
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    logging.getLogger("sanic.error").addFilter(_without_client_bytes)
    _hush_structlog()


def blas_kernels(processor: Path = PROCESSOR) -> str | None:
    """Name of the fastest OpenBLAS kernels that this processor can run.

    Args:
        processor: Where the system tells of it.

    Returns:
        None where the system does not tell, or no kernels of the list fit: OpenBLAS then chooses.
    """
    try:
        text = processor.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    lines = (line.partition(":")[2] for line in text.splitlines() if line.startswith("flags"))
    flags = frozenset(next(lines, "").split())
    return next((name for name, needed in BLAS_KERNELS if needed <= flags), None)


def _without_client_bytes(record: logging.LogRecord) -> bool:
    """Sanic logs its parser's errors with what the client sent; the kind of error is enough."""
    if record.exc_info and record.exc_info[0]:
        record.msg, record.args = "A request failed: %s", (record.exc_info[0].__qualname__,)
        record.exc_info = record.exc_text = None
    return True


def _hush_structlog() -> None:
    """Rasa also logs through structlog, which prints by itself and knows no level of its own."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
