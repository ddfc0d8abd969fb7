"""Image features before the visual projection: the backbone's own features after it, and what has none."""

from __future__ import annotations

import numpy as np
import pytest

from mma_desktop.domain import UserError
from mma_desktop.engine.backbones.base import Backbone
from mma_desktop.engine.backbones.projection import no_projection

from .test_text_tower import backbone, folder, starter  # noqa: F401 - the starter and tiny open_clip models


def pictures(size: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (3, size, size, 3), np.uint8)


def test_projected_they_are_the_backbones_features(backbone: Backbone) -> None:  # noqa: F811
    before = backbone.before_projection()
    given = pictures(backbone.image_spec.size)
    found = before.encode_images(given)
    assert found.shape == (3, before.embed_dim) == (3, len(before.matrix))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(before.project(found), backbone.encode_images(given), atol=2e-5)
    assert before.matrix.shape[1] == backbone.embed_dim


def test_the_starter_weighs_a_thousand_class_names(starter: Backbone) -> None:  # noqa: F811
    before = starter.before_projection()
    assert before.matrix.shape == (1000, 384)
    assert (before.encode_images(pictures(224)) >= 0).all()


def test_a_backbone_without_a_matrix_at_its_end_says_so(backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(backbone, "_projection", lambda: None)
    with pytest.raises(UserError, match="does not end in a linear projection"):
        backbone.before_projection()
    assert backbone.id in str(no_projection(backbone.id))
