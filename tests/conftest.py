"""Shared fixtures: an offscreen Qt, folders of the test's own, the optional data beside the checkout."""

from __future__ import annotations

import gc
import math
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).parent))  # it has to be there, and stays as it is
# A hundred programs that tests start, and the workers, need not compile the same source again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if workers := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
    # Workers with a thread of torch for each core fight over the cores, which costs up to twice the processor time.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // int(workers))))
MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK):
    runs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # some tests start what they write
    if runs and shutil.disk_usage(MEMORY).free > 4 << 30:
        # A disk takes milliseconds for each commit of SQLite and for each file that is removed.
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores interrupts, and so would the programs that tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)

LONGEST = (
    "services/test_python_snippets.py",
    "services/test_same_everywhere.py",
    "services/test_none_of_these.py",
    "engine/test_training.py",
    "services/test_headless_sources.py",
    "services/test_reads.py",
    "services/test_set_apart.py",
    "strangers/test_refusing_machines.py",
    "test_cli.py",
    "test_cli_train.py",
    "test_cli_folders.py",
    "strangers/test_streams.py",
    "ui/test_whole_job.py",
    "ui/test_whole_exports.py",
    "ui/test_start.py",
    "engine/test_export_model.py",
    "strangers/test_current_folder.py",
    "engine/test_open_clip_backbone.py",
    "engine/test_starter.py",
    "engine/test_on_processor.py",
    "engine/test_bad_input.py",
    "test_doctests.py",
    "test_cli_export.py",
    "strangers/test_network.py",
    "strangers/test_special_files.py",
    "strangers/test_absurd_weights.py",
    "services/test_every_method.py",
    "services/test_names_doctor.py",
    "services/test_sample.py",
    "disk/test_full_disk.py",
    "store/test_store_restoring.py",
    "chaos/test_kills.py",
    "test_contributing.py",
)
"""The files that take longest come first, so that no worker begins one when the others are about to end."""
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See `LONGEST`; a worker is given a file at a time, in this order."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_collection_finish() -> None:
    collect_for_good()


def collect_for_good() -> None:
    """What is left, such as imported modules, stays: later collections need not look at it, half a second each."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real photographs and real CLIP features; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the data for trials (../shared/data) is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache folder of all tests: what the starter works out once (its text features) need not be done again."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own for thousands of homes: pytest looks through all its folders before it makes one."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def own_folders(homes: Path, cache_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own settings, cache, log or documents."""
    home = Path(tempfile.mkdtemp(dir=homes))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_DOCUMENTS_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(scope="module", autouse=True)
def memory_given_back() -> Iterator[None]:
    """What a file's tests leave in circles, and what the C library keeps of it: hundreds of megabytes in some."""
    from mma_desktop.core.idle import call_glibc

    yield
    collect_for_good()
    call_glibc("malloc_trim", 0)


@pytest.fixture(scope="session")
def warm_starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Who loads the starter gets the one of all tests (see the module `warm_starter`); the value is the true way.

    What reads names in other languages is kept as well, as its files take two seconds to read.
    """
    from mma_desktop.engine.backbones import languages, loading

    from .warm_starter import warm_load

    load, own = loading.load_backbone, tmp_path_factory.getbasetemp()
    rows = (own.parent if workers else own) / "rows"
    rows.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_backbone", warm_load(load, rows))
        patch.setattr(languages.encoder, "_seconds", 3600.0)  # private: as in `warm_starter`
        yield load


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch runs the network: compiling it takes seconds."""
    from mma_desktop.engine.backbones.backbone import Backbone

    monkeypatch.setattr(Backbone, "compiled", False)


@pytest.fixture
def as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another format to export a whole classifier in, "module": tracing takes seconds."""
    from mma_desktop.engine.export.runtimes import FORMATS

    from .as_it_is import MODULE

    monkeypatch.setitem(FORMATS, MODULE.id, MODULE)


@pytest.fixture
def untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole classifier is written as it is, whatever the format is called, and compared with 12 pictures."""
    from mma_desktop.engine.export.runtimes import FORMATS
    from mma_desktop.services.predicting import classifier

    from .as_it_is import AsItIs

    monkeypatch.setattr(classifier, "IMAGES_COMPARED", 4)

    for form in tuple(FORMATS.values()):
        monkeypatch.setitem(FORMATS, form.id, AsItIs(*astuple(form)))


@pytest.fixture(scope="session")
def sample_pictures(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """Sample pictures: 12 class folders of 24, whose shipped features are in the cache of all tests."""
    from mma_desktop.core.events import CancelToken
    from mma_desktop.core.paths import APP
    from mma_desktop.core.types import STARTER_ID
    from mma_desktop.engine.backbones.backbone_table import find_backbone
    from mma_desktop.engine.features.feature_cache import as_stored
    from mma_desktop.engine.features.shared_cache import SharedCache
    from mma_desktop.services.images.sample_project import copy_sample, shipped_features

    (name, hashes, rows), dim = shipped_features(), find_backbone(STARTER_ID).embed_dim
    shared = SharedCache(cache_home / APP / "embeddings" / f"{name}-f32", rows.shape[1], dim, math.inf)
    shared.append(hashes, as_stored(rows, dim))
    return copy_sample(tmp_path_factory.mktemp("sample") / "pictures", 24, CancelToken())


@pytest.fixture(scope="session")
def made_sample(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """The project that `sample` makes. Copy before opening."""
    from mma_desktop.core.events import CancelToken
    from mma_desktop.services.images.sample_project import make_sample

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        return make_sample(tmp_path_factory.mktemp("made") / "sample.mma", CancelToken())


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass in which no job gives a sign of life."""
    from mma_desktop.core import events

    passed = [0.0]
    monkeypatch.setattr(
        events,
        "time",
        SimpleNamespace(perf_counter=time.perf_counter, monotonic=lambda: time.monotonic() + sum(passed)),
    )
    return passed.append


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """A test that leaves a thread of ours running fails."""
    before = set(threading.enumerate())
    yield
    ours = [t for t in threading.enumerate() if t not in before and t.name.startswith("mma-")]
    for thread in ours:
        thread.join(5)
    left = [t.name for t in ours if t.is_alive()]
    assert not left, f"threads left running: {left}"
