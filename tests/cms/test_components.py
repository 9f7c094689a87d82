"""Components draw shape and word; no template or script breaks the content policy or holds words of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.urls import URLPattern, reverse
from django.utils import translation

from cms import urls
from cms.components.jobs import JobLine
from cms.components.navigation import SECTIONS
from cms.components.states import SHOWN_STATES
from cms.templatetags.juanzong import icon_names
from dossiers.states import ITEM_STATE_NAMES
from tests.cms import gallery

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OWN_SCRIPTS = sorted((ROOT / "cms/static/cms/js").glob("*.js"))
VENDOR = ROOT / "cms/static/cms/vendor"


def draw(source: str, **context: object) -> str:
    return Template("{% load juanzong %}" + source).render(Context(context))


@pytest.fixture
def shell_site(settings):
    """A site of the shell alone, with the gallery's two screens."""
    settings.ROOT_URLCONF = "tests.cms.shell_urls"
    engine = settings.TEMPLATES[0]
    processors = [
        "django.template.context_processors.request",
        "django.template.context_processors.i18n",
    ]
    settings.TEMPLATES = [
        engine
        | {
            "DIRS": [*engine["DIRS"], ROOT / "tests/cms/templates"],
            "OPTIONS": {"context_processors": processors},
        }
    ]


# States ---------------------------------------------------------------------------------------------


def test_the_seven_states_are_those_of_the_domain_in_the_same_words():
    assert {state.id: str(state.word) for state in SHOWN_STATES.values()} == {
        state.value: str(word) for state, word in ITEM_STATE_NAMES.items()
    }


@pytest.mark.parametrize("state", list(SHOWN_STATES))
def test_a_state_shows_its_shape_and_its_word(state):
    html = draw("{% item_state state %}", state=state)
    assert f'class="state state-{state}"' in html
    assert f"#{SHOWN_STATES[state].icon}" in html
    assert str(SHOWN_STATES[state].word) in html


def test_no_two_states_share_a_shape():
    assert len({state.icon for state in SHOWN_STATES.values()}) == len(SHOWN_STATES)


def test_an_unknown_state_is_a_fault_and_not_an_empty_cell():
    with pytest.raises(KeyError):
        draw("{% item_state 'lost' %}")


def test_a_square_is_named_in_words():
    html = draw("{% state_square 'returned' title='第 8 件 劳动合同' url='/x/' %}")
    assert 'href="/x/"' in html
    assert 'aria-label="第 8 件 劳动合同：退回"' in html


def test_the_legend_names_every_state():
    html = draw("{% state_legend %}")
    assert all(str(state.word) in html for state in SHOWN_STATES.values())


# Meters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("have", "due", "width", "full"),
    [
        (0, 1, "0.0", False),
        (28, 30, "50.4", False),
        (299, 300, "52.0", False),
        (1, 900, "1.0", False),
        (30, 30, "54", True),
        (31, 30, "54", True),
        (0, 0, "0", False),
    ],
)
def test_coverage_is_green_only_when_full(have, due, width, full):
    html = draw("{% coverage have due '人' %}", have=have, due=due)
    assert f"<b>{have}</b>/{due}" in html
    assert f'width="{width}"' in html
    assert ("meter-full" in html) is full


def test_coverage_without_a_due_count_is_a_dash():
    assert "—" in draw("{% coverage 0 None '人' %}")


def test_widths_keep_their_point_in_every_language():
    with translation.override("de"):
        assert 'width="50.4"' in draw("{% coverage 28 30 '人' %}")


def test_a_ring_shows_its_figures():
    html = draw("{% ring 10 13 %}")
    assert "<b>10</b>/13" in html
    assert "ring-full" not in html
    assert "ring-full" in draw("{% ring 13 13 %}")


@pytest.mark.parametrize(
    ("value", "word", "level", "percent"),
    [
        (0.0, "低", "low", 0),
        (0.41, "低", "low", 41),
        (0.499, "低", "low", 49),
        (0.5, "中", "middle", 50),
        (0.8, "中", "middle", 80),
        (0.94, "高", "high", 94),
        (0.999, "高", "high", 99),
        (1.0, "高", "high", 100),
    ],
)
def test_confidence_says_level_and_percentage_and_never_rounds_up(value, word, level, percent):
    html = draw("{% confidence value %}", value=value)
    assert f"confidence-{level}" in html
    assert f"{word} {percent} %" in html


def test_a_confidence_beyond_one_is_a_fault():
    with pytest.raises(ValueError, match="between 0 and 1"):
        draw("{% confidence 41 %}")


