"""Definitions of class names, and prompt templates that are filled with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mma_desktop.core.class_names import DEFAULT_PROMPT, DICTIONARY_PROMPT, fill_prompt
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.wordnet import definitions
from mma_desktop.engine.prompt_templates import name_features


def test_every_meaning_of_a_name() -> None:
    assert definitions("ketch") == (
        "ketch: a sailing vessel with two masts; the mizzen is forward of the rudderpost",
    )  # fmt: skip
    assert len(definitions("dolphin")) == 2
    assert definitions("Hawksbill_Turtle") == definitions("hawksbill turtle") != ()
    assert definitions("my aunt's garden shed") == ()


def test_a_plural_means_what_its_singular_does() -> None:
    for many, one in (("sunflowers", "sunflower"), ("butterflies", "butterfly"), ("boxes", "box"), ("foxes", "fox")):
        assert definitions(many) == definitions(one) != ()


def test_a_template_with_the_definition_is_filled() -> None:
    assert fill_prompt("a photo of a {definition}.", "cat", "cat: feline") == "a photo of a cat: feline."
    assert fill_prompt("a {}, which is {definition}", "cat", "an animal") == "a cat, which is an animal"


class Encoder:
    """Each text a direction of its own."""

    def __init__(self) -> None:
        self.texts: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            self.texts.setdefault(text, np.eye(32, dtype=np.float32)[len(self.texts)])
        return np.stack([self.texts[text] for text in texts])


def test_the_meanings_count_together_as_one_template() -> None:
    encode = Encoder()
    ketch, dolphin, unknown = name_features(["ketch", "dolphin", "xyzzy"], DICTIONARY_PROMPT, encode)
    texts = encode.texts
    assert len(texts) == 3 + 1 + 2

    def mean(*parts: np.ndarray) -> np.ndarray:
        whole = np.sum(parts, axis=0)
        return whole / np.linalg.norm(whole)

    meaning = [texts[f"a photo of a {one}."] for one in definitions("dolphin")]
    plain = {name: texts[f"a photo of a {name}."] for name in ("ketch", "dolphin", "xyzzy")}
    np.testing.assert_allclose(
        ketch, mean(plain["ketch"], texts[f"a photo of a {definitions('ketch')[0]}."]), atol=1e-6
    )
    np.testing.assert_allclose(dolphin, mean(plain["dolphin"], (meaning[0] + meaning[1]) / 2), atol=1e-6)
    np.testing.assert_allclose(unknown, plain["xyzzy"], atol=1e-6)


def test_a_name_without_a_definition_has_its_bare_self() -> None:
    encode = Encoder()
    name_features(["xyzzy"], "a photo of a {definition}.", encode)
    assert list(encode.texts) == ["xyzzy"]


def test_the_starter_knows_a_ketch_by_its_definition() -> None:
    backbone = load_backbone("starter", "cpu", None)
    boat = backbone.encode_texts(["a photo of a sailing boat."])[0]
    plain, defined = (
        name_features(["ketch"], template, backbone.encode_texts)[0] for template in (DEFAULT_PROMPT, DICTIONARY_PROMPT)
    )
    assert defined @ boat > plain @ boat + 0.2
