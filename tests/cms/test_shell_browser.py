"""The shell in a real browser: nothing the policy refuses, every key, every way of a file, at 1280 and 390 px."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings as installation
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.cms import shell_urls

pytestmark = pytest.mark.browser
ROOT = Path(installation.BASE_DIR)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """The test prints what matters."""


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def site(settings) -> Iterator[str]:
    """The gallery behind the installation's own content policy and CSRF check, without a database."""
    settings.ROOT_URLCONF = "tests.cms.shell_urls"
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware", "csp.middleware.CSPMiddleware"]
    engine = settings.TEMPLATES[0]
    processors = ["django.template.context_processors.request", "django.template.context_processors.i18n"]
    settings.TEMPLATES = [
        engine
        | {
            "DIRS": [*engine["DIRS"], ROOT / "tests/cms/templates"],
            "OPTIONS": {"context_processors": processors},
        }
    ]
    vars(shell_urls.DOOR).update(vars(shell_urls.Door()))
    application = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, application, server_class=Threads, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which any complaint of the browser fails the test."""
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.complaints = complaints
    yield opened
    context.close()
    assert complaints == []


def stands_on(page: Page) -> str:
    """Text of the row that has the focus."""
    return page.evaluate("document.activeElement.innerText") or ""


@pytest.mark.parametrize("name", ["desk", "board", "sheet"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_fits_and_the_policy_refuses_nothing(site, browser, name, size, scheme):
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    answer = page.goto(f"{site}/gallery/{name}/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 26, 28)"
    assert dark is (scheme == "dark")
    context.close()
    assert complaints == []


@pytest.mark.parametrize("name", ["desk", "board"])
def test_what_a_thumb_presses_is_large_enough(site, browser, name):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/gallery/{name}/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .btn, .tabs a, .filters a, .bottombar a, summary')]
            .filter((control) => control.checkVisibility() && !control.matches('.unseen'))
            .filter((control) => control.getBoundingClientRect().height < 44)
            .map((control) => control.outerHTML.slice(0, 80))"""
    )
    context.close()
    assert small == []


def test_the_policy_would_refuse_an_inline_style(site, browser):
    context = browser.new_context()
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{site}/gallery/desk/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    context.close()
    assert any("Content Security Policy" in text for text in complaints)


# Keys -----------------------------------------------------------------------------------------------


def test_slash_goes_to_the_search_field_and_letters_rest_there(site, page):
    page.goto(f"{site}/gallery/board/")
    page.keyboard.press("/")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.keyboard.type("j?u")
    expect(page.locator("input[type=search]")).to_have_value("j?u")
    expect(page.locator("dialog")).to_be_hidden()


def test_question_mark_lists_the_keys_of_the_screen(site, page):
    page.goto(f"{site}/gallery/board/")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    expect(page.locator("dialog")).to_contain_text("去核对")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def test_single_keys_can_be_switched_off_and_stay_off(site, page):
    page.goto(f"{site}/gallery/sheet/")
    page.keyboard.press("r")
    assert "rotate(90deg)" in page.locator(".page").get_attribute("style")
    page.keyboard.press("?")
    page.locator("dialog input[type=checkbox]").uncheck()
    page.reload()
    page.keyboard.press("r")
    page.keyboard.press("j")
    assert "rotate" not in (page.locator(".page").get_attribute("style") or "")
    expect(page.locator("[data-list-target=row]:focus")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("dialog input[type=checkbox]")).not_to_be_checked()


