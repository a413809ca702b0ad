#!/bin/sh
# Bring veraPDF, the reference judge of PDF/A, from Maven Central. Tests run it as a process of its
# own; nothing of it is part of the product. What was brought is checked against its SHA-256.
set -eu
VERSION=1.28.2
SHA256=687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6
cd "$(dirname "$0")/.."
jar=.tools/verapdf/greenfield-apps-$VERSION.jar

is_ours() {
    [ -f "$jar" ] && echo "$SHA256  $jar" | sha256sum --check --quiet --status
}

is_ours && exit 0
mkdir -p "$(dirname "$jar")"
mvn --quiet --batch-mode dependency:copy \
    -Dartifact="org.verapdf.apps:greenfield-apps:$VERSION" \
    -DoutputDirectory="$PWD/.tools/verapdf" -Dmdep.overWriteReleases=true >&2
is_ours || { echo "veraPDF $VERSION from Maven Central is not the one that is known" >&2; exit 1; }
