"""Answers ready to print: whose, which class, and the words around what was asked."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.models import SearchText
from cms.rows.sheets import item_label, origin
from cms.search import MOST, Found
from dossiers.models import DossierPage, Enrolment, Filing
from dossiers.search_text import compact
from dossiers.standing import ledger_of

AROUND = 18


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


def answers(found: Found, question: str = "") -> list[Answers]:
    """Every kind that has an answer, people first."""
    kinds = (
        ("people", pgettext_lazy("several", "学员"), tuple(_person(row) for row in found.people)),
        ("classes", pgettext_lazy("several", "班次"), tuple(_class(row) for row in found.classes)),
        ("papers", _("编号相符的材料"), tuple(_paper(row) for row in found.papers)),
        ("pages", _("页上的文字"), tuple(_page(row, question) for row in found.pages)),
    )
    return [Answers(heading, rows, kind in found.more) for kind, heading, rows in kinds if rows]


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
