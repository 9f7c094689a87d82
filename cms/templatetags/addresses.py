"""Addresses of a dossier's screens for templates: `{% load addresses %}`."""

from django import template

from dossiers.models import DossierPage

register = template.Library()


@register.filter
def screen(dossier: DossierPage, name: str) -> str:
    """{{ dossier|screen:"tray" }} -> the screen's address."""
    return dossier.screen(name)


@register.simple_tag
def screen_url(dossier: DossierPage, name: str, *args) -> str:
    """{% screen_url dossier "item" item.id %} -> a screen's address with what it names."""
    return dossier.screen(name, *args)
