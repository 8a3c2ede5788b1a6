"""Terraform's states kept by a server, as a bucket keeps them, each in a file named after its prefix.

In a local file Terraform writes all of a state anew after each resource, two thirds of an apply's work here; to a
server it sends the state in the end, as it does to the bucket.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


@contextmanager
def states(folder: Path) -> Iterator[str]:
    """Serve the folder's states to Terraform's backend «http»; give the address that a state's name is added to."""

    class States(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = self._file()
            there = file.exists()
            self._answer(200 if there else 404, file.read_bytes() if there else b"")

        def do_POST(self) -> None:
            self._file().write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(200, b"")

        def log_message(self, *_: object) -> None:
            """Say nothing: what matters is in Terraform's own words."""

        def _file(self) -> Path:
            return folder / self.path.partition("?")[0].lstrip("/")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), States) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
