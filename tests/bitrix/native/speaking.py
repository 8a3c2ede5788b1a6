"""What the tests of the dialect share: a portal's settings, an order, and ways to ask and to answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from shared.bitrix.encoding import command_line
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.portal import Answer, Operation, Portal
from shared.domain.orders import LineItem, NewOrder, PaymentKind
from shared.status import Status

T = TypeVar("T")

KEY = "0b0f3c5e-6f0e-4c40-9df6-6d3c7f0f2a11"
PREPAID, CASH = "118", "119"

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -5,
        10**30,
        Decimal("3.5"),
        "",
        "Q",
        "perhaps",
        "-1",
        [],
        [None],
        ["x"],
        [[]],
        {},
        {"x": 1},
        [{"x": []}],
    ]
)
"""What a field may hold that nobody expects."""


def native(**settings: Any) -> NativePortal:
    usual: dict[str, Any] = {
        "iblock_id": "23",
        "price_type_id": "1",
        "person_type_id": "3",
        "pay_systems": {PaymentKind.PREPAID: PREPAID, PaymentKind.CASH: CASH},
        "delivery_id": "198",
        "address_property_id": "26",
        "phone_property_id": "22",
        "eta_property_id": "ETA",
        "article_property": "property105",
        "buyer_user_id": "17",
        "returns_entity_type_id": "1038",
        "returns_category_id": "12",
        "disk_folder_id": "8930",
        "status_map": {"DL": Status.DELIVERED},
        "return_stage_map": {"DT1038_12:CHECK": Status.RETURN_IN_PROGRESS},
    }
    made = NativePortal(NativeSettings(**(usual | settings)))
    speaks: Portal = made  # mypy: the dialect is complete
    assert speaks is made
    return made


def new_order(*lines: tuple[str, int], payment: PaymentKind = PaymentKind.PREPAID, **more: Any) -> NewOrder:
    wanted = lines or (("1243", 2), ("1250", 1))
    usual: dict[str, Any] = {"address": "Тверь, ул. Мира, 5", "phone": "+79990000000", "comment": "Звоните"}
    basket = tuple(LineItem(product, Decimal(pieces)) for product, pieces in wanted)
    return NewOrder(KEY, "501", basket, payment, **(usual | more))


def asked(operation: Operation[Any]) -> dict[str, tuple[str, Any]]:
    """Return method and parameters by key."""
    return {key: (command.method, command.params) for key, command in operation.commands.items()}


def lines_of(operation: Operation[Any]) -> dict[str, str]:
    """Return the batch's lines by key."""
    return {key: command_line(command) for key, command in operation.commands.items()}


def heard(operation: Operation[T], *results: Any, **counts: Any) -> T:
    """Answer the operation's commands in order; a result may be a whole `Answer`."""
    answers = [result if isinstance(result, Answer) else Answer(result, **counts) for result in results]
    return operation.read(dict(zip(operation.commands, answers, strict=True)))


def told(operation: Operation[T], by_key: Mapping[str, Any]) -> T:
    """Answer the operation's commands by key."""
    assert set(by_key) == set(operation.commands)
    return operation.read({
        key: value if isinstance(value, Answer) else Answer(value) for key, value in by_key.items()
    })  # fmt: skip
