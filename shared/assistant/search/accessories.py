"""The job that shows what goes with a product: bits for a drill, a chain for a saw.

The card's request tells what the shop links and its button carries that, so that one request shows names, price and
stock; a second one follows only where the shop links something else by now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import pages, screens
from shared.assistant.search.payloads import AccessoriesPayload
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation
from shared.domain import searches
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.offers import Offer
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

ACCESSORIES: Final = "accessories"


def accessories_job(where: ChatTarget, product: str, linked: Sequence[str]) -> Job:
    """Return the job that shows below what goes with a product."""
    return Job(ACCESSORIES, Lane.READ, AccessoriesPayload(where.below, product, tuple(linked)).as_data())


class AccessoriesHandler(MasterJobHandler):
    """Names, price and stock of what goes with a product."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for prices, the product and each of what it is linked with: one that is gone is an error of its own."""
        payload = AccessoriesPayload.from_data(job.payload)
        wanted = [payload.product, *payload.linked]
        return combine([self._portal.quote(wanted, payload.target.price_type), *map(self._portal.product, wanted)])

    async def done(self, job: Job, value: Sequence[Any], decision: Decision) -> None:
        """Show what is sold of it; ask once more where the shop links something else by now."""
        payload = AccessoriesPayload.from_data(job.payload)
        offers, details, *others = value
        view = ChatView(decision, payload.target)
        if not isinstance(details, ProductDetails):
            view.say(screens.no_such_product())
        elif set(details.accessories) - set(payload.linked):
            await decision.enqueue(accessories_job(payload.target, payload.product, details.accessories))
        else:
            linked = [one.product for one in others if isinstance(one, ProductDetails)]
            shown = in_order([searches.without_key(one) for one in linked if one.id in details.accessories], offers)
            kept = await pages.kept(decision, payload.target, shown)
            view.say(screens.accessories(kept, details.product.name, shown, offers))


def in_order(products: Sequence[Product], offers: Mapping[str, Offer]) -> Sequence[Product]:
    """Return what is sold, in the shop's order: first what is there or comes in variations, whose stock nobody asks."""
    sold = [one for one in products if one.has_variations or one.id in offers]
    return sorted(sold, key=lambda one: not one.has_variations and offers[one.id].available <= 0)


JOB_HANDLERS: JobHandlers = {ACCESSORIES: AccessoriesHandler}
