"""Choice of the device for the models, and limits on threads."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.i18n import tr

log = logging.getLogger(__name__)

Step = TypeVar("Step")
Result = TypeVar("Result")

AUTO_ORDER = ("cuda", "mps", "xpu")
DEVICE_NAMES = ("auto", *AUTO_ORDER, "cpu")


def available(kind: str) -> bool:
    """Whether torch supports this type of device ("cuda", "mps", "xpu", "cpu") and finds one."""
    if kind == "cpu":
        return True
    if kind == "mps":
        return torch.backends.mps.is_available()
    module = getattr(torch, kind, None)
    return module is not None and bool(module.is_available())


def probe(device: torch.device) -> None:
    """Run a small computation on the device and read back the result; RuntimeError if it does not work."""
    ones = torch.ones(4, 4, device=device)
    total = float((ones @ ones).sum().item())
    if total != 64.0:
        raise RuntimeError(f"a test sum came back as {total} instead of 64")


def pick_device(name: str = "auto") -> tuple[torch.device, list[str]]:
    """Choose a device, and report problems for the user.

    Args:
        name: "auto" (the first of cuda, mps, xpu that works, else cpu), or a device such as "cpu" or "cuda:1".

    Returns:
        The device, and messages; empty unless a device failed or the requested one is missing.

    Raises:
        UserError: `name` is not a device name.
    """
    kind, _, index = name.partition(":")
    if kind not in DEVICE_NAMES or (index and not index.isdigit()) or (index and kind in {"auto", "cpu"}):
        raise UserError.tr(
            "There is no device '{device}'. Choose one of: {devices}.", device=name, devices=", ".join(DEVICE_NAMES)
        )
    if kind == "cpu":
        return torch.device("cpu"), []
    messages = []
    for candidate in AUTO_ORDER if kind == "auto" else (name,):
        if not available(candidate.partition(":")[0]):
            if kind != "auto":
                messages.append(
                    tr("This machine has no usable {device} device, so the processor (cpu) is used.", device=candidate)
                )
            continue
        device = torch.device(candidate)
        try:
            probe(device)
        except (RuntimeError, AssertionError, NotImplementedError, OSError) as error:
            log.warning("device %s failed its probe", device, exc_info=True)
            reason = first_line(error)
        else:
            return device, messages
        messages.append(
            tr("The device {device} failed ({reason}), so the next one is used.", device=candidate, reason=reason)
        )
    return torch.device("cpu"), messages


def usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def all_threads() -> int:
    """The number of threads that torch starts with: the usable cores, or `OMP_NUM_THREADS`."""
    asked = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return max(1, int(asked)) if asked.isdecimal() else usable_cores()


def set_threads(count: int | None = None) -> int:
    """Limit torch's threads to `count`, or to one less than the usable cores, for the window; returns the number."""
    threads = max(1, usable_cores() - 1 if count is None else count)
    torch.set_num_threads(threads)
    return threads


@contextmanager
def on_threads(count: int) -> Iterator[int]:
    """Let torch use `count` threads in this Python thread for the duration of the block; gives the number outside."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield before
    finally:
        torch.set_num_threads(before)


def training_threads(*, with_encoder: bool) -> int:
    """How many threads a training takes, the same in the window, in commands and from Python."""
    # The number of threads changes the last digits of sums, which early stopping turns into whole points of accuracy.
    # One is also the fastest on cached features. A training through the text encoder takes what the window leaves.
    return max(1, min(all_threads(), usable_cores() - 1)) if with_encoder else 1
