"""The routers of all capabilities, in their order, under one dispatcher.

The order matters: commands work in every state; a capability that waits for a text comes before the search, which takes
any text; what nobody takes is answered by the last router.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.assistant import trying_again
from shared.assistant.cart import handlers as cart
from shared.assistant.checkout import handlers as checkout
from shared.assistant.inline import handlers as inline
from shared.assistant.lists import handlers as lists
from shared.assistant.notifications import handlers as notifications
from shared.assistant.onboarding import handlers as onboarding
from shared.assistant.orders import handlers as orders
from shared.assistant.preferences import handlers as preferences
from shared.assistant.returns import handlers as returns
from shared.assistant.saved_lists import handlers as saved_lists
from shared.assistant.scanning import handlers as scanning
from shared.assistant.search import handlers as search
from shared.assistant.sessions import UnitStorage
from shared.assistant.support import handlers as support
from shared.assistant.watching import handlers as watching
from shared.telegram.api import Dispatcher
from shared.telegram.plain_filters import call_in_place


def build(
    zone: ZoneInfo, operators_chat_id: int | None, *, talks_to_crm: bool = False, offers_pickup: bool = False
) -> Dispatcher:
    """Return the dispatcher; one per instance, for it holds nothing of an update.

    `talks_to_crm`: what is said to the operators is said in the CRM too. `offers_pickup`: orders may be fetched at the
    shop's stores.
    """
    dispatcher = Dispatcher(
        storage=UnitStorage(),
        zone=zone,
        operators_chat_id=operators_chat_id,
        talks_to_crm=talks_to_crm,
        offers_pickup=offers_pickup,
    )
    dispatcher.include_routers(
        support.router(),
        inline.router(),
        onboarding.first_router(),
        cart.router(),
        orders.router(),
        notifications.router(),
        preferences.router(),
        watching.router(),
        checkout.router(),
        returns.router(),
        saved_lists.router(),
        *(
            capability.word_router()
            for capability in (support, onboarding, cart, orders, preferences, returns, saved_lists)
        ),
        lists.router(),
        scanning.router(),
        search.router(),
        trying_again.router(),
        onboarding.last_router(),
    )
    call_in_place(dispatcher)
    return dispatcher
