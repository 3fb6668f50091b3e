"""Writes what `listen` shows of each kind of event as a page: `python docs/write_events.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.webhook.kinds import Kind, kinds
from wizard.cli.output.event_json import event_json
from wizard.webhook.event_queue import Delivery
from wizard.webhook.event_text import event_text
from wizard.webhook.reading import read_body

PAGE = Path(__file__).parent / "events.md"
_AT = datetime(2026, 11, 23, tzinfo=UTC)
_EVERYWHERE = {"event", "signature", "at", "sample", "phone_number_id", "timestamp", "id", "raw"}
_MAX_SAID = 120

_HEAD = """\
# What `listen` shows of each kind of event

`python docs/write_events.py` writes this page: it reads a payload of each kind, as the tests post
them to the endpoint, and prints what comes out.

With `--json` an event is one object on a line. What Meta did not send is absent, never empty or
null. Beside the members below, each event has `event`, `signature`, `at` and `sample`, and where
Meta sent them `id`, `timestamp` and `phone_number_id`. `message` and `status` have `raw` too,
Meta's own object, and `change` has `value`, all of it.

- `field` names where an event came in, if not on `messages`: on `standby`, another app holds the
  conversation, such as Meta Business Agent.
- `error` is Meta's, about the app, the account or the number, and no single message.
- `malformed` follows the events of a body in which something is not as Meta describes: `path` says
  where, `reason` is `missing`, `wrong_type` (with `expected` and `found`), `too_long`, `too_deep`
  or `unreadable_number`. The rest of the body is read, Meta gets 200, and `--forward-to` gets all
  of it.
- A message to a group has one `status` for each participant.

| kind | field | event | members | line |
|---|---|---|---|---|
"""


def page() -> str:
    return _HEAD + "".join(map(_row, kinds()))


def _row(kind: Kind) -> str:
    read = read_body(kind.body, is_signed=True)
    delivery = Delivery(read.events, kind.body, (), _AT, "valid", read.nodes, read.malformed)
    cells = [
        kind.name,
        f"`{kind.field}`",
        f"`{kind.event}`",
        ", ".join(f"`{name}`" for name in _members(delivery)),
        *(_cell(event_text(event, _MAX_SAID)[1]) for event in read.events),
    ]
    return f"| {' | '.join(cells)} |\n"


def _members(delivery: Delivery) -> Iterator[str]:
    for line in event_json(delivery):
        yield from (name for name in json.loads(line) if name not in _EVERYWHERE)


def _cell(text: str) -> str:
    """Text as it is, in a table: `|` would end the cell."""
    shown = text.replace("|", "\\|").replace("`", "'")
    return f"`{shown}`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
