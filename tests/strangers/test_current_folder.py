"""The folder a command is started from may hold anything: nothing of it is imported, no settings are read from it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from mma_desktop.core import paths
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.backbones.starter import starter_fingerprint
from mma_desktop.engine.methods.adapter import build_adapter
from mma_desktop.services.batch.sharding import shard
from tests.programs import ROOT, START, UNCOMPILED, environment, python
from tests.services.shard_fakes import job_for, make_pictures, shards_of

# What libraries would import if it were there, beside all that is installed here.
OPTIONAL = """
sitecustomize usercustomize pandas tensorflow jax cupy apex triton deepspeed flash_attn wandb ray IPython
ipykernel sentencepiece accelerate bitsandbytes datasets evaluate optimum peft kenlm pynvml psutil dotenv
orjson simplejson chardet cchardet brotli zstandard cryptography OpenSSL certifi requests httpx socks
pythonnet win32api cffi numba h5py cv2 dill torch_xla intel_extension_for_pytorch pytorch_lightning
tensorboard olefile defusedxml lxml colorama pyarrow_hotfix tzdata greenlet psycopg2 pyqtgraph_site PyQt5
PyQt6 PySide2 OpenGL torchaudio torchtext
"""
# `python -m` imports these before it has read a line of ours.
OF_RUNPY = {
    "importlib", "warnings", "contextlib", "collections", "keyword", "operator", "reprlib", "functools", "types",
    "mma_desktop",
}  # fmt: skip


class Trapped:
    """A folder of traps with some pictures, and commands that are started from it."""

    def __init__(self, place: Path, pictures: Path) -> None:
        self.folder, self.marker, self.home = place / "here", place / "marker", place / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.start = place / "bin" / "mma-desktop"
        self.start.parent.mkdir()
        self.start.write_text(START)
        names = {*sys.stdlib_module_names, *packages_distributions(), *OPTIONAL.split(), "mma_desktop"}
        self.names = set(filter(str.isidentifier, names))
        for name in self.names:
            self.set_trap(name)
        (self.folder / "matplotlibrc").write_text("text.usetex: True\nsavefig.dpi: 1\n")
        (self.folder / "alembic.ini").write_text("[alembic]\nscript_location = /nowhere\n")
        (self.folder / "qt.conf").write_text("[Paths]\nPlugins = /nowhere\n")
        (self.folder / ".env").write_text("HF_HUB_OFFLINE=0\nTORCH_LOGS=nonsense\n")
        for name in ("balloon", "banana", "umbrella"):
            (self.folder / "pictures" / name).mkdir(parents=True)
            for path in sorted((pictures / name).iterdir())[:4]:
                shutil.copy(path, self.folder / "pictures" / name)

    def set_trap(self, name: str) -> None:
        """A module and a package of a name, either of which leaves a mark."""
        trap = f"with open({str(self.marker)!r}, 'a') as marker:\n    marker.write({name!r} + '\\n')\n"
        (self.folder / f"{name}.py").write_text(trap)
        (self.folder / name).mkdir()
        (self.folder / name / "__init__.py").write_text(trap)

    def remove(self, names: Collection[str]) -> None:
        """Take some traps away."""
        for name in self.names & set(names):
            shutil.rmtree(self.folder / name)
            (self.folder / f"{name}.py").unlink()

    def environment(self) -> dict[str, str]:
        return environment(HOME=self.home, PYTHONDONTWRITEBYTECODE="1")

    def run(self, *words: str | Path, start: Sequence[str] = (), code: int = 0) -> str:
        """Run a command from the folder; what it said. No trap may have been sprung."""
        done = python(*(start or [self.start]), *words, cwd=self.folder, env=self.environment())
        assert self.sprung() == [], (words, done.stderr)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout

    def sprung(self) -> list[str]:
        """The traps that were imported."""
        return sorted(set(self.marker.read_text().split())) if self.marker.exists() else []


@pytest.fixture
def trapped(tmp_path: Path, sample_pictures: Path) -> Trapped:
    return Trapped(tmp_path, sample_pictures)


@pytest.fixture(scope="module")
def trapped_once(tmp_path_factory: pytest.TempPathFactory, sample_pictures: Path) -> Trapped:
    return Trapped(tmp_path_factory.mktemp("trapped"), sample_pictures)


@pytest.fixture
def traps(trapped_once: Trapped) -> Trapped:
    """A folder of traps for several tests, none of which was sprung."""
    trapped_once.marker.unlink(missing_ok=True)
    trapped_once.start.write_text(START)
    return trapped_once


def zero_shot(path: Path) -> Path:
    """An adapter of the starter that trained nothing."""
    spec = find_backbone("starter")
    classes = (("balloon", Role.BASE), ("banana", Role.BASE), ("umbrella", Role.NEW))
    header = checkpoint.CheckpointHeader(
        "zero-shot", spec.id, starter_fingerprint(), spec.embed_dim, 30.0, classes, "a photo of a {}.", 1, 0
    )
    checkpoint.save(path, build_adapter(header.method, header.embed_dim, header.logit_scale, {}), header)
    return path


def test_the_traps_work(traps: Trapped) -> None:
    script = traps.folder / "some_script.py"  # given with -c, newer versions of Python import linecache before it
    script.write_text("import pickle, pandas")
    subprocess.run([sys.executable, script], check=True)
    assert {"pandas", "pickle"} <= set(traps.sprung())


def test_shards_of_a_prediction(traps: Trapped) -> None:
    zero_shot(traps.folder / "a.safetensors")
    said = traps.run("predict", "a.safetensors", "pictures", "--out", "out", "--shard-size", "6")
    assert said == "12 pictures classified, 0 with a problem, in 2 shards. See out.\n"
    assert traps.run("shards", "out").endswith("All 2 shards with 12 pictures are there.\n")


def test_doctor_and_what_it_starts(traps: Trapped) -> None:
    assert "platform offscreen" in traps.run("doctor", "--offline")
    traps.run("--window-check")


def test_plots_of_a_benchmark(traps: Trapped, tmp_path: Path) -> None:
    traps.start.write_text(UNCOMPILED)
    traps.run(
        "benchmark", "pictures", "--methods", "zero-shot", "--shots", "2", "--seeds", "1", "--base-fraction", "0.7",
        "--out", tmp_path / "results",
    )  # fmt: skip
    with Image.open(tmp_path / "results" / "base-against-new.png") as plot:
        assert plot.width > 600, "drawn with the settings that lay there"


def test_python_m_imports_nothing_more_than_it_must(traps: Trapped) -> None:
    traps.remove(OF_RUNPY)
    traps.run("--version", start=["-m", "mma_desktop"])
    traps.run("--window-check", start=["-m", "mma_desktop"])
    traps.run("backbones", start=["-m", "mma_desktop"])
    for name in traps.names & OF_RUNPY:
        traps.set_trap(name)


@pytest.mark.slow
def test_an_empty_entry_of_the_import_path_is_no_entry(trapped: Trapped, monkeypatch: pytest.MonkeyPatch) -> None:
    """`export PYTHONPATH=$PYTHONPATH:/some/where` puts the current folder first."""
    asked = [sys.executable, "-c", "import sys; print(*sys.modules)"]
    loaded = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    # What the interpreter has before a line of ours is read.
    trapped.remove({"mma_desktop", "sitecustomize", "usercustomize", *(name.split(".")[0] for name in loaded)})
    monkeypatch.setattr(trapped, "environment", lambda: {**os.environ, "PYTHONPATH": f":{ROOT}"})
    zero_shot(trapped.folder / "a.safetensors")
    trapped.run("predict", "a.safetensors", "pictures", "--out", "out", "--shard-size", "12")


def test_ray_is_not_told_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray puts the folder that is current while it starts on the import path of each worker, before all else."""

    seen: list[Path] = []

    def init(**_options: object) -> None:
        seen.append(Path.cwd())
        raise ConnectionError("seen")

    ray = ModuleType("ray")
    ray.init = init  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setitem(sys.modules, "ray.data", ModuleType("ray.data"))
    shards = shards_of(tmp_path, make_pictures(tmp_path / "pictures", 4))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="No Ray cluster responds at local"):
        shard.run_on_ray(job_for(tmp_path, shards), shards, [1], "local", CancelToken())
    assert seen == [paths.resources_dir()]
    assert Path.cwd() == tmp_path


