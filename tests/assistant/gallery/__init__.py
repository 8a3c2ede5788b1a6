"""Every screen a master can meet, by capability: what the golden files show."""

from __future__ import annotations

from shared.assistant import common_screens
from shared.assistant.cart import screens as cart_screens
from shared.assistant.checkout import screens as checkout_screens
from shared.assistant.inline import screens as inline_screens
from shared.assistant.lists import screens as lists_screens
from shared.assistant.notifications import screens as notifications_screens
from shared.assistant.onboarding import screens as onboarding_screens
from shared.assistant.orders import screens as orders_screens
from shared.assistant.preferences import screens as preferences_screens
from shared.assistant.returns import screens as returns_screens
from shared.assistant.search import screens as search_screens
from shared.assistant.search import section_screens
from shared.assistant.support import screens as support_screens
from shared.assistant.watching import screens as watching_screens
from tests.assistant.gallery import (
    cart,
    checkout,
    inline,
    lists,
    notifications,
    onboarding,
    orders,
    preferences,
    returns,
    search,
    support,
    watching,
)
from tests.assistant.gallery.case import Case

__all__ = ["GALLERY", "MODULES", "Case"]

GALLERY: dict[str, list[Case]] = {
    "onboarding": onboarding.CASES,
    "search": search.CASES,
    "inline": inline.CASES,
    "lists": lists.CASES,
    "cart": cart.CASES,
    "checkout": checkout.CASES,
    "orders": orders.CASES,
    "returns": returns.CASES,
    "notifications": notifications.CASES,
    "preferences": preferences.CASES,
    "support": support.CASES,
    "watching": watching.CASES,
}
"""The golden file of each list has its name."""

MODULES = (
    common_screens,
    onboarding_screens,
    search_screens,
    section_screens,
    inline_screens,
    lists_screens,
    cart_screens,
    checkout_screens,
    orders_screens,
    notifications_screens,
    preferences_screens,
    returns_screens,
    support_screens,
    watching_screens,
)
"""Where screens are made: each public function of these is in the gallery."""
