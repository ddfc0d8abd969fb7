#!/usr/bin/env bash
# Is a Debian package as it should be?  packaging/linux/lint_deb.sh dist/installers/mma-desktop_0.1.0_amd64.deb
# lintian may find no error but those that `lintian-overrides` states with their reasons, and the menu entry and the
# description must be valid. Needs lintian, appstream and desktop-file-utils.
set -euo pipefail
package=$(realpath "$1")
lintian --allow-root --fail-on error --tag-display-limit 0 "$package"
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
dpkg-deb --fsys-tarfile "$package" | tar -x -C "$parts" ./usr
appstreamcli validate --no-net "$parts"/usr/share/metainfo/*.metainfo.xml
desktop-file-validate "$parts"/usr/share/applications/*.desktop
