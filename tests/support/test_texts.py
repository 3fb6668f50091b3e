"""Numbers and their nouns."""

from __future__ import annotations

from tests.tables import each_line
from wizard.support.texts import counted


@each_line(
    ("many", "said"), [(0, "0 findings"), (1, "1 finding"), (2, "2 findings"), (11, "11 findings")]
)
def test_one_is_not_said_in_the_plural(many: int, said: str) -> None:
    assert counted(many, "finding") == said
