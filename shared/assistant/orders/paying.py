"""The two buttons an order is paid by: the master's own, and the one for his client."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import HandOnInvoice
from shared.assistant.keyboard import Row, button, link


def paying(order_id: str, payment_url: str) -> Row:
    """Return the buttons; two rows of a column, for the second has a long text."""
    client = button(texts.labels.FOR_CLIENT, HandOnInvoice(order=order_id))
    return [link(texts.labels.PAY, payment_url), client]
