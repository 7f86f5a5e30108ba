"""A receiver of pushes that takes all of them: what it answers is what an OpenTelemetry receiver without anything to remark does."""

import contextlib
import http.server
import threading
from collections import Counter


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        # To the end, so that the worker does not find its connection broken.
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken[self.path] += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@contextlib.contextmanager
def receiving():
    """The receiver's URL, and how many requests it has taken, by path, while it runs."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.taken = Counter()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", server.taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
