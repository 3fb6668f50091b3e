"""Only `exec` hands the credentials on."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import wizard
from wizard.values.child_environment import child_environment
from wizard.values.credentials import KEPT
from wizard.values.presets import preset_credentials

VALUE = "9f86d081884c7d659a2feaa0c55ad015"
ROOT = Path(wizard.__file__).parent


def test_no_spelling_of_a_credential_is_handed_on() -> None:
    names = [*(one.env for one in KEPT.values()), *preset_credentials(), "whatsapp_app_secret"]
    env = {name: f"{VALUE}{at}" for at, name in enumerate(names)}
    copies = {"MINE": env[names[0]], "OTHER": f"--token={env[names[1]]}"}
    kept = {"PATH": "/bin", "HOME": "/root", "HTTPS_PROXY": "http://proxy", "BROWSER": "firefox"}
    assert child_environment({**env, **copies, **kept}) == kept


def test_no_other_form_of_a_value_is_handed_on() -> None:
    token = "EAAJBq7ZCd0ABO3kXw9vLrT2mNyHs8PfGuQeWzVc1jKbRtY5xDnMaZo4iUhE6lSgFpJq"
    env = {"WHATSAPP_APP_SECRET": VALUE, "WHATSAPP_ACCESS_TOKEN": token}
    forms = {
        "SECRET_B64": base64.b64encode(VALUE.encode()).decode(),
        "SECRET_UPPER": VALUE.upper(),
        "SECRET_BACKWARDS": VALUE[::-1],
        "SECRET_HEX": VALUE.encode().hex(),
        "WHATSAPP_APP_SECRET_STAGING": "0123456789abcdef0123456789abcdef",
        "whatsapp_app_secret_old": "0123456789abcdef0123456789abcdef",
        "WHATSAPP_APP_SECRET_FILE": "/run/secrets/app",
    }
    kept = {"PATH": "/usr/bin:/bin", "HOME": "/home/someone", "TERM": "xterm-256color"}
    assert child_environment({**env, **forms, **kept}) == kept


def test_what_every_program_needs_stays_whatever_the_verify_token_is() -> None:
    kept = {"PATH": "/home/developer/bin:/bin", "HOME": "/home/developer", "USER": "developer"}
    assert child_environment({"WHATSAPP_VERIFY_TOKEN": "developer", **kept}) == kept


def test_a_short_value_is_not_looked_for_elsewhere() -> None:
    assert child_environment({"WHATSAPP_VERIFY_TOKEN": "bin", "PATH": "/bin"}) == {"PATH": "/bin"}


def test_every_child_but_execs_is_given_such_an_environment() -> None:
    starts = re.compile(r"subprocess\.(run|Popen|call|check_\w+)\(|create_subprocess_\w+\(")
    found = {
        str(path.relative_to(ROOT)): len(starts.findall(path.read_text("utf-8")))
        for path in ROOT.rglob("*.py")
        if starts.search(path.read_text("utf-8"))
    }
    assert found == {
        "cli/commands/exec.py": 1,
        "cli/output/private_file.py": 1,
        "tui/browser.py": 1,
        "tunnel/child_process.py": 1,
        "tunnel/processes.py": 1,
    }
    for name in ("cli/output/private_file.py", "tui/browser.py", "tunnel/processes.py"):
        assert "child_environment(" in (ROOT / name).read_text("utf-8")
    for agent in ("tunnel/cloudflared.py", "tunnel/proxy_variables.py"):
        assert "child_environment(" in (ROOT / agent).read_text("utf-8")
