"""Choosing a device, and going on when one fails."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from mma_desktop.core.errors import UserError
from mma_desktop.engine import device


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    """A machine with the given devices, of which some fail their probe."""

    def build(present: set[str], broken: set[str] = frozenset()) -> None:
        def probe(chosen: torch.device) -> None:
            if chosen.type in broken:
                raise RuntimeError("no kernel image is available\nlots of further text")

        monkeypatch.setattr(device, "available", lambda kind: kind in present)
        monkeypatch.setattr(device, "probe", probe)

    return build


@pytest.mark.parametrize(
    ("present", "broken", "expected"),
    [
        ({"cuda", "mps", "xpu"}, set(), "cuda"),
        ({"mps", "xpu"}, set(), "mps"),
        ({"xpu"}, set(), "xpu"),
        (set(), set(), "cpu"),
        ({"cuda", "xpu"}, {"cuda"}, "xpu"),
        ({"cuda"}, {"cuda"}, "cpu"),
    ],
)
def test_auto_takes_the_first_that_works(machine, present, broken, expected):
    machine(present, broken)
    chosen, messages = device.pick_device("auto")
    assert chosen.type == expected
    assert len(messages) == len(broken)
    for name, message in zip(sorted(broken), messages, strict=True):
        assert name in message
        assert "no kernel image" in message
        assert "further text" not in message


def test_asked_for_and_absent_falls_back_with_a_message(machine):
    machine(set())
    chosen, messages = device.pick_device("cuda:1")
    assert chosen == torch.device("cpu")
    assert "cuda:1" in messages[0]


def test_asked_for_and_broken_falls_back_with_a_message(machine):
    machine({"mps"}, {"mps"})
    chosen, messages = device.pick_device("mps")
    assert chosen == torch.device("cpu")
    assert "mps failed" in messages[0]


def test_index_is_kept(machine):
    machine({"cuda"})
    assert device.pick_device("cuda:1") == (torch.device("cuda:1"), [])


def test_processor_needs_no_message():
    assert device.pick_device("cpu") == (torch.device("cpu"), [])


@pytest.mark.parametrize("name", ["", "gpu", "cuda:x", "cpu:0", "auto:1"])
def test_no_such_device(name):
    with pytest.raises(UserError, match="auto, cuda, mps, xpu, cpu"):
        device.pick_device(name)


def test_probe_tells_what_computes_from_what_does_not(monkeypatch):
    device.probe(torch.device("cpu"))
    with pytest.raises(RuntimeError):
        device.probe(torch.device("meta"))  # it is there, and has no numbers
    monkeypatch.setattr(torch.Tensor, "__matmul__", torch.Tensor.__mul__)
    with pytest.raises(RuntimeError, match=r"16\.0 instead of 64"):
        device.probe(torch.device("cpu"))


def test_threads():
    before = torch.get_num_threads()
    try:
        assert device.set_threads(0) == 1
        assert torch.get_num_threads() == 1
        assert device.set_threads() == max(1, device.usable_cores() - 1)
    finally:
        torch.set_num_threads(before)


def test_all_threads_are_those_of_the_cores_or_of_the_environment(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert device.all_threads() == device.usable_cores()
    for asked, threads in (("3", 3), ("2,1", 2), ("0", 1), ("many", device.usable_cores())):
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
        assert device.all_threads() == threads


def test_waiting_threads_sleep():
    env = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    code = "import os, mma_desktop.engine, sys; print(os.environ['OMP_WAIT_POLICY'], 'torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["PASSIVE", "False"]
