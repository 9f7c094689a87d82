"""One question, every answer this person may see: people, classes, papers by number, words on read pages.

A whole ID number is never compared in the open: it is checked, hashed to its blind index and looked up there.
Words are found by overlapping pairs of characters as a phrase, the same on SQLite and PostgreSQL.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from wagtail.search import index
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Phrase

from cms.models import SearchText
from dossiers.actions.people import id_number_index
from dossiers.models import Account, DossierPage, Enrolment, Filing, FilingSheet, Sheet, Upload
from dossiers.numbering import check_id_number, normalised
from dossiers.permissions import visible_dossiers, visible_filings, visible_sheets
from dossiers.search_text import (
    compact,
    first_number,
    holds_number,
    mask_numbers,
    question_tokens,
    search_tokens,
)
from dossiers.statements import stating
from ingestion.models import FieldReading

MOST = 30
LEAST_CHARACTERS = 2
KINDS = ("people", "classes", "papers", "pages", "slides")


@dataclass(frozen=True)
class Within:
    """What the answers are narrowed to: a kind of answer, the year a class was opened in, the body that opened it."""

    kind: str = ""
    year: int | None = None
    body: UUID | None = None

    def dossiers(self, dossiers: QuerySet[DossierPage]) -> QuerySet[DossierPage]:
        """Of these dossiers those of the year and the body."""
        if self.year is not None:
            dossiers = dossiers.filter(opened_on__year=self.year)
        return dossiers if self.body is None else dossiers.filter(opener__uuid=self.body)

    def asks(self, kind: str) -> bool:
        return self.kind in ("", kind)


EVERYWHERE = Within()


@dataclass(frozen=True)
class Found:
    """The answers, each kind at most MOST; `more` names the kinds of which there are more."""

    people: tuple[Enrolment, ...] = ()
    classes: tuple[DossierPage, ...] = ()
    papers: tuple[Filing, ...] = ()
    pages: tuple[SearchText, ...] = ()
    slides: tuple[SearchText, ...] = ()
    more: frozenset[str] = field(default_factory=frozenset)

    @property
    def count(self) -> int:
        return sum(len(getattr(self, kind)) for kind in KINDS)

    @property
    def dossiers(self) -> tuple[DossierPage, ...]:
        """The classes that the answers lie in, each once."""
        others = (
            row.dossier for kind in ("people", "papers", "pages", "slides") for row in getattr(self, kind)
        )
        return tuple({one.pk: one for one in (*self.classes, *others)}.values())


def index_sheet(sheet: Sheet, text: str) -> SearchText:
    """Write down a read page's words and index them; reading again replaces what was there."""
    shown = mask_numbers(text)
    kept, _made = SearchText.objects.update_or_create(
        sheet=sheet,
        defaults={"dossier_id": sheet.dossier_id, "text": shown, "tokens": " ".join(search_tokens(shown))},
    )
    index.insert_or_update_object(kept)
    return kept


def is_number(question: str) -> bool:
    """Whether the question holds something like a whole ID number, which no address may carry."""
    return holds_number(question)


def number_in(question: str) -> str:
    """The number itself, without the words and blanks around it; empty when there is none."""
    return normalised(first_number(question))


def by_number(account: Account, number: str) -> Found:
    """Who bears exactly this ID number, and the papers on which it was read, or stands as people say."""
    if not check_id_number(number).valid_length:
        return Found()
    blind = id_number_index(normalised(number))
    people = _scoped(visible_dossiers(account), Enrolment.objects.filter(person__id_number_index=blind))
    read = FieldReading.objects.filter(name="id_number", value_index=blind)
    sheets = visible_sheets(account).filter(reading__fields__in=read).exclude(state=Sheet.State.CUT)
    pages = _joined(account, SearchText.objects.filter(sheet__in=sheets.values("pk")))
    return Found(people=tuple(people[:MOST]), pages=tuple(pages.order_by("-pk")[:MOST]))


