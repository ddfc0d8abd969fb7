"""Images as torch tensors, as `torchvision` reads and transforms them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError


def is_tensor(image: Any) -> bool:
    return isinstance(image, torch.Tensor)


def image_of(tensor: torch.Tensor) -> NDArray[Any]:
    """An image (3, H, W) or (1, H, W), on any device, as an array (H, W, 3) or (H, W, 1) of the same values.

    Raises:
        UserError: It has another shape.
    """
    if tensor.ndim != 3 or tensor.shape[0] not in {1, 3}:
        raise UserError(
            f"A tensor of shape {tuple(tensor.shape)} is not a picture. Give (3, height, width), from 0 to 255 as "
            "uint8 or from 0 to 1 as floating-point numbers."
        )
    values = tensor.detach().cpu()
    # numpy has no bfloat16.
    array: NDArray[Any] = (values.float() if values.is_floating_point() else values).permute(1, 2, 0).numpy()
    return np.ascontiguousarray(array)
