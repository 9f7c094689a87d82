"""Small figures beside pages: `{% load sheets %}`."""

from typing import Any

from django import template

from cms.components import meters

register = template.Library()


@register.filter
def percent(value: float) -> str:
    """{{ 0.994|percent }} -> 99 %; cut, never rounded up."""
    return f"{meters.confidence(float(value)).percent} %"


@register.inclusion_tag("components/confidence_bars.html")
def confidence_bars(value: float) -> dict[str, Any]:
    """{% confidence_bars 0.4 %} -> the three bars alone, where the words stand beside them"""
    return {"shown": meters.confidence(float(value))}
