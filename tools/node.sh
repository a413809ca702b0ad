#!/bin/sh
# Install the locked npm packages, after a look at what is there to do it with.
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "Node.js 20.19 or newer and npm are needed, for instance from https://nodejs.org/" >&2
    exit 1
fi
node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' || {
    echo "Node.js $(node --version) is too old: 20.19 or newer is needed" >&2
    exit 1
}
npm ci --loglevel=error --no-update-notifier
touch node_modules/.installed
