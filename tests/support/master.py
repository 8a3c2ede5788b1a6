"""A master for tests: someone who talks with the bot."""

import httpx

from infra.local.show.customer import ADDRESS, AGREE, CASH, CONFIRM, DRIVER, NB, PREPAID, Customer, number_in

__all__ = ["ADDRESS", "AGREE", "CASH", "CONFIRM", "DRIVER", "NB", "PATIENCE", "PREPAID", "Master", "number_in"]

PATIENCE = 240.0
"""Seconds until a test gives up waiting for a screen: for one that never comes only, a machine may be busy."""


class Master(Customer):
    """A master with the patience of a test.

    `patience`: seconds until he gives up on a screen.
    """

    def __init__(self, http: httpx.AsyncClient, base_url: str, user_id: int, buyer: str, invite: str) -> None:
        super().__init__(http, base_url, user_id, buyer, invite)
        self.patience = PATIENCE
