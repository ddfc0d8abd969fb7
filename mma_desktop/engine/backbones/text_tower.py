"""A backbone's frozen text encoder for prompt-learning methods, which learn some of its input vectors.

`PLACEHOLDER` marks the position of a learned vector in a text. While the backbone encodes the text as usual, a hook on
the token embedding replaces the placeholders' embeddings by the learned vectors. With the placeholders' own embeddings
the features equal those of `encode_texts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.errors import UserError

# Marks a learned vector in a text.
PLACEHOLDER = "*"

SYMBOLS = ((PLACEHOLDER, "#"), ("x", "y"))
"""Symbol pairs that stand for the placeholder: positions where the tokens of the two symbols differ are placeholders.

The letters are for tokenizers that drop punctuation, such as SigLIP's.
"""

Tokenise = Callable[[Sequence[str]], Tensor]
EncodeTokens = Callable[[Tensor], Tensor]


def cannot_learn(backbone_id: str) -> UserError:
    """The error for a backbone whose text encoder does not support learned vectors."""
    return UserError.tr(
        "The backbone {backbone} cannot learn prompts. Choose another method or another backbone.", backbone=backbone_id
    )


class TextParts(NamedTuple):
    """The parts of a text encoder: module with the token embedding, tokenisation, and encoding of tokens.

    Tokens are ids (N, L) int64 with constant L; features are (N, D), not normalised. `trim` removes padding common to
    all texts, if the encoder does not need it.
    """

    module: nn.Module
    tokenise: Tokenise
    encode: EncodeTokens
    trim: EncodeTokens = nn.Identity()


class FixedTexts(nn.Module):
    """The features of T texts as a traceable function of their learned vectors; made by `TextTower.fixed`."""

    numbers: Tensor
    places: Tensor
    which: Tensor

    def __init__(self, parts: TextParts, embedding: nn.Embedding, numbers: Tensor, places: Tensor) -> None:
        super().__init__()
        self.encoder = parts.module
        self._embedding, self._encode = [embedding], parts.encode  # a list, so that it does not become a submodule
        self.register_buffer("numbers", numbers)
        self.register_buffer("places", places.unsqueeze(-1))
        self.register_buffer("which", (places.cumsum(1) - 1).clamp_min(0))

    def forward(self, context: Tensor) -> Tensor:
        """Unit features (B, T, D) of the texts with each of B contexts (B, n, W) at their placeholders."""
        count, texts = context.shape[0], self.numbers.shape[0]
        vectors = context[:, self.which].flatten(0, 1)
        places = self.places.repeat(count, 1, 1)

        def fill(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
            return torch.where(places, vectors.to(output.dtype), output)

        hook = self._embedding[0].register_forward_hook(fill)
        try:
            features = self._encode(self.numbers.repeat(count, 1))
        finally:
            hook.remove()
        return functional.normalize(features.float(), dim=-1).reshape(count, texts, -1)


class TextTower:
    """A frozen, differentiable text encoder for methods that learn the vectors around the class name.

    Used from one thread at a time, like the backbone. Gradients reach the context only.

    Args:
        backbone_id: For messages.
        parts: The text encoder; its token ids are on the encoder's device.

    Raises:
        UserError: There is no table of token embeddings, or no placeholder symbol is a single token.
    """

    def __init__(self, backbone_id: str, parts: TextParts) -> None:
        self.id = backbone_id
        self._parts = parts
        tables = [module for module in parts.module.modules() if isinstance(module, nn.Embedding)]
        if not tables:
            raise cannot_learn(backbone_id)
        table = max(tables, key=lambda table: table.num_embeddings)  # there are fewer positions and types than tokens
        self._embedding = table
        self.width = table.embedding_dim
        self._mark = table.num_embeddings
        self._symbols, self._own = self._choose_symbols()

    def __deepcopy__(self, memo: dict[int, Any]) -> TextTower:
        # The weights are frozen, so copies of an adapter share them.
        return self

    def _choose_symbols(self) -> tuple[tuple[str, str], int]:
        """Choose symbols that are one token each; also returns the id of the first."""
        probe = f"{PLACEHOLDER} {PLACEHOLDER} {PLACEHOLDER} house ."
        for symbols in SYMBOLS:
            first, second = self._tokens_of_both([probe], symbols)
            places = (first[0] != second[0]).nonzero().flatten().tolist()
            if len(places) == 3 and places[2] - places[0] == 2:
                return symbols, int(first[0, places[1]])
        raise cannot_learn(self.id)

    def _tokens_of_both(self, texts: Sequence[str], symbols: tuple[str, str]) -> tuple[Tensor, Tensor]:
        """Tokenise texts with either symbol, surrounded by spaces so that it is not merged with other characters."""
        first, second = (
            self._parts.tokenise([" ".join(text.replace(PLACEHOLDER, f" {symbol} ").split()) for text in texts])
            for symbol in symbols
        )
        return first.cpu(), second.cpu()

    def tokens(self, texts: Sequence[str]) -> Tensor:
        """Token ids (N, L) int64 on the CPU; the id for placeholders is one past the encoder's last.

        Raises:
            UserError: A text is so long that a placeholder is truncated.
        """
        if not texts:
            return self.tokens([""])[:0]
        first, second = self._tokens_of_both(texts, self._symbols)
        places = first != second
        for text, count in zip(texts, places.sum(1).tolist(), strict=True):
            if count != text.count(PLACEHOLDER):
                words = " ".join(text.replace(PLACEHOLDER, " ").split())
                raise UserError.tr(
                    "{words!r} and {n} context vector do not fit into the {limit} tokens that "
                    "the backbone {backbone} reads. Give the class a shorter name, or learn fewer vectors.",
                    "{words!r} and {n} context vectors do not fit into the {limit} tokens that "
                    "the backbone {backbone} reads. Give the class a shorter name, or learn fewer vectors.",
                    text.count(PLACEHOLDER),
                    words=words,
                    limit=first.shape[1],
                    backbone=self.id,
                )
        return first.masked_fill(places, self._mark)

    def embed(self, text: str) -> Tensor:
        """Token embeddings (n, W) float32 of the words of a text, without special tokens."""
        (row,) = self.tokens([f"{PLACEHOLDER} {text} {PLACEHOLDER}"])
        places = (row == self._mark).nonzero().flatten()
        inner = row[int(places[0]) + 1 : int(places[-1])]
        with torch.no_grad():
            vectors: Tensor = self._embedding(self._plain(inner))
        return vectors.float()

    def encode(self, tokens: Tensor, context: Tensor) -> Tensor:
        """Unit features (N, D) float32 of texts with their placeholders filled.

        Args:
            tokens: (N, L), from `tokens`.
            context: (N or 1, n, W) for the n placeholders of each text, of any floating type and on any device.

        Returns:
            Features on the context's device.

        Raises:
            ValueError: A text does not have n placeholders, or a shape does not fit.
        """
        places = tokens == self._mark
        if context.ndim != 3 or context.shape[0] not in (1, len(tokens)) or context.shape[2] != self.width:
            raise ValueError(f"context must be ({len(tokens)} or 1, n, {self.width}), not {tuple(context.shape)}")
        if not bool((places.sum(1) == context.shape[1]).all()):
            raise ValueError(f"each text needs {context.shape[1]} placeholders")
        device = self._embedding.weight.device
        places = places.to(device)
        vectors = context.to(device).expand(len(tokens), -1, -1)
        filled = False

        def fill(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
            nonlocal filled
            filled = True
            # Row by row, in the order of the vectors; the encoder may have trimmed the padding.
            return output.masked_scatter(places[:, : output.shape[1], None], vectors.to(output.dtype))

        hook = self._embedding.register_forward_hook(fill)
        try:
            features = self._parts.encode(self._parts.trim(self._plain(tokens)))
        finally:
            hook.remove()
        if not filled:
            raise cannot_learn(self.id)
        return functional.normalize(features.float(), dim=-1).to(context.device)

    def fixed(self, tokens: Tensor) -> FixedTexts:
        """The features of these texts (T, L), from `tokens`, as a function of their context."""
        numbers = self._parts.trim(self._plain(tokens))
        places = (tokens == self._mark)[:, : numbers.shape[1]].to(numbers.device)
        return FixedTexts(self._parts, self._embedding, numbers, places)

    def _plain(self, tokens: Tensor) -> Tensor:
        """Token ids known to the encoder, on its device."""
        return tokens.masked_fill(tokens == self._mark, self._own).to(self._embedding.weight.device)
