"""CoOp, CoCoOp and ProDA: learn input vectors of the text encoder around the class name.

Each prompt has n vectors of the size W of a token embedding; K is the number of classes.

CoOp (Zhou et al. 2022, section 3.2, unified context at the front). Trained: n vectors, n W numbers (4 · 512 = 2,048
with CLIP ViT-B/32). Initialisation: with 4 vectors, the embeddings of "a photo of a", as for the results that are
quoted for base and new classes (Zhou et al. 2022b, section 4.1; the configuration vit_b16_ctxv1 of the authors); with
another number N(0, 0.02²). Loss: cross-entropy of s · cos(I, g([v_1] ... [v_n] name .)). Optimiser: SGD 2e-3, momentum
0.9, cosine, one warm-up epoch at 1e-5, 200 epochs.

CoCoOp (Zhou et al. 2022b, section 3.2). Trained: 4 vectors and a meta network Linear(D, D/16), ReLU, Linear(D/16, W) of
the image feature, whose output is added to each vector: 4 W + D h + h + h W + W numbers, h = D/16 (35,360 with D = W =
512). Initialisation: the embeddings of "a photo of a"; torch's default for the network. Loss: cross-entropy. Optimiser:
SGD 2e-3, momentum 0.9, cosine, one warm-up epoch, batches of one image, 10 epochs.

ProDA (Lu et al. 2022, section 3). Trained: P collections of n vectors, P n W numbers (32 · 16 · 512 = 262,144).
Initialisation: N(0, 0.02²). The class name follows half of them, is in the middle of a quarter, and precedes a quarter.
Loss: the upper bound of the expected cross-entropy over Gaussian class weights (`upper_bound`), on 4 prompts sampled in
each step, + 0.1 · the mean |cos| between their features without a class name. Optimiser: SGD 1e-3, momentum 0.9,
cosine.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from mma_desktop.core.class_names import fill_prompt
from mma_desktop.core.i18n import tr
from mma_desktop.engine.backbones.text_tower import PLACEHOLDER, TextTower
from mma_desktop.engine.device import on_threads
from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start, ZeroShot
from mma_desktop.engine.methods.visual_head import CODE_LENGTH

STD = 0.02  # of random context vectors, as CoOp has
# Prompts encoded at a time without gradients.
AT_ONCE = 256
AT_ONCE_LEARNING = 64
"""Prompts encoded at a time with gradients: the encoder keeps megabytes of activations for each.

