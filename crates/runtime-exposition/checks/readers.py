#!/usr/bin/env python3
"""Readers that others have written read out of our pages and requests what was recorded, hostile labels included.

Text 0.0.4 and OpenMetrics go through both parsers of `prometheus_client`, OTLP through the messages of `opentelemetry-proto`, as protobuf
and as JSON (`google.protobuf.json_format`). Takes the directory that the example `hostile` has written; `just readers` does both.
"""

import json
import math
import sys
from pathlib import Path

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA


def key(labels):
    return tuple(sorted(labels.items()))


def add(series, labels, count):
    labels = key(labels)
    if labels in series:
        raise SystemExit(f"a series twice: {labels}")
    series[labels] = count


def expected(listed):
    families = {}
    for name, pairs in listed.items():
        families[name] = {}
        for labels, count in pairs:
            add(families[name], labels, count)
    return families


def from_page(read, page, names):
    """The series of each counter; all other values are numbers."""
    families = {name: {} for name in names}
    for family in read(page):
        for sample in family.samples:
            if sample.name in families:
                add(families[sample.name], sample.labels, int(sample.value))
            elif not math.isfinite(sample.value):
                raise SystemExit(f"{sample.name} is {sample.value}")
    return families


def attributes(pairs):
    found = {}
    for pair in pairs:
        kind = pair.value.WhichOneof("value")
        value = getattr(pair.value, kind)
        found[pair.key.replace(".", "_")] = {True: "true", False: "false"}[value] if kind == "bool_value" else value
    return found


def from_request(request, names, temporality):
    """The same of a request, in which the counters have other names."""
    families = {name: {} for name in names}
    (resource,) = request.resource_metrics
    (scope,) = resource.scope_metrics
    if scope.scope.name != "runtime_metrics" or attributes(resource.resource.attributes)["process_pid"] <= 0:
        raise SystemExit(f"neither the scope nor the process: {scope.scope}, {resource.resource}")
    for metric in scope.metrics:
        name = metric.name.replace(".", "_") + "_total"
        if metric.WhichOneof("data") == "sum":
            if not metric.sum.is_monotonic or metric.sum.aggregation_temporality != temporality:
                raise SystemExit(f"{metric.name}: {metric.sum.aggregation_temporality}")
        if name in families:
            for point in metric.sum.data_points:
                if not 0 < point.start_time_unix_nano <= point.time_unix_nano:
                    raise SystemExit(f"{metric.name}: {point}")
                add(families[name], attributes(point.attributes), point.as_int)
    return families


def main(directory):
    snapshots = series = records = 0
    for path in sorted(directory.glob("*.expected.json")):
        file = lambda name: directory / f"{path.name.split('.')[0]}.{name}"
        listed = json.loads(path.read_text(encoding="utf-8"))
        cumulative, delta = expected(listed["cumulative"]), expected(listed["delta"])
        # Bytes first: reading as text would take carriage returns for line ends.
        text = lambda name: file(name).read_bytes().decode("utf-8")
        request = lambda name: ExportMetricsServiceRequest.FromString(file(name).read_bytes())
        from_json = json_format.Parse(text("otlp.json"), ExportMetricsServiceRequest())
        for reader, found, wanted in [
            ("text 0.0.4", from_page(read_prometheus, text("prometheus"), cumulative), cumulative),
            ("OpenMetrics", from_page(read_openmetrics, text("openmetrics"), cumulative), cumulative),
            ("OTLP protobuf", from_request(request("otlp"), cumulative, CUMULATIVE), cumulative),
            ("OTLP JSON", from_request(from_json, cumulative, CUMULATIVE), cumulative),
            ("OTLP delta", from_request(request("delta"), delta, DELTA), delta),
        ]:
            for name in wanted:
                if found[name] != wanted[name]:
                    raise SystemExit(f"{path}, {reader}, {name}: read {found[name]}, recorded {wanted[name]}")
        snapshots += 1
        series += sum(len(counts) for counts in cumulative.values())
        records += sum(sum(counts.values()) for counts in cumulative.values())
    if not series:
        raise SystemExit(f"nothing to read in {directory}")
    print(f"read back alike by 5 readers: {snapshots} snapshots, {series} series, {records} counts")


main(Path(sys.argv[1]))
