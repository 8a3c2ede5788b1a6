"""The second step of an upload: the file posted to the link of the first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local.portal.encoding import read_file
from infra.local.portal.native.disk import UPLOAD_FIELD, DiskMethods
from infra.local.portal.options import PortalOptions
from infra.local.portal.transport import RestEndpoint


class Uploads:
    """Answers `POST /rest/upload.json?auth=…`; it counts against the rate like any request to REST."""

    def __init__(self, disk: DiskMethods, rest: RestEndpoint, options: PortalOptions) -> None:
        self._disk = disk
        self._rest = rest
        self._options = options

    async def receive(self, request: Request) -> Response:
        """Store the file."""
        self._rest.count_request()
        name, content = await read_file(request, UPLOAD_FIELD, self._options.body_limit)
        host = (self._options.public_url or str(request.base_url)).rstrip("/")
        return JSONResponse({"result": self._disk.receive(request.query_params.get("auth", ""), name, content, host)})
