# Lists the recipes.
_default:
    @just --list --unsorted

# Starts the worker with its built-in sample, on 127.0.0.1:8080.
run *ARGUMENTS:
    cargo run --release -p exp-worker -- {{ ARGUMENTS }}

# Runs every test.
test:
    cargo test --workspace

# Runs every example that somebody may start from; each checks what it shows, and ends.
examples:
    cargo build --workspace --bins --examples
    set -e; for example in identity counting resets bounds axum hyper tonic no_http; do "${CARGO_TARGET_DIR:-target}/debug/examples/$example"; done

# Checks format, lints and documentation, fuzz targets included, warnings denied.
lint:
    cargo fmt --all --check
    cargo fmt --manifest-path fuzz/Cargo.toml --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    cargo clippy --manifest-path fuzz/Cargo.toml --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

# Checks licences and sources of all dependencies; needs cargo-deny.
deny:
    cargo deny check bans licenses sources

# Runs the models of the core in every order of their threads' steps; some minutes.
loom *ARGUMENTS:
    RUSTFLAGS="--cfg runtime_metrics_loom" cargo test --release -p runtime-metrics --lib --target-dir target/loom -- models --nocapture --test-threads 2 {{ ARGUMENTS }}

# Searches every execution of the recording protocol with asymmetric fences, in bigger scenarios, too; some minutes.
model:
    cargo test -p runtime-metrics --test tso -- --nocapture --include-ignored

# Shows that each seeded mistake is caught by the test that it names; some minutes; needs Python 3.11.
faults *NAME:
    python3 crates/runtime-metrics/faults/check.py {{ NAME }}

# Runs the core under both sanitizers; needs a nightly toolchain.
sanitize: sanitize-address sanitize-thread

# Runs the core's tests under AddressSanitizer, but for forked children, in which the sanitizer itself hangs.
sanitize-address:
    RUSTFLAGS="-Zsanitizer=address" cargo +nightly test -p runtime-metrics --lib --test contract --test history --test stress --test threads --target "$(rustc -vV | sed -n 's/^host: //p')" --target-dir target/sanitize/address -- --skip steps::forks::

# Runs the test that is made for it under ThreadSanitizer: all ways to record, beside all that reads.
sanitize-thread:
    TSAN_OPTIONS="history_size=7 suppressions='{{ justfile_directory() }}/crates/runtime-metrics/tests/race/false_alarms.txt'" RUSTFLAGS="-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer" cargo +nightly test -p runtime-metrics --test race --target "$(rustc -vV | sed -n 's/^host: //p')" --target-dir target/sanitize/thread

# Races all ways to count, on quiet hardware if it is to be believed; a few minutes; writes benches/records/.
bench *ARGUMENTS:
    cargo build --release -p benches --bins
    cargo run --release -p benches --bin report -- --save benches/records {{ ARGUMENTS }}

# The same in every combination; about half an hour.
bench-full *ARGUMENTS: (bench "--full" ARGUMENTS)

# Projects a record of the benchmark to more threads than this machine has.
project RECORD:
    cargo run --release -p benches --bin project -- {{ RECORD }}

# Benchmarks each operation by itself, by criterion.
criterion *ARGUMENTS:
    cargo bench -p benches --bench operations -- {{ ARGUMENTS }}

# Measures the bytes that a series and a thread take.
memory *ARGUMENTS:
    cargo run --release -p benches --bin memory -- {{ ARGUMENTS }}

# Says which fence mode and limits to choose on this machine: just tune --threads 8 --memory 64 --snapshot-micros 1000
tune *ARGUMENTS:
    cargo run --release -p benches --bin tune -- {{ ARGUMENTS }}

# Counts the instructions of a record; fails over the limits of benches/instructions.toml; needs valgrind.
instructions *ARGUMENTS:
    cargo build --release -p benches --bins
    cargo run --release -p benches --bin instructions -- {{ ARGUMENTS }}

# Races the worker with the layer, with the middleware of peers, and with none; needs wrk and valgrind.
middleware *ARGUMENTS:
    cargo build --release -p benches --bins
    cargo run --release -p benches --bin middleware -- {{ ARGUMENTS }}

# Records millions of distinct paths, and shows exact totals and the peak of memory.
hostile-paths *ARGUMENTS:
    cargo run --release -p benches --bin hostile_paths -- {{ ARGUMENTS }}

# Records for so many minutes (fractions too) beside snapshots, resets, forks and floods, and checks every count.
soak MINUTES:
    cargo run --release -p benches --bin soak -- {{ MINUTES }}

# Sends so many requests to the worker and checks every counter to the unit; needs ab (Debian: apache2-utils).
load REQUESTS:
    python3 crates/exp-worker/checks/load.py {{ REQUESTS }}

