"""The operator's handset under the page's own address, so that a browser needs no other."""

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, web

# The operator shows a sign of life every 15 s; a stream that is silent for three of them is dead.
TIMEOUT = ClientTimeout(total=None, connect=5, sock_read=45)


def add_handset(app: web.Application, operator: str, path: str = "/handset") -> None:
    """Serve `<path>/<number>.json` and `<path>/<number>/events` from the operator at this base address."""
    relay = _Relay(operator.rstrip("/"))
    app.on_startup.append(relay.start)
    app.on_shutdown.append(relay.stop)
    app.router.add_get(path + "/{number:[0-9]+}{what:\\.json|/events}", relay.get, allow_head=False)


class _Relay:
    def __init__(self, operator: str) -> None:
        self._operator = operator
        self._session: ClientSession
        self._open: set[ClientResponse] = set()

    async def start(self, _: web.Application) -> None:
        self._session = ClientSession(timeout=TIMEOUT)

    async def stop(self, _: web.Application) -> None:
        for source in self._open:
            source.close()  # wakes its reader, which the closing of the session does not
        await self._session.close()

    async def get(self, request: web.Request) -> web.StreamResponse:
        address = f"{self._operator}/handset/{request.match_info['number']}{request.match_info['what']}"
        seen = {name: request.headers[name] for name in ("Last-Event-ID",) if name in request.headers}
        response = web.StreamResponse()
        try:
            async with self._session.get(address, headers=seen, allow_redirects=False) as source:
                response.set_status(source.status)
                response.headers["Content-Type"] = source.headers["Content-Type"]
                response.headers["Cache-Control"] = "no-store"
                await response.prepare(request)
                await self._copy(source, response)
        except (ClientError, OSError) as error:
            if not response.prepared:
                raise web.HTTPBadGateway(text="The sandbox operator does not answer.\n") from error
        return response  # cut off: the page comes back for the rest

    async def _copy(self, source: ClientResponse, response: web.StreamResponse) -> None:
        self._open.add(source)
        try:
            async for chunk in source.content.iter_any():
                await response.write(chunk)
        finally:
            self._open.discard(source)
