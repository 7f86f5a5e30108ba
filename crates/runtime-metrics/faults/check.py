#!/usr/bin/env python3
"""Each seeded mistake of faults.toml is caught by the test that it names, and without any of them all these tests pass.

Works in a copy of the sources below target/faults; needs cargo. Prints a table of who caught what. An argument restricts the
run to the faults whose names contain it.
"""

import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TREE = ROOT / "target" / "faults" / "tree"
BUILD = ROOT / "target" / "faults" / "build"
CRATES = ["runtime-identity", "runtime-metrics"]
SOURCES = TREE / "crates" / "runtime-metrics" / "src"
SECONDS = 900


def copy_sources():
    """The two crates of the core, in a workspace of their own."""
    shutil.rmtree(TREE, ignore_errors=True)
    for crate in CRATES:
        # With new times: what was built last is of a fault.
        shutil.copytree(ROOT / "crates" / crate, TREE / "crates" / crate, copy_function=shutil.copyfile)
    for name in ["Cargo.lock", "README.md", "clippy.toml"]:
        shutil.copy(ROOT / name, TREE / name)
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    members = manifest["workspace"]["members"]
    text = (ROOT / "Cargo.toml").read_text()
    listed = "members = [" + ", ".join(f'"{member}"' for member in members) + "]"
    if text.count(listed) != 1:
        sys.exit("Cargo.toml lists its members in a way that this script does not know")
    (TREE / "Cargo.toml").write_text(text.replace(listed, 'members = ["crates/*"]'))


def run(test):
    """Whether `test` passes, and what it printed. A run in which it does not exist is an error."""
    modelled = test.startswith("models::")
    kind = "modelled" if modelled else "native"
    environment = dict(os.environ, CARGO_TARGET_DIR=str(BUILD / kind), RUST_BACKTRACE="0")
    environment["RUSTFLAGS"] = "--cfg runtime_metrics_loom" if modelled else ""
    where = ["--lib"] if "::" in test else ["--lib", "--tests"]
    command = ["cargo", "test", "--release", "-p", "runtime-metrics", *where, test]
    try:
        done = subprocess.run(
            command, cwd=TREE, env=environment, timeout=SECONDS, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
        return False, output.decode(errors="replace") + f"\nno end after {SECONDS} s"
    if "could not compile" in done.stdout:
        sys.exit(f"{done.stdout}\ndoes not compile")
    if f"{test.rsplit('::', 1)[-1]} ..." not in done.stdout:
        sys.exit(f"{done.stdout}\nthere is no test {test}")
    return done.returncode == 0, done.stdout


def seeded(fault):
    """The file that the fault is in, as it is and with the fault."""
    path = SOURCES / fault["file"]
    text = path.read_text()
    if text.count(fault["from"]) != 1:
        sys.exit(f"{fault['name']}: the text to change is not in {fault['file']} exactly once")
    return path, text, text.replace(fault["from"], fault["to"])


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    faults = tomllib.loads(Path(__file__).with_name("faults.toml").read_text())["fault"]
    faults = [fault for fault in faults if wanted in fault["name"]]
    if not faults:
        sys.exit(f"no fault has {wanted!r} in its name")
    copy_sources()
    wrong = []
    for test in sorted({fault.get("caught") or fault["detector"] for fault in faults}):
        begin = time.monotonic()
        passes, output = run(test)
        print(f"{time.monotonic() - begin:6.1f} s  without a fault  {test}: {'passes' if passes else 'FAILS'}", flush=True)
        if not passes:
            wrong.append(test)
            print(output)
    for fault in faults:
        begin = time.monotonic()
        path, text, changed = seeded(fault)
        path.write_text(changed)
        try:
            passes, output = run(fault.get("caught") or fault["detector"])
        finally:
            path.write_text(text)
        is_right = passes == ("unseen" in fault)
        verdict = f"unseen: {fault['unseen']}" if passes and is_right else "NOT CAUGHT" if passes else \
            f"caught by {fault['caught']}" if is_right else "CAUGHT after all: name the test"
        print(f"{time.monotonic() - begin:6.1f} s  {fault['name']}: {verdict}", flush=True)
        if not is_right:
            wrong.append(fault["name"])
            print(output[-3000:])
    caught = sum("caught" in fault for fault in faults)
    print(f"{len(faults)} faults: {caught} caught, {len(faults) - caught} unseen; {len(wrong)} not as they should be")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
