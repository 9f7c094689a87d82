"""What stands on pages as far as anybody knows: the reading, or the word of the person who looked, in few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from dossiers.differences import number_says, same
from dossiers.models import FieldStatement, Sheet
from dossiers.statements import NO_WORDS, Spot, Words, plain, still_fits, words_in_force
from ingestion.models import FieldReading

Verdict = FieldStatement.Verdict
State = FieldReading.State
ILLEGIBLE = "illegible"  # the problem of a value that a person could not make out


@dataclass(frozen=True)
class Value:
    """One value of one page. `read` is what the engine read, `value` what holds now; both plain, in memory only.

    `said` is the word that holds for this reader, `words` all in force. A word that no longer fits what is read
    there is `stale`: it does not count, and the value wants a look again.
    """

    sheet_id: int
    spot: Spot
    read: str = field(repr=False)
    value: str = field(repr=False)
    state: str
    problem: str = ""
    confidence: float = 0.0
    quad: list[list[float]] | None = None
    said: FieldStatement | None = None
    words: Words = NO_WORDS
    stale: FieldStatement | None = None

    @property
    def name(self) -> str:
        return self.spot.name

    @property
    def is_sure(self) -> bool:
        """Read or stated, and nothing speaks against it."""
        return self.state in (State.READ, State.CHECKED)


def current_values(
    sheets: Iterable[Sheet] | QuerySet[Sheet], *, by_bureau: bool, names: Collection[str] | None = None
) -> Mapping[int, tuple[Value, ...]]:
    """The values of these pages by the sheet's primary key, in the order they were read; two queries.

    The institution's word wins over the reading; for the bureau its own word wins over both. With `names`, only
    these fields are opened. What a person stated and no reading has any more comes last.
    """
    words = words_in_force(sheets, as_handed_in=by_bureau)
    asked = FieldReading.objects.filter(reading__sheet__in=sheets)
    if names is not None:
        asked = asked.filter(name__in=names)
    found: dict[int, list[Value]] = defaultdict(list)
    left = {key: said for key, said in words.items() if names is None or key[1].name in names}
    for row in asked.select_related("reading").defer("reading__lines", "reading__masked_text"):
        key = row.reading.sheet_id, Spot.of(row.document, row.row, row.name)
        found[key[0]].append(_value(row, *key, left.pop(key, NO_WORDS), by_bureau))
    for (sheet_id, spot), said in left.items():
        heard = said.heard(by_bureau=by_bureau)
        if heard is not None:
            found[sheet_id].append(_stated(sheet_id, spot, said, heard))
    return {sheet_id: tuple(values) for sheet_id, values in found.items()}


def _value(row: FieldReading, sheet_id: int, spot: Spot, words: Words, by_bureau: bool) -> Value:
    read = plain(row.value)
    said = words.heard(by_bureau=by_bureau)
    stale = said if said is not None and not still_fits(said, read) else None
    said = None if stale else said
    value, state, problem = _holds(spot.name, read, row.state, row.problem, said)
    return Value(sheet_id, spot, read, value, state, problem, row.confidence, row.quad, said, words, stale)


def _stated(sheet_id: int, spot: Spot, words: Words, said: FieldStatement) -> Value:
    value, state, problem = _holds(spot.name, "", State.MISSING, "", said)
    return Value(sheet_id, spot, "", value, state, problem, said=said, words=words)


def _holds(
    name: str, read: str, state: str, problem: str, said: FieldStatement | None
) -> tuple[str, str, str]:
    """Value, state and problem that hold now. Nobody's word makes a number sound that fails its check."""
    if said is None:
        return read, state, problem
    if said.verdict == Verdict.UNREADABLE:
        return "", State.MISSING, ILLEGIBLE
    value = plain(said.value)
    if name == "id_number" and value:
        problems = number_says(value).problems
        return (value, State.SUSPECT, problems[0]) if problems else (value, State.CHECKED, "")
    if same(name, value, read):
        return value, state, problem
    return value, State.READ if value else State.MISSING, ""
