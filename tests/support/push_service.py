"""As much of Google's push service as Chromium asks of it before it subscribes a page."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

# AndroidCheckinResponse: stats_ok = 1, android_id = 7 and security_token = 8, both fixed64.
CHECKED_IN = b"\x08\x01" + b"\x39" + struct.pack("<Q", 4242) + b"\x41" + struct.pack("<Q", 7777)


@contextmanager
def push_service() -> Iterator[list[str]]:
    """Run the service, and hand out the arguments that make a browser turn to it."""
    tokens = count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_new = self.path == "/checkin"
            answer = CHECKED_IN if is_new else f"token=tangthu-{next(tokens)}".encode()
            self.send_response(200)
            self.send_header(
                "Content-Type", "application/x-protobuffer" if is_new else "text/plain"
            )
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    here = f"127.0.0.1:{server.server_port}"
    try:
        yield [
            f"--gcm-checkin-url=http://{here}/checkin",
            f"--gcm-registration-url=http://{here}/register",
            f"--gcm-mcs-endpoint=https://{here}",
        ]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
