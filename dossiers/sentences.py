"""Sentences of the pure domain: a Chinese template with placeholders, translatable at the screen.

The pure rooms know no Django. They return a `Sentence`; `str(sentence)` is Chinese, and a screen in another
language renders `gettext(sentence.template) % sentence.params`. `gettext_noop` only marks a template so that
`makemessages` finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def gettext_noop(template: str) -> str:
    """Mark a template for the message catalogue; returns it untouched."""
    return template


@dataclass(frozen=True)
class Sentence:
    """One thing to tell a person. `code` is stable, `template` is the msgid, `params` fill it."""

    code: str
    template: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template


def sentence(code: str, template: str, **params: object) -> Sentence:
    return Sentence(code, template, MappingProxyType(params))
