"""A file that a person sent, as bytes: `getFile`, then its address, at most 20 MB (shared/telegram/README.md, «Sizes»).

The address holds the bot's token, so it is used here and forgotten: it is in no error, log line or record.

Errors::

    FileError                the text is for logs, never for people
    ├── FileTooLargeError    more than the Bot API gives to a bot: tell the person, no retry helps
    ├── FileGoneError        Telegram knows no such file (any more): ask for it again, no retry helps
    └── FileLaterError       no connection, too many requests, Telegram in trouble: try again after `retry_after` s
"""

from __future__ import annotations

from typing import Final

from shared.telegram.api import AiogramError, Bot, GetFile, TelegramAPIError
from shared.telegram.failures import NETWORK_WAIT, SendVerdict, verdict, wait_of
from shared.telegram.session import MAX_DOWNLOAD, DownloadError

DOWNLOAD_SECONDS: Final = 60
"""For the bytes alone; `getFile` has the timeout of any other call."""

_TOO_BIG: Final = "file is too big"


class FileError(Exception):
    """A file did not come."""


class FileTooLargeError(FileError):
    """The file is larger than a bot may download."""


class FileGoneError(FileError):
    """There is no such file, or not any more."""


class FileLaterError(FileError):
    """Not now. `retry_after`: seconds to wait."""

    def __init__(self, why: str, retry_after: float) -> None:
        super().__init__(why)
        self.retry_after = retry_after


async def download_file(bot: Bot, file_id: str, *, seconds: int = DOWNLOAD_SECONDS) -> bytes:
    """Return the file's content, at most `MAX_DOWNLOAD` bytes, downloaded in `seconds`; FileError otherwise."""
    path = await _path_of(bot, file_id)
    try:
        content = await bot.download_file(path, timeout=seconds)
    except DownloadError as error:
        raise _undownloaded(error) from None
    return content.read() if content else b""


async def _path_of(bot: Bot, file_id: str) -> str:
    """Return where Telegram has put the file for us; FileError if it has not."""
    method = GetFile(file_id=file_id)
    try:
        file = await bot(method)
    except AiogramError as error:
        raise _refused(method, error) from None
    if (file.file_size or 0) > MAX_DOWNLOAD:
        raise FileTooLargeError(f"{file.file_size} bytes")
    if not file.file_path:
        raise FileGoneError("getFile gives no path")
    return file.file_path


def _refused(method: GetFile, error: AiogramError) -> FileError:
    """Return what a failure of `getFile` means. It changes nothing, so an unreadable answer is worth another try."""
    if not isinstance(error, TelegramAPIError):
        return FileLaterError(type(error).__name__, wait_of(error))
    if _TOO_BIG in error.message.casefold():
        return FileTooLargeError(error.message)
    if verdict(method, error) is SendVerdict.LATER:
        return FileLaterError(error.message, wait_of(error))
    return FileGoneError(error.message)


def _undownloaded(error: DownloadError) -> FileError:
    """Return what a failure of the download itself means."""
    if error.too_large:
        return FileTooLargeError(error.message)
    if error.gone:
        return FileGoneError(error.message)
    return FileLaterError(error.message, NETWORK_WAIT)
