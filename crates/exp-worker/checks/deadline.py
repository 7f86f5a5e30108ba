"""Bounds on time, and nothing left behind."""

import contextlib
import signal
import subprocess
import time


@contextlib.contextmanager
def bounded(seconds):
    """Ends the script after so many seconds, or on SIGTERM, by an exception: `with` and `finally` clean up."""

    def expire(signum, _frame):
        raise SystemExit(f"no end within {seconds} s" if signum == signal.SIGALRM else "stopped by a signal")

    signal.signal(signal.SIGALRM, expire)
    signal.signal(signal.SIGTERM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def poll(question, seconds, interval=0.05):
    """Asks until the answer is true, and returns it; the last answer when the time is up."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer or time.monotonic() >= end:
            return answer
        time.sleep(interval)


def stop(process, seconds):
    """Sends SIGTERM and waits; kills what does not end in time. Returns the exit code, None if it had to be killed."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None
    except BaseException:
        process.kill()
        raise
