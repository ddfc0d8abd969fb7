"""Table of backbones, and the layout of their rows of image features.

Does not import torch, because the window shows the table before torch is loaded.

Sizes are those of the float32 weights in megabytes (4 bytes per parameter, counted on each open_clip model); the
licence is that of the published weights. What a picture costs was measured with random weights on one core
(`bench_backbones.py`).
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mma_desktop.core.class_names import DEFAULT_PROMPT, DICTIONARY_PROMPT
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import STARTER_ID

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLIP_LOGIT_SCALE = 100.0  # exp(logit scale) that CLIP's training ends at, its upper limit

# Tag of an id such as "ViT-B-32/file": the architecture with weights from the user's own file.
FILE_TAG = "file"

STARTER_LOGIT_SCALE = 30.0
"""exp(logit scale) for the starter, whose similarities have a wider spread than CLIP's.

Zero-shot cross-entropy on caltech-20, at 10, 20, 25, 30, 40: 1.43, 0.85, 0.76, 0.73, 0.74. There with half of the
classes named (16 shots, mean of 5 draws), new and all names at 10, 20, 30: 95.7 and 87.1, 98.0 and 87.8, 98.0 and 88.6
with the default; 89.4 and 65.5, 95.0 and 71.4, 93.2 and 75.3 with the paper's adapter, in 87, 57 and 44 epochs.
"""

# Maximum size of an image's row on disk, in half precision.
ROW_BYTES = 6000


def unit(vectors: NDArray[Any]) -> NDArray[Any]:
    """Vectors (N, D) divided by their lengths."""
    import numpy as np  # not above: commands list backbones without it

    scaled: NDArray[Any] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return scaled


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Layout of a row (width,) of image features.

    The first `embed_dim` numbers are the unit feature that is compared with texts. The rest are *visual features*: what
    else the image encoder extracts. They are used for trained names only.

    Attributes:
        embed_dim: Size D of the shared space.
        width: Length of a row, at least D.
        probe: Start and end of the columns that a linear probe uses: the image encoder's features before any
            projection, of unit length.
    """

    embed_dim: int
    width: int
    probe: tuple[int, int]

    @classmethod
    def plain(cls, embed_dim: int) -> RowLayout:
        """Rows with the shared space only."""
        return cls(embed_dim, embed_dim, (0, embed_dim))


MIDDLE_ONLY = later(
    "Sees the middle square of a picture: one that is more than 1.5 times as long as wide loses its ends."
)


@dataclass(frozen=True, slots=True)
class BackboneSpec:
    """A backbone: a frozen image encoder and text encoder with a shared space of `embed_dim` dimensions.

    `id` is open_clip's "MODEL/PRETRAINED", or a word for a bundled one. `download_mb` is 0 if nothing is downloaded or
    the size is unknown. `repository` is the hub's, of the weights or of what a bundled one was made from; may be empty.
    `prompt` is the default prompt template or ensemble. `middle_only`: it is given the middle square of an image, as it
    was trained. `loader` is the "module.function" here that loads a bundled one for a device, with messages; or empty.
    `core_ms` is how long one core takes for a picture, from its file to its row, and `memory_mb` the most that a
    process takes for it; None if that was not measured.
    """

    id: str
    title: str
    embed_dim: int
    download_mb: int
    licence: str
    source: str
    repository: str = ""
    note: str = ""
    prompt: str = DEFAULT_PROMPT
    middle_only: bool = True
    loader: str = ""
    core_ms: int | None = None
    memory_mb: int | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about it, in the user's language."""
        return tuple(tr(note) for note in (self.note, MIDDLE_ONLY if self.middle_only else "") if note)

    @property
    def model_name(self) -> str:
        """open_clip's name of the model; "" for a bundled one."""
        return self.id.rpartition("/")[0]

    @property
    def pretrained(self) -> str:
        """open_clip's name of the weights, or `FILE_TAG`."""
        return self.id.rpartition("/")[2]

    @property
    def bundled(self) -> bool:
        """Whether the weights are bundled with the program."""
        return bool(self.loader)


_CLIP = (
    BackboneSpec("ViT-B-16/openai", "CLIP ViT-B/16 (OpenAI)", 512, 599, "MIT", "OpenAI",
                 "timm/vit_base_patch16_clip_224.openai", later("The paper's backbone."), core_ms=450, memory_mb=1553),
    BackboneSpec("ViT-B-32/openai", "CLIP ViT-B/32 (OpenAI)", 512, 605, "MIT", "OpenAI",
                 "timm/vit_base_patch32_clip_224.openai", later("The quickest OpenAI CLIP."), core_ms=126,
                 memory_mb=1566),
    BackboneSpec("ViT-L-14/openai", "CLIP ViT-L/14 (OpenAI)", 768, 1711, "MIT", "OpenAI",
                 "timm/vit_large_patch14_clip_224.openai", later("Slow without a GPU."), core_ms=2285, memory_mb=3693),
    BackboneSpec("ViT-B-32/laion2b_s34b_b79k", "CLIP ViT-B/32 (LAION-2B)", 512, 605, "MIT", "LAION",
                 "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", core_ms=126, memory_mb=1566),
    BackboneSpec("ViT-B-32-256/datacomp_s34b_b86k", "CLIP ViT-B/32 256 px (DataComp)", 512, 605, "MIT", "DataComp",
                 "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K", core_ms=150, memory_mb=1567),
    BackboneSpec("ViT-B-16/datacomp_xl_s13b_b90k", "CLIP ViT-B/16 (DataComp-XL)", 512, 599, "MIT", "DataComp",
                 "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K", core_ms=450, memory_mb=1553),
    BackboneSpec("ViT-L-14/datacomp_xl_s13b_b90k", "CLIP ViT-L/14 (DataComp-XL)", 768, 1711, "MIT", "DataComp",
                 "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K", core_ms=2285, memory_mb=3693),
    BackboneSpec("ViT-B-16-SigLIP/webli", "SigLIP ViT-B/16", 768, 813, "Apache-2.0", "Google",
                 "timm/ViT-B-16-SigLIP", middle_only=False, core_ms=650),
    BackboneSpec("ViT-B-16-SigLIP2/webli", "SigLIP 2 ViT-B/16", 768, 1501, "Apache-2.0", "Google",
                 "timm/ViT-B-16-SigLIP2", later("Class names in many languages."), middle_only=False, core_ms=625),
    BackboneSpec("MobileCLIP-S1/datacompdr", "MobileCLIP S1", 512, 340, "Apple ML Research", "Apple",
                 "apple/MobileCLIP-S1-OpenCLIP", later("Small and quick."), core_ms=122, memory_mb=1069),
    BackboneSpec("MobileCLIP-S2/datacompdr", "MobileCLIP S2", 512, 397, "Apple ML Research", "Apple",
                 "apple/MobileCLIP-S2-OpenCLIP", core_ms=180, memory_mb=1210),
    BackboneSpec("MobileCLIP2-S0/dfndr2b", "MobileCLIP2 S0", 512, 299, "Apple ML Research", "Apple",
                 "timm/MobileCLIP2-S0-OpenCLIP", later("The smallest here."), core_ms=65, memory_mb=1124),
)  # fmt: skip

