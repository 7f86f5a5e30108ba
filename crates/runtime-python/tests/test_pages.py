"""Pages for scrapers, and instruments of the OpenTelemetry SDK."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

import runtime_metrics
from runtime_metrics import Exposition, Metrics, RuntimeSnapshot
from runtime_metrics.opentelemetry import observe

labels = st.text(st.characters(), max_size=8)
formats = [
    ("render_prometheus", parser.text_string_to_metric_families),
    ("render_openmetrics", openmetrics_parser.text_string_to_metric_families),
]


def samples(families: Iterator[Any]) -> dict[tuple[Any, ...], float]:
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


@pytest.mark.parametrize(("render", "parse"), formats, ids=["prometheus", "openmetrics"])
@given(paths=st.lists(labels, max_size=8))
@settings(deadline=None, max_examples=50)
def test_prometheus_client_reads_any_path_from_a_page(render: str, parse: Any, paths: list[str]) -> None:
    metrics = Metrics()
    for path in paths:
        metrics.record_request(path)
    read = samples(parse(getattr(Exposition(), render)(metrics)))
    expected = {
        ("runtime_http_requests_total", ("url_path", path)): float(count)
        for path, count in metrics.latest().requests.requests_by_path.items()
    }
    assert {key: value for key, value in read.items() if key[0] == "runtime_http_requests_total"} == expected


def test_options_change_what_a_page_says() -> None:
    metrics = Metrics()
    metrics.record_request("/{id}")
    metrics.record_config_delivery("e", "t", ["n"], caller_label="principal")
    exposition = Exposition(
        namespace="exp",
        service_name="shop",
        service_namespace="web",
        service_version="1.2",
        revision="abc",
        request_label="route",
        caller_labels="hashed",
    )
    page = exposition.render_prometheus(metrics)
    assert 'exp_http_requests_total{http_route="/{id}"} 1\n' in page
    assert 'service_name="shop",service_namespace="web",service_version="1.2"' in page
    assert 'exp_build_info{version="1.2",revision="abc"} 1\n' in page
    assert "principal" not in page
    assert "caller" not in Exposition(caller_labels="dropped").render_openmetrics(metrics)


@pytest.mark.parametrize(
    "options", [{"namespace": "0"}, {"request_label": "url"}, {"caller_labels": ""}], ids=lambda options: next(iter(options))
)
def test_an_option_that_cannot_be_is_a_value_error(options: Any) -> None:
    with pytest.raises(ValueError, match=r"start it with|must be one of"):
        Exposition(**options)


def test_a_scraper_gets_the_format_that_it_likes_best() -> None:
    exposition, metrics = Exposition(), Metrics()
    for accept, content_type, end in [
        ("application/openmetrics-text; version=1.0.0, text/plain;q=0.5", runtime_metrics.OPENMETRICS_CONTENT_TYPE, "# EOF\n"),
        ("text/html", runtime_metrics.PROMETHEUS_CONTENT_TYPE, "\n"),
        ("", runtime_metrics.PROMETHEUS_CONTENT_TYPE, "\n"),
    ]:
        given_type, page = exposition.render(accept, metrics)
        assert given_type == content_type
        assert page.endswith(end)
        assert page.endswith("# EOF\n") == (end == "# EOF\n")


def test_the_functions_pages_show_the_processs_registry() -> None:
    runtime_metrics.record_request("/function")
    for page in (runtime_metrics.render_prometheus(), runtime_metrics.render_openmetrics()):
        assert 'runtime_http_requests_total{url_path="/function"} 1' in page
    assert 'url_path="/function"' in Exposition().render_prometheus()


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"OTEL_SERVICE_NAME": "shop"}, 'service_name="shop"'),
        ({"OTEL_RESOURCE_ATTRIBUTES": "s3cret"}, "ValueError: OTEL_RESOURCE_ATTRIBUTES has at its entry 1"),
        ({"RUNTIME_METRICS_FENCES": "portable"}, "# TYPE"),
        ({"RUNTIME_METRICS_FENCES": "nonsense"}, "# TYPE"),
    ],
    ids=lambda value: "=".join(next(iter(value.items()))) if isinstance(value, dict) else "",
)
def test_the_environment_names_the_service(variables: dict[str, str], told: str) -> None:
    program = "import runtime_metrics; print(runtime_metrics.render_prometheus())"
    ended = subprocess.run(
        [sys.executable, "-c", program], env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert told in ended.stdout + ended.stderr
    assert "s3cret" not in ended.stdout + ended.stderr


def collected(reader: InMemoryMetricReader) -> dict[str, dict[tuple[Any, ...], Any]]:
    data = reader.get_metrics_data()
    assert data is not None
    return {
        metric.name: {
            tuple(sorted(dict(point.attributes or {}).items())): getattr(point, "value", None)
            for point in metric.data.data_points
        }
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


def total(points: dict[tuple[Any, ...], Any]) -> int:
    return sum(points.values())


def test_instruments_of_the_sdk_show_one_cut_a_collection() -> None:
    metrics, reader = Metrics(request_series_limit=2), InMemoryMetricReader()
    provider = MeterProvider([reader])
    observe(provider.get_meter("tested"), metrics=metrics, exposition=Exposition(namespace="exp"))
    assert "exp.http.requests" not in collected(reader)
    for path in ("/a", "/b", "/c", "/c"):
        metrics.record_request(path)
    metrics.record_config_delivery("E", "T", ["n", "n"], caller_label="C")
    before = metrics.snapshot().sequence
    first = collected(reader)
    assert first["exp.http.requests"] == {
        (("url.path", "/a"),): 1,
        (("url.path", "/b"),): 1,
        (("otel.metric.overflow", True),): 2,
    }
    joint = (("caller", "c"), ("config.endpoint", "e"), ("config.target", "t"))
    assert first["exp.config.deliveries"] == {joint: 1}
    assert total(first["exp.config.values_served"]) == 2
    assert first["exp.series_limit"][("family", "requests"),] == 2
    assert first["exp.series_overflow"][("family", "requests"),] == 2
    metrics.record_request("/a")
    assert total(collected(reader)["exp.http.requests"]) == 5
    assert metrics.snapshot().sequence == before + 3, "one cut a collection, and this one"
    provider.shutdown()


def test_the_instruments_are_those_of_an_otlp_request_but_for_the_process() -> None:
    metrics, reader = Metrics(delivery_series_limit=1), InMemoryMetricReader()
    provider = MeterProvider([reader])
    observe(provider.get_meter("tested"), metrics=metrics)
    metrics.record_request("/")
    for caller in ("a", "b"):
        metrics.record_config_delivery("e", "t", ["n"], caller_label=caller)
    shown = set(collected(reader))
    request = json.loads(Exposition().render_otlp_json(metrics))
    sent = {metric["name"] for metric in request["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]}
    assert shown == {name for name in sent if not name.startswith("process.")}
    assert len(shown) == 10
    provider.shutdown()


def test_without_a_registry_the_instruments_show_the_processs() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    observe(provider.get_meter("tested"))
    runtime_metrics.record_request("/sdk")
    shown: RuntimeSnapshot = runtime_metrics.get_runtime_snapshot()
    assert total(collected(reader)["runtime.http.requests"]) == shown.requests.total_requests == 1
    provider.shutdown()