# Findings, steps, jobs, pages -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shape"), [("doubt", "alert-triangle"), ("block", "circle-x"), ("for", "circle-check")]
)
def test_a_finding_has_the_shape_of_its_kind(kind, shape):
    html = draw("{% finding_chip kind '金美玲 55/80 课时' %}", kind=kind)
    assert f"chip-{kind}" in html
    assert f"#{shape}" in html
    assert "金美玲 55/80 课时" in html


def test_the_stepper_marks_the_step_one_stands_on_and_says_it_in_words():
    html = draw("{% stepper steps 5 %}", steps=gallery.STEPS)
    assert html.count('aria-current="step"') == 1
    assert html.count("step-done") == 4
    assert html.count("step-next") == 5
    assert "第 5 步，共 10 步" in html


def test_a_running_job_asks_for_itself_and_says_how_far_it_is():
    html = draw("{% job_line job %}", job=gallery.JOBS[0])
    assert 'hx-get="/jobs/1/"' in html
    assert 'hx-trigger="every 2s"' in html
    assert "63 %" in html
    assert "约 4 分钟" in html
    assert "第 3 步，共 5 步：读取文字" in html
    assert "135 / 214 页" in html


def test_a_failed_job_stops_asking_and_offers_retry():
    html = draw("{% job_line job %}", job=gallery.JOBS[2], csrf_token="t0ken")
    assert "hx-get" not in html
    assert "重试" in html
    assert 'value="t0ken"' in html


def test_a_job_of_unknown_length_claims_no_percentage():
    html = draw("{% job_line job %}", job=JobLine("打包", "leased", "/jobs/9/"))
    assert "%" not in html
    assert "value=" not in html


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "不到 1 分钟"), (240, "约 4 分钟"), (5400, "约 2 小时"), (None, "")]
)
def test_remaining_time_is_as_coarse_as_an_estimate(seconds, words):
    assert str(JobLine("读", "leased", "/j/", remaining_seconds=seconds).remaining) == words


def test_a_page_without_picture_is_drawn_as_a_page():
    assert "<img" not in draw("{% thumb '' '王海燕' %}")
    html = draw("{% thumb '/t.jpg' '王海燕' href='/p/' second='扫描二 p.37' flag='可拆分' %}")
    assert '<img src="/t.jpg" alt=""' in html
    assert "可拆分" in html


def test_a_drop_zone_carries_its_words_and_its_target_in_attributes():
    html = draw("{% drop_zone '/files/' dossier='d-1' target='roster' enrolment='e-1' refresh='#tray' %}")
    assert 'data-upload-endpoint-value="/files/"' in html
    assert 'data-upload-target-value="roster"' in html
    assert "&quot;retry&quot;: &quot;重试&quot;" in html


def test_an_icon_that_is_not_vendored_is_a_fault():
    with pytest.raises(TemplateSyntaxError, match="icons.txt"):
        draw("{% icon 'unicorn' %}")


def test_the_sprite_holds_exactly_the_icons_that_are_listed():
    sprite = next(VENDOR.glob("tabler-icons-*/icons.svg")).read_text("utf-8")
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icon_names()


# The shell ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["desk", "board"])
def test_a_screen_of_the_shell_stands(shell_site, name):
    html = gallery.page(name)
    assert '<html lang="zh-hans">' in html
    assert 'class="skip" href="#content"' in html
    assert '<main id="content"' in html
    assert html.count("<h1>") == 1
    for label in ("工作台", "班次", "收件", "查询"):
        assert f">{label}" in html
    assert "全部按键" in html


def test_the_current_door_and_the_current_tab_are_marked(shell_site):
    html = gallery.page("board")
    assert re.search(r'<a href="/classes/" aria-current="page">班次</a>', html)
    assert re.search(r'<a href="/x/" aria-current="page">档案</a>', html)
    assert not re.search(r'<a href="/desk/" aria-current', html)


def test_doors_that_one_may_not_open_are_not_shown(shell_site):
    html = gallery.page("desk")
    assert 'href="/review-queue/"' not in html
    assert 'href="/accounts/"' not in html


def test_every_door_leads_somewhere():
    assert all(reverse(section.url_name) for section in SECTIONS)
    there = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert {name for section in SECTIONS for name in section.also} <= there


def test_messages_stay_on_the_page_and_errors_are_announced(shell_site):
    html = gallery.page("desk")
    assert "第 7 件已归件 2 页。" in html
    assert re.search(r'notice-error" role="alert"', html)


