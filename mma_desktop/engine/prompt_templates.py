"""Prompt templates: ensembles, and a small library. Does not import torch.

The library's templates are verbatim those that CLIP's authors published for the data sets named in `PromptSet.source`
(Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", section 3.1.4; the lists
are in data/prompts.md and the ImageNet notebook of their repository): the whole list of the data set, or if `source`
says so a part of it, for which they give no figure. They never use "an": "a photo of a accordion." is how they were
published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core import class_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.engine.backbones.backbone_table import unit
from mma_desktop.engine.backbones.wordnet import definitions

Features = NDArray[np.float32]


def name_features(names: Sequence[str], template: str, encode: Callable[[Sequence[str]], Features]) -> Features:
    """(C, D) unit text features of class names.

    For an ensemble, the mean of the unit features of its templates, normalised again (section 3.1.4: averaged in the
    embedding space, so classifying images costs no more than with one template).

    A template with `{definition}` is filled with each meaning of the name in the dictionary (`backbones.wordnet`), and
    the mean of these prompts counts as one template; for a name that is not in the dictionary the template is skipped.

    Where several texts are read for a name (`split_readings`), the feature is the mean of theirs, normalised again. To
    this the name in its own language is added (`FOREIGN`), which is no prompt, and the sum is normalised.

    Args:
        names: (C,) what is read for the classes.
        template: One prompt template, or several, one per line (`split_templates`).
        encode: Computes (N, D) unit features of N texts.

    Returns:
        With one template, exactly what `encode` returns for its prompts, bit for bit.

    Raises:
        UserError: There are too many templates, or one is too long or not UTF-8, or a name is not.
    """
    strange = next((name for name in names if not class_names.is_text(name)), "")
    if trouble := class_names.unfit_templates(template) or (strange and class_names.unfit_name(strange)):
        raise UserError(trouble)
    texts = [class_names.split_readings(class_names.shown_reading(name)) for name in names]
    features = _text_features([text for group in texts for text in group], template, encode)
    if len(features) != len(names):
        parts = np.split(features, np.cumsum([len(group) for group in texts])[:-1])
        means = [part[0] if len(part) == 1 else unit(part.astype(np.float64).mean(0)) for part in parts]
        features = np.stack(means).astype(np.float32)
    foreign = {
        at: text
        for at, name in enumerate(names)
        if (text := class_names.split_readings(name)[-1]).startswith(class_names.FOREIGN)
    }
    if foreign:
        features[list(foreign)] = unit(features[list(foreign)] + encode(list(foreign.values())))
    return features


def _text_features(names: Sequence[str], template: str, encode: Callable[[Sequence[str]], Features]) -> Features:
    """As `name_features`, where each name has a single text."""
    templates = class_names.split_templates(template)
    if len(templates) == 1 and class_names.DEFINITION not in template:
        return encode([class_names.fill_prompt(templates[0], name) for name in names])
    each = [[texts for line in templates if (texts := prompts_of(line, name))] or [[name]] for name in names]
    flat = encode([text for groups in each for texts in groups for text in texts]).astype(np.float64)
    rows, at = np.zeros((len(names), flat.shape[-1]), np.float64), 0
    for row, groups in enumerate(each):
        for texts in groups:
            rows[row] += flat[at : at + len(texts)].mean(0) / len(groups)
            at += len(texts)
    return unit(rows).astype(np.float32)


def prompts_of(template: str, name: str) -> list[str]:
    """The prompts for a name from one template: a single one, or one per meaning."""
    if class_names.DEFINITION not in template:
        return [class_names.fill_prompt(template, name)]
    return [class_names.fill_prompt(template, name, meaning) for meaning in definitions(name)]


@dataclass(frozen=True, slots=True)
class PromptSet:
    """Templates for one kind of images. `source` is the data set they were published for."""

    id: str
    title: str
    templates: tuple[str, ...]
    source: str

    @property
    def text(self) -> str:
        """As a prompt template: one template per line."""
        return "\n".join(self.templates)


def _with_a_and_the(*templates: str) -> tuple[str, ...]:
    """Each template with "a", then each with "the", as in the published lists."""
    return (*templates, *(template.replace("a {}", "the {}") for template in templates))


LIBRARY: tuple[PromptSet, ...] = (
    PromptSet("photo", later("Photo"), (class_names.DEFAULT_PROMPT,), "Pascal VOC 2007"),
    PromptSet(
        "dictionary",
        later("Photo and dictionary"),
        tuple(class_names.DICTIONARY_PROMPT.splitlines()),
        later("Pascal VOC 2007, and the names' definitions in WordNet"),
    ),
    PromptSet(
        "photo-7",
        later("Photo, 7 ways"),
        (
            "itap of a {}.",
            "a bad photo of the {}.",
            "a origami {}.",
            "a photo of the large {}.",
            "a {} in a video game.",
            "art of the {}.",
            "a photo of the small {}.",
        ),
        later("ImageNet, the subset of 7 ('itap': I took a picture)"),
    ),
    PromptSet(
        "satellite",
        later("Satellite"),
        (
            "a centered satellite photo of {}.",
            "a centered satellite photo of a {}.",
            "a centered satellite photo of the {}.",
        ),
        "EuroSAT",
    ),
    PromptSet(
        "texture",
        later("Texture"),
        _with_a_and_the(
            "a photo of a {} texture.", "a photo of a {} pattern.", "a photo of a {} thing.", "a photo of a {} object."
        ),
        "Describable Textures",
    ),
    PromptSet("food", later("Food"), ("a photo of {}, a type of food.",), "Food-101"),
    PromptSet("pet", later("Pet"), ("a photo of a {}, a type of pet.",), "Oxford Pets"),
    PromptSet("flower", later("Flower"), ("a photo of a {}, a type of flower.",), "Flowers-102"),
    PromptSet("aircraft", later("Aircraft"), _with_a_and_the("a photo of a {}, a type of aircraft."), "FGVC Aircraft"),
    PromptSet(
        "sketch",
        later("Sketch"),
        (
            "a sketch of a {}.",
            "a sketch of the {}.",
            "a drawing of a {}.",
            "a drawing of the {}.",
            "a doodle of a {}.",
            "a doodle of the {}.",
        ),
        later("ImageNet, the six of its templates that are about drawings"),
    ),
)


def find_set(template: str) -> PromptSet | None:
    """The library's set with exactly these templates, in any order."""
    wanted = frozenset(class_names.split_templates(template))
    return next((known for known in LIBRARY if frozenset(known.templates) == wanted), None)


def in_words(template: str) -> str:
    """A prompt template in one line: itself, or an ensemble's size and first template."""
    templates = class_names.split_templates(template)
    if len(templates) == 1:
        return templates[0]
    return tr("{n} template: {first} …", "{n} templates: {first} …", len(templates), first=templates[0])
