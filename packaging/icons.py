"""The program's icon in every size and format that systems want, from the one drawing `resources/icons/app.svg`.

    python packaging/icons.py OUT

writes OUT/hicolor/SIZExSIZE/apps/mma-desktop.png, the drawing itself, a document icon for projects, mma-desktop.ico and
mma-desktop.icns. Needs PySide6 and Pillow, no screen.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

APP = "mma-desktop"
DRAWING = Path(__file__).resolve().parent.parent / "resources" / "icons" / "app.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
MIME_ICON = "application-x-mma-desktop"
PAGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<path d="M13 3h28l13 13v42a3 3 0 0 1-3 3H13a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z" fill="#f4f5fb" stroke="#8a90b0"
 stroke-width="2"/>
<path d="M41 3v13h13" fill="none" stroke="#8a90b0" stroke-width="2"/>
<g transform="translate(16 24) scale(.5)">{app}</g></svg>
"""


def drawing() -> str:
    """The icon as SVG text."""
    return DRAWING.read_text(encoding="utf-8")


def document() -> str:
    """The icon of a project: the program's on a page, as SVG text."""
    inside = drawing()
    return PAGE.format(app=inside[inside.index(">") + 1 : inside.rindex("</svg>")])


def render(svg: str, size: int, path: Path) -> None:
    """Write an SVG text as a square PNG of so many pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise OSError(f"{path} could not be written")


def write_all(out: Path) -> None:
    """Write every icon below a folder."""
    for size in SIZES:
        place = out / "hicolor" / f"{size}x{size}"
        render(drawing(), size, place / "apps" / f"{APP}.png")
        render(document(), size, place / "mimetypes" / f"{MIME_ICON}.png")
    scalable = out / "hicolor" / "scalable"
    for name, svg in ((f"apps/{APP}.svg", drawing()), (f"mimetypes/{MIME_ICON}.svg", document())):
        (scalable / name).parent.mkdir(parents=True, exist_ok=True)
        (scalable / name).write_text(svg, encoding="utf-8")
    largest = out / f"{APP}-1024.png"
    render(drawing(), 1024, largest)
    with Image.open(largest) as picture:
        picture.save(out / f"{APP}.ico", sizes=[(size, size) for size in (16, 24, 32, 48, 64, 128, 256)])
        picture.save(out / f"{APP}.icns")


def for_this_system() -> str | None:
    """The icon file that PyInstaller puts into a program here; Linux knows none."""
    ending = {"win32": "ico", "darwin": "icns"}.get(sys.platform)
    if ending is None:
        return None
    out = Path(tempfile.mkdtemp())
    write_all(out)
    return str(out / f"{APP}.{ending}")


def info_plist(version: str) -> dict[str, Any]:
    """What macOS is told: the version, and its documents (folders ending in .mma)."""
    kind = "io.github.mma_desktop.project"
    return {
        "CFBundleShortVersionString": version,
        "LSMinimumSystemVersion": "12.0",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "MMA Desktop project",
                "CFBundleTypeRole": "Editor",
                "LSItemContentTypes": [kind],
                "LSHandlerRank": "Owner",
                "LSTypeIsPackage": True,
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": kind,
                "UTTypeDescription": "MMA Desktop project",
                "UTTypeConformsTo": ["com.apple.package"],
                "UTTypeTagSpecification": {"public.filename-extension": ["mma"]},
            }
        ],
    }


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
