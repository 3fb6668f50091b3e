"""A health status, entity by entity: what keeps messages from going out, and what does not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.graph.health import Trouble, health_of


def status(*entities: object) -> dict[str, object]:
    return {"can_send_message": "BLOCKED", "entities": list(entities)}


def entity(kind: str, *errors: object, can_send: str = "BLOCKED") -> dict[str, object]:
    return {"entity_type": kind, "id": 7, "can_send_message": can_send, "errors": list(errors)}


def error(code: object, said: str = "", solution: str = "") -> dict[str, object]:
    return {"error_code": code, "error_description": said, "possible_solution": solution}


@each_line(
    ("code", "said", "trouble"),
    [
        (141006, "There is an error with the payment method.", Trouble.PAYMENT),
        ("141006", "", Trouble.PAYMENT),
        (131042, "Business eligibility payment issue", Trouble.PAYMENT),
        (141077, "The account has an unpaid invoice.", Trouble.PAYMENT),
        (141078, "Its credit line is used up.", Trouble.PAYMENT),
        (368, "Temporarily blocked for policies violations", Trouble.POLICY),
        (141099, "The account violates WhatsApp's Business Policy.", Trouble.POLICY),
        (131031, "Your account has been locked", Trouble.LOCKED),
        (133010, "Account not registered", Trouble.UNREGISTERED),
        (141000, "Phone number disconnected", Trouble.UNREGISTERED),
        (141010, "The Business has not passed business verification.", Trouble.OTHER),
        (131037, "The display name is not approved", Trouble.OTHER),
        (None, "", Trouble.OTHER),
    ],
)
def test_an_error_is_judged_by_its_code(code: object, said: str, trouble: Trouble) -> None:
    (problem,) = health_of(status(entity("WABA", error(code, said)))).problems
    assert (problem.entity, problem.trouble) == ("WABA", trouble)


@each_line(
    "healthy",
    [
        entity("WABA", can_send="AVAILABLE"),
        entity("WABA", error(141010, "Not verified"), can_send="LIMITED"),
        entity("PHONE_NUMBER", error(138024, "SIP is not enabled")),
        entity("PHONE_NUMBER", error(138025, "x"), can_send="AVAILABLE"),
        entity("MESSAGE_TEMPLATE", error(141002, "Not approved")),
        "odd",
        None,
        {},
        {"entity_type": "WABA", "errors": "odd"},
    ],
)
def test_what_keeps_no_message_back_is_no_problem(healthy: object) -> None:
    assert health_of(status(healthy)).problems == ()


def test_a_limit_for_want_of_payment_is_told_all_the_same() -> None:
    limited = entity("WABA", error(141006), can_send="limited ")
    assert [one.trouble for one in health_of(status(limited)).problems] == [Trouble.PAYMENT]


def test_a_block_without_a_reason_is_one() -> None:
    (problem,) = health_of(status({"entity_type": "WABA", "can_send_message": "BLOCKED"})).problems
    assert problem.evidence == "Graph: can_send_message is BLOCKED"


def test_metas_advice_stands_in_the_evidence() -> None:
    blocked = entity("WABA", error(141006, "An error.", "Add a card."))
    (problem,) = health_of(status(blocked)).problems
    assert problem.evidence == "Graph: 141006, An error.; Meta's advice: Add a card."


def test_it_names_the_waba() -> None:
    both = status(entity("PHONE_NUMBER"), {"entity_type": "WABA", "id": 12345})
    assert health_of(both).waba_id == "12345"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["entities", "errors", "entity_type", "id", "can_send_message"])
                | st.sampled_from(["error_code", "error_description", "possible_solution"]),
                inner | st.sampled_from(["WABA", "BLOCKED"]),
            )
        ),
        max_leaves=12,
    )
)
def test_no_status_is_too_odd(odd: object) -> None:
    assert health_of(odd).problems is not None
