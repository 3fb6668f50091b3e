"""What is said of a token where a server tells little of it, or something odd."""

from __future__ import annotations

from tests.checks.foreign import APP, OTHER_APP, Answer, Asked, Reply, dead, error, examined, token
from tests.checks.test_foreign_causes import VIEWING
from tests.tables import each_line


@each_line("said", [error(100, VIEWING), dead(100, VIEWING)], ids=["error", "fact"])
@each_line("asks", [True, False], ids=["asks for itself", "may not"])
async def test_of_another_apps_token_its_own_app_is_named_as_it_tells_it(
    said: Answer, asks: bool
) -> None:
    own = token(app_id=OTHER_APP, application="Other\u202e")
    refused = error(100, "must provide an app access token, or a user access token")

    def inspected(asked: Asked) -> Reply:
        by_app = f"{APP}|" in asked.head or f"{APP}%7C" in asked.head
        answer = said if by_app else own if asks else refused
        return answer if isinstance(answer, Reply) else Reply(answer)

    named = {"id": OTHER_APP, "name": "Other"}
    report = await examined({"debug_token": inspected, "app": named})
    assert report.primary is not None
    assert report.primary.id == "access_token.other_app"
    assert report.primary.evidence.endswith(
        f'the token belongs to app "Other" {OTHER_APP}; your App ID is {APP}'
    )


@each_line("expires_at", [None, 1_795_000_000.5, 10**20, "soon"], ids=str)
async def test_an_end_that_is_not_known_is_not_made_up(expires_at: object) -> None:
    report = await examined({"debug_token": token(expires_at=expires_at)})
    (valid,) = (one for one in report.findings if one.id == "access_token.valid")
    assert valid.evidence.endswith("; expiry unknown")
    assert valid.facts is not None
    assert valid.facts.expires_at is None


async def test_what_turns_the_line_round_stays_out_of_an_apps_name() -> None:
    told = token(application="\u202eMy\u2066 shop\x1b[2J", expires_at=0)
    report = await examined({"debug_token": told})
    (valid,) = (one for one in report.findings if one.id == "access_token.valid")
    assert valid.evidence.isprintable()
    assert valid.evidence.startswith('your app "My shop [2J"')
    assert valid.facts is not None
    assert valid.facts.app_name.isprintable()
