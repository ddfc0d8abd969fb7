"""A Debian package from the one-folder build.

    python packaging/linux/build_deb.py dist/mma-desktop OUT

Needs dpkg-deb, and PySide6 and Pillow for the icons. DEBFULLNAME and DEBEMAIL say who makes it. The program goes to
/opt/mma-desktop with its own Python and libraries; the package asks the system for what Qt loads from it, and registers
the command with its man page, the menu entry, the icons and the type of a project. `lint_deb.sh` checks it.
"""

from __future__ import annotations

import datetime
import gzip
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
import icons  # noqa: E402 - packaging/icons.py

APP = icons.APP
HOME = "https://github.com/mma-desktop/mma-desktop"
METAINFO = "io.github.mma_desktop.mma_desktop.metainfo.xml"
# What Qt's xcb and wayland plugins load from the system; everything else is in the folder.
DEPENDS = (
    "libc6",
    "libegl1",
    "libgl1",
    "libfontconfig1",
    "libdbus-1-3",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
)
CONTROL = """Package: {app}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: {depends}
Section: science
Priority: optional
Homepage: {home}
Description: train an image classifier from a few photos a class
 Drop folders of pictures on the window, type class names, label about 16
 pictures a class, and a small adapter over a frozen image-and-text model is trained in
 seconds. It predicts trained classes and classes that were only typed.
 Everything stays on the machine.
"""
COMPLETIONS = {
    "bash": f"bash-completion/completions/{APP}",
    "zsh": f"zsh/vendor-completions/_{APP}",
    "fish": f"fish/vendor_completions.d/{APP}.fish",
}
"""Where each shell looks for completions, below `/usr/share`."""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: mma-desktop
Source: https://github.com/mma-desktop/mma-desktop

Files: *
Copyright: 2026 The mma-desktop contributors
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0. Libraries in
 /opt/mma-desktop carry their own licences beside them.

Files: opt/mma-desktop/_internal/resources/starter/vocabulary.safetensors
Copyright: 2006 Princeton University, 2000-2019 Kevin Atkinson, 2004-2026 Unicode, Inc.
License: WordNet and SCOWL and Unicode-3.0
 The first two let it be used, copied and passed on with this notice; the third is beside it,
 in LICENSE-Unicode.txt.

Files: opt/mma-desktop/_internal/pillow_heif.libs/*
Copyright: 2017-2026 the authors of libheif, libde265 and x265
License: LGPL-3+ and GPL-2+
 libheif and libde265: /usr/share/common-licenses/LGPL-3, x265:
 /usr/share/common-licenses/GPL-2. Their source is at https://github.com/strukturag
 and https://bitbucket.org/multicoreware/x265_git.
"""


def version() -> str:
    """The program's version."""
    found: dict[str, str] = {}
    exec((ROOT / "mma_desktop" / "version.py").read_text(encoding="utf-8"), found)
    return found["__version__"]


def maintainer() -> str:
    """Who made the package: a name and the address that Debian demands, as Debian's own tools find them.

    The contributors have no common address, and an account's would be somebody's.
    """
    name = os.environ.get("DEBFULLNAME") or "The mma-desktop contributors"
    return f"{name} <{os.environ.get('DEBEMAIL') or 'noreply@github.com'}>"


def metainfo(moment: datetime.date) -> str:
    """The AppStream description of this release."""
    number = version()
    text = (HERE / METAINFO).read_text(encoding="utf-8")
    kind = "development" if number.startswith("0.") else "stable"
    return text.replace("@VERSION@", number).replace("@DATE@", moment.isoformat()).replace("@TYPE@", kind)


def lay_out(build: Path, root: Path) -> None:
    """Put the build, the command, the menu entry, icons and types below a root folder, as they lie on a system."""
    share = root / "usr" / "share"
    shutil.copytree(build, root / "opt" / APP, symlinks=True)
    command = root / "usr" / "bin" / APP
    command.parent.mkdir(parents=True)
    command.symlink_to(f"/opt/{APP}/{APP}")
    icons.write_all(share / "icons")
    for name in (f"{APP}-1024.png", f"{APP}.ico", f"{APP}.icns"):
        (share / "icons" / name).unlink()
    for source, target in (
        (HERE / f"{APP}.desktop", share / "applications" / f"{APP}.desktop"),
        (HERE / f"{APP}.xml", share / "mime" / "packages" / f"{APP}.xml"),
    ):
        target.parent.mkdir(parents=True)
        shutil.copyfile(source, target)
    about = share / "metainfo" / METAINFO
    about.parent.mkdir()
    about.write_text(metainfo(datetime.date.today()), encoding="utf-8")
    writer = HERE.parent / "man_page.py"
    manual = share / "man" / "man1" / f"{APP}.1.gz"
    manual.parent.mkdir(parents=True)
    subprocess.run([sys.executable, writer, manual], check=True)
    for shell, place in COMPLETIONS.items():
        script = share / place
        script.parent.mkdir(parents=True)
        completion = [sys.executable, "-m", "mma_desktop", "completion", shell]
        script.write_bytes(subprocess.run(completion, check=True, capture_output=True, cwd=HERE.parents[1]).stdout)
    overrides = share / "lintian" / "overrides" / APP
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(HERE / "lintian-overrides", overrides)
    papers = share / "doc" / APP
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(COPYRIGHT, encoding="utf-8")
    moment = datetime.datetime.now(datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    change = f"{APP} ({version()}) unstable; urgency=low\n\n  * See the project's history.\n\n"
    change += f" -- {maintainer()}  {moment}\n"
    (papers / "changelog.gz").write_bytes(gzip.compress(change.encode(), 9, mtime=0))


def build(source: Path, out: Path) -> Path:
    """Make the package; returns its path."""
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        root = Path(temporary) / APP
        lay_out(source, root)
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        control = CONTROL.format(
            app=APP,
            version=version(),
            architecture=architecture,
            maintainer=maintainer(),
            home=HOME,
            kilobytes=size // 1024,
            depends=", ".join(DEPENDS),
        )
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        for path in root.rglob("*"):
            if not path.is_symlink():
                runs = os.access(path, os.X_OK) and ".so" not in path.suffixes  # a library is loaded, not run
                path.chmod(0o755 if path.is_dir() or runs else 0o644)
        target = out / f"{APP}_{version()}_{architecture}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", root, target], check=True)
    return target


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    print(build(Path(sys.argv[1]), folder))
