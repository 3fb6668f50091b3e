"""However a `listen` that took a callback's place is ended, and however many there were: the
callback comes back, or is said to be missing."""

from __future__ import annotations

import signal

import pytest

from tests.cli.commands.test_listen import free_port, listening, posix, shake
from tests.cli.commands.test_restore import SAYS, own_app
from tests.cli.shell import Shell
from tests.cli.world import Pretended
from wizard.simulator.world.objects import Subscription

__all__ = ["own_app"]


def standing(meta: Pretended) -> list[str]:
    return [hook.callback_url for hook in meta.world.app.subscriptions]


@posix
@pytest.mark.parametrize("name", ["SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGALRM"])
def test_other_signals_that_end_a_program_put_it_back_too(
    shell: Shell, meta: Pretended, own_app: str, name: str
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("messages",)))
    with listening(shell, "--replace", env=env) as lines:
        lines.until("finding", id="webhook.registered")
        number = getattr(signal, name)
        assert lines.end(number)[0] == 128 + number
    assert standing(meta) == [own_app]


@posix
@pytest.mark.parametrize("first", ["killed", "ended"])
@pytest.mark.parametrize("second", ["killed", "ended"])
def test_of_two_in_a_row_the_first_place_is_remembered(
    shell: Shell, meta: Pretended, own_app: str, first: str, second: str
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("messages",)))
    with listening(shell, "--replace", env=env) as one:
        one.until("finding", id="webhook.registered")
        with listening(shell, "--replace", "--profile", "other", env=env) as two:
            two.until("finding", id="webhook.registered")
            one.end(signal.SIGKILL if first == "killed" else signal.SIGTERM)
            two.end(signal.SIGKILL if second == "killed" else signal.SIGTERM)
    if second == "killed" and standing(meta) != [own_app]:
        said = shell("status", "--all").err + shell("status", "--profile", "other").err
        assert SAYS in said
        for profile in ("default", "other"):
            shell("restore", "--env", "--profile", profile, env=env)
    assert standing(meta) == [own_app]


@posix
def test_where_nobody_reads_on_it_is_put_back(shell: Shell, meta: Pretended, own_app: str) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("messages",)))
    url = f"http://127.0.0.1:{free_port()}/webhook"
    flags = ("--env", "--json", "--replace", "--url", url)
    with shell.start("listen", *flags, env=env) as process:
        assert process.stdout is not None
        assert any("webhook.registered" in line for line in process.stdout)
        assert standing(meta) == [url]
        process.stdout.close()
        shake(url)
        process.wait(20)
    assert standing(meta) == [own_app]
