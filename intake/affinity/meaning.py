"""What a text means, as a vector: the small language model MiniLM, where its packages are installed.

An optional extra (``requirements-meaning.txt``). It finds texts near each other that share no word. What it found it
cannot say in words, so an explanation tells only what it gave. The forward pass is our own, in numpy: BERT (Devlin et
al., 2019) with 6 layers of 384 numbers and 12 heads (Wang et al., MiniLM, 2020), the mean of the words' vectors made of
length 1 (Reimers and Gurevych, Sentence-BERT, 2019).

Let numpy have one thread (``OPENBLAS_NUM_THREADS=1``): on two busy cores several are far slower. An abstract takes a
tenth of a second or so; the caller keeps the vectors, by ``texts.digest``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from intake.affinity.model import PACKAGE

Vectors = npt.NDArray[np.float32]
WIDTH = 384
LAYERS, HEADS = 6, 12
LONGEST = 256
"""Pieces of words: what follows in a text is not read. The model was trained on no more."""


def vectors(texts: Iterable[str]) -> Iterator[Vectors]:
    """The vector of each text, 384 numbers of length 1, one after the other; zeros for an empty text. Raises:
    ModuleNotFoundError where the packages are not installed."""
    weights, pieces = weights_of(), _pieces()
    for text in texts:
        yield _vector(weights, pieces(text)) if text.strip() else np.zeros(WIDTH, np.float32)


def _folder() -> Path:
    """Where the package keeps the model. The package itself is not imported: it would want far larger ones."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: see requirements-meaning.txt.", name=PACKAGE)
    return Path(spec.submodule_search_locations[0]) / "model"


@cache
def weights_of() -> dict[str, Vectors]:
    """The model's numbers by their names, 90 MB."""
    file = _folder() / "model.safetensors"
    from safetensors.numpy import load_file

    found: dict[str, Vectors] = load_file(file)
    return found


@cache
def _pieces() -> Callable[[str], list[int]]:
    """What makes of a text the numbers of its pieces of words, with the marks of begin and end."""
    file = _folder() / "tokenizer.json"
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return lambda text: list(tokenizer.encode(text).ids)


def _vector(weights: dict[str, Vectors], pieces: list[int]) -> Vectors:
    """The forward pass for one text."""
    state = (
        weights["embeddings.word_embeddings.weight"][pieces]
        + weights["embeddings.position_embeddings.weight"][: len(pieces)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    state = _even(weights, "embeddings.LayerNorm", state)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        seen = _attention(weights, f"{layer}.attention.self", state)
        seen = _linear(weights, f"{layer}.attention.output.dense", seen)
        state = _even(weights, f"{layer}.attention.output.LayerNorm", state + seen)
        thought = _gelu(_linear(weights, f"{layer}.intermediate.dense", state))
        thought = _linear(weights, f"{layer}.output.dense", thought)
        state = _even(weights, f"{layer}.output.LayerNorm", state + thought)
    mean = state.mean(axis=0)
    vector: Vectors = (mean / np.linalg.norm(mean)).astype(np.float32)
    return vector


def _attention(weights: dict[str, Vectors], name: str, state: Vectors) -> Vectors:
    """Every piece of a word looks at all others, in each head by itself."""
    query, key, value = (
        _linear(weights, f"{name}.{part}", state).reshape(len(state), HEADS, -1).transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    looks = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(WIDTH / HEADS))
    looks = np.exp(looks - looks.max(axis=-1, keepdims=True))
    looks /= looks.sum(axis=-1, keepdims=True)
    seen: Vectors = (looks @ value).transpose(1, 0, 2).reshape(len(state), WIDTH)
    return seen


def _linear(weights: dict[str, Vectors], name: str, state: Vectors) -> Vectors:
    moved: Vectors = state @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return moved


def _even(weights: dict[str, Vectors], name: str, state: Vectors) -> Vectors:
    """Layer normalisation (Ba, Kiros and Hinton, 2016)."""
    centred = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    even: Vectors = weights[f"{name}.weight"] * (centred / spread) + weights[f"{name}.bias"]
    return even


def _gelu(state: Vectors) -> Vectors:
    """The activation (Hendrycks and Gimpel, Gaussian error linear units, 2016), exact."""
    shaped: Vectors = state * np.float32(0.5) * (1 + erf(state / np.float32(np.sqrt(2))))
    return shaped
