"""Coming in by an invite's link, and what it may bind to. Without the routers, which no stranger needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.assistant import access, texts
from shared.assistant.access import Denied
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import home
from shared.assistant.onboarding import own_phone, screens
from shared.domain import buyers, invites, masters
from shared.domain.masters import Master
from shared.pipeline.decision import Decision


@dataclass(frozen=True)
class Bindings:
    """What an invite may bind to beside a user of the portal.

    `contacts`: a contact of its CRM; `phones`: the one who has the phone of who comes in.
    """

    contacts: bool
    phones: bool

    def take(self, buyer_id: str) -> bool:
        """Whether an invite for this buyer is good here."""
        return buyers.is_user(buyer_id) or (self.phones if buyer_id == invites.ANYBODY else self.contacts)


async def come_in(
    token: str, telegram_id: int, name: str, secret: str | None, decision: Decision, view: ChatView, binds: Bindings
) -> None:
    """Bind the person to the buyer the invite names, or ask for his phone, or say why not.

    Runs before any router: he is a stranger.
    """
    invite = invites.read(token, secret, decision.now)
    if invite is None or not binds.take(invite.buyer_id):
        view.say(Screen(texts.onboarding.invite_bad()))
        return
    used = await decision.unit.get(invites.key(token))
    if used is not None and used["telegram_id"] != telegram_id:
        view.say(Screen(texts.onboarding.invite_taken()))
        return
    known = await masters.load(decision.unit, telegram_id)
    if access.access_of(known) is Denied.BLOCKED:
        view.say(Screen(texts.onboarding.blocked()))
        return
    if known is not None and (used is not None or invite.buyer_id == invites.ANYBODY):
        # An old link of his own (he may have come in by a newer one since, for another buyer), or one that names none.
        _reachable(known, decision)
        view.say(home(known.name))
        return
    decision.unit.put(invites.key(token), {"telegram_id": telegram_id}, ttl=invite.expires_at - decision.now)
    if invite.buyer_id == invites.ANYBODY:
        await own_phone.ask(telegram_id, name, decision, view)
        return
    buyer = invite.buyer_id
    master = known or Master(telegram_id, buyer, name, decision.now)
    replace(master, bitrix_user_id=buyer, joined_at=decision.now, reachable=True).save(decision.unit)
    view.say(screens.welcome(master.name))


def _reachable(master: Master, decision: Decision) -> None:
    """Note that he can be written to: he has just written himself."""
    if not master.reachable:
        replace(master, reachable=True).save(decision.unit)
