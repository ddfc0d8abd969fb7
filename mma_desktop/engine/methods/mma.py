"""The Multi-Modal Adapter (Seputis et al. 2024, section 3) in closed form.

Each image has one sequence: C text tokens, then the image token, through down, multi-head attention and up. All images
share the text tokens, so no tensor of size (B, C, D) is needed; see the two masks below. In addition, up ends in a
linear layer and only cosines of its output are needed: these are computed from its D/16 inputs and the inner products
of its columns. The only work at full width D is the zero-shot similarity and one product of features and weights at
either end.

This is exact: the tests compare it, forward and backward, with a plain masked `nn.MultiheadAttention`.

With an image map it is trained behind `quick.Quick`'s: that map is fitted to the shots first and moves the images, and
attention learns by epochs what the map leaves. With a visual head as well, logits z of attention and q of the map are
joined by

    m = (z + q) / 2        z'_c = m_c + (LSE_g q - LSE_g m)        for names c of group g: trained names, or all others

so that attention has a say in which of the trained names it is, and which of the others, and the map alone says which
of the two groups. What was fitted between the groups for the map, the head's balance, then holds for both.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.i18n import tr
from mma_desktop.engine.methods.adapter import Adapter, Start
from mma_desktop.engine.methods.quick import Quick
from mma_desktop.engine.methods.visual_head import MASKED_LOGIT

FEED_FORWARD = 4  # width of the transformer block's feed-forward layer, in multiples of the attention's width
CROSS_MODAL_BONUS = 1.0  # added by the 0/1 mask to the attention logits between text and image tokens
MAP_STEPS = 20  # of L-BFGS, as Quick's recipe
EPS = 1e-12  # minimum norm, as in `functional.normalize`


class _Heads(NamedTuple):
    """Queries, keys and values of N tokens, each (heads, N, E / heads)."""

    query: Tensor
    key: Tensor
    value: Tensor


class _Last(NamedTuple):
    """The last layer of up, m = W g + b, represented by inner products, so that m is never computed.

    A hidden vector g is extended to (g, 1), and W, b to one matrix (D, R + 1); R is D/4 if up has one layer.
    """

    gram: Tensor  # (R + 1, R + 1), inner products of its columns
    on_images: Tensor  # (B, R + 1), the image features times it
    on_texts: Tensor  # (C, R + 1), the text features times it


class MultiModalAdapter(Adapter):
    """Adapts image and text features jointly by attention between them.

    With D = 512 and the defaults it has the paper's 107,712 parameters. `attention` holds its weights under the names
    and shapes of `nn.MultiheadAttention`, and uses its initialisation.

    >>> adapter = MultiModalAdapter(embed_dim=512)
    >>> adapter.parameter_count()
    107712
    >>> adapter(torch.ones(2, 512), torch.eye(512)[:5]).shape
    torch.Size([2, 5])

    Args:
        embed_dim: Size D of the features; D/4 must be an integer divisible by `heads`, and D divisible by 16.
        logit_scale: The backbone's scale s, frozen.
        share: Fraction a of the adapted feature in each output.
        mask: "exclusive" is the paper's (0 between text and image, -inf elsewhere); "additive" adds 1 between text and
            image and masks nothing (the authors' released code).
        adapt_text: False leaves the text features unchanged (the paper's Table 2).
        down: "factorised" is D -> D/16 -> D/4; "single" is D -> D/4; "mlp" is the first with GELU between (Table 3).
        heads: Attention heads.
        up: "mlp" is D/4 -> D/16 -> D with GELU between; "linear" is D/4 -> D (Table 3).
        image_map: True trains it on images that were moved by Quick's map (`sizes.rank`); see the module.
        block: "attention", or "transformer": a transformer-encoder block (`nn.TransformerEncoderLayer` with GELU and a
            feed-forward layer of D) instead of attention alone (Table 3). A text token then depends on image and class,
            so it needs (B, C, D) numbers at a time.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(
        self,
        embed_dim: int,
        logit_scale: float = 100.0,
        *,
        share: float = 0.2,
        mask: str = "exclusive",
        adapt_text: bool = True,
        down: str = "factorised",
        heads: int = 4,
        up: str = "mlp",
        block: str = "attention",
        image_map: bool = False,
    ) -> None:
        super().__init__(embed_dim, logit_scale)
        if embed_dim < 16 or embed_dim % 16:
            raise ValueError(
                tr("the embedding size must be a multiple of {divisor}, not {size}", divisor=16, size=embed_dim)
            )
        width, rank = embed_dim // 4, embed_dim // 16
        if width % heads:
            raise ValueError(
                tr(
                    "{n} head does not divide {width}, a quarter of the embedding size",
                    "{n} heads do not divide {width}, a quarter of the embedding size",
                    heads,
                    width=width,
                )
            )
        self.share, self.mask, self.adapt_text, self.heads = share, mask, adapt_text, heads
        self.up, self.block = up, block
        self.has_map = image_map
        self.quick: Quick | None = None  # made by `begin`, as its rank is that of the shots
        if image_map:
            self.own_temperature = Quick.own_temperature  # the map has put most shots right, which would teach no more
        if down == "single":
            self.down: nn.Module = nn.Linear(embed_dim, width)
        else:
            between = [nn.GELU()] if down == "mlp" else []
            self.down = nn.Sequential(nn.Linear(embed_dim, rank), *between, nn.Linear(rank, width))
        # Used only for its weights; the closed form replaces its forward pass over C + 1 tokens.
        self.attention = nn.MultiheadAttention(width, heads)
        if up == "mlp":
            self.contract, self.expand = nn.Linear(width, rank), nn.Linear(rank, embed_dim)
        else:
            self.expand = nn.Linear(width, embed_dim)
        if block == "transformer":
            self.feed_forward = nn.Sequential(
                nn.Linear(width, FEED_FORWARD * width), nn.GELU(), nn.Linear(FEED_FORWARD * width, width)
            )
            self.first_norm, self.second_norm = nn.LayerNorm(width), nn.LayerNorm(width)

    def reserve(self) -> None:
        if self.has_map:
            self.quick = Quick(self.embed_dim, self.logit_scale, self.sizes).requires_grad_(False)

    def begin(self, start: Start) -> None:
        self.reserve()
        if self.quick is not None:
            self.quick.to(start.images.device).fit(start, MAP_STEPS)

    def balance_head(self, start: Start) -> None:
        if self.quick is not None and self.head is not None and self.left_out_fit is not None:
            self.head.balance.copy_(self.quick.balance(start, self.left_out_fit))

    def below_heads(self, rows: Tensor, inputs: Tensor, codes: Tensor) -> Tensor:
        logits = self.plain(rows, inputs)
        if self.quick is None or self.head is None:
            return logits
        of_map, trained = self.quick.plain(rows, inputs), self.head.match(codes).sum(1) > 0.5
        return within_groups((logits + of_map) / 2, of_map, trained)

    def parameter_count(self) -> int:
        return super().parameter_count() + (0 if self.quick is None else self.quick.image_map.numel())

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of L2-normalised features (method section, equations for T', I' and the logits)."""
        if self.quick is not None:
            images = self.quick.moved(images)
        exclusive, a = self.mask == "exclusive", self.share
        image, text = self._project(images), self._project(texts)
        columns = torch.cat([self.expand.weight, self.expand.bias.unsqueeze(1)], dim=1)
        last = _Last(columns.T @ columns, images @ columns, texts @ columns)
        if exclusive:  # the image token attends to the C text tokens but not to itself: (heads, B, E / heads)
            context = self._scores(image.query, text.key).softmax(-1) @ text.value
        else:
            context = self._image_context_additive(image, text)
        hidden = self._hidden(context, images)
        adapted, length = self._unit_output(hidden, last.gram)
        # I' = (1-a) I + a h_I, represented by its products with I, the texts and the columns of the last layer
        squared_length = (1 - a) ** 2 * images.square().sum(-1) + a**2 * length
        norm = _inverse_root(squared_length + 2 * a * (1 - a) * (adapted * last.on_images).sum(-1)).unsqueeze(-1)
        on_texts = norm * ((1 - a) * (images @ texts.T) + a * (adapted @ last.on_texts.T))
        if not self.adapt_text:
            return self.logit_scale * on_texts
        on_last = norm * ((1 - a) * last.on_images + a * (adapted @ last.gram))
        squares = texts.square().sum(-1)
        if self.block == "transformer":
            cosines, hidden = self._cosines_additive, self._text_block(image, text, texts)
        elif exclusive:
            cosines, hidden = self._cosines_exclusive, self._hidden(image.value, images)
        else:
            cosines, hidden = self._cosines_additive, self._text_hidden(image, text)
        return self.logit_scale * cosines(on_texts, on_last, squares, hidden, last)

    # ---------------------------------------------------------------------------------- shared parts

    def _project(self, features: Tensor) -> _Heads:
        """Down, then the attention's three projections of (N, D) features."""
        projected = functional.linear(self.down(features), self.attention.in_proj_weight, self.attention.in_proj_bias)
        split = projected.view(features.shape[0], 3, self.heads, self.embed_dim // 4 // self.heads).permute(1, 2, 0, 3)
        return _Heads(split[0], split[1], split[2])

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        """Attention logits (heads, M, N) of M queries for N keys."""
        return query / math.sqrt(query.shape[-1]) @ key.transpose(1, 2)

    def _merged(self) -> Tensor:
        """Output projection and first layer of up, merged into one matrix (heads, E / heads, R)."""
        merged = self.attention.out_proj.weight
        if self.up == "mlp":
            merged = self.contract.weight @ merged
        return merged.T.view(self.heads, -1, len(merged))

    def _offset(self) -> Tensor:
        bias = self.attention.out_proj.bias
        return self.contract(bias) if self.up == "mlp" else bias

    def _activate(self, hidden: Tensor) -> Tensor:
        return functional.gelu(hidden) if self.up == "mlp" else hidden

    def _hidden(self, context: Tensor, features: Tensor) -> Tensor:
        """The hidden layer (N, R) of up for contexts (heads, N, E / heads) of N features (N, D)."""
        joined = context.transpose(0, 1).flatten(1)
        if self.block == "transformer":
            return self._after_block(self.down(features) + self.attention.out_proj(joined))
        return self._activate(torch.addmm(self._offset(), joined, self._merged().flatten(0, 1)))

    def _after_block(self, attended: Tensor) -> Tensor:
        """The rest of the transformer block and the hidden layer of up: (…, E) attended tokens to (…, R)."""
        tokens = self.first_norm(attended)
        tokens = self.second_norm(tokens + self.feed_forward(tokens))
        return self._activate(self.contract(tokens)) if self.up == "mlp" else tokens

    @staticmethod
    def _unit_output(hidden: Tensor, gram: Tensor) -> tuple[Tensor, Tensor]:
        """The L2-normalised output of up for its hidden layer (…, R), and its squared length (…).

        The output is represented by (…, R + 1) coordinates for the last layer's columns. The squared length is 1, or 0
        for a zero output.
        """
        coordinates = functional.pad(hidden, (0, 1), value=1.0)
        square = ((coordinates @ gram) * coordinates).sum(-1)
        inverse = _inverse_root(square)
        return coordinates * inverse.unsqueeze(-1), square * inverse.square()

    # ---------------------------------------------------------------------------------- mask "exclusive"

    def _cosines_exclusive(
        self, on_texts: Tensor, on_last: Tensor, squares: Tensor, hidden: Tensor, last: _Last
    ) -> Tensor:
        """cos(I', T') where each text token attends to the image only; `hidden` is (B, R)."""
        # Attention over one key returns its value, so the adapted text h (B, D) is shared by all classes, and both the
        # dot product and the norm of T' = (1-a) T + a h follow from T·I', T·h and h·I'.
        a = self.share
        shared, length = self._unit_output(hidden, last.gram)
        dots = (1 - a) * on_texts + a * (shared * on_last).sum(-1, keepdim=True)
        mixed = (1 - a) ** 2 * squares + a**2 * length.unsqueeze(-1)
        return dots * _inverse_root(mixed + 2 * a * (1 - a) * (shared @ last.on_texts.T))

    # ---------------------------------------------------------------------------------- mask "additive"

    def _image_context_additive(self, image: _Heads, text: _Heads) -> Tensor:
        """The image token attends to the C text tokens, with the bonus, and to itself: (heads, B, E / heads)."""
        to_text = self._scores(image.query, text.key) + CROSS_MODAL_BONUS
        to_itself = (image.query * image.key).sum(-1, keepdim=True) / math.sqrt(image.query.shape[-1])
        weights = torch.cat([to_text, to_itself], dim=-1).softmax(-1)
        return weights[..., :-1] @ text.value + weights[..., -1:] * image.value

    def _text_parts(self, image: _Heads, text: _Heads) -> tuple[Tensor, Tensor]:
        """What a text token attends to: the text part (heads, C, E / heads) and the image's weight (heads, B, C)."""
        # A text token's attention to the text tokens is the same for all images; an image only adds one key. With L the
        # log-sum-exp of the text-to-text logits, the image's weight is w = sigmoid(score + bonus - L), and the context
        # is (1-w) · text part + w · image value.
        among = self._scores(text.query, text.key)
        offered = self._scores(image.key, text.query) + CROSS_MODAL_BONUS
        return among.softmax(-1) @ text.value, torch.sigmoid(offered - among.logsumexp(-1).unsqueeze(1))

    def _text_hidden(self, image: _Heads, text: _Heads) -> Tensor:
        """The hidden layer (B, C, R) of up for each pair of text token and image."""
        # `_merged` is applied to the two parts of a context instead of each pair.
        part, weight = self._text_parts(image, text)
        merged = self._merged()
        from_text = part @ merged  # (heads, C, R)
        from_image = image.value @ merged  # (heads, B, R)
        return self._activate(
            (from_text.sum(0) + self._offset())
            + torch.einsum("hbc,hbr->bcr", weight, from_image)
            - torch.einsum("hbc,hcr->bcr", weight, from_text)
        )

    # ---------------------------------------------------------------------------------- block "transformer"

    def _text_block(self, image: _Heads, text: _Heads, texts: Tensor) -> Tensor:
        """The hidden layer (B, C, R) of up for each pair of text token and image, with the transformer block."""
        outer = self.attention.out_proj
        if self.mask == "exclusive":
            attended = outer(image.value.transpose(0, 1).flatten(1)).unsqueeze(1)  # (B, 1, E)
        else:
            part, weight = self._text_parts(image, text)
            context = torch.lerp(part.unsqueeze(1), image.value.unsqueeze(2), weight.unsqueeze(-1))
            attended = outer(context.permute(1, 2, 0, 3).flatten(2))
        return self._after_block(self.down(texts) + attended)

    def _cosines_additive(
        self, on_texts: Tensor, on_last: Tensor, squares: Tensor, hidden: Tensor, last: _Last
    ) -> Tensor:
        """cos(I', T') where the adapted text depends on image and class; `hidden` is (B, C, R)."""
        a = self.share
        adapted, length = self._unit_output(hidden, last.gram)
        dots = (1 - a) * on_texts + a * torch.einsum("bcr,br->bc", adapted, on_last)
        mixed = (1 - a) ** 2 * squares + a**2 * length
        return dots * _inverse_root(mixed + 2 * a * (1 - a) * torch.einsum("bcr,cr->bc", adapted, last.on_texts))


def within_groups(logits: Tensor, between: Tensor, trained: Tensor) -> Tensor:
    """Logits z' (B, C) of the module, of names that are `trained` (C,) or not: m, and q `between` the groups."""
    shifted = logits
    for group in (trained, ~trained):
        before, after = (
            part.masked_fill(~group, MASKED_LOGIT).logsumexp(1, keepdim=True) for part in (logits, between)
        )
        shifted = torch.where(group, logits + (after - before), shifted)
    return shifted


def _inverse_root(squares: Tensor) -> Tensor:
    """1 / sqrt(squares), with the minimum norm of `functional.normalize`."""
    return squares.clamp_min(EPS**2).rsqrt()
