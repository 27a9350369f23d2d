"""A Chromium without a window, driven over its DevTools protocol with nothing but aiohttp."""

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # a container's root has no user namespaces; only pages of this test are opened
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-port=0",
)
START_SECONDS = 30


def find() -> str:
    """The path of the installed browser; a missing one fails the test, it does not skip it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise FileNotFoundError("chromium is needed here: apt-get install chromium")


class PageError(AssertionError):
    """A script of the test failed in the page, or what was waited for did not come."""


@dataclass(slots=True)
class Tab:
    """One page, and everything it asked for or complained about."""

    socket: ClientWebSocketResponse
    browser: "tuple[ClientSession, int]"
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    responses: dict[str, int] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)
    _waiting: dict[int, "asyncio.Future[dict[str, Any]]"] = field(default_factory=dict)

    async def listen(self) -> None:
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                break
            event = json.loads(message.data)
            if "id" in event:
                self._waiting.pop(event["id"]).set_result(event)
            else:
                self._note(event["method"], event["params"])

    def _note(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(params["url"])
            case "Network.responseReceived":
                self.responses[params["response"]["url"]] = params["response"]["status"]
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"])[:2000])
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "assert", "warning"):
                words = (str(arg.get("value", arg.get("description"))) for arg in params["args"])
                self.complaints.append(f"console.{params['type']}: {' '.join(words)}")
            case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "method": method, "params": params})
        answer = await asyncio.wait_for(self._waiting[number], START_SECONDS)
        if "error" in answer:
            raise PageError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression (a promise is awaited)."""
        answer = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise PageError(f"{script}: {json.dumps(answer['exceptionDetails'])[:2000]}")
        return answer["result"].get("value")

    async def until(self, script: str, seconds: float = 15) -> None:
        """Wait until the expression is true in the page, or in the one that takes its place meanwhile.

        What cannot be asked yet, of a page that is leaving or of an element that is drawn anew, is asked again.
        """
        missing = ""
        async for _ in _ticks(seconds):
            try:
                if await self.run(f"Boolean({script})"):
                    return
                missing = ""
            except PageError as error:
                missing = str(error)
        raise PageError(f"not within {seconds} s: {script}; {missing}; the page complained: {self.complaints}")

    async def open(self, url: str) -> None:
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'")

    async def type(self, text: str) -> None:
        await self.call("Input.insertText", text=text)

    async def press_enter(self) -> None:
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text="\r", **key)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    async def look(self, width: int, height: int, scheme: str = "light", scale: float = 1) -> None:
        """Use this window size, light or dark colours, and no movement."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=width < 600,
        )  # fmt: skip
        wishes = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def screenshot(self, path: Path) -> None:
        picture = await self.call("Page.captureScreenshot", format="png")
        path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(picture["data"]))


@asynccontextmanager
async def chromium() -> AsyncIterator[Tab]:
    """One fresh browser with one empty tab; both are gone afterwards, with their profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            find(), *FLAGS, f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            port = await _port(Path(profile))
            async with ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    targets = await answer.json(content_type=None)
                page = next(target for target in targets if target["type"] == "page")
                async with _tab((session, port), page) as tab:
                    yield tab
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _port(profile: Path) -> int:
    """The debugging port, which Chromium writes into its profile once it listens."""
    file = profile / "DevToolsActivePort"
    async for _ in _ticks(START_SECONDS):
        if file.exists() and (lines := file.read_text().split()):
            return int(lines[0])
    raise PageError("chromium did not start")


async def _ticks(seconds: float) -> AsyncIterator[None]:
    """One turn now and one every 50 ms, until the time is over."""
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        yield
        await asyncio.sleep(0.05)


@asynccontextmanager
async def another(tab: Tab) -> AsyncIterator[Tab]:
    """A second tab of the same browser: its cookies, and a session storage of its own."""
    session, port = tab.browser
    async with session.put(f"http://127.0.0.1:{port}/json/new?about:blank") as answer:
        target = await answer.json(content_type=None)
    async with _tab(tab.browser, target) as beside:
        yield beside


@asynccontextmanager
async def _tab(browser: tuple[ClientSession, int], target: dict[str, Any]) -> AsyncIterator[Tab]:
    async with browser[0].ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
        tab = Tab(socket, browser)
        listener = asyncio.create_task(tab.listen())
        try:
            for domain in ("Page", "Runtime", "Network", "Log"):
                await tab.call(f"{domain}.enable")
            yield tab
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener
