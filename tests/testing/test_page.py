"""docs/testing.md: its bot answers, and its tests pass as they stand."""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.tables import each_line
from wizard.testing.running import CallbackRefusedError, RunningSimulator

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"<!-- (\S+\.py) -->\n```python\n(.*?)```", PAGE, re.DOTALL))


def test_the_bot_has_few_lines_and_answers_what_is_said(
    whatsapp_simulator: RunningSimulator, tmp_path: Path
) -> None:
    bot = tmp_path / "bot.py"
    bot.write_text(BLOCKS["bot.py"])
    assert lines(BLOCKS["bot.py"]) <= 13
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    whatsapp_simulator.say("halo")
    env = {**os.environ, **whatsapp_simulator.env, "PORT": str(port)}
    with subprocess.Popen([sys.executable, str(bot)], env=env) as process:
        register(whatsapp_simulator, f"http://127.0.0.1:{port}/webhook")
        (sent,) = whatsapp_simulator.wait_for_sent(timeout=30)
        whatsapp_simulator.write({"type": "location"})
        whatsapp_simulator.write({"text": "hi", "from": "US.13491208655302"})
        whatsapp_simulator.wait_for_sent(2, timeout=30)
        whatsapp_simulator.wait_idle(30)
        process.kill()
    assert whatsapp_simulator.sent[1].text == "You said: hi"
    assert sent.text == "You said: halo"
    assert whatsapp_simulator.sent[0].status == "read"


def lines(code: str) -> int:
    """Without what is imported."""
    parts = [one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.stmt)]
    return sum(not isinstance(one, ast.Import | ast.ImportFrom) for one in parts)


def register(simulator: RunningSimulator, url: str) -> None:
    """Once the bot is up."""
    ends = time.monotonic() + 30
    while True:
        try:
            return simulator.register(url)
        except CallbackRefusedError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)


def test_its_tests_pass_as_they_stand(tmp_path: Path) -> None:
    names = [name for name in BLOCKS if name.startswith("test_")]
    if shutil.which("node") is None:
        names.remove("test_node.py")
    for name in names:
        (tmp_path / name).write_text(BLOCKS[name])
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert len(names) >= 2


@each_line("word", ["fail_next", "wait_for_sent", "register", "allow", "env", "say"])
def test_what_the_page_names_is_there(word: str) -> None:
    assert f"`{word}" in PAGE
    assert hasattr(RunningSimulator, word)
