"""The job that looks at what a master watches and tells him what is new: the news and the watch are one commit."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.assistant.watching import screens
from shared.assistant.watching.scheduling import LOOK_AT_WATCHES, LookAtWatchesPayload
from shared.bitrix.portal import Operation
from shared.domain import masters, watches
from shared.domain.offers import Offer
from shared.domain.preferences import Importance
from shared.domain.watch_changes import compare
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job

log = logging.getLogger(__name__)


class LookAtWatchesHandler(BackgroundJobHandler):
    """Compares what one master watches with what the portal sells now."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for price and stock of all of it."""
        payload = LookAtWatchesPayload.from_data(job.payload)
        return self._portal.quote(payload.products, payload.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Tell the news, with sound or without, as their master chose.

        What began after the portal was asked waits for the next look.
        """
        payload = LookAtWatchesPayload.from_data(job.payload)
        user = payload.user
        master = await masters.load(decision.unit, user)
        if master is None or master.blocked or not master.reachable:
            return
        mine = await watches.load(decision.unit, user)
        looks = {
            watch.product: compare(watch, value.get(watch.product))
            for watch in mine.items
            if watch.since <= payload.asked_at and watch.product in payload.products
        }
        after = [looks.get(watch.product, (watch, None))[0] for watch in mine.items]
        watches.save(decision.unit, user, watches.Watches(tuple(watch for watch in after if watch is not None)))
        news = [one for _, one in looks.values() if one is not None]
        silent = masters.is_silent(master, Importance.USUAL, decision.now, self._zone)
        for one in news:
            ChatView(decision, ChatTarget(user)).say(screens.news(one), silent=silent)
        log_event(log, logging.INFO, LogEvent.WATCHES_ASKED, "watches", products=len(looks), news=len(news))


JOB_HANDLERS: JobHandlers = {LOOK_AT_WATCHES: LookAtWatchesHandler}
