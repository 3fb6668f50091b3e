"""Writes what is proved of the simulator as a page: `python docs/write_conformance.py`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from wizard.journeys.selftest.claims import Claim, claims
from wizard.simulator.graph_api.described import document

PAGE = Path(__file__).parent / "conformance.md"
_TESTS = Path(__file__).parents[1] / "tests" / "conformance"
_OWN = Path(__file__).parents[1] / "wizard" / "simulator" / "graph_api" / "operations.json"

_HEAD = """\
# How the simulator is checked against Meta

No test here can reach Meta: all of them run against the simulator. So the simulator is checked
against what others publish about Meta, and this page lists what only a real account can show.
`python docs/write_conformance.py` writes this page.

`pytest tests/conformance` ends with what it checked: the operations and their sources, the examples
it replayed and left out, the errors it found a name for, and the clients that ran.

## Against Meta's own description

Meta publishes an [OpenAPI description](https://github.com/facebook/openapi) of the WhatsApp
Business API (v23.0, MIT licence). A copy is in `tests/conformance/`.

- **Requests and replies.** Everything any test sends to the simulator, and everything the simulator
  answers, is compared with the description: path, parameters, body, headers and schema. This
  includes a simulator in its own process. Requests of other people's clients are not judged; the
  replies to them are.
- **Examples.** Every example of these operations is replayed through the wizard's own client. It
  reads the successful ones. Each error becomes a finding with Meta's own sentence, and not the
  finding for an unknown error. The description has more errors, for operations that the client
  never uses. Every example of an inbound webhook is signed, posted to the endpoint, accepted and
  shown.
- **What it leaves out** (`debug_token`, `oauth/access_token`, an app's `subscriptions`,
  `appsecret_proof`) is in `wizard/simulator/graph_api/operations.json`, written from Meta's pages
  and from recorded answers. The simulator reads that file, and the same tests compare every call
  with it.
"""
_CLIENTS = """\
## Against other people's clients

Clients of the Cloud API from the package index run against the simulator, unchanged: only their own
configuration points them at it. They send, read, register their own webhook, and receive
the simulator's signed events through their own check. The other way round, `doctor --url`
verifies the webhooks they serve.
"""
_CLIENT_ROWS = {
    "tried": "version",
    "told": "configured with",
    "sends": "sends with",
    "number": "reads the number",
    "account": "reads the WABA",
    "registers": "registers a callback",
    "checks": "checks the signature",
    "serves": "serves the webhook",
}
_DEVIATIONS = """\
## Where recorded answers win

Where recorded answers contradict the description, the simulator answers as recorded. This table has
every such place (`tests/conformance/deviations.toml`); the tests allow these and no others.
"""
_OPERATIONS = """\
## Operations

Every operation in Meta's description, and those that it leaves out. *kept*: the simulator has a
state for it. *example*: the request is checked and the answer is one of Meta's examples, with the
header `x-simulated`; nothing is kept. A ✓ marks the clients that use the operation in the tests.
The tests write this table (`tests/conformance/used.json`).
"""
_ABSENT = """\
## What is not simulated

A request that nothing simulates is refused with 2500, or with 100 where only the method is wrong.
The answer never says that your ID does not exist, and `whatsapp-wizard simulator` reports the
request on standard error. Not simulated:

- `oauth/revoke`, `oauth/authorize` and `/{system-user-id}/access_tokens`;
- several portfolios, and WABAs that another business shares;
- groups: their operations answer with examples, and no message can go to one.

Reported but not enforced: the usage in the headers never leads to a refusal; a scenario simulates
the limits. A template is approved at once. You can block a person who did not write in the last 24
hours. Events are delivered again for seconds instead of days, and no callback URL is turned off. A
server on this machine can be a callback URL, also with `http`, which Meta could not reach.
"""
_UNPROVED = """\
## What you can check in ten minutes

Nothing above shows that Meta answers like this today. If you have an app with a WhatsApp number,
you can:

- [ ] `whatsapp-wizard selftest` tests each claim below and shows which ones Meta confirms. It only
      reads, and writes a report that contains none of your values. Please attach it to an issue.
- [ ] `whatsapp-wizard selftest --allow-writes --to +…` also tests the claims marked *writes*, after
      it lists what it is going to do. `--to` is your own number, on the test number's list.
- [ ] `whatsapp-wizard check` and then `whatsapp-wizard doctor` find no problem in a setup that
      works.
- [ ] `WHATSAPP_WIZARD_GRAPH_VERSION=v13.0 whatsapp-wizard check` warns that another version
      answered.
- [ ] `whatsapp-wizard listen` registers a tunnel, is verified by Meta, and restores the previous
      callback URL when it ends. Write to the number meanwhile: the message appears, with `signed`
      beside it.
- [ ] `whatsapp-wizard send +… --follow` tracks the message to delivered.
- [ ] `whatsapp-wizard rotate` accepts a second token and keeps the app running.

Some things stay open, because you can't cause them on demand: Meta's words for a token that ended
by password, logout or removal (190 with 460, 467 and 458), its rate limits, how long and how
often it delivers again, whether it keeps calling the webhook of an unpublished app, and the
payment and policy errors of your own number.

### The claims

What only Meta can confirm, each with its source so far, from `wizard/content/claims.toml`.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, *_clients(), *_operations(), *_deviations()]
    return "\n".join([*parts, _ABSENT, _UNPROVED, *_claims()])


def _clients() -> Iterator[str]:
    table = tomllib.loads((_TESTS / "clients.toml").read_text("utf-8"))
    yield _CLIENTS
    yield from _table(
        ["", *(f"[{name}]({row['about']})" for name, row in table.items())],
        ([said, *(_cell(row.get(key, "–")) for row in table.values())]
         for key, said in _CLIENT_ROWS.items()),
    )  # fmt: skip


def _operations() -> Iterator[str]:
    yield _OPERATIONS
    used: dict[str, list[str]] = json.loads((_TESTS / "used.json").read_text("utf-8"))
    examples = used.pop("described")
    own = json.loads(_OWN.read_text("utf-8"))["paths"]
    described = document()["operations"]
    rows = [(one["id"], one["method"], "/".join(one["path"]), True) for one in described]
    rows += [
        (one["operationId"], method.upper(), path.removeprefix("/{Version}/"), False)
        for path, item in own.items()
        for method, one in item.items()
        if isinstance(one, dict)
    ]
    yield from _table(
        ["operation", "in Meta's description", "simulator", *used],
        (
            [
                f"`{method} {path}`",
                "yes" if by_meta else "no",
                "example" if name in examples else "kept",
                *("✓" if name in names else "" for names in used.values()),
            ]
            for name, method, path, by_meta in sorted(rows, key=lambda row: row[2])
        ),
    )


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
