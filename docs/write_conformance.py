"""Writes what is proved of the simulator as a page: `python docs/write_conformance.py`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from wizard.journeys.selftest.claims import Claim, claims

PAGE = Path(__file__).parent / "conformance.md"
_TESTS = Path(__file__).parents[1] / "tests" / "conformance"

_HEAD = """\
# True to Meta, without Meta

No test of ours can reach Meta: all of them run against the simulator. So the simulator's likeness
is proved by others' words, and what no words prove is listed here, for whoever has an account.
This page is written by `python docs/write_conformance.py`.

`pytest tests/conformance` ends with how much of it was proved: operations, by whose words; examples
replayed and left out; findings named, of how many errors; clients that ran.

## By Meta's own description

Meta publishes an [OpenAPI description](https://github.com/facebook/openapi) of the WhatsApp
Business API (v23.0, MIT licence), which lies in `tests/conformance/`.

- **Requests and replies.** Whatever any test of the suite sends to the simulator, and whatever
  the simulator answers, is held against the description: path, parameters, body, headers, schema;
  also where the simulator runs in a process of its own. Of other people's requests nothing is
  judged, of the replies to them all.
- **Examples.** Every example of these operations is replayed through our client: what succeeds is
  read, each error becomes a finding that an error unknown to us does not become, with Meta's own
  sentence in it. The description shows more errors for operations that our client never makes.
  Every example of an inbound webhook is signed, posted to our endpoint, taken and shown.
- **What it leaves out** (`debug_token`, `oauth/access_token`, an app's `subscriptions`,
  `appsecret_proof`) stands in `wizard/simulator/graph_api/operations.json`, written down from
  Meta's pages and from recorded answers. The simulator reads it, and the same tests hold every call
  against it.
"""
_CLIENTS = """\
## By other people's clients

Clients of the Cloud API from the package index, not changed by a line and told by their own
configuration where their Meta is, take the simulator for it: they send, read, register a webhook
of their own, and receive the simulator's signed events through their own check. And ours against
theirs: `doctor --url` verifies the webhooks that they serve.
"""
_CLIENT_ROWS = {
    "tried": "version",
    "told": "told by",
    "sends": "sends with",
    "number": "reads the number",
    "account": "reads the WABA",
    "registers": "registers a callback",
    "checks": "checks the signature",
    "serves": "serves the webhook",
}
_DEVIATIONS = """\
## Where the field wins

Where recorded answers contradict the description, the simulator answers as recorded. These are
all such places (`tests/conformance/deviations.toml`); the tests allow them and no others.
"""
_ABSENT = """\
## What is not simulated

The simulator answers what setting up, sending and receiving ask for. All else is refused with
100/33, as Meta refuses what an object can't do, or with 2500:

- a number's `deregister`, `request_code`, `verify_code` and `settings`, and changes to it but for
  its callback;
- writing and deleting of templates, media, flows, profiles, calls, groups and blocked people;
- `oauth/revoke`, `oauth/authorize`, `/{system-user-id}/access_tokens`, and every portfolio call but
  for its WhatsApp accounts;
- several portfolios, and accounts that another business shares.

Told but not enforced: the usage in the headers never ends in a refusal, and a scenario plays the
limits. Events are delivered again for seconds rather than for days, and no callback is switched
off. A server on this machine may serve a callback, with `http` too, which Meta would not reach.
"""
_UNPROVED = """\
## What remains, in ten minutes

Nothing above proves that Meta answers so today. Whoever has an app with a WhatsApp number can:

- [ ] `whatsapp-wizard selftest` asks for each claim below and says which are confirmed. It only
      reads, and writes a report in which no value of yours stands. Please attach it to an issue.
- [ ] `whatsapp-wizard selftest --allow-writes --to +…` asks also for those marked *writes*, after
      it has named what it is about to do. `--to` is a number of your own, on the test number's
      list.
- [ ] `whatsapp-wizard check` and then `whatsapp-wizard doctor` find nothing wrong with a setup
      that works.
- [ ] `WHATSAPP_WIZARD_GRAPH_VERSION=v13.0 whatsapp-wizard check` warns that another version
      answered.
- [ ] `whatsapp-wizard listen` registers a tunnel, is verified by Meta, and puts back what it
      replaced when it ends. Write to the number meanwhile: the message appears, with `signed`
      beside it.
- [ ] `whatsapp-wizard send +… --follow` is followed to delivered.
- [ ] `whatsapp-wizard rotate` takes a second token and keeps the app running.

What even these leave open, since it can't be brought about on demand: how Meta words the end of a
token by password, logout and removal (190 with 460, 467 and 458), its rate limits, how long and
how often it delivers again, whether it keeps calling a webhook of an app that is not published,
and the payment and policy errors of a number of one's own.

### The claims

What only Meta can prove, each with the word that it rests on so far, from
`wizard/content/claims.toml`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_clients(), *_deviations(), _ABSENT, _UNPROVED, *_claims()])


def _clients() -> Iterator[str]:
    table = tomllib.loads((_TESTS / "clients.toml").read_text("utf-8"))
    yield _CLIENTS
    yield from _table(
        ["", *(f"[{name}]({row['about']})" for name, row in table.items())],
        ([said, *(_cell(row.get(key, "–")) for row in table.values())]
         for key, said in _CLIENT_ROWS.items()),
    )  # fmt: skip


def _deviations() -> Iterator[str]:
    yield _DEVIATIONS
    path = _TESTS / "deviations.toml"
    if path.exists():
        rows = tomllib.loads(path.read_text("utf-8"))["deviation"]
        head = ["what", "of", "where", "described", "answered", "source"]
        yield from _table(head, map(_deviation, rows))


def _deviation(row: Mapping[str, Any]) -> list[str]:
    return [
        _cell(row["about"]),
        ", ".join(row["operations"]),
        _code(row["where"]),
        _code(row.get("described")),
        _code(row["answered"]),
        _cell(row["source"]),
    ]


def _claims() -> Iterator[str]:
    for group, of_group in groupby(claims(), lambda claim: claim.id.partition(".")[0]):
        yield f"**{group}**\n"
        yield "\n".join(_claim(claim) for claim in of_group) + "\n"


def _claim(claim: Claim) -> str:
    writes = " *(writes)*" if claim.writes else ""
    asked = f"`{claim.asked}` as {claim.asker.replace('_', ' ')}"
    return f"- [ ] `{claim.id}`{writes}: {claim.says} {asked}. [Source]({claim.source})"


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    lines = [head, ["---"] * len(head), *rows]
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(value: Any) -> str:
    if value in (None, {}, ""):
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{_cell(text)}`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
