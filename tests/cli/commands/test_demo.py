"""`demo` where nobody watches: the whole onboarding as lines of text."""

from __future__ import annotations

import re

import pytest

from tests.cli.shell import Ended, Shell
from wizard.guide import guide
from wizard.simulator import Meta, demo_values, scenario
from wizard.values.credentials import CREDENTIALS, MASK, plain

LABELS = [credential.label for credential in CREDENTIALS.values()]


def table(ended: Ended) -> dict[str, str]:
    """The state of each credential in the lines at the end."""
    told = ended.out.partition("Stored values, in memory only:\n")[2]
    lines = told.splitlines()[: len(LABELS)]
    return {label: line.split()[-1] for label, line in zip(LABELS, lines, strict=True)}


@pytest.mark.parametrize("arguments", [["demo"], ["demo", "--plain"]])
def test_the_demo_walks_all_forty_steps_and_ends_well(shell: Shell, arguments: list[str]) -> None:
    ended = shell(*arguments, env={"WHATSAPP_WIZARD_GRAPH_URL": "https://graph.facebook.com"})
    assert (ended.code, ended.err) == (0, "")
    steps = re.findall(r"^   (\d+\.\d+)\s+(\S.*)$", ended.out, re.MULTILINE)
    expected = [(step.id, step.title) for step in guide().steps if step.counted]
    assert steps == expected
    assert len(steps) == 40
    assert set(table(ended).values()) == {"passed"}


def test_the_demo_shows_a_verified_callback_and_a_signed_message(shell: Shell) -> None:
    lines = shell("demo", "--plain").out.splitlines()
    step = next(i for i, line in enumerate(lines) if line.startswith("   8.4 "))
    after = lines[step : step + 12]
    assert any("handshake  Meta verified the callback URL" in line for line in after)
    assert any("The verify token works" in line for line in after)
    assert any('"halo"' in line and "✓ signed" in line for line in lines)


def test_the_demo_shows_no_secret_and_no_colour_and_keeps_nothing(shell: Shell) -> None:
    ended = shell("demo", "--plain")
    for name, value in demo_values(Meta()).present():
        assert (plain(value) in ended.said) is not CREDENTIALS[name].secret
    assert MASK in ended.out
    assert "\x1b" not in ended.said
    assert list(shell.folder.iterdir()) == []


def test_a_demo_that_is_broken_says_what_broke_and_fails(shell: Shell) -> None:
    ended = shell("demo", "--plain", "--scenario", "access_token.expired")
    assert (ended.code, ended.err) == (1, "")
    assert "The access token has expired" in ended.out
    states = table(ended)
    assert states["Access token"] == "failed"
    assert states["App ID"] == "passed"
    assert plain(scenario("access_token.expired")[1].access_token or "") not in ended.out
