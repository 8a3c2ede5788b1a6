"""How the desk's forms are read and answered."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from infra.local.portal.encoding import read_params
from infra.local.portal.params import Params

_LIMIT = 64 * 1024


async def read_form(request: Request) -> Params:
    """Return the fields of a form. Raises `RestError` 400 or 413."""
    return Params(await read_params(request, _LIMIT))


def back(where: str) -> Response:
    """Lead back to a page, so that loading it again repeats nothing."""
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)
