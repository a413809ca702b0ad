"""The site of somebody else, with a viewer of its own, on another port: another origin."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML, SCRIPT = "text/html; charset=utf-8", "text/javascript"
Pages = Mapping[str, tuple[str, bytes]]


@contextmanager
def served(pages: Pages) -> Iterator[str]:
    """Serve these pages, by path; yield the origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = pages.get(self.path.partition("?")[0], (HTML, b""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


MIRADOR = b"""<!doctype html><html lang="vi"><title>Mirador</title>
<style>html, body, #viewer { height: 100%; margin: 0 }</style><div id="viewer"></div>
<script src="/mirador.js"></script><script>
const asked = new URLSearchParams(location.search);
Mirador.viewer({
  id: "viewer",
  language: "vi",
  window: { sideBarOpen: true, panels: { search: true, canvas: true } },
  windows: [{
    id: "w", manifestId: asked.get("manifest"), thumbnailNavigationPosition: "far-bottom",
  }],
});
</script></html>"""

# A viewer in few lines that does what the Authorization Flow API 2.0 asks of one (section 5).
CLIENT = b"""<!doctype html><html lang="vi"><title>Viewer</title><h1>Viewer</h1>
<button id="open" hidden></button><p id="said"></p><img id="picture" alt=""><script>
const info = new URLSearchParams(location.search).get("image") + "/info.json";
const say = (words) => { document.getElementById("said").textContent = words; };
const words = (told) => (told?.vi ?? told?.none ?? [""])[0];
const show = (image) => {
  document.getElementById("picture").src = image + "/full/!400,400/0/default.jpg";
};
async function probe(service, token) {
  const headers = token ? { Authorization: "Bearer " + token } : {};
  return (await fetch(service.id, { headers })).json();
}
function token(service) {
  return new Promise((done) => {
    const frame = document.createElement("iframe");
    addEventListener("message", ({ data, origin }) => {
      if (data?.messageId === "1" && origin === new URL(service.id).origin) done(data);
    });
    frame.src = service.id + "?messageId=1&origin=" + encodeURIComponent(location.origin);
    frame.hidden = true;
    document.body.append(frame);
  });
}
(async () => {
  const found = await (await fetch(info)).json();
  const service = found.service.find(({ type }) => type === "AuthProbeService2");
  const first = await probe(service);
  if (first.status === 200) return show(found.id);
  say(words(first.heading));
  const access = service.service[0];
  const button = document.getElementById("open");
  button.textContent = words(access.label);
  button.hidden = false;
  button.onclick = () => {
    const opened = window.open(access.id + "?origin=" + encodeURIComponent(location.origin));
    const waiting = setInterval(async () => {
      if (!opened.closed) return;
      clearInterval(waiting);
      const tokens = access.service.find(({ type }) => type === "AuthAccessTokenService2");
      const told = await token(tokens);
      if (!told.accessToken) return say("refused: " + told.profile);
      const second = await probe(service, told.accessToken);
      say("status " + second.status);
      show(second.location.id);
    }, 100);
  };
})();
</script></html>"""