If there are more, they are recomputed in the backward pass (gradient checkpointing).
"""


def places(count: int) -> str:
    """This many placeholders, separated by spaces."""
    return " ".join([PLACEHOLDER] * count)


class PromptLearner(Adapter):
    """Base class of the three: classes are given to `score` as token ids (C, P, L), and a text encoder is attached.

    Args:
        sizes: `width` is W.
        context: Number n of learned vectors in a prompt.

    Attributes:
        context: The vectors, (1 or P, n, W).
        templates: Prompts with `{}` for the class name and a placeholder for each vector.
        tower: The text encoder, see `attach`. Not saved with the adapter.

    Raises:
        ValueError: The width is unknown.
    """

    words: ClassVar[str] = "a photo of a"
    tower: TextTower
    context: nn.Parameter

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, context: int) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        if sizes.width < 1:
            raise ValueError(tr("the size of its text encoder's token embeddings is not known"))
        self.templates: tuple[str, ...] = (f"{places(context)} {{}}.",)

    def attach(self, tower: TextTower) -> None:
        self.__dict__["tower"] = tower  # bypasses nn.Module, so that the encoder's weights are not part of the adapter

    def prompts(self, name: str) -> list[str]:
        """The P prompts of a class, with placeholders. Removes placeholders from the name itself."""
        readable = name.replace(PLACEHOLDER, " ")
        return [" ".join(fill_prompt(template, readable).split()) for template in self.templates]

    def start_from_words(self) -> None:
        """Start from the embeddings of `words`; if the tokenizer yields fewer, the last vectors become zero."""
        vectors = self.tower.embed(self.words)[: self.context.shape[1]]
        with torch.no_grad():
            self.context.zero_()
            self.context[0, : len(vectors)].copy_(vectors)

    def name_inputs(self, names: Sequence[str]) -> Tensor:
        """(C, P L) token ids of its prompts, on the CPU. Raises UserError if a name is too long."""
        tokens = self.tower.tokens([prompt for name in names for prompt in self.prompts(name)])
        return tokens.to(torch.float32).reshape(len(names), len(self.templates) * tokens.shape[1])

    def plain(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """See `Adapter.plain`; `text_features` (C, P L) are from `name_inputs`."""
        return self.score(self.images(image_features), self._numbers(text_features))

    def example_texts(self, texts: Tensor) -> None:
        """None: token ids mean nothing without the text encoder."""

    def _split_codes(self, inputs: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """Inputs and codes of names from `Adapter.fixed`'s; the codes are empty without `row_heads`."""
        # The context is included only with codes: without them, the logit of a name does not depend on others.
        if not self.row_heads:
            return inputs[:count], torch.zeros(count, 0)  # a view of no column cannot be saved by torch.export
        return inputs[:, :-CODE_LENGTH], inputs[:, -CODE_LENGTH:]

    def _numbers(self, inputs: Tensor) -> Tensor:
        """Token ids (C, P, L) int64 from the result of `name_inputs`."""
        count = len(self.templates)
        if inputs.ndim != 2 or inputs.shape[1] % count or not inputs.shape[1]:
            raise ValueError(f"class names must be (C, {count} L) token numbers, not {tuple(inputs.shape)}")
        # They came as float32, like all inputs of adapters, in which token numbers are exact.
        return inputs.round().long().reshape(len(inputs), count, -1)

    def _encode(self, tokens: Tensor, contexts: Tensor, which: Tensor, whose: Tensor) -> Tensor:
        """Unit features (N, D) of N prompts: rows `which` of tokens (T, L) with rows `whose` of contexts (M, n, W)."""
        encode = self.tower.encode
        learning = torch.is_grad_enabled() and contexts.requires_grad
        size = AT_ONCE_LEARNING if learning else AT_ONCE
        parts = [contexts.new_zeros((0, self.embed_dim))]
        for rows, owners in zip(torch.split(which, size), torch.split(whose, size), strict=True):
            if learning and len(which) > size:
                # Activations of one part at a time: those of all prompts would not fit into the memory of a small card.
                again: Tensor = checkpoint(
                    encode, tokens[rows], contexts[owners], use_reentrant=False, preserve_rng_state=False
                )
                parts.append(again)
            elif len(rows):
                parts.append(encode(tokens[rows], contexts[owners]))
        return torch.cat([part.to(contexts.dtype) for part in parts])


class SharedPrompts(PromptLearner):
    """Prompts shared by all images, so that each class has one text feature: logits s · cos(I, t)."""

    # In eval mode without gradients, the text features of the last names are kept; those of other names, other learned
    # vectors (compared by value) or another encoder are worked out anew.

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, prompts: int, context: int) -> None:
        super().__init__(embed_dim, logit_scale, sizes, context=context)
        self.context = nn.Parameter(STD * torch.randn(prompts, context, sizes.width))
        self._cached: tuple[TextTower, Tensor, Tensor, Tensor] | None = None

    @abstractmethod
    def class_features(self, texts: Tensor) -> Tensor:
        """Unit text features (C, D) of token ids (C, P, L)."""

    def fixed(self, inputs: Tensor, count: int) -> nn.Module:
        """See `Adapter.fixed`: zero-shot with the text features of the learned prompts."""
        names, codes = self._split_codes(inputs, count)
        shown = ZeroShot(self.embed_dim, self.logit_scale)
        shown.head, shown.transduction = self.head, self.transduction
        with torch.no_grad(), on_threads(1):
            features = self.class_features(self._numbers(names))
        return shown.fixed(torch.cat([features, codes], dim=1), count)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        return self.logit_scale * images @ self._features(texts).T

    def _features(self, texts: Tensor) -> Tensor:
        if self.training or torch.is_grad_enabled():
            self._cached = None
            return self.class_features(texts)
        if self._cached is not None:
            tower, names, vectors, features = self._cached
            if tower is self.tower and _same(names, texts) and _same(vectors, self.context):
                return features
        with on_threads(1):  # the same digits in the training, in the window and from a file
            features = self.class_features(texts)
        self._cached = (self.tower, texts.clone(), self.context.detach().clone(), features)
        return features


