"""Webhook servers on Express, Fastify, NestJS, Hono and h3 are diagnosed, where node is there and
`npm ci --prefix tests/frameworks/node` has been run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.server import SECRET, TOKEN
from tests.frameworks.diagnosis import Known, each, expect

HERE = Path(__file__).parent / "node"
WELL, REWRITTEN = "webhook.verified", "webhook.signature_rewritten"


@pytest.fixture(scope="module")
def ports() -> Iterator[Mapping[str, int]]:
    """The port of each framework, by its name."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (HERE / "node_modules" / ".package-lock.json").is_file():
        pytest.skip("run npm ci --prefix tests/frameworks/node first")
    env = {**os.environ, "TOKEN": TOKEN, "SECRET": SECRET, "NODE_ENV": "development"}
    command = [node, "servers.mjs"]
    with subprocess.Popen(
        command, cwd=HERE, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as servers:  # fmt: skip
        assert servers.stdin is not None
        assert servers.stdout is not None
        yield json.loads(servers.stdout.readline())
        servers.stdin.close()


@each(
    Known("express/sound", WELL),
    Known("express/rewritten", REWRITTEN, "express.json"),
    Known("express/small", "webhook.post_too_large", "express.json"),
    Known("express/nested", "webhook.server_error", "hub[mode]"),
    Known("express/status", "webhook.server_error", "uses the challenge as status"),
    Known("express/silent", "webhook.timeout", "Verify token", limit=0.5),
    Known("express/object", "webhook.wrong_body", "JSON object"),
    Known("express/accepted", "webhook.post_status", "202"),
    Known("express/other", "webhook.token_mismatch", "Verify token"),
    Known("express/number", "webhook.post_rejected"),
    Known("express/nowhere", "webhook.not_found"),
    Known("fastify/sound", WELL),
    Known("fastify/rewritten", REWRITTEN),
    Known("fastify/required", "webhook.wrong_status", "hub_mode"),
    Known("fastify/nowhere", "webhook.not_found"),
    Known("hono/sound", WELL),
    Known("hono/rewritten", REWRITTEN),
    Known("hono/quoted", "webhook.wrong_body", "quoted"),
    Known("hono/nowhere", "webhook.not_found"),
    Known("nest/sound", WELL),
    Known("nest/rewritten", REWRITTEN, "rawBody"),
    Known("nest/guarded", "webhook.signature_mismatch", "guard"),
    Known("nest/nowhere", "webhook.not_found"),
    Known("h3/nowhere", "webhook.not_found"),
)
async def test_a_server_on_node(known: Known, ports: Mapping[str, int]) -> None:
    framework, _, path = known.path.partition("/")
    await expect(Known(path, *_rest(known)), ports[framework])


def _rest(known: Known) -> tuple[str, str, str | None, str | None, float]:
    return known.expected, known.says, known.token, known.secret, known.limit
