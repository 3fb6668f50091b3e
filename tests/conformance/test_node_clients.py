"""Clients from npm, unmodified and each in a process of its own, take the simulator for Meta."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conformance.used import check_used
from wizard.simulator.calls_out import payloads
from wizard.simulator.graph_api.recorder import Exchange
from wizard.simulator.world.people import Customer
from wizard.testing.running import RunningSimulator

FOLDER = Path(__file__).with_name("node")
NODE = shutil.which("node")
SCRIPTS = sorted(path for path in FOLDER.glob("*.mjs") if path.name != "common.mjs")
LEAST = {
    "great_detail_whatsapp": 13,
    "kapso_whatsapp_cloud_api": 31,
    "whatsapp_api_js": 20,
}
"""How many steps each of them takes."""

NAMES = {
    "great_detail_whatsapp": "@great-detail/whatsapp",
    "kapso_whatsapp_cloud_api": "@kapso/whatsapp-cloud-api",
    "whatsapp_api_js": "whatsapp-api-js",
}

needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")
needs_clients = pytest.mark.skipif(
    not (FOLDER / "node_modules").is_dir(),
    reason="the clients are not there: npm ci --prefix tests/conformance/node",
)


def test_each_script_is_known() -> None:
    assert {path.stem for path in SCRIPTS} == LEAST.keys()


@needs_node
@needs_clients
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_client_goes_through_all_that_it_can(
    whatsapp_simulator: RunningSimulator, script: Path, conformance: list[Exchange]
) -> None:
    assert NODE is not None
    ended = subprocess.run(
        [NODE, script.name],
        cwd=FOLDER,
        env={**os.environ, **whatsapp_simulator.env, **_event(whatsapp_simulator)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    steps = [json.loads(line) for line in ended.stdout.splitlines()]
    failed = {step["step"]: step["error"] for step in steps if not step["ok"]}
    assert (failed, ended.returncode) == ({}, 0), ended.stderr
    assert len(steps) >= LEAST[script.stem]
    check_used(NAMES[script.stem], conformance)


def _event(simulator: RunningSimulator) -> dict[str, str]:
    """A message that is known, and one as it would come, signed."""
    meta = simulator.meta
    value = payloads.written(
        meta.test_number, Customer(), "wamid.x", meta.now(), payloads.text("halo")
    )
    body = payloads.encode(payloads.envelope(meta.waba.id, value))
    signature = payloads.headers(meta.app.secret, body)["X-Hub-Signature-256"]
    known = "wamid.known"
    meta.dispatcher.sending_rules.hear(meta.test_number.id, Customer(), known, meta.now())
    return {"INBOUND_ID": known, "EVENT": body.decode(), "SIGNATURE": signature}
