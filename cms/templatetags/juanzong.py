"""Components as template tags: `{% load juanzong %}`; each draws one template of templates/components."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.template.context import Context
from django.utils.functional import Promise

from cms import components
from cms.components import meters
from cms.components.navigation import Door, doors
from cms.components.states import legend, shown_state
from cms.components.uploads import words_json
from cms.wording import say
from dossiers.sentences import Sentence
from foundation import multipart

register = template.Library()

FINDING_ICONS = {"doubt": "alert-triangle", "block": "circle-x", "for": "circle-check"}


@lru_cache
def icon_names() -> frozenset[str]:
    """Icons the sprite carries; a name that is not listed is a fault at render time, not an empty square."""
    lines = (Path(components.__file__).parent / "icons.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@register.inclusion_tag("components/icon.html")
def icon(name: str, size: int = 16) -> dict[str, Any]:
    """{% icon "check" %} -> <svg class="icon" aria-hidden="true"><use href="…/icons.svg#check"/></svg>"""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"icon {name!r} is not in cms/components/icons.txt")
    return {"name": name, "size": size}


@register.inclusion_tag("components/item_state.html")
def item_state(state: str) -> dict[str, Any]:
    """{% item_state row.state %} -> <span class="state state-ticked"><svg…/>已核</span>"""
    return {"shown": shown_state(state)}


@register.inclusion_tag("components/state_square.html")
def state_square(state: str, title: str | Promise = "", url: str = "") -> dict[str, Any]:
    """{% state_square cell.state title="第 7 件 身份证复印件" url=cell.url %}
    -> <a class="square square-ticked" href="…" title="第 7 件 身份证复印件：已核" aria-label="…"><svg…/></a>
    Wrap a strip in <span class="squares">."""
    return {"shown": shown_state(state), "title": title, "url": url}


@register.inclusion_tag("components/state_legend.html")
def state_legend() -> dict[str, Any]:
    """{% state_legend %} -> <ul class="legend"> with the seven squares and their words"""
    return {"states": list(legend())}


@register.inclusion_tag("components/coverage.html")
def coverage(have: int, due: int | None, unit: str | Promise = "") -> dict[str, Any]:
    """{% coverage 28 30 "人" %} -> <span class="coverage"><b>28</b>/30 <svg…/> 人</span>; no due count: a dash"""
    return {"have": have, "due": due, "unit": unit, "bar": meters.bar(have, due or 0)}


@register.inclusion_tag("components/ring.html")
def ring(have: int, due: int) -> dict[str, Any]:
    """{% ring 10 13 %} -> <span class="ring"><svg…/><b>10</b>/13</span>; green only when full"""
    return {"have": have, "due": due, "ring": meters.ring(have, due)}


@register.inclusion_tag("components/confidence.html")
def confidence(value: float) -> dict[str, Any]:
    """{% confidence 0.41 %} -> <span class="confidence confidence-low"><svg…/>低 41 %</span>"""
    return {"shown": meters.confidence(float(value))}


@register.inclusion_tag("components/finding_chip.html")
def finding_chip(kind: str, text: str | Promise, url: str = "") -> dict[str, Any]:
    """{% finding_chip "doubt" "许文涛：读数与名册差 1 位" %} -> <span class="chip chip-doubt"><svg…/>…</span>
    Kinds: doubt (to look at), block (stops the hand-in), for (speaks for it). Several: <span class="chips">."""
    return {"kind": kind, "icon": FINDING_ICONS[kind], "text": text, "url": url}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[Any], current: int) -> dict[str, Any]:
    """{% stepper steps 5 %}: rows with `label`, `note` and optionally `is_due` (amber note), counted from 1
    -> <ol class="stepper"><li class="step step-done|step-now|step-next">…; on the phone ten bars in words"""
    shapes = [
        "done" if no < current else "now" if no == current else "next" for no in range(1, len(steps) + 1)
    ]
    rows = [
        {"no": no, "shape": shape, "step": step}
        for no, (shape, step) in enumerate(zip(shapes, steps, strict=True), 1)
    ]
    return {"rows": rows, "current": current, "now": steps[current - 1] if steps else None}


@register.inclusion_tag("components/job_line.html", takes_context=True)
def job_line(context: Context, job: Any) -> dict[str, Any]:
    """{% job_line line %}, a cms.components.jobs.JobLine -> <div class="job" hx-get="…" hx-trigger="every 2s">
    The polled view answers with {% job_line line %} alone; a job that has ended no longer asks."""
    return {"job": job, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/key.html")
def key(*names: str) -> dict[str, Any]:
    """{% key "U" %} -> <kbd>U</kbd>, hidden from readers who hear the page; the button says data-key="u"."""
    return {"names": names}


@register.inclusion_tag("components/key_hint.html")
def key_hint(names: str, meaning: str | Promise) -> dict[str, Any]:
    """{% key_hint "J K" _("上下") %} -> <span class="hint"><kbd>J</kbd><kbd>K</kbd>上下</span>, for block keys"""
    return {"names": names.split(), "meaning": meaning}


@register.inclusion_tag("components/thumb.html")
def thumb(
    url: str,
    caption: str | Promise = "",
    href: str = "",
    second: str | Promise = "",
    flag: str | Promise = "",
    size: str = "",
) -> dict[str, Any]:
    """{% thumb page.thumb_url page.name href=page.url second="扫描二 p.37" flag="可拆分" size="large" %}
    -> <a class="thumb" href="…"><span class="sheet"><img …></span>王海燕<small>扫描二 p.37</small></a>
    An empty url draws a page without picture."""
    return {"url": url, "caption": caption, "href": href, "second": second, "flag": flag, "size": size}


@register.inclusion_tag("components/empty.html")
def empty(text: str | Promise, hint: str | Promise = "", icon: str = "inbox") -> dict[str, Any]:
    """{% empty _("没有待确认的页") _("拖入文件，或按 U。") %} -> <div class="nothing"><p>…</p></div>"""
    return {"text": text, "hint": hint, "icon": icon}


@register.inclusion_tag("components/drop_zone.html", takes_context=True)
def drop_zone(
    context: Context,
    endpoint: str,
    dossier: str = "",
    target: str = "",
    enrolment: str = "",
    session: str = "",
    capture: bool = False,
    refresh: str = "",
    fallback: str = "",
) -> dict[str, Any]:
    """{% drop_zone "/files/" dossier=dossier.uuid target=item.id enrolment=trainee.uuid refresh="#tray" %}
    -> <div class="drop" data-controller="upload">…; when all files are in, `uploads-done` fires on `refresh`,
    so the list says hx-trigger="uploads-done". The ids travel in Upload-Metadata. With `fallback`, the address
    of a plain form (files, target, enrolment, session), the zone also works without script."""
    return {
        "endpoint": endpoint,
        "dossier": dossier,
        "target": target,
        "enrolment": enrolment,
        "session": session,
        "capture": capture,
        "refresh": refresh,
        "fallback": fallback,
        "csrf_token": context.get("csrf_token"),
        "words": words_json(),
        "parts_from": multipart.PARTS_FROM if multipart.is_offered(multipart.PARTS_FROM) else 0,
    }


@register.simple_tag(takes_context=True)
def top_doors(context: Context) -> tuple[Door, ...]:
    """{% top_doors as doors %}: the doors of the top bar for this person, the current one lit."""
    request = context.get("request")
    return doors(request, context.get("acts", ()), context.get("section", "")) if request else ()


@register.filter
def message_icon(level: str) -> str:
    """Shape of a message beside its words."""
    return {"success": "circle-check", "warning": "alert-triangle", "error": "alert-circle"}.get(
        level, "info-circle"
    )


@register.filter
def duration(seconds: float | None) -> str:
    """{{ 76800|duration }} -> 21:20:00; a recording's length, whole seconds."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


@register.simple_tag(name="say")
def say_tag(told: Sentence | str) -> str:
    """{% say gap.text %}: a sentence of the pure rooms, in the reader's language."""
    return say(told)
