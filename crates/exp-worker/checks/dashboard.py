"""The Grafana dashboard of docs/operations, as far as it can be checked without Grafana."""

import itertools
import json
import re

COLUMNS = 24


class Dashboard:
    """A dashboard, read from its JSON."""

    def __init__(self, text):
        self._model = json.loads(text)
        self._panels = [panel for panel in self._model["panels"] if panel["type"] != "row"]

    def expressions(self, values):
        """`{panel and query: expression}`, with the dashboard's variables replaced by `values`."""
        return {
            f"{panel['title']} {query['refId']}": _replaced(query["expr"], values)
            for panel in self._panels
            for query in panel["targets"]
        }

    def label_queries(self, values):
        """`{variable: (expression, label)}` of the variables that are asked for by `label_values`."""
        found = {}
        for variable in self._model["templating"]["list"]:
            if variable["type"] == "query":
                query = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
                found[variable["name"]] = (_replaced(query[1], values), query[2])
        return found

    def faults(self):
        """What Grafana would stumble over."""
        variables = {variable["name"] for variable in self._model["templating"]["list"]}
        text = json.dumps(self._model)
        # Variables of Grafana itself begin with two underscores.
        used = set(re.findall(r"\$\{?([A-Za-z]\w*)", text))
        faults = [f"${name} is no variable" for name in sorted(used - variables)]
        identifiers = [panel["id"] for panel in self._model["panels"]]
        faults += [f"panel {one} is there twice" for one in sorted(set(identifiers)) if identifiers.count(one) > 1]
        for panel in self._panels:
            sources = [panel["datasource"], *(query["datasource"] for query in panel["targets"])]
            if any(source != {"type": "prometheus", "uid": "${datasource}"} for source in sources):
                faults.append(f"{panel['title']} has a data source of its own")
        places = [(panel["title"], panel["gridPos"]) for panel in self._model["panels"]]
        faults += [f"{title} is wider than the page" for title, place in places if place["x"] + place["w"] > COLUMNS]
        faults += [f"{one} covers {other}" for (one, a), (other, b) in itertools.combinations(places, 2) if _overlap(a, b)]
        return faults


def _replaced(expression, values):
    for name, value in values.items():
        expression = expression.replace(f"${name}", value)
    if "$" in expression:
        raise SystemExit(f"a variable of the dashboard has no value: {expression}")
    return expression


def _overlap(a, b):
    return a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]
