"""Who may ask: known hosts, the page itself, those with the token; what a page may load."""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.responses import PlainTextResponse, RedirectResponse

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "qyforecast_token"
#: Styles in attributes are the framework's own; scripts are files of this host, and those of
#: the framework's lines whose fingerprints are known.
POLICY = (
    "default-src 'none'; script-src 'self' {inline}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Stands before the app.

    Parameters
    ----------
    app : callable
        ASGI app.
    host : str
        Where it listens; a loopback address answers to loopback names only, so that no
        other site's name can be made to point here.
    token : str
        What must be shown once; nothing where empty.
    inline : sequence of str
        Fingerprints of scripts that stand in the pages themselves.
    """

    def __init__(self, app: App, host: str, token: str, inline: Sequence[str]) -> None:
        self._app, self._token = app, token
        policy = POLICY.format(inline=" ".join(inline))
        headers = HEADERS | {"Content-Security-Policy": policy}
        self._headers = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
        self._hosts = LOOPBACK if host in LOOPBACK else None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Let a request through, or refuse it; see the ASGI specification."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        fault = self._fault(scope, headers)
        if scope["type"] == "websocket":
            if fault or not self._known(headers):
                await send({"type": "websocket.close", "code": 4403})
                return
            await self._app(scope, receive, send)
            return

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        answer: App = self._app
        if fault:
            answer = PlainTextResponse(fault, status_code=403)
        elif not self._known(headers):
            answer = self._door(scope)
        await answer(scope, receive, sending)

    def _fault(self, scope: Scope, headers: dict[str, str]) -> str:
        host = headers.get("host", "")
        if self._hosts is not None and urlsplit(f"//{host}").hostname not in self._hosts:
            return "this host is not served"
        origin = headers.get("origin")
        asks = scope["type"] == "websocket" or scope["method"] != "GET"
        if asks and origin is not None and urlsplit(origin).netloc != host:
            return "another site's page may not ask"
        # The framework takes files of any size at an address of its own, which is not used.
        return "no such address" if scope["path"].startswith("/session/") else ""

    def _known(self, headers: dict[str, str]) -> bool:
        if not self._token:
            return True
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        return cookie is not None and self._equal(cookie.value)

    def _equal(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())

    def _door(self, scope: Scope) -> App:
        """Take a token from the address into a cookie, and out of sight."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if not self._equal(given):
            return PlainTextResponse("a token is wanted: ?token=…", status_code=401)
        answer = RedirectResponse(scope["path"] or "/", status_code=303)
        answer.set_cookie(COOKIE, given, httponly=True, samesite="strict")
        return answer
