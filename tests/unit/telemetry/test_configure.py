"""A process is set up once; its spans go where they are sent, and their ids flow where nobody collects them."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

PROGRAM = """
import sys
from dsr_shared.telemetry import configure, continue_trace, current_traceparent
configure("notifier", sys.argv[1] or None)
with continue_trace("send letter", system="crm"):
    print(current_traceparent())
"""


def run(endpoint: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, endpoint], capture_output=True, text=True, timeout=60, check=True
    )
    return ran.stdout.strip()


def test_without_an_endpoint_a_trace_is_carried_all_the_same() -> None:
    version, trace_id, span_id, _ = run("").split("-")
    assert (version, len(trace_id), len(span_id)) == ("00", 32, 16)


def test_a_file_endpoint_collects_spans(tmp_path: Path) -> None:
    carried = run((tmp_path / "spans.jsonl").as_uri())
    (span,) = [json.loads(line) for line in (tmp_path / "spans.jsonl").read_text().splitlines()]
    assert span["context"]["trace_id"] == "0x" + carried.split("-")[1]
    assert span["resource"]["attributes"]["service.name"] == "notifier"
    assert span["attributes"] == {"system": "crm"}


class Collector(BaseHTTPRequestHandler):
    """Takes what an OTLP collector takes, and remembers where it came."""

    paths: list[str] = []  # noqa: RUF012 - one list a test

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.paths.append(self.path)
        self.send_response(200 if body else 400)
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Keep the test's output quiet."""


@pytest.mark.parametrize("suffix", ["", "/", "/v1/traces"])
def test_an_otlp_collector_is_sent_the_spans_before_the_process_ends(suffix: str) -> None:
    Collector.paths = []
    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        run(f"http://127.0.0.1:{server.server_port}{suffix}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert Collector.paths == ["/v1/traces"]
