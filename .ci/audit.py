"""Asks the advisory database about every version in requirements.lock.

Says so, and passes, where its data can't be reached: one question is put first, so nothing waits
for a hundred of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
TOOL = Path(sys.executable).with_name("pip-audit")
IGNORED: dict[str, str] = {}
"""Advisories that do not concern us, each with the reason."""


def ask(requirements: Path, *flags: str, limit: float) -> list[dict[str, Any]]:
    """What is known of each of these; nothing where there is no answer."""
    command = [TOOL, "-r", requirements, "--disable-pip", "--progress-spinner", "off", *flags]
    for advisory in IGNORED:
        command += ["--ignore-vuln", advisory]
    try:
        ended = subprocess.run(  # noqa: S603 - our own tool and file
            [*command, "--format", "json"], capture_output=True, timeout=limit, check=False
        )
        told: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
        return []
    return [one for one in told if "skip_reason" not in one]


def main() -> int:
    with TemporaryDirectory() as folder:
        one = Path(folder, "one.txt")
        one.write_text("click==8.2.0\n", "utf-8")
        if not ask(one, "--no-deps", limit=20):
            print("pip-audit: the advisory database can't be reached from here; nothing audited")
            return 0
    known = ask(LOCK, "--require-hashes", limit=180)
    bad = [(one["name"], one["version"], hole["id"]) for one in known for hole in one["vulns"]]
    for name, version, advisory in bad:
        print(f"{name} {version}: {advisory}")
    print(f"pip-audit: {len(known)} versions of requirements.lock audited, {len(bad)} advisories")
    return 1 if bad or not known else 0


if __name__ == "__main__":
    sys.exit(main())