@pytest.mark.skipif(os.name != "posix", reason="removes the folder it is in")
def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    """What computes for torch would end the process."""
    script = f"import os\nos.mkdir('gone')\nos.chdir('gone')\nos.rmdir('../gone')\n{START}"
    done = python("-c", script, "backbones", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The current folder no longer exists. Change to another one and start again.\n"


@pytest.mark.slow
def test_every_command(trapped: Trapped, tmp_path: Path) -> None:
    """All commands, one after the other on the same project, and the window."""
    few = ("--shots", "2", "--device", "cpu")
    trapped.run("train", "pictures", "--out", "a.safetensors", "--max-epochs", "2", *few)
    trapped.run("evaluate", "a.safetensors", "pictures", "--json", "e.json")
    assert json.loads((trapped.folder / "e.json").read_text())["backbone"] == "starter"
    trapped.run("predict", "a.safetensors", "pictures", "--out", "p.csv")
    trapped.run("predict", "a.safetensors", "pictures")
    trapped.run("predict", "a.safetensors", "pictures", "--out", "out", "--shard-size", "12")
    trapped.run("shards", "out")
    trapped.run("import", "some.mma", "pictures", "--format", "imagefolder")
    for form in ("csv", "imagefolder", "hf", "labelstudio", "fiftyone", "cvat"):
        trapped.run("export", form, "some.mma", f"as-{form}{'.csv' if form == 'csv' else ''}")
    trapped.run("import", "other.mma", "as-csv.csv")
    trapped.run("check", "some.mma")
    trapped.run("backups", "some.mma")
    for form in ("torch-export", *(["onnx"] if _has("onnxruntime") else [])):
        trapped.run("export", form, "a.safetensors", tmp_path / form)
    trapped.run("export", "features", "some.mma", "f.safetensors", *few)
    trapped.run("benchmark", "pictures", "--shots", "2", "--seeds", "1", "--methods", "zero-shot,multi-modal-adapter")
    trapped.run("benchmark", "f.safetensors", "--shots", "1", "--seeds", "1", "--methods", "zero-shot", "--out", "b2")
    trapped.run("backbones")
    trapped.run("doctor", "--offline")
    trapped.run("sample", "--headless", tmp_path / "sample")


def _has(package: str) -> bool:
    return package in packages_distributions()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the log where Linux has it")
def test_the_window(trapped: Trapped) -> None:
    trapped.run("import", "some.mma", "pictures", "--format", "imagefolder")
    own = {**trapped.environment(), "XDG_STATE_HOME": str(trapped.home / "state")}
    with subprocess.Popen(
        [sys.executable, str(trapped.start), "some.mma"],
        cwd=trapped.folder, env=own, stderr=subprocess.PIPE, text=True,
    ) as window:  # fmt: skip
        log = trapped.home / "state" / "mma-desktop" / "log" / "mma-desktop.log"
        while window.poll() is None and not (log.exists() and "Backbone starter" in log.read_text("utf-8")):
            with contextlib.suppress(subprocess.TimeoutExpired):
                window.wait(0.2)
        assert window.poll() is None, window.communicate()[1]
        window.kill()  # asked to close, it would ask back while it embeds
    assert trapped.sprung() == []


@pytest.mark.slow
def test_ray(trapped: Trapped) -> None:
    pytest.importorskip("ray", reason="Ray is not installed")
    zero_shot(trapped.folder / "a.safetensors")
    said = trapped.run("predict", "a.safetensors", "pictures", "--out", "out", "--ray", "local", "--shard-size", "6")
    assert "12 pictures classified, 0 with a problem, in 2 shards." in said
