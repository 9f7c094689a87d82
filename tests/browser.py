"""People at real browsers: whatever the browser complains of fails the test, and every address is remembered.

with people_at_browsers(site) as browsers:
    lin = browsers.visitor("林慧")
    lin.log_in("clerk")
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.factories import PASSWORD

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 60_000  # a machine with other work to do
NUMBER = re.compile(r"231299\d{11}[\dXx]")
# htmx says so when somebody goes on before a part of the page has arrived; a failure has its own word.
GONE_ON = re.compile(r"htmx:(sendAbort|afterRequest), ")
TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (told) =>
  console.error(`refused by policy: ${told.violatedDirective} ${told.blockedURI} ${told.sourceFile}:${told.lineNumber}`));
"""


@dataclass
class Visitor:
    """One person at one browser."""

    site: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._asked)

    def log_in(self, username: str) -> None:
        self.page.goto(f"{self.site}/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.site}/")

    def log_out(self) -> None:
        self.page.locator("details.menu summary").click()
        self.page.get_by_role("button", name="退出登录").click()
        self.page.wait_for_url(re.compile("/login/"))

    def forgive(self, status: int) -> None:
        """An answer of this status was expected; the browser may have said so, and nothing else."""
        left = [said for said in self.complaints if f"status of {status} " not in said]
        assert left == []
        self.complaints.clear()

    def width_on_a_phone(self) -> int:
        """How wide the page is when the screen is 390 px; the desk's size comes back after."""
        self.page.set_viewport_size(PHONE)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(DESK)
        return width

    def numbers_in_addresses(self) -> list[str]:
        return [address for address in self.addresses if NUMBER.search(address)]

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not GONE_ON.match(said.text):
            self.complaints.append(said.text)

    def _asked(self, request: Request) -> None:
        self.addresses.append(request.url)


@dataclass
class Browsers:
    """The browsers of one test against one site."""

    site: str
    chromium: Browser
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self, **options: object) -> Visitor:
        """Somebody at a browser of her own, not logged in."""
        context = self.chromium.new_context(**({"viewport": DESK, "locale": "zh-CN"} | options))
        context.set_default_timeout(PATIENCE_MS)
        came = Visitor(self.site, context, context.new_page())
        came.listen()
        self.visitors.append(came)
        return came

    def complaints(self) -> list[str]:
        return [said for visitor in self.visitors for said in visitor.complaints]


def phone_camera(frames: Path) -> tuple[str, ...]:
    """What makes Chromium see these frames (JPEG after JPEG in one file) through a camera, and allow it."""
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={frames}",
    )


@contextmanager
def people_at_browsers(site: str, *more: str) -> Iterator[Browsers]:
    """Chromium for one test. Playwright runs a loop in this thread, in which Django would refuse to ask its rows.

    `more`: further switches of the browser.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *more],
        )
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        try:
            yield Browsers(site, chromium)
        finally:
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
            chromium.close()


def fetched(page: Page, link: str) -> bytes:
    """What lies behind this link, asked for as the browser would; a browser without screen shows no PDF."""
    address = page.get_by_role("link", name=link).first.get_attribute("href") or ""
    answer = page.request.get(urljoin(page.url, address))
    assert answer.status == 200, answer.status
    return answer.body()
