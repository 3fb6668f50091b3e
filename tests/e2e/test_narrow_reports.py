"""Reports in a narrow terminal: no word is broken, and what hangs together hangs below itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wizard.findings import new_finding

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import run

NOWHERE = {
    "WHATSAPP_WIZARD_GRAPH_URL": "http://127.0.0.1:9",
    "WHATSAPP_APP_ID": "123456789012345",
    "WHATSAPP_APP_SECRET": "0123456789abcdef0123456789abcdef",
    "WHATSAPP_ACCESS_TOKEN": "EAA" + "b" * 120,
    "WHATSAPP_PHONE_NUMBER_ID": "123456789012346",
    "WHATSAPP_WABA_ID": "123456789012347",
    "WHATSAPP_VERIFY_TOKEN": "aVerifyTokenOf32Characters012345",
    "NO_COLOR": "1",
}


@pytest.mark.parametrize("columns", [44, 60, 80])
def test_a_report_is_wrapped_between_words_with_its_indents(tmp_path: Path, columns: int) -> None:
    finding = new_finding("graph.connect")
    with run("check", "--env", folder=tmp_path, columns=columns, rows=160, env=NOWHERE) as terminal:
        terminal.shows("┃ → With", finding.fix[-1].split()[-1])
        terminal.end()
        lines = [line.rstrip() for line in terminal.screen.display if line.strip()]
    words = set(f"{finding.title} {finding.cause} {' '.join(finding.fix)}".split())
    shown = [word for line in lines for word in line.split()]
    assert words <= set(shown)
    block = [line for line in lines if line.startswith("┃")]
    first = next(i for i, line in enumerate(lines) if line.startswith("┃"))
    assert len(block) >= 3
    assert all(line.startswith("┃") for line in lines[first:])
    above = lines[:first]
    assert all(line[:20].strip() == "" or line[1:3] == "  " for line in above), above
