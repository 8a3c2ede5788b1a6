"""The handler of photos that nobody asked for: a barcode on one is looked for."""

from __future__ import annotations

from shared.assistant.chat_view import ChatView
from shared.assistant.scanning import sent_photos
from shared.assistant.words import words_of
from shared.pipeline.decision import Decision
from shared.telegram.api import F, FSMContext, Message, Router


def router() -> Router:
    """Return the capability's handler. It comes behind all that waits for photos."""
    router = Router(name="scanning")
    router.message.register(scan, F.photo, without_words)
    return router


async def without_words(message: Message) -> bool:
    """Let through what has no caption: a caption is searched for."""
    return not words_of(message)


async def scan(message: Message, decision: Decision, view: ChatView, state: FSMContext) -> None:
    """Have the largest size looked at; of an album, whose photos come one by one, the first."""
    album = message.media_group_id
    if album is not None and (await state.get_data()).get("album") == album:
        return
    if album is not None:
        await state.update_data(album=album)
    if message.photo:
        photo = message.photo[-1]
        job = sent_photos.scan_job(view.target.below, photo.file_id, photo.file_unique_id, decision.now)
        await decision.enqueue(job)