# The laws of the front ------------------------------------------------------------------------------

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "htmx code in an attribute": re.compile(r"hx-on|hx-vals=[\"']js:|hx-trigger=[\"'][^\"']*\["),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "a style element": re.compile(r"<style", re.I),
    "an address elsewhere": re.compile(r"(?:src|href|action)=[\"']https?:", re.I),
}


@pytest.mark.parametrize("fault", FORBIDDEN)
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_what_the_policy_would_refuse(path, fault):
    found = FORBIDDEN[fault].search(path.read_text("utf-8"))
    assert found is None, f"{fault}: {found}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p style="color:red">', "an inline style"),
        ('<a onclick="go()">', "an inline handler"),
        ("<script>go()</script>", "an inline script"),
        ('<b hx-on:click="go()">', "htmx code in an attribute"),
        ('<script src="https://cdn.example/x.js">', "an address elsewhere"),
    ],
)
def test_the_law_sees_what_it_forbids(text, fault):
    assert FORBIDDEN[fault].search(text)


LOGIC = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
TAGS = re.compile(r"<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.S)
SPOKEN = re.compile(r"\s(?:title|placeholder|alt|aria-label)=\"([^\"]*)\"")
ALLOWED_WORDS = {"PDF", "XLSX", "SHA", "ID", "GB", "MB", "Enter", "Ctrl", "JPEG", "PNG", "TIFF", "MP4", "kbd"}


def words_of_its_own(text: str) -> list[str]:
    """Latin words and Chinese characters that stand in a template outside of translate tags."""
    spoken_here = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", text, flags=re.S)
    plain = LOGIC.sub("", spoken_here)
    bare = TAGS.sub(" ", plain) + " " + " ".join(SPOKEN.findall(plain))
    bare = re.sub(r"&[a-z]+;", " ", bare)
    return [word for word in re.findall(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+", bare) if word not in ALLOWED_WORDS]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_words_that_could_not_be_translated(path):
    words = words_of_its_own(path.read_text("utf-8"))
    if path.is_relative_to(ROOT / "templates/print"):  # the archive's forms are Chinese in every language
        words = [word for word in words if word.isascii()]
    assert words == []


def test_words_in_the_open_are_seen():
    assert words_of_its_own("<b>Save</b>") == ["Save"]
    assert words_of_its_own('<b title="保存">{% translate "保存" %}</b>') == ["保存"]
    assert words_of_its_own("{% blocktranslate %}第 {{ n }} 步{% endblocktranslate %}<i>{{ name }}</i>") == []


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
def test_no_script_holds_words_for_readers_or_evaluates_text(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert not re.search(r"[\u4e00-\u9fff]", text)
    assert not re.search(r"\beval\(|new Function|innerHTML\s*=|document\.write", text)


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
def test_no_script_imports_the_door_that_pages_load_under_a_hashed_name(path):
    assert '/juanzong.js"' not in path.read_text("utf-8").replace('juanzong.js"></script>', "")


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
def test_every_script_says_first_what_it_does_and_shows_its_html(path):
    text = path.read_text("utf-8")
    assert text.startswith("/*")
    assert "HTML" in text.split("*/")[0]


def test_vendored_files_are_those_that_were_recorded():
    seen = subprocess.run(
        [sys.executable, ROOT / "script/vendor", "--verify"], capture_output=True, text=True, timeout=60
    )
    assert seen.returncode == 0, seen.stdout


def test_a_changed_vendored_file_is_noticed(tmp_path):
    for path in ("script", "cms/static/cms/vendor"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-r", VENDOR, tmp_path / "cms/static/cms/vendor"], check=True)
    (tmp_path / "script").mkdir()
    subprocess.run(["cp", ROOT / "script/vendor", tmp_path / "script/vendor"], check=True)
    changed = next((tmp_path / "cms/static/cms/vendor").glob("htmx-*/htmx.min.js"))
    changed.write_text(changed.read_text("utf-8") + "\n")
    seen = subprocess.run(
        [sys.executable, tmp_path / "script/vendor", "--verify"], capture_output=True, text=True, timeout=60
    )
    assert seen.returncode == 1
    assert "htmx.min.js" in seen.stdout


@pytest.mark.parametrize(
    "package", [path for path in VENDOR.iterdir() if path.is_dir()], ids=lambda path: path.name
)
def test_every_vendored_package_carries_its_licence(package):
    assert len((package / "LICENSE").read_text("utf-8")) > 500
