#!/bin/sh
# Bring Mirador, a viewer of IIIF (Apache-2.0), from npm as it is published, in one file. Tests open
# our manifests in it; nothing of it is part of the product. It is checked against its SHA-256.
set -eu
VERSION=4.0.0
SHA256=86109137e947117095f44b800c69b27c0e0ac5ef41e0a354839f33e761cec0e3
cd "$(dirname "$0")/.."
script=.tools/mirador/mirador.min.js

is_ours() {
    [ -f "$script" ] && echo "$SHA256  $script" | sha256sum --check --quiet --status
}

is_ours && exit 0
mkdir -p .tools/mirador
npm pack --silent --pack-destination .tools/mirador "mirador@$VERSION" >/dev/null
tar -xzf ".tools/mirador/mirador-$VERSION.tgz" -C .tools/mirador --strip-components=2 package/dist/mirador.min.js
rm ".tools/mirador/mirador-$VERSION.tgz"
is_ours || { echo "Mirador $VERSION from npm is not the one that is known" >&2; exit 1; }