def by_words(account: Account, question: str, within: Within = EVERYWHERE) -> Found:
    """Names, class numbers, occupations, bodies, certificate numbers, and words on pages and slides."""
    asked = question.strip()
    if len(asked) < LEAST_CHARACTERS:
        return Found()
    scope = within.dossiers(visible_dossiers(account))
    ways: dict[str, Callable[[], Iterable]] = {
        "people": lambda: _scoped(scope, Enrolment.objects.filter(name__contains=asked))[: MOST + 1],
        "classes": lambda: _classes(scope, asked)[: MOST + 1],
        "papers": lambda: _papers(account, asked).filter(dossier__in=scope.values("pk"))[: MOST + 1],
        "pages": lambda: _texts(account, asked, scope, Upload.Medium.PAPER),
        "slides": lambda: _texts(account, asked, scope, Upload.Medium.RECORDING),
    }
    found = {kind: tuple(way()) if within.asks(kind) else () for kind, way in ways.items()}
    more = frozenset(kind for kind, rows in found.items() if len(rows) > MOST)
    return Found(**{kind: rows[:MOST] for kind, rows in found.items()}, more=more)


def _scoped(scope: QuerySet[DossierPage], enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    seen = enrolments.filter(dossier__in=scope.values("pk"))
    return seen.select_related("dossier__opener", "dossier__progress").order_by("-dossier__opened_on", "seq")


def _classes(scope: QuerySet[DossierPage], asked: str) -> QuerySet[DossierPage]:
    words = Q(class_no__icontains=asked) | Q(occupation__icontains=asked)
    bodies = Q(opener__title__icontains=asked) | Q(trainer__title__icontains=asked)
    return scope.filter(words | bodies).order_by("-opened_on", "-class_no")


def _papers(account: Account, asked: str) -> QuerySet[Filing]:
    """Filings whose printed number was asked for: as filed, as read on a page, or as people say it stands there."""
    number = normalised(asked)
    if len(number) < 4 or not any(one.isdigit() for one in number):
        return Filing.objects.none()
    index = FieldReading.index_of("certificate_no", number)
    read = FieldReading.objects.filter(name="certificate_no", value_index=index)
    said = stating("certificate_no", index)
    stated = Q(document_no__icontains=number)
    on_page = Q(places__sheet__reading__fields__in=read) | Q(places__sheet__field_statements__in=said)
    filings = visible_filings(account).filter(stated | on_page).exclude(state=Filing.State.WITHDRAWN)
    filings = filings.select_related("dossier__opener", "enrolment").prefetch_related("places__sheet__upload")
    return filings.distinct().order_by("-pk")


def _texts(account: Account, asked: str, scope: QuerySet[DossierPage], medium: str) -> Iterable[SearchText]:
    """Pages of papers, or recordings by their slides, on which every word stands."""
    phrases = question_tokens(asked)
    if not phrases:
        return []
    sheets = visible_sheets(account).filter(upload__medium=medium, dossier__in=scope.values("pk"))
    texts = _joined(account, SearchText.objects.filter(sheet__in=sheets.values("pk")))
    wanted = And([Phrase(" ".join(tokens)) for tokens in phrases])
    hits = get_search_backend().search(wanted, texts)[: 4 * MOST]
    words = [compact(word) for word in asked.split()]
    sure = [hit for hit in hits if all(word in compact(hit.text) for word in words)]
    return sure[: MOST + 1]


def _joined(account: Account, texts: QuerySet[SearchText]) -> QuerySet[SearchText]:
    """With what a hit is printed from: the places this account may see, and no query a hit."""
    places = FilingSheet.objects.filter(filing__in=visible_filings(account).values("pk"))
    return texts.select_related("sheet__upload", "dossier__opener").prefetch_related(
        Prefetch("sheet__places", places.select_related("filing__enrolment", "filing__session")),
        "sheet__upload__indexed__slides",
    )
