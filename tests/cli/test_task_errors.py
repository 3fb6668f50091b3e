"""A task that fails with nobody waiting for it tells where, and nothing of its values."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging

import pytest

from wizard.cli.output import crash_report
from wizard.cli.output.task_errors import hide_values


def test_it_is_told_where_a_task_failed_and_not_of_what(caplog: pytest.LogCaptureFixture) -> None:
    hide_values()

    async def fail(secret: str) -> None:
        raise RuntimeError(f"no access with {secret}")

    async def main() -> None:
        task = asyncio.create_task(fail("hunter2hunter2"), name="hunter2hunter2")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert task.done()

    asyncio.run(main())
    gc.collect()
    assert "hunter2" not in caplog.text
    assert "RuntimeError" in caplog.text
    assert "test_task_errors.py" in caplog.text


def test_what_has_no_error_in_it_is_told_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    hide_values()
    logging.getLogger("asyncio").warning("Executing %s took long", "x")
    assert "Executing x took long" in caplog.text


def test_a_log_ends_no_program_that_can_open_no_file(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_file(_error: BaseException) -> str:
        raise OSError(errno.EMFILE, "Too many open files")

    hide_values()
    monkeypatch.setattr(crash_report, "crash_text", no_file)
    error = OSError(errno.EMFILE, "hunter2hunter2")
    logging.getLogger("asyncio").error("accept", exc_info=error)
    assert "OSError" in caplog.text
    assert "hunter2" not in caplog.text
