"""Load by ApacheBench, which makes exactly as many requests as it is told to."""

import re
import subprocess

CONNECTIONS = 8


def apache_bench(port, target, requests, seconds):
    """Asks for `target` so many times; `{line: number}` of the report. A line that ApacheBench leaves out when it is 0 is 0."""
    report = subprocess.run(
        ["ab", "-q", "-k", "-n", str(requests), "-c", str(min(CONNECTIONS, requests)), f"http://127.0.0.1:{port}{target}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=seconds, check=True, text=True,
    ).stdout
    found = re.findall(r"(?m)^([A-Z][^:\n]+):\s+([0-9.]+)(?:\s|$)", report)
    return {"Non-2xx responses": "0", **dict(found)}
