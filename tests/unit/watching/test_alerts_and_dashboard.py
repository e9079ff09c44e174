"""Alerts and dashboard name metrics that exist and pages that can be read; each alert rings when it should."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
RULE_TESTS = ROOT / "deploy" / "prometheus" / "tests" / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboards" / "kuukausi.json"
METRIC = re.compile(r"\bdsr_[a-z_]+\b")


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def panels() -> list[dict]:
    return json.loads(DASHBOARD.read_text())["panels"]


def known_metrics() -> set[str]:
    """What the services register, by their own code."""
    from dsr_shared.inbox import upkeep

    written = {f"dsr_bus_{name}" for name in upkeep._NAMES}
    sources = [*(ROOT / "shared" / "src").rglob("*.py"), *(ROOT / "services").glob("*/src/**/*.py")]
    return written | {name for source in sources for name in re.findall(r'"(dsr_[a-z_]+)"', source.read_text())}


def test_every_metric_that_is_asked_for_is_one_that_a_service_shows() -> None:
    asked = [rule["expr"] for rule in rules()]
    asked += [target["expr"] for panel in panels() for target in panel["targets"]]
    names = {name for expression in asked for name in METRIC.findall(expression)}
    assert names
    assert names <= known_metrics()


def test_every_alert_says_where_it_is_written_what_to_do() -> None:
    for rule in rules():
        page, anchor = rule["annotations"]["runbook"].split("#")
        headings = re.findall(r"^## (.+)$", (ROOT / page).read_text(), re.MULTILINE)
        assert anchor in [heading.lower() for heading in headings], rule["alert"]
        assert anchor == rule["alert"].lower()


def test_every_alert_has_a_case_where_it_rings_and_one_where_it_does_not() -> None:
    checks = [check for test in yaml.safe_load(RULE_TESTS.read_text())["tests"] for check in test["alert_rule_test"]]
    rings = {check["alertname"] for check in checks if check.get("exp_alerts")}
    silent = {check["alertname"] for check in checks if not check.get("exp_alerts")}
    names = {rule["alert"] for rule in rules()}
    assert names == rings
    assert names == silent


def test_the_dashboard_has_eight_panels_that_do_not_lie_on_each_other() -> None:
    assert len(panels()) == 8
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels()}) == 8
    assert all(panel["description"] for panel in panels())


def test_alerts_ring_when_they_should_by_promtool() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        assert not os.environ.get("CI"), "promtool is missing; .ci/run installs it: apt-get install prometheus"
        pytest.skip("promtool is not installed; get it by: apt-get install prometheus")
    done = subprocess.run([promtool, "test", "rules", RULE_TESTS.name], cwd=RULE_TESTS.parent, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
