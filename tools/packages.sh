#!/bin/sh
# Install Debian packages that are missing; say which ones where we may not.
#
#   tools/packages.sh PACKAGE…
set -eu

missing=""
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo"
else
    echo "These system packages are missing. Ask whoever administers this machine to run:" >&2
    echo "    apt-get update && apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

if ! command -v apt-get >/dev/null; then
    echo "This machine has no apt-get. Install by its own means:$missing" >&2
    exit 1
fi
echo "installing$missing"
$as_root apt-get -qq update
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
