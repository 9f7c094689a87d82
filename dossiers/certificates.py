"""The number of a training completion certificate (R15): JNPX 12 + district + year + six-digit serial.

What is printed is kept verbatim and then judged: a number of the wrong length comes back as printed, malformed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from dossiers.numbering import PROBLEMS, normalised

LENGTH = 16
_FORM = re.compile(
    r"(?P<prefix>[A-Z]{4})(?P<city>\d{2})(?P<district>\d{2})(?P<year>\d{2})(?P<serial>\d{6})", re.ASCII
)


class Grammar(Protocol):
    """What a ruleset says about certificate numbers; `rulesets.CertificateGrammar` is one."""

    @property
    def city_code(self) -> str: ...
    @property
    def districts(self) -> tuple[str, ...]: ...
    @property
    def prefixes(self) -> Mapping[str, tuple[str, ...]]: ...


@dataclass(frozen=True)
class CertificateNumber:
    """A number that follows the grammar, taken apart."""

    prefix: str
    city: str
    district: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}{self.city}{self.district}{self.year % 100:02d}{self.serial:06d}"


@dataclass(frozen=True)
class CertificateCheck:
    """`printed` is verbatim. `state`: checked (every rule holds) or malformed, with the codes of what is wrong."""

    printed: str
    state: str
    number: CertificateNumber | None
    problems: tuple[str, ...] = ()

    @property
    def problem_texts(self) -> tuple[str, ...]:
        return tuple(PROBLEMS[code] for code in self.problems)


def parse_certificate_number(text: str) -> CertificateNumber | None:
    """The parts of a number of the right form, whatever its prefix and district; None otherwise."""
    found = _FORM.fullmatch(normalised(text))
    if not found:
        return None
    year = 2000 + int(found["year"])
    return CertificateNumber(found["prefix"], found["city"], found["district"], year, int(found["serial"]))


def check_certificate_number(
    printed: str,
    grammar: Grammar,
    *,
    training_type: str | None = None,
    issued_on: date | None = None,
) -> CertificateCheck:
    """Judge a printed number. Without `training_type` or `issued_on` these two rules are not asked."""
    problems = tuple(_problems(normalised(printed), grammar, training_type, issued_on))
    number = None if problems else parse_certificate_number(printed)
    return CertificateCheck(printed, "malformed" if problems else "checked", number, problems)


def _problems(
    text: str, grammar: Grammar, training_type: str | None, issued_on: date | None
) -> Iterable[str]:
    if not text:
        yield "empty"
        return
    if len(text) != LENGTH:
        yield "certificate_length"
    if text[:4] not in grammar.prefixes:
        yield "certificate_prefix"
    elif training_type is not None and training_type not in grammar.prefixes[text[:4]]:
        yield "certificate_training_type"
    number = parse_certificate_number(text)
    if number is None:
        if len(text) == LENGTH:
            yield "certificate_digits"
        return
    if number.city != grammar.city_code:
        yield "certificate_city"
    if number.district not in grammar.districts:
        yield "certificate_district"
    if number.serial == 0:
        yield "certificate_serial"
    if issued_on is not None and issued_on.year != number.year:
        yield "certificate_year"


def spans(numbers: Iterable[str]) -> tuple[str, ...]:
    """Certificate numbers as the contents print them: runs of one series drawn together as first—last serial."""
    series: dict[str, list[int]] = {}
    loose: list[str] = []
    for text in dict.fromkeys(normalised(number) for number in numbers if number.strip()):
        number = parse_certificate_number(text)
        if number is None:
            loose.append(text)
        else:
            series.setdefault(text[:-6], []).append(number.serial)
    return (*(span for stem, serials in series.items() for span in _runs(stem, sorted(serials))), *loose)


def _runs(stem: str, serials: list[int]) -> Iterable[str]:
    first = last = serials[0]
    for serial in serials[1:]:
        if serial != last + 1:
            yield _run(stem, first, last)
            first = serial
        last = serial
    yield _run(stem, first, last)


def _run(stem: str, first: int, last: int) -> str:
    return f"{stem}{first:06d}" if first == last else f"{stem}{first:06d}—{last:06d}"
