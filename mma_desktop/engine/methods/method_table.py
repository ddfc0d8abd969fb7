"""The table of methods offered by the window and the command line, and the types of its rows. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mma_desktop.core.class_names import DEFAULT_PROMPT
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.settings import Setting
from mma_desktop.core.types import DEFAULT_METHOD, Recipe, method_id
from mma_desktop.engine.backbones.backbone_table import alternatives, prompt_of

ZERO_SHOT = "zero-shot"
MULTI_MODAL_ADAPTER = "multi-modal-adapter"
QUICK = DEFAULT_METHOD
LINEAR_PROBE = "linear-probe"
# Name of the option that enables a visual head.
VISUAL_HEAD = "visual_head"
# Name of the option that puts the image map of Quick in front.
IMAGE_MAP = "image_map"
# Options of the Multi-Modal Adapter that go together, as `engine/DECISIONS.md` says.
WITH_HEAD = {VISUAL_HEAD: True, IMAGE_MAP: True}
MAX_NUMBER = 2**53  # larger integers are not exact as floats; also rejects infinity and NaN


@dataclass(frozen=True, slots=True)
class Optimiser:
    """The optimiser of a method: everything in its recipe that is not a number in `Recipe`.

    `kind` is "adam", "adamw", "sgd" (with momentum 0.9) or "lbfgs" (a step is one iteration with a line search).
    `schedule` is "constant", or "cosine": from the learning rate to 0 over all steps, updated every step. During the
    first `warm_up` epochs the rate is `WARM_UP_RATE`.
    """

    kind: str = "adam"
    schedule: str = "constant"
    warm_up: int = 0


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """A method.

    Attributes:
        id, title, summary: Its names, and a sentence for users.
        adapter: Its class in this package, as "module.Class".
        source: The publication it follows.
        options: Its options.
        trains: Whether it learns from shots; false for what names alone decide, which `begin` is not called for.
        recipe: Its default recipe. With patience 0 there is no early stopping: all epochs are trained.
        optimiser: Its optimiser.
        sizes: Which `methods.adapter.Sizes` the shapes of its tensors depend on.
        needs_encoder: It learns inputs of the text encoder, so cached text features are not enough.
        needs_projection: It learns the visual projection, so it needs the backbone's.
        left_out: Without test images, it is measured by leave-one-out on its shots, at no extra cost.
        is_probe: It classifies image features only, so only its visual head is fitted.
    """

    id: str
    title: str
    summary: str
    adapter: str
    source: str
    options: tuple[Setting, ...] = ()
    trains: bool = True
    recipe: Recipe = field(default_factory=Recipe)
    optimiser: Optimiser = Optimiser()
    sizes: tuple[str, ...] = ()
    needs_encoder: bool = False
    needs_projection: bool = False
    left_out: bool = False
    is_probe: bool = False

    def sizes_with(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """The dimensions that a trained adapter with these options depends on, including those of a visual head."""
        head = ("classes", "row") if self.has_head(options) else ()
        return tuple(dict.fromkeys((*self.sizes, *(("rank",) if options.get(IMAGE_MAP) else ()), *head)))

    def leaves_out(self, options: Mapping[str, Any]) -> bool:
        """Whether it is measured by leave-one-out with these options, which requires a visual head."""
        return self.left_out and self.has_head(options)

    def has_head(self, options: Mapping[str, Any]) -> bool:
        """Whether it has a visual head with these options."""
        usual = next((option.default for option in self.options if option.name == VISUAL_HEAD), self.is_probe)
        return bool(options.get(VISUAL_HEAD, usual))


FULL_BATCH = 65_536  # all shots in one step


def _penalty(default: float, text: str, high: float) -> Setting:
    return Setting("penalty", default, later("Penalty"), text, high=high)


def _share(default: float) -> Setting:
    return Setting(
        "share",
        default,
        later("Adapted share"),
        later("How much of each embedding is replaced by its adapted version: 0 is zero-shot, 1 the adapter alone."),
        high=1,
    )


def _context(default: int) -> Setting:
    text = later("How many vectors are learned before the class name.")
    return Setting("context", default, later("Context vectors"), text, low=1, high=32)


def _visual_head(default: bool) -> Setting:
    return Setting(
        VISUAL_HEAD,
        default,
        later("Visual head"),
        later(
            "Adds a linear classifier of everything the image encoder sees, for trained classes only. Off trains the "
            "method as it was published."
        ),
    )


METHODS: tuple[MethodSpec, ...] = (
    MethodSpec(
        id=QUICK,
        title=later("Quick"),
        summary=later(
            "What learns while you label: a linear map of image embeddings, held close to what the backbone knows, and "
            "a visual head for the trained classes, both without attention. Trains in a second."
        ),
        adapter="quick.Quick",
        source=later(
            "ProLIP (Fahes et al. 2024: a penalty to the pretrained weights), WiSE-FT (Wortsman et al. 2022: between "
            "the pretrained and the trained weights), AMU-Tuning (Tang et al. 2024: a visual logit bias)"
        ),
        options=(
            _share(0.75),
            _penalty(
                0.1,
                later(
                    "How firmly the map is held at the identity; divided by the shots per class. More "
                    "keeps new classes, less learns more of the base classes."
                ),
                100.0,
            ),
            _visual_head(True),
        ),
        sizes=("rank",),
        recipe=Recipe(learning_rate=1.0, batch_size=FULL_BATCH, weight_decay=0.0, max_epochs=20, patience=0),
        optimiser=Optimiser("lbfgs"),
        left_out=True,
    ),
    MethodSpec(
        id=MULTI_MODAL_ADAPTER,
        title=later("Multi-Modal Adapter (paper)"),
        summary=later(
            "The paper's: a small attention block adapts image and text embeddings together. Learns the "
            "base classes and still takes new class names."
        ),
        adapter="mma.MultiModalAdapter",
        source="Seputis, Mihailov, Chatterjee and Xiao, Multi-Modal Adapter for Vision-Language Models, 2024",
        options=(
            _share(0.2),
            Setting(
                "mask",
                "exclusive",
                later("Attention mask"),
                later(
                    "exclusive: text and image tokens see only each other, as in the paper. additive: "
                    "every token sees every other and the other modality gets a head start of 1, as in "
                    "the authors' released code; slower."
                ),
                choices=(("exclusive", later("Exclusive")), ("additive", later("Additive"))),
            ),
            Setting(
                "adapt_text",
                True,
                later("Adapt text embeddings"),
                later("Off adapts the image embeddings only (the paper's Table 2)."),
            ),
            Setting(
                "down",
                "factorised",
                later("Down-projection"),
                later(
                    "factorised: two small layers, the parameter count the paper reports. single: one layer, as its "
                    "text describes; more parameters. mlp: two layers with an activation between (the paper's Table 3)."
                ),
                choices=(("factorised", later("Factorised")), ("single", later("Single")), ("mlp", "MLP")),
            ),
            Setting(
                "up",
                "mlp",
                later("Up-projection"),
                later("mlp: two layers with an activation between. linear: one layer (the paper's Table 3)."),
                choices=(("mlp", "MLP"), ("linear", later("Linear"))),
            ),
            Setting(
                "block",
                "attention",
                later("Block"),
                later(
                    "attention: multi-head attention alone. transformer: a whole transformer-encoder "
                    "block, slower (the paper's Table 3)."
                ),
                choices=(("attention", later("Attention")), ("transformer", later("Transformer"))),
            ),
            Setting(
                "heads",
                4,
                later("Attention heads"),
                later("Must divide a quarter of the embedding size."),
                low=1,
                high=64,
            ),
            Setting(
                IMAGE_MAP,
                False,
                later("Image map"),
                later(
                    "Images are first moved by the linear map of Quick, and attention learns on top of it. Off trains "
                    "the method as it was published."
                ),
            ),
            _visual_head(False),
        ),
    ),
    MethodSpec(
        id="clip-adapter",
        title="CLIP-Adapter",
        summary=later("A bottleneck on the image embeddings alone, blended with what they were."),
        adapter="small_adapters.ClipAdapter",
        source="Gao et al., CLIP-Adapter: Better Vision-Language Models with Feature Adapters, 2021",
        options=(_share(0.2), _visual_head(False)),
    ),
    MethodSpec(
        id="tip-adapter-f",
        title="Tip-Adapter-F",
        summary=later("Remembers the shots and lets those near an image vote. New classes stay zero-shot."),
        adapter="small_adapters.TipAdapter",
        source="Zhang et al., Tip-Adapter: Training-free CLIP-Adapter for Better Vision-Language Modeling, 2021",
        options=(_visual_head(False),),
        sizes=("classes", "shots"),
        recipe=Recipe(learning_rate=1e-3, batch_size=256, weight_decay=0.01, max_epochs=20, patience=0),
        optimiser=Optimiser("adamw", "cosine"),
    ),
    MethodSpec(
        id="task-res",
        title="TaskRes",
        summary=later("A residual on each base class's text embedding. New classes stay zero-shot."),
        adapter="small_adapters.TaskRes",
        source="Yu et al., Task Residual for Tuning Vision-Language Models, 2023",
        options=(
            Setting("scale", 0.5, later("Residual scale"), later("What the residuals are multiplied by."), high=10),
            _visual_head(False),
        ),
        sizes=("classes",),
        recipe=Recipe(learning_rate=2e-3, batch_size=256, weight_decay=0.0, max_epochs=100, patience=0),
        optimiser=Optimiser(schedule="cosine", warm_up=1),
    ),
    MethodSpec(
        id="clap",
        title="CLAP",
        summary=later(
            "A prototype for each base class, held at its text embedding as firmly as zero-shot is right "
            "about it. New classes stay zero-shot."
        ),
        adapter="small_adapters.Clap",
        source="Silva-Rodriguez et al., A Closer Look at the Few-Shot Adaptation of Large Vision-Language Models, 2024",
        options=(_visual_head(False),),
        sizes=("classes",),
        recipe=Recipe(learning_rate=0.1, batch_size=256, weight_decay=0.0, max_epochs=300, patience=0),
        optimiser=Optimiser("sgd", "cosine", warm_up=1),
    ),
    MethodSpec(
        id="prolip",
        title="ProLIP",
        summary=later("The backbone's own visual projection, fine-tuned and held at its pretrained value."),
        adapter="small_adapters.ProLip",
        source="Fahes et al., CLIP's Visual Embedding Projector is a Few-shot Cornucopia, 2024",
        options=(
            _penalty(1.0, later("Times the squared distance from the pretrained one, a shot."), 1000.0),
            _visual_head(False),
        ),
        sizes=("before", "start"),
        recipe=Recipe(learning_rate=1e-3, batch_size=FULL_BATCH, weight_decay=0.0, max_epochs=300, patience=0),
        optimiser=Optimiser(schedule="cosine"),
        needs_projection=True,
    ),
    MethodSpec(
        id="identity-adapter",
        title=later("Identity adapter"),
        summary=later(
            "A linear map of the image embeddings that starts at the identity and is held there by a penalty."
        ),
        adapter="small_adapters.IdentityAdapter",
        source=later("Fahes et al. 2024, the variant for features after the projection"),
        options=(
            _penalty(1.0, later("Times the squared distance from the identity, a shot."), 1000.0),
            _visual_head(False),
        ),
        recipe=Recipe(learning_rate=1e-3, batch_size=FULL_BATCH, weight_decay=0.0, max_epochs=300, patience=0),
        optimiser=Optimiser(schedule="cosine"),
    ),
    MethodSpec(
        id="coop",
        title="CoOp",
        summary=later("Learns the words before the class name, as vectors in front of the text encoder. Slow."),
        adapter="prompt_learners.CoOp",
        source="Zhou et al., Learning to Prompt for Vision-Language Models, 2022",
        options=(_context(4), _visual_head(False)),
        sizes=("width",),
        recipe=Recipe(learning_rate=2e-3, batch_size=32, weight_decay=5e-4, max_epochs=200, patience=0),
        optimiser=Optimiser("sgd", "cosine", warm_up=1),
        needs_encoder=True,
    ),
    MethodSpec(
        id="cocoop",
        title="CoCoOp",
        summary=later("As CoOp, but the vectors also depend on the image. Very slow: each image has texts of its own."),
        adapter="prompt_learners.CoCoOp",
        source="Zhou et al., Conditional Prompt Learning for Vision-Language Models, 2022",
        options=(_visual_head(False),),
        sizes=("width",),
        recipe=Recipe(learning_rate=2e-3, batch_size=1, weight_decay=5e-4, max_epochs=10, patience=0),
        optimiser=Optimiser("sgd", "cosine", warm_up=1),
        needs_encoder=True,
    ),
    MethodSpec(
        id="proda",
        title="ProDA",
        summary=later("Learns a collection of prompts and treats their text embeddings as a distribution. Slow."),
        adapter="prompt_learners.ProDa",
        source="Lu et al., Prompt Distribution Learning, 2022",
        options=(
            Setting("prompts", 32, later("Prompts"), later("How many prompts are learned."), low=2, high=64),
            _context(16),
            _visual_head(False),
        ),
        sizes=("width",),
        recipe=Recipe(learning_rate=1e-3, batch_size=20, weight_decay=5e-4, max_epochs=15, patience=0),
        optimiser=Optimiser("sgd", "cosine", warm_up=1),
        needs_encoder=True,
    ),
    MethodSpec(
        id=LINEAR_PROBE,
        title=later("Linear probe"),
        summary=later(
            "Logistic regression on the image features, as in Teachable Machine and Lobe, with the penalty chosen by "
            "cross-validation. Reads no class names: the others stay zero-shot."
        ),
        adapter="linear_probe.LinearProbe",
        source=later("Radford et al. 2021, section 3.2; scikit-learn's logistic regression"),
        options=(
            Setting(
                "inverse_penalty",
                0.0,
                later("Inverse penalty"),
                later(
                    "C of the logistic regression: more follows the shots more closely; 0 chooses it by "
                    "cross-validation."
                ),
                high=1e6,
            ),
        ),
        sizes=("before", "start"),
        recipe=Recipe(learning_rate=1.0, batch_size=FULL_BATCH, weight_decay=0.0, max_epochs=1, patience=0),
        is_probe=True,
    ),
    MethodSpec(
        id=ZERO_SHOT,
        title=later("Zero-shot"),
        summary=later("The backbone as it is: nothing is trained, every class is known by its name alone."),
        adapter="adapter.ZeroShot",
        source="Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021",
        trains=False,
    ),
)


def find_method(given: str) -> MethodSpec:
    """The method with this id, today or formerly; UserError, with those there are, most similar first, if none."""
    for spec in METHODS:
        if spec.id == method_id(given):
            return spec
    known = [spec.id for spec in METHODS]
    raise UserError.tr(
        "There is no method called {method!r}. {hint}", method=given, hint=alternatives(given, known, known)
    )


def resolve_options(spec: MethodSpec, options: Mapping[str, Any]) -> dict[str, float | int | bool | str]:
    """All options of the method: the given values, validated, and defaults for the rest.

    Raises:
        UserError: An option is unknown, or a value is not allowed.
    """
    known = {option.name: option for option in spec.options}
    unknown = sorted(set(options) - set(known))
    if unknown:
        takes = tr("It takes {options}.", options=", ".join(known)) if known else tr("It takes none.")
        raise UserError.tr(
            "{method} has no option {options}. {takes}", method=tr(spec.title), options=", ".join(unknown), takes=takes
        )
    return {name: option.check(options[name]) if name in options else option.default for name, option in known.items()}


def training_prompt(method_id: str, backbone_id: str, given: str = "") -> str:
    """The prompt template of a training: the given one, or the backbone's own, for every method alike."""
    # A method that learns its prompts reads none, but what it is compared with, and calibrated by, is zero-shot with
    # the words that its published prompts start from.
    return DEFAULT_PROMPT if find_method(method_id).needs_encoder else given or prompt_of(backbone_id)
