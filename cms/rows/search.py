"""Answers ready to print: whose, which class, and the words around what was asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.models import SearchText
from cms.rows.sheets import item_label, origin
from cms.search import KINDS, MOST, Found, Within
from dossiers.models import DossierPage, Enrolment, Filing
from dossiers.search_text import compact
from dossiers.standing import ledger_of

AROUND = 18
MOST_SLIDES = 5  # of one recording


@dataclass(frozen=True)
class Snippet:
    """A piece of a page's text with the word asked for in the middle."""

    before: str
    word: str
    after: str


@dataclass(frozen=True)
class Answer:
    """One hit: where it leads, what it is, in which class."""

    url: str
    label: str
    second: str
    snippet: Snippet | None = None


@dataclass(frozen=True)
class Answers:
    """The hits of one kind; `is_more` says that not all are shown."""

    heading: str | Promise
    rows: tuple[Answer, ...]
    is_more: bool = False


@dataclass(frozen=True)
class Choice:
    """One way to narrow the answers, or not to."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Facet:
    """Ways to narrow the answers by one thing."""

    heading: str | Promise
    choices: tuple[Choice, ...]


KIND_NAMES = {
    "people": pgettext_lazy("several", "学员"),
    "classes": pgettext_lazy("several", "班次"),
    "papers": _("编号相符的材料"),
    "pages": _("页上的文字"),
    "slides": _("录像里幻灯上的文字"),
}


def answers(found: Found, question: str = "") -> list[Answers]:
    """Every kind that has an answer, people first."""
    rows: dict[str, tuple[Answer, ...]] = {
        "people": tuple(_person(row) for row in found.people),
        "classes": tuple(_class(row) for row in found.classes),
        "papers": tuple(_paper(row) for row in found.papers),
        "pages": tuple(_page(row, question) for row in found.pages),
        "slides": tuple(answer for row in found.slides for answer in _slides(row, question)),
    }
    return [Answers(KIND_NAMES[kind], rows[kind], kind in found.more) for kind in KINDS if rows[kind]]


def facets(found: Found, within: Within, question: str) -> list[Facet]:
    """By kind, year and body: what the answers may be narrowed to, and the way back. Nothing where one is left."""
    years = sorted({one.opened_on.year for one in found.dossiers}, reverse=True)
    bodies = sorted({(one.opener.title, one.opener.uuid) for one in found.dossiers})
    kinds = [(kind, str(KIND_NAMES[kind])) for kind in KINDS if getattr(found, kind)]
    told = (
        ("kind", _("类别"), within.kind, kinds),
        ("year", _("年度"), str(within.year or ""), [(str(year), str(year)) for year in years]),
        ("body", _("单位"), str(within.body or ""), [(str(uuid), title) for title, uuid in bodies]),
    )
    chosen = {name: value for name, _heading, value, _options in told if value}
    return [
        Facet(heading, tuple(_choices(name, value, options, chosen, question)))
        for name, heading, value, options in told
        if value or len(options) > 1
    ]


def _choices(
    name: str, value: str, options: list[tuple[str, str]], chosen: dict[str, str], question: str
) -> Iterator[Choice]:
    others = {key: one for key, one in chosen.items() if key != name}
    yield Choice(gettext("全部"), f"?{urlencode({'q': question, **others})}", is_current=not value)
    for option, label in options:
        asked = {"q": question, **others, name: option}
        yield Choice(label, f"?{urlencode(asked)}", is_current=option == value)


def limit() -> int:
    """How many of a kind are shown at most."""
    return MOST


def _person(enrolment: Enrolment) -> Answer:
    dossier = enrolment.dossier
    label = gettext("%(name)s（名册第 %(seq)s 号）") % {"name": enrolment.name, "seq": enrolment.seq}
    return Answer(dossier.screen("trainee", enrolment.uuid), label, _of(dossier))


def _class(dossier: DossierPage) -> Answer:
    return Answer(dossier.address, f"{dossier.class_no} {dossier.occupation}", dossier.opener.title)


def _paper(filing: Filing) -> Answer:
    ledger = ledger_of(filing.dossier)
    item = item_label(ledger.item(filing.item_id)) if ledger.has(filing.item_id) else ""
    whose = f" · {filing.enrolment.name}" if filing.enrolment else ""
    sheet = next((place.sheet for place in filing.places.all()), None)
    url = (
        f"{filing.dossier.screen('sheet', sheet.uuid)}?mark=certificate_no"
        if sheet
        else filing.dossier.address
    )
    return Answer(url, f"{item}{whose}", " · ".join(filter(None, (filing.document_no, _of(filing.dossier)))))


def _page(text: SearchText, question: str) -> Answer:
    words = question.split()
    url = text.dossier.screen("sheet", text.sheet.uuid)
    marks = {"q": question} if question else {"mark": "id_number"}
    filed = _filed_as(text)
    return Answer(
        url=f"{url}?{urlencode(marks)}",
        label=filed or origin(text.sheet),
        second=" · ".join(filter(None, (filed and origin(text.sheet), _of(text.dossier)))),
        snippet=snippet(text.text, words[0]) if words else None,
    )


def _slides(text: SearchText, question: str) -> Iterator[Answer]:
    """Each slide that holds every word, or else the first one: where in the recording it begins to be shown."""
    words = question.split()
    indexed = getattr(text.sheet.upload, "indexed", None)
    slides = list(indexed.slides.all()) if indexed is not None else []
    holding = [one for one in slides if all(compact(word) in compact(one.text) for word in words)]
    some = [one for one in slides if any(compact(word) in compact(one.text) for word in words)]
    for slide in (holding or some[:1])[:MOST_SLIDES]:
        url = text.dossier.screen("player", text.sheet.upload.uuid)
        at = int(slide.start) + 1  # by then it is shown whole
        yield Answer(
            url=f"{url}?{urlencode({'t': at, 'q': question})}",
            label=gettext("录像 %(time)s 的幻灯") % {"time": clock(slide.start)},
            second=" · ".join(filter(None, (_lesson(text), origin(text.sheet), _of(text.dossier)))),
            snippet=snippet(slide.text, words[0]) if words else None,
        )


def _lesson(text: SearchText) -> str:
    """The lesson that the recording is filed or proposed for."""
    sessions = [place.filing.session for place in text.sheet.places.all() if place.filing.session]
    return str(sessions[0]) if sessions else ""


def clock(seconds: float) -> str:
    """1:02:03, counted from the beginning of the recording."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _filed_as(text: SearchText) -> str:
    """What the page is filed as now: item and trainee."""
    ledger = ledger_of(text.dossier)
    filings = [place.filing for place in text.sheet.places.all()]
    filing = next(
        (one for one in filings if one.state == Filing.State.FILED and ledger.has(one.item_id)), None
    )
    if filing is None:
        return ""
    return " · ".join(
        filter(None, (item_label(ledger.item(filing.item_id)), filing.enrolment and filing.enrolment.name))
    )


def _of(dossier: DossierPage) -> str:
    return f"{dossier.class_no} {dossier.occupation} · {dossier.opener.title}"


def snippet(text: str, word: str) -> Snippet | None:
    """The first place where the word stands, with what is around it; blanks do not keep it from being found."""
    wanted = compact(word)
    places = [at for at, one in enumerate(text) if not one.isspace()]
    solid = "".join(compact(text[at]) or text[at] for at in places)
    found = solid.find(wanted)
    if found < 0 or not wanted or len(solid) != len(places):
        return None
    start, end = places[found], places[found + len(wanted) - 1] + 1
    return Snippet(
        _line(text[max(0, start - AROUND) : start]), _line(text[start:end]), _line(text[end : end + AROUND])
    )


def _line(text: str) -> str:
    return " ".join(text.split())
