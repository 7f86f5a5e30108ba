"""What a process life counts by itself; for processes that tests start."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import runtime_metrics


def live(records: int) -> dict[str, Any]:
    """Tells what this process found when it began, and after it has counted."""
    began = runtime_metrics.get_runtime_snapshot()
    for number in range(records):
        runtime_metrics.record_request(f"/child/{number % 7}")
        runtime_metrics.record_config_delivery("E", "T", ["a", "b"], caller_label=f"child {number % 3}")
    ended = runtime_metrics.get_runtime_snapshot()
    pages = [runtime_metrics.render_prometheus(), runtime_metrics.render_openmetrics()]
    return {
        "pid": os.getpid(),
        "process_id": ended.process.process_id,
        "instance_id": ended.instance_id,
        "parent_instance_id": ended.parent_instance_id,
        "began_with": began.requests.total_requests + began.served_config.responses_total,
        "began_at": began.process.started_at,
        "requests": ended.requests.total_requests,
        "paths": sum(ended.requests.requests_by_path.values()),
        "values": sum(ended.served_config.values_by_name.values()),
        "identities": [re.findall(r'service_instance_id="([^"]*)".*process_pid="(\d+)"', page) for page in pages],
        "shown": [sum(map(int, re.findall(r"^runtime_http_requests_total\{.*\} (\d+)", page, re.M))) for page in pages],
    }


def send_life(records: int, connection: Any) -> None:
    """The same, for ``multiprocessing``."""
    connection.send(live(records))
    connection.close()


def forked(live: Callable[[], dict[str, Any]], deadline: float = 30.0) -> dict[str, Any]:
    """What a forked child tells of itself. One that hangs is killed, and the test fails."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            os.write(writer, json.dumps(live()).encode())
            status = 0
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            sys.stderr.flush()
        finally:
            os._exit(status)
    os.close(writer)
    ends = time.monotonic() + deadline
    try:
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                assert os.waitstatus_to_exitcode(status) == 0
                return dict(json.loads(os.read(reader, 65536)))
            if time.monotonic() > ends:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                raise AssertionError("the child hangs")
            time.sleep(0.001)
    finally:
        os.close(reader)
