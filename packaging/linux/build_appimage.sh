#!/usr/bin/env bash
# An AppImage from the one-folder build:  packaging/linux/build_appimage.sh dist/mma-desktop OUT [PYTHON]
# PYTHON has the program's packages, which the icons and the man page are made with. Lays out OUT/AppDir, and packs it
# where appimagetool is installed (it is a download of its own).
set -euo pipefail
build=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$out/AppDir"
"${3:-python3}" - "$here" "$build" "$out/AppDir" <<'PYTHON'
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import build_deb

build_deb.lay_out(Path(sys.argv[2]), Path(sys.argv[3]))
PYTHON
cd "$out/AppDir"
cp usr/share/applications/mma-desktop.desktop .
cp usr/share/icons/hicolor/256x256/apps/mma-desktop.png .
rm usr/bin/mma-desktop
ln -s ../../opt/mma-desktop/mma-desktop usr/bin/mma-desktop
cat > AppRun <<'RUN'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/opt/mma-desktop/mma-desktop" "$@"
RUN
chmod +x AppRun
./AppRun --version
if command -v appimagetool >/dev/null; then
    appimagetool "$out/AppDir" "$out/mma-desktop-$(uname -m).AppImage"
else
    echo "No AppImage was made, since appimagetool is not installed. $out/AppDir is what it would hold, and starts with" \
        "AppRun; https://github.com/AppImage/appimagetool packs it." >&2
fi