def test_rows_are_walked_and_opened_by_keyboard(site, page):
    page.goto(f"{site}/gallery/board/")
    page.keyboard.press("j")
    assert "职业技能培训开班申请表" in stands_on(page)
    page.keyboard.press("ArrowDown")
    assert "培训课程安排计划" in stands_on(page)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#row-1")).to_be_visible()
    expect(page.locator("[aria-controls=row-1]")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#row-1")).to_be_hidden()


def test_a_click_on_the_row_opens_it_in_place(site, page):
    page.goto(f"{site}/gallery/board/")
    page.get_by_text("培训课程安排计划").click()
    expect(page.locator("#row-2")).to_be_visible()


def test_the_account_menu_closes_on_escape_and_gives_the_focus_back(site, page):
    page.goto(f"{site}/gallery/desk/")
    page.locator("summary").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_space_marks_pages_and_shift_extends(site, page):
    page.goto(f"{site}/gallery/sheet/")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Space")
    expect(page.locator("[data-selection-target=bar]")).to_contain_text("已选 4 页")
    page.locator("[data-selection-target=all]").check()
    expect(page.locator("[data-selection-target=bar]")).to_contain_text("已选 9 页")
    page.locator("[data-selection-target=all]").uncheck()
    expect(page.locator("[data-selection-target=bar]")).to_be_hidden()


def test_the_original_is_one_key_away(site, page):
    page.goto(f"{site}/gallery/sheet/")
    page.keyboard.press("o")
    assert page.locator("[data-viewer-target=image]").get_attribute("src").endswith("?original")
    expect(page.locator("[data-viewer-target=switch]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("o")
    assert page.locator("[data-viewer-target=image]").get_attribute("src").endswith("mark.svg")


def test_the_page_grows_by_key(site, page):
    page.goto(f"{site}/gallery/sheet/")
    before = page.locator(".page").bounding_box()["width"]
    page.keyboard.press("+")
    assert page.locator(".page").bounding_box()["width"] > before


# Jobs and messages ----------------------------------------------------------------------------------


def test_a_running_job_is_followed_until_it_ends(site, page):
    page.goto(f"{site}/gallery/desk/")
    job = page.locator(".job").first
    expect(job).to_contain_text("63 %")
    expect(job).to_contain_text("已完成", timeout=5000)
    expect(page.locator(".job-leased")).to_have_count(0)


def test_a_broken_connection_is_told_on_the_page_and_stays(site, page):
    page.goto(f"{site}/gallery/desk/")
    page.route("**/jobs/**", lambda route: route.abort())
    expect(page.locator("#messages .notice").last).to_contain_text("所填内容仍在本页", timeout=5000)
    page.complaints.clear()


# Files ----------------------------------------------------------------------------------------------


def put(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator(".drop input[multiple]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )


def test_every_file_is_acknowledged_with_its_hash_and_the_list_is_told(site, page):
    page.goto(f"{site}/gallery/board/")
    page.evaluate(
        "document.querySelector('.panel').id = 'board';"
        "document.getElementById('board').addEventListener('uploads-done', () => document.body.dataset.told = 'yes')"
    )
    put(
        page, *((f"扫描件_2026-11-23_上午批_{no:04}.pdf", b"%PDF" + bytes([no]) * 5000) for no in range(1, 6))
    )
    expect(page.locator(".upload-done")).to_have_count(5)
    expect(page.locator(".upload-done").first).to_contain_text("与本机文件逐字节一致 · SHA-256")
    expect(page.locator("body")).to_have_attribute("data-told", "yes")
    assert len(shell_urls.DOOR.files) == 5
    assert all(len(content) == 5004 for content in shell_urls.DOOR.files.values())
    assert shell_urls.DOOR.metadata["1"]["target"] == "identity_document_copy"


def test_files_chosen_before_the_script_arrives_are_sent_too(site, page):
    held: list[Route] = []
    page.route("**/upload_controller.js", lambda route: held.append(route))
    with page.expect_request("**/upload_controller.js"):
        page.goto(f"{site}/gallery/board/", wait_until="commit")
    put(page, ("早.pdf", b"%PDF-early"))
    held[0].continue_()
    expect(page.locator(".upload-done")).to_have_count(1)
    assert list(shell_urls.DOOR.files.values()) == [b"%PDF-early"]


def test_a_long_file_name_loses_its_middle_and_keeps_its_end(site, page):
    page.goto(f"{site}/gallery/board/")
    put(page, ("很长很长很长很长很长很长很长很长很长很长的文件名_第0037页.pdf", b"%PDF-x"))
    name = page.locator(".upload .file-name")
    expect(name.locator("span").last).to_contain_text("0037页.pdf")
    assert name.bounding_box()["width"] <= page.locator(".uploads").bounding_box()["width"]


def test_a_break_is_retried_and_nothing_is_sent_twice(site, page):
    shell_urls.DOOR.breaks = 2
    page.goto(f"{site}/gallery/board/")
    put(page, ("a.pdf", b"%PDF" * 1000))
    expect(page.locator(".upload-done")).to_have_count(1, timeout=15000)
    assert shell_urls.DOOR.files == {"1": b"%PDF" * 1000}
    assert all("500" in complaint for complaint in page.complaints)
    page.complaints.clear()


def test_a_refusal_is_told_in_the_servers_own_words_and_the_rest_goes_on(site, page):
    page.goto(f"{site}/gallery/board/")
    put(page, ("a.exe", b"MZ"), ("b.pdf", b"%PDF"))
    expect(page.locator(".upload-refused")).to_contain_text("请另存为 PDF 后再传。")
    expect(page.locator(".upload-done")).to_have_count(1)
    page.complaints.clear()


def test_an_empty_file_is_told_at_once(site, page):
    page.goto(f"{site}/gallery/board/")
    put(page, ("空.pdf", b""))
    expect(page.locator(".upload-refused")).to_contain_text("这是空文件")
    assert shell_urls.DOOR.files == {}


def test_a_wrong_upload_can_be_withdrawn(site, page):
    page.goto(f"{site}/gallery/board/")
    put(page, ("错的.pdf", b"%PDF"))
    expect(page.locator(".upload-done")).to_have_count(1)
    page.locator(".upload").get_by_role("button", name="撤回").click()
    expect(page.locator(".upload-withdrawn")).to_contain_text("已撤回")
    assert shell_urls.DOOR.withdrawn == ["1"]


def test_the_same_bytes_again_are_told_by_the_earlier_name(site, page):
    page.goto(f"{site}/gallery/board/")
    put(page, ("第一次.pdf", b"%PDF-same"))
    expect(page.locator(".upload-done")).to_have_count(1)
    put(page, ("第二次.pdf", b"%PDF-same"))
    expect(page.locator(".upload-done").last).to_contain_text("与先前上传的 第一次.pdf 内容相同，只存一份")


def test_after_a_log_out_the_file_waits_to_be_tried_again(site, page):
    page.goto(f"{site}/gallery/board/")
    page.route(
        "**/files/1",
        lambda route: route.fulfill(
            status=401, json={"code": "signed_out", "message": "登录已过期，请重新登录后接着传。"}
        ),
    )
    put(page, ("a.pdf", b"%PDF" * 1000))
    expect(page.locator(".upload")).to_contain_text("请重新登录后接着传")
    page.unroute("**/files/1")
    page.locator(".upload").get_by_role("button", name="重试").click()
    expect(page.locator(".upload-done")).to_have_count(1)
    assert shell_urls.DOOR.files == {"1": b"%PDF" * 1000}
    page.complaints.clear()


def test_without_script_files_go_in_by_a_plain_form(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/gallery/board/")
    form = page.locator("noscript form, .drop form")
    expect(form.locator("input[type=file]")).to_have_attribute("name", "files")
    assert form.get_attribute("action") == "/upload/"
    context.close()


def test_files_can_be_dropped(site, page):
    page.goto(f"{site}/gallery/board/")
    page.locator(".drop").evaluate(
        """(zone) => {
            const held = new DataTransfer();
            held.items.add(new File(['%PDF'], '拖入.pdf'));
            zone.dispatchEvent(new DragEvent('drop', { dataTransfer: held, bubbles: true }));
        }"""
    )
    expect(page.locator(".upload-done")).to_contain_text("拖入.pdf")
