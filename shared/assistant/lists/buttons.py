"""The buttons of lists alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from decimal import Decimal

from shared.telegram.api import CallbackData


class AddList(CallbackData, prefix="J1"):
    """Put what was found of a pasted list into the cart."""

    list: str


class AddListAgain(CallbackData, prefix="J2"):
    """The same after it came to nothing, told below; `message` has the list and its buttons."""

    list: str
    message: int


class AnswerCount(CallbackData, prefix="la1"):
    """Say how many are wanted of a line that was asked about."""

    list: str
    line: int
    count: Decimal


class ChooseProduct(CallbackData, prefix="lb1"):
    """Say which product a line means."""

    list: str
    line: int
    product: str


class FindLine(CallbackData, prefix="G1"):
    """Search for a line of a pasted list that is not clear."""

    list: str
    line: int
