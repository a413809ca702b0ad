#!/bin/sh
# Browse our OPDS catalogue with Debian's Foliate: search, fetch a free EPUB, open it; keep pictures.
#   tools/foliate.sh ADDRESS WORDS FOLDER
# The words must find one book that is open to all and has an EPUB. Needs the packages foliate,
# xvfb, xdotool, dbus and imagemagick. Without a window manager its windows stand where it puts
# them, so the places that are clicked on are fixed.
set -eu
if [ -z "${DBUS_FOR_FOLIATE:-}" ]; then
    mkdir -p "$3"
    DBUS_FOR_FOLIATE=1 exec timeout 90 xvfb-run -a -s "-screen 0 1280x800x24" dbus-run-session "$0" "$@"
fi
host=${1#http://}
export HOME="$3/home" XDG_RUNTIME_DIR="$3/run"
# WebKit's own sandbox needs namespaces that containers seldom give.
export WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1 WEBKIT_DISABLE_COMPOSITING_MODE=1
rm -rf "$HOME" && mkdir -p "$HOME" "$XDG_RUNTIME_DIR" && chmod 700 "$XDG_RUNTIME_DIR"
com.github.johnfactotum.Foliate "opds://$host/opds" > "$3/foliate.log" 2>&1 &
program=$!
trap 'kill $program' EXIT
press() { xdotool mousemove "$1" "$2" click 1; }
sleep 9 && import -window root "$3/1-catalogue.png"
press 608 26 && sleep 1 && xdotool type --delay 60 "$2" && xdotool key Return
sleep 5 && import -window root "$3/2-found.png"
press 95 205 && sleep 2 && import -window root "$3/3-book.png"
press 356 249 && sleep 8 && import -window root "$3/4-opened.png"
book=$(find "$HOME" -name '*.epub' | head -n 1)
[ -n "$book" ] || { echo "nothing was fetched: see $3" >&2; exit 1; }
echo "fetched and opened: $(basename "$book"), $(wc -c < "$book") bytes"