def _same(kept: Tensor, given: Tensor) -> bool:
    return kept.device == given.device and kept.dtype == given.dtype and torch.equal(kept, given)


class CoOp(SharedPrompts):
    """Learned vectors before the class name; see the module, where `context` is n."""

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, context: int = 4) -> None:
        super().__init__(embed_dim, logit_scale, sizes, prompts=1, context=context)

    def begin(self, start: Start) -> None:
        """Start from the words' embeddings if there are as many vectors as words."""
        super().begin(start)
        if self.context.shape[1] == len(self.words.split()):
            self.start_from_words()

    def class_features(self, texts: Tensor) -> Tensor:
        rows = torch.arange(len(texts), device=texts.device)
        return self._encode(texts[:, 0], self.context, rows, torch.zeros_like(rows))


class CoCoOp(PromptLearner):
    """Learned vectors before the class name, shifted for each image; see the module.

    Args:
        embed_dim: Size D of the features, at least 16.
        sizes: `width` is W.
    """

    live_images = batch = 16

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        count = len(self.words.split())
        super().__init__(embed_dim, logit_scale, sizes, context=count)
        hidden = embed_dim // 16
        if hidden < 1:
            raise ValueError(tr("its embeddings have fewer than 16 numbers"))
        self.context = nn.Parameter(torch.zeros(1, count, sizes.width))
        self.meta = nn.Sequential(nn.Linear(embed_dim, hidden), nn.ReLU(), nn.Linear(hidden, sizes.width))

    def begin(self, start: Start) -> None:
        super().begin(start)
        self.start_from_words()

    def contexts(self, images: Tensor) -> Tensor:
        """The vectors (B, n, W) before the names, for L2-normalised image features (B, D)."""
        moved: Tensor = self.context + self.meta(images).unsqueeze(1)
        return moved

    def fixed(self, inputs: Tensor, count: int) -> nn.Module:
        """See `Adapter.fixed`: with the text encoder, which reads every name once per image."""
        names, codes = self._split_codes(inputs, count)
        return _PerImage(self, self.tower.fixed(self._numbers(names)[:, 0]), codes, count)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C): s · cos(I_b, g(context + meta(I_b), name_c))."""
        batch, classes = len(images), len(texts)
        contexts = self.contexts(images)
        pairs = torch.arange(batch * classes, device=texts.device)
        owners = pairs.div(max(1, classes), rounding_mode="floor")
        features = self._encode(texts[:, 0], contexts, pairs % max(1, classes), owners)
        return self.logit_scale * torch.einsum("bd,bcd->bc", images, features.reshape(batch, classes, self.embed_dim))


class _PerImage(nn.Module):
    """Logits (N, `count`) of CoCoOp; `texts` maps its contexts to unit text features (N, C, D)."""

    codes: Tensor

    def __init__(self, adapter: CoCoOp, texts: nn.Module, codes: Tensor, count: int) -> None:
        super().__init__()
        self.adapter, self.texts, self.count = adapter, texts, count
        self.register_buffer("codes", codes)

    def forward(self, rows: Tensor) -> Tensor:
        images = self.adapter.images(rows)
        texts: Tensor = self.texts(self.adapter.contexts(images))
        logits: Tensor = self.adapter.logit_scale * (texts @ images.unsqueeze(-1)).squeeze(-1)
        return self.adapter.with_heads(logits, rows, self.codes)[:, : self.count]


class ProDa(SharedPrompts):
    """A collection of prompts whose text features form a distribution; see the module.

    `prompts` is its P, `context` its n.
    """

    drawn: ClassVar[int] = 4
    apart: ClassVar[float] = 0.1

    def __init__(
        self, embed_dim: int, logit_scale: float, sizes: Sizes, *, prompts: int = 32, context: int = 16
    ) -> None:
        super().__init__(embed_dim, logit_scale, sizes, prompts=prompts, context=context)
        half = context // 2
        middle = f"{places(half)} {{}} {places(context - half)} ."
        self.templates = (f"{places(context)} {{}}.", middle, f"{{}} {places(context)} .")
        quarter = prompts // 4
        self.layout = [0] * (prompts - 2 * quarter) + [1] * quarter + [2] * quarter
        """Index of each prompt's template, of the three."""
        self._bare = f"{places(context)} ."
        self._seed = int(torch.randint(2**62, (), device="cpu"))
        self._draw = torch.Generator(device="cpu").manual_seed(self._seed)

    def begin(self, start: Start) -> None:
        """Reset the sampling of prompts, so that trainings with the same seed are equal."""
        super().begin(start)
        self._draw.manual_seed(self._seed)

    def collection(self, texts: Tensor, chosen: Tensor) -> Tensor:
        """Unit text features (k, C, D) of token ids (C, 3, L) for the prompts with indices `chosen` (k,)."""
        classes, kinds, length = texts.shape
        layout = torch.tensor(self.layout, device=texts.device)[chosen]
        rows = kinds * torch.arange(classes, device=texts.device) + layout.unsqueeze(1)
        owners = chosen.unsqueeze(1).expand_as(rows)
        encoded = self._encode(texts.reshape(-1, length), self.context, rows.flatten(), owners.flatten())
        return encoded.reshape(len(chosen), classes, self.embed_dim)

    def class_features(self, texts: Tensor) -> Tensor:
        """The normalised mean over all prompts."""
        every = torch.arange(len(self.layout), device=texts.device)
        return functional.normalize(self.collection(texts, every).mean(0), dim=-1)

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """Cross-entropy of the upper bound, plus the similarity of the sampled prompts."""
        self._cached = None
        chosen = torch.randperm(len(self.layout), generator=self._draw)[: self.drawn].to(texts.device)
        features = self.collection(self._numbers(texts), chosen)
        logits = self.logit_scale * torch.einsum("bd,kcd->kbc", self.images(images), features)
        loss = functional.cross_entropy(upper_bound(logits, targets), targets, self.class_weights)
        return loss + self.apart * self.likeness(chosen)

    def likeness(self, chosen: Tensor) -> Tensor:
        """Mean |cos| between the features of different prompts without a class name, ()."""
        tokens = self.tower.tokens([self._bare]).to(chosen.device)
        features = self._encode(tokens, self.context, torch.zeros_like(chosen), chosen)
        others = ~torch.eye(len(chosen), dtype=torch.bool, device=chosen.device)
        return (features @ features.T)[others].abs().mean()


def upper_bound(logits: Tensor, targets: Tensor) -> Tensor:
    """Logits whose cross-entropy is an upper bound of the expected one over Gaussian class weights.

    The Gaussian has the mean and covariance of the k prompts' class weights. Lu et al. 2022, section 3: the mean logit
    of class c, plus half the variance of its difference from that of the target y. (The authors' code and its
    derivatives keep only the covariance between equal dimensions and divide by k + 1; here it is complete, divided by
    k.)

    Args:
        logits: z, (k, B, C), one for each prompt.
        targets: y, (B,).

    Returns:
        (B, C): mean_k z_c + 1/2 Var_k(z_c - z_y).
    """
    target_column = targets.reshape(1, -1, 1).expand(len(logits), -1, 1)
    above = logits - logits.gather(2, target_column)
    return logits.mean(0) + 0.5 * above.var(0, correction=0)