# The same beside 50 scrapers, 50 viewers and a reset each second; needs ab.
crowd REQUESTS:
    python3 crates/exp-worker/checks/crowd.py {{ REQUESTS }}

# Attacks the worker with a thousand hostile clients at once, then lets it run out of open files.
hostile:
    python3 crates/exp-worker/checks/hostile.py
    python3 crates/exp-worker/checks/descriptors.py

# Stops workers in the middle of load: no answer may be lost.
shutdown:
    python3 crates/exp-worker/checks/shutdown.py

# Lets a real Prometheus scrape the worker and compares what it stored; needs prometheus and promtool.
scrape:
    python3 crates/exp-worker/checks/scrape.py

# Checks the rules of docs/operations and runs their unit tests; needs promtool and vmalert (Debian: prometheus, victoria-metrics).
[working-directory: 'docs/operations']
rules:
    promtool check rules rules.yml
    promtool test rules rules_test.yml
    vmalert -dryRun -loggerLevel=ERROR -rule=rules.yml

# Lets a real Prometheus and VictoriaMetrics find, scrape and sum four workers, of which some die; needs them and ab.
fleet:
    python3 crates/exp-worker/checks/fleet.py

# Lets a real Pushgateway take what the worker pushes and compares what it holds; needs prometheus-pushgateway.
pushgateway:
    python3 crates/exp-worker/checks/pushgateway.py

# Uses every feature of the live page in a real Chromium, beside a scripted and a real worker, and keeps pictures in target/page; needs Node.js 20, npm and chromium.
[working-directory: 'crates/runtime-http/checks/page']
page:
    cargo build --workspace --bins --examples
    npm ci --silent --no-audit --no-fund
    node --test --test-concurrency=1 unit/ browser/

# Makes the README's picture of the live page anew; needs what `page` needs.
picture: page
    cp target/page/front.png docs/live-page.png

# Uses every key of `exp-worker top` in a real terminal, and keeps its screens in target/top; needs tmux.
top:
    python3 crates/exp-worker/checks/top.py

# Lets the parsers of prometheus_client and the messages of opentelemetry-proto read what is shown of hostile snapshots; needs Python with venv.
readers:
    python3 -m venv target/readers/python
    target/readers/python/bin/pip install --quiet --disable-pip-version-check --requirement crates/runtime-exposition/checks/requirements.txt
    rm -rf target/readers/written
    cargo run --quiet -p runtime-exposition --features otlp --example hostile -- target/readers/written 300
    target/readers/python/bin/python crates/runtime-exposition/checks/readers.py target/readers/written

# Builds the Python package's wheel, installs it in a fresh environment, and checks types, stubs and all of its tests there; needs Python 3.10 or later (PYTHON names another than python3) with venv, and ab.
python *ARGUMENTS: python-install
    cd crates/runtime-python && ../../target/python/bin/mypy
    cd crates/runtime-python && ../../target/python/bin/mypy tests benchmarks
    cd crates/runtime-python && ../../target/python/bin/python -m mypy.stubtest runtime_metrics
    cd crates/runtime-python && ../../target/python/bin/python -m pytest {{ ARGUMENTS }}

# Races the Python package against the seed's way in pure Python and prometheus_client; a minute.
python-race *ARGUMENTS: python-install
    target/python/bin/python crates/runtime-python/benchmarks/race.py {{ ARGUMENTS }}

[private]
python-install:
    "${PYTHON:-python3}" -m venv --clear target/python
    target/python/bin/pip install --quiet --disable-pip-version-check --requirement crates/runtime-python/tests/requirements.txt
    rm -rf target/wheels
    target/python/bin/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir target/wheels ./crates/runtime-python
    target/python/bin/pip install --quiet --disable-pip-version-check --no-deps target/wheels/*.whl

# Replays what a fuzz target once failed on, then fuzzes it for so many seconds from its seeds; needs cargo-fuzz and g++.
fuzz TARGET SECONDS:
    mkdir -p fuzz/corpus/{{ TARGET }} fuzz/regressions/{{ TARGET }}
    find fuzz/regressions/{{ TARGET }} -type f -print0 | xargs -0 --no-run-if-empty sh -c 'cargo fuzz run --sanitizer none {{ TARGET }} "$@" -- -runs=100 -timeout=20' replay
    cargo fuzz run --sanitizer none {{ TARGET }} fuzz/corpus/{{ TARGET }} fuzz/seeds/{{ TARGET }} -- -max_total_time={{ SECONDS }} -timeout=20 -verbosity=0 -print_final_stats=1

# Runs all of this as the continuous integration does, and installs what it needs.
ci:
    .ci/run
