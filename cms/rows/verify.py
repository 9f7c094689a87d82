"""One page before a person who verifies it: each value with its box, the roster's beside it, and what is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from cms.rows.evidence import kind_name
from cms.rows.field_names import field_name
from cms.rows.frames import Frame
from cms.rows.problems import problem_text
from cms.rows.reasons import reason_text
from cms.rows.roster_side import NUMBER, OF_THE_CLASS, RosterSide
from cms.rows.sheets import SheetRow, item_title, sheet_row
from cms.rows.values import Value, current_values
from cms.rows.verify_notes import compared, hint, no_box, number_notes, validity
from cms.rows.verify_queue import DOUBTFUL, LOW, Line
from cms.rows.verify_rows import (
    HIGH,
    Cell,
    Document,
    Table,
    ValueRow,
    Word,
    is_secret,
    masked,
    options,
    printed,
    word,
)
from dossiers.actions.verification import may_verify_in
from dossiers.differences import Difference, Outcome, Piece, compare
from dossiers.models import Account, DossierPage, Enrolment, FieldStatement
from dossiers.standing import ledger_of
from dossiers.statements import Spot, plain
from foundation.secrets import blind_index
from ingestion.models import FieldReading, PageReading


@dataclass
class VerifyPage:
    """One page; `sees_numbers` only once the look at it is written down. `typed` is what a refused form held."""

    dossier: DossierPage
    viewer: Account
    line: Line
    roster: RosterSide
    chosen: str = ""
    sees_numbers: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    insists: str = ""
    given: tuple[Value, ...] | None = None

    @property
    def sheet(self):
        return self.line.sheet

    @cached_property
    def row(self) -> SheetRow:
        return sheet_row(self.sheet)

    @property
    def reading(self) -> PageReading:
        return self.sheet.reading

    @cached_property
    def frame(self) -> Frame:
        return Frame.of(self.sheet, self.reading)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        if self.given is not None:
            return self.given
        found = current_values([self.sheet], by_bureau=self.viewer.is_of_bureau)
        return found.get(self.sheet.pk, ())

    @cached_property
    def owners(self) -> dict:
        filing = self.line.filing
        told = {one.spot: one.value for one in self.values}
        return self.roster.owners(told, filing.enrolment if filing else None)

    @cached_property
    def differences(self) -> dict[Spot, Difference]:
        return {one.spot: compare(one.name, one.read, self.held(one.spot)) for one in self.values}

    def held(self, spot: Spot) -> str:
        return self.roster.held(spot, self.owner(spot))

    def owner(self, spot: Spot) -> Enrolment | None:
        return self.owners.get((spot.document, spot.row))

    def value(self, spot: Spot) -> Value | None:
        return next((one for one in self.values if one.spot == spot), None)

    # What is open --------------------------------------------------------------------------------------
    def mine(self, value: Value) -> FieldStatement | None:
        """The word of this viewer's side, unless something else is read there now."""
        said = value.words.of(bureau=self.viewer.is_of_bureau)
        return None if said is None or said == value.stale else said

    def is_open(self, value: Value) -> bool:
        """Whether a person must choose before the page is confirmed: nothing is accepted in passing."""
        return self.mine(value) is None and self._is_doubted(value)

    def _is_doubted(self, value: Value) -> bool:
        if self._has_no_box(value):
            return False
        if value.stale is not None or self.differences[value.spot].outcome == Outcome.DIFFERENT:
            return True
        if self.differences[value.spot].outcome == Outcome.NOT_READ or self._was_corrected(value):
            return True
        return value.state in DOUBTFUL or (value.confidence < LOW and value.said is None)

    def _has_no_box(self, value: Value) -> bool:
        fresh = value.stale is None and value.said is None
        return fresh and self.roster.has_no_box(value.name, value.state, self.owner(value.spot))

    def _was_corrected(self, value: Value) -> bool:
        """The bureau looks for herself where the institution says otherwise than was read."""
        theirs = value.words.institution if self.viewer.is_of_bureau else None
        return theirs is not None and theirs.verdict != FieldStatement.Verdict.CONFIRMED

    def is_alike(self, value: Value) -> bool:
        """Whether it may be confirmed in bulk: equal to the roster, its own checks passed, nothing said yet."""
        if self.mine(value) is not None or self._is_doubted(value) or self.owner(value.spot) is None:
            return False
        if value.name == NUMBER and value.state != FieldReading.State.CHECKED:
            return False
        return value.name not in OF_THE_CLASS and self.differences[value.spot].outcome == Outcome.SAME

    @cached_property
    def open_values(self) -> list[Value]:
        return [one for one in self.values if self.is_open(one)]

    @cached_property
    def left(self) -> list[Value]:
        """Values without a word of this side."""
        return [one for one in self.values if self.mine(one) is None]

    @property
    def is_done(self) -> bool:
        return not self.left

    @property
    def may_say(self) -> bool:
        return self.dossier.progress.state in may_verify_in(self.viewer)

    @property
    def wants_retake(self) -> bool:
        mine = (self.mine(one) for one in self.values)
        return any(said and said.verdict == FieldStatement.Verdict.UNREADABLE for said in mine)

    @property
    def last_word(self) -> int:
        """The latest word of her side on this page, as forms carry it; somebody faster is told by it."""
        words = (one.words.of(bureau=self.viewer.is_of_bureau) for one in self.values)
        return max((said.pk for said in words if said), default=0)

    @cached_property
    def fingerprint(self) -> str:
        """Tells a form that the page was read anew, or the other side changed; keyed, so that it tells nothing else."""
        return blind_index(
            "\n".join(f"{one.spot}={one.read}\t{self.held(one.spot)}" for one in self.values), "page_reading"
        )

    @property
    def holds_numbers(self) -> bool:
        return self.sheet.shows_identity or any(is_secret(one.name, one.read) for one in self.values)

    @cached_property
    def disclosed(self) -> list[Enrolment]:
        """Whose number of the roster stands beside another on the page: the picture does not show it."""
        apart = [
            one
            for one in self.values
            if one.name == NUMBER
            and self.differences[one.spot].outcome in (Outcome.DIFFERENT, Outcome.NOT_READ)
        ]
        return list({owner.pk: owner for one in apart if (owner := self.owner(one.spot))}.values())

    # What is printed -----------------------------------------------------------------------------------
    @cached_property
    def documents(self) -> list[Document]:
        numbers = {spot: number for number, spot in enumerate(self._listed, 1)}
        several = len({one.spot.document for one in self.values}) > 1
        return [
            self._document(index, numbers, several)
            for index in sorted({v.spot.document for v in self.values})
        ]

    @property
    def rows(self) -> list[ValueRow]:
        return [row for document in self.documents for row in document.rows]

    @property
    def cells(self) -> list[Cell]:
        tables = [document.table for document in self.documents if document.table]
        return [
            cell for table in tables for _number, row in table.rows for cell in row if cell and cell.points
        ]

    @property
    def open_rows(self) -> list[ValueRow]:
        return [row for row in self.rows if row.is_open]

    @property
    def open_numbers(self) -> str:
        return gettext("、").join(str(row.number) for row in self.open_rows)

    @property
    def differing(self) -> int:
        return sum(one.is_different for one in self.differences.values())

    @property
    def unsure(self) -> int:
        return sum(one.confidence < HIGH for one in self.values)

    @property
    def title(self) -> str:
        """“第 7 件 身份证 · 许文涛”, or what the page was taken for."""
        filing, ledger = self.line.filing, ledger_of(self.dossier)
        item = ledger.item(filing.item_id) if filing and ledger.has(filing.item_id) else None
        what = item_title(item) if item else kind_name(self.reading.kind)
        return f"{what} · {self.line.owner.name}" if self.line.owner else what

    @property
    def notes(self) -> list[str]:
        """What the reading says of the page as a whole."""
        return [reason_text({"code": code}) for code in self.reading.notes]

    @property
    def original_in_place(self) -> bool:
        """Whether a browser can show the untouched file where the view stands."""
        upload = self.sheet.upload
        return upload.page_count == 1 and upload.blob.media_type in ("image/jpeg", "image/png")

    @property
    def retake_url(self) -> str:
        """Where a better picture is taken, for the item and the person of this page."""
        filing = self.line.filing
        if (
            filing is None
            or not self.viewer.is_of_institution
            or not ledger_of(self.dossier).has(filing.item_id)
        ):
            return ""
        asked = {"item": filing.item_id} | ({"for": str(self.line.owner.uuid)} if filing.enrolment else {})
        return f"{self.dossier.screen('capture')}?{urlencode(asked)}"

    @property
    def summary(self) -> str:
        facts = [ngettext("%(count)s 项", "%(count)s 项", len(self.values)) % {"count": len(self.values)}]
        if self.differing:
            facts.append(
                ngettext("%(count)s 项与名册不一致", "%(count)s 项与名册不一致", self.differing)
                % {"count": self.differing}
            )
        if self.unsure:
            facts.append(
                ngettext("%(count)s 项把握不高", "%(count)s 项把握不高", self.unsure) % {"count": self.unsure}
            )
        return " · ".join(facts)

    @cached_property
    def _listed(self) -> list[Spot]:
        """The values with a row of their own: all outside tables, and of cells the open ones and the chosen one."""
        return [
            one.spot
            for one in self.values
            if one.spot.in_row is None or self.is_open(one) or str(one.spot) == self.current_spot
        ]

    @cached_property
    def current_spot(self) -> str:
        """The value asked for, else the first that is open."""
        known = {str(one.spot) for one in self.values}
        first = next((str(one.spot) for one in self.open_values), "")
        return self.chosen if self.chosen in known else first

    def _document(self, index: int, numbers: Mapping[Spot, int], several: bool) -> Document:
        values = [one for one in self.values if one.spot.document == index]
        owner = self.owners.get((index, -1)) or self._only_owner
        kinds = self.reading.documents
        kind = kinds[index].get("kind", "") if index < len(kinds) else self.reading.kind
        return Document(
            heading=kind_name(kind) if several else "",
            owner=gettext("名册第 %(seq)s 行") % {"seq": owner.seq} if owner else "",
            owner_url=self.dossier.screen("trainee", owner.uuid) if owner else "",
            of_the_class=owner is None and any(one.name in OF_THE_CLASS for one in values),
            rows=tuple(self._row(one, numbers[one.spot]) for one in values if one.spot in numbers),
            table=self._table([one for one in values if one.spot.in_row is not None]),
        )

    @property
    def _only_owner(self) -> Enrolment | None:
        """Whose the page is, where it is one person's: the back of a card names nobody."""
        found = {owner.pk: owner for owner in self.owners.values() if owner}
        return next(iter(found.values())) if len(found) == 1 and len(self.owners) == 1 else None

    def _table(self, values: Sequence[Value]) -> Table | None:
        if not values:
            return None
        names = list(dict.fromkeys(one.name for one in values))
        at = {(one.spot.row, one.name): one for one in values}
        rows = sorted({one.spot.row for one in values})
        return Table(
            tuple(field_name(name) for name in names),
            tuple(
                (
                    number + 1,
                    tuple(self._cell(at[number, name]) if (number, name) in at else None for name in names),
                )
                for number in rows
            ),
        )

    def _cell(self, value: Value) -> Cell:
        return Cell(
            spot=str(value.spot),
            text=masked(value.name, value.value),
            is_open=self.is_open(value),
            is_said=self.mine(value) is not None,
            points=self.frame.points(value.quad) if value.quad and self.frame.is_known else "",
        )

    def _row(self, value: Value, number: int) -> ValueRow:
        difference, held = self.differences[value.spot], self.held(value.spot)
        is_number, spot = value.name == NUMBER, str(value.spot)
        beside = {one.name: one.read for one in self.values if self._is_beside(one, value)}
        owner = self.owner(value.spot)
        shows = self.sees_numbers or not is_number
        on_page = value.quad is not None and self.frame.is_known
        return ValueRow(
            number=number,
            spot=spot,
            label=self._label(value),
            read=self._printed(value, difference.read if value.read else ()),
            held=self._printed(value, difference.held),
            comparison=validity(value.name, value.value, self.dossier)
            or (no_box() if self._has_no_box(value) else None)
            or compared(difference, of_the_class=value.name in OF_THE_CLASS),
            confidence=min(max(value.confidence, 0.0), 1.0),
            problem=problem_text(value.problem) if value.said is None and not (is_number and shows) else "",
            notes=tuple(number_notes(value.read, beside)) if is_number and shows else (),
            held_notes=tuple(number_notes(held, beside))
            if is_number and shows and difference.is_different
            else (),
            hint=hint(difference, value.read, held) if is_number else None,
            is_open=self.is_open(value),
            is_current=spot == self.current_spot,
            is_read=bool(value.read),
            may_take_held=bool(held) and difference.outcome in (Outcome.DIFFERENT, Outcome.NOT_READ),
            options=options(value.name, value.read),
            typed=self.typed.get(spot, self._prefilled(value)),
            insists=self.insists == spot,
            said=self._word(value, self.mine(value)),
            other=self._word(value, self._others(value)),
            stale=self._word(value, value.stale),
            points=self.frame.points(value.quad) if on_page else "",
            corner=self.frame.beside(value.quad) if on_page else ("", ""),
            close_up=self.frame.close_up(value.quad) if on_page else "",
            characters=tuple(self.frame.characters(value.quad, len(value.read), difference.places))
            if on_page and difference.is_by_place
            else (),
            places=gettext("、").join(str(place) for place in difference.places)
            if difference.is_by_place
            else "",
            roster_url=self.dossier.screen("trainee", owner.uuid) if owner else "",
        )

    def _label(self, value: Value) -> str:
        if value.spot.in_row is None:
            return field_name(value.name)
        return gettext("第 %(row)s 行 %(label)s") % {
            "row": value.spot.row + 1,
            "label": field_name(value.name),
        }

    def _is_beside(self, one: Value, value: Value) -> bool:
        return (one.spot.document, one.spot.row) == (value.spot.document, value.spot.row)

    def _prefilled(self, value: Value) -> str:
        """What the field for typing starts from: her side's word, else the reading; a number where it may be seen."""
        mine = self.mine(value)
        text = plain(mine.value) if mine and mine.value else value.read
        return text if self.sees_numbers or not is_secret(value.name, text) else ""

    def _printed(self, value: Value, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
        return printed(value.name, pieces, sees_numbers=self.sees_numbers)

    def _word(self, value: Value, said: FieldStatement | None) -> Word | None:
        return word(value.name, said, sees_numbers=self.sees_numbers)

    def _others(self, value: Value) -> FieldStatement | None:
        """The other side's word, where this viewer hears it: the bureau hears the institution."""
        return value.words.institution if self.viewer.is_of_bureau else None