BACKBONES: tuple[BackboneSpec, ...] = (
    BackboneSpec(
        id=STARTER_ID,
        title=later("Starter (comes with the program)"),
        embed_dim=1280,
        download_mb=0,
        licence="Apache-2.0",
        source=later("EfficientNet-Lite0 and all-MiniLM-L6-v2, joined by kernel regression from names to classifiers"),
        repository="sentence-transformers/all-MiniLM-L6-v2",  # the hub has no image encoder with these weights
        note=later("Works offline at once. Knows the 1,000 ImageNet classes best; the CLIP models know far more."),
        prompt=DICTIONARY_PROMPT,
        middle_only=False,
        loader="starter.load_starter",
        core_ms=37,
        memory_mb=449,
    ),
    *_CLIP,
)

_BY_ID = {spec.id: spec for spec in BACKBONES}
BUNDLED = frozenset(spec.id for spec in BACKBONES if spec.bundled)


def prompt_of(backbone_id: str) -> str:
    """The default prompt template for a backbone; also accepts unknown ids."""
    return _BY_ID[backbone_id].prompt if backbone_id in _BY_ID else DEFAULT_PROMPT


def find_backbone(backbone_id: str) -> BackboneSpec:
    """Look up a backbone id: one in the table, any open_clip "MODEL/PRETRAINED", or "MODEL/file".

    Imports open_clip only for ids outside the table.

    Raises:
        UserError: There is no such backbone; the message lists similar ids.
    """
    if backbone_id in _BY_ID:
        return _BY_ID[backbone_id]
    model_name, _, pretrained = backbone_id.rpartition("/")
    embed_dim, known_weights = model_config(model_name).get("embed_dim", 0), {}
    if embed_dim and pretrained != FILE_TAG:
        known_weights = weights_config(model_name, pretrained)
    if not (embed_dim and (pretrained == FILE_TAG or known_weights)):
        instead = alternatives(backbone_id, [*_BY_ID, *open_clip_ids()], list(_BY_ID))
        raise UserError.tr("There is no backbone '{backbone}'. {instead}", backbone=backbone_id, instead=instead)
    if pretrained == FILE_TAG:
        title = tr("{model} (your own weights file)", model=model_name)
        return BackboneSpec(backbone_id, title, embed_dim, 0, tr("the file's own"), tr("a weights file you pick"))
    source = str(known_weights.get("hf_hub") or known_weights.get("url") or "").rstrip("/")
    cut = known_weights.get("resize_mode", "shortest") == "shortest"
    title = f"{model_name} ({pretrained})"
    return BackboneSpec(backbone_id, title, embed_dim, 0, tr("see its publisher"), source, middle_only=cut)


# open_clip is imported on the first query: it brings in torchvision and transformers, 170 MB that users of the starter
# do not need.


def model_config(model_name: str) -> dict[str, Any]:
    """A copy of an architecture's configuration; empty if open_clip does not know it, or would ask the hub for it."""
    import open_clip

    hub = model_name.partition(":")[0] in {"hf-hub", "local-dir"}
    return {} if hub else open_clip.get_model_config(model_name) or {}


def weights_config(model_name: str, pretrained: str) -> dict[str, Any]:
    """Source and preprocessing of published weights; empty if unknown."""
    import open_clip

    return dict(open_clip.get_pretrained_cfg(model_name, pretrained))


def open_clip_ids() -> list[str]:
    """Every "MODEL/PRETRAINED" that open_clip lists."""
    import open_clip

    return [f"{model_name}/{tag}" for model_name, tag in open_clip.list_pretrained()]


def alternatives(asked: str, known: Sequence[str], usual: Sequence[str]) -> str:
    """What to choose in place of a name that is not known: those that are alike, or the usual ones."""
    folded = {name.casefold(): name for name in known}
    near = [folded[match] for match in difflib.get_close_matches(asked.casefold(), folded, n=3, cutoff=0.4)]
    if not near:
        return tr("Choose one of: {names}.", names=", ".join(usual))
    *others, last = near
    if not others:
        return tr("Did you mean {name}?", name=last)
    return tr("Did you mean {names} or {last}?", names=", ".join(others), last=last)
