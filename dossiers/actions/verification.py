"""A person gives her word on what stands on a page: value by value, a page at once, or many pages in bulk.

A word never changes the reading nor the roster; it stands beside them, and a later one supersedes it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from dossiers.actions.change import Change, change
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import Account, DossierPage, FieldStatement, Filing, Sheet
from dossiers.models.verification import FOUND_BY_NUMBER
from dossiers.permissions import Act, verifiable_sheets
from dossiers.sentences import gettext_noop, sentence
from dossiers.statements import Spot, at_spot, in_force
from dossiers.states import INSTITUTION_MAY_CHANGE, REVIEWER_MAY_JUDGE
from foundation.secrets import blind_index

Verdict, Basis = FieldStatement.Verdict, FieldStatement.Basis
LONGEST = 500  # characters of one value


@dataclass(frozen=True)
class Said:
    """One word before it is written down. `value` and `read` are plain only here, in memory."""

    spot: Spot
    verdict: str
    basis: str
    value: str = field(repr=False)
    read: str = field(repr=False)


def may_verify_in(account: Account) -> Collection[str]:
    """The states of a dossier in which this account's side may give its word."""
    return REVIEWER_MAY_JUDGE if account.is_of_bureau else INSTITUTION_MAY_CHANGE


def state_values(sheet: Sheet, said: Sequence[Said], *, by: Account, seen: int) -> list[FieldStatement]:
    """Write down one person's words on one page; all or none. Earlier words of her side are superseded.

    `seen` is the primary key of the latest word of her side that stood on the page when she looked (0: none).
    """
    with _verifying(sheet.dossier, by, action="verify", sheet=str(sheet.uuid)) as held:
        _require_unchanged(sheet, by, seen)
        held.facts |= _filed_as(sheet)
        return _write(held, {sheet.pk: said})


def confirm_many(
    dossier: DossierPage, pages: Sequence[tuple[Sheet, Sequence[Said]]], *, by: Account
) -> list[FieldStatement]:
    """Confirm values of several pages at once; all or none. Where her side has spoken already, it stays."""
    with _verifying(dossier, by, action="verify_many") as held:
        spoken = {
            (one.sheet_id, Spot.of(one.document, one.row, one.name))
            for one in in_force(dossier.field_statements.filter(by_bureau=by.is_of_bureau))
        }
        fresh = {
            sheet.pk: [one for one in said if (sheet.pk, one.spot) not in spoken] for sheet, said in pages
        }
        held.facts["pages"] = sum(1 for said in fresh.values() if said)
        return _write(held, fresh)


def take_back(dossier: DossierPage, statements: Iterable[FieldStatement], *, by: Account) -> list[int]:
    """Take one's own words back; what they superseded is in force again. Returns the sheets' primary keys."""
    wanted = [one.pk for one in statements]
    with _verifying(dossier, by, action="verify_undone") as held:
        mine = list(
            FieldStatement.objects.select_for_update().filter(
                pk__in=wanted, dossier=dossier, made_by=by, superseded_at__isnull=True
            )
        )
        if not mine or len(mine) != len(wanted):
            raise Overtaken(
                sentence("word_superseded", gettext_noop("这一步之后这一项又核过，没有撤销。请刷新后再看。"))
            )
        _require_pages(held, {one.sheet_id for one in mine})
        now = timezone.now()
        FieldStatement.objects.filter(pk__in=wanted).update(superseded_at=now)
        for one in mine:
            earlier = _of_spot(one.sheet_id, Spot.of(one.document, one.row, one.name), by)
            earlier.filter(superseded_at=one.made_at).exclude(pk=one.pk).update(superseded_at=None)
        held.facts["values"] = len(mine)
        return sorted({one.sheet_id for one in mine})


def _verifying(dossier: DossierPage, by: Account, *, action: str, **facts: str):
    """A change made by whoever may verify, in a state in which her side may."""
    name = f"{action}_at_bureau" if by.is_of_bureau else action
    return change(dossier, by=by, act=Act.VERIFY, action=name, states=may_verify_in(by), **facts)


def _write(held: Change, pages: dict[int, Sequence[Said]]) -> list[FieldStatement]:
    spoken = {pk: said for pk, said in pages.items() if said}
    if not spoken:
        raise NotReady(
            sentence("nothing_to_verify", gettext_noop("没有可以核的值，没有记下什么。请刷新后再看。"))
        )
    _require_pages(held, spoken)
    now = timezone.now()
    made = []
    for sheet_id, said in spoken.items():
        for one in said:
            _require_value(one)
            in_force(_of_spot(sheet_id, one.spot, held.by)).update(superseded_at=now)
            made.append(_statement(held, sheet_id, one, now))
    FieldStatement.objects.bulk_create(made)
    held.facts |= {"values": len(made)} | {
        verdict: sum(one.verdict == verdict for one in made) for verdict in FieldStatement.Verdict.values
    }
    return made


def _statement(held: Change, sheet_id: int, said: Said, now) -> FieldStatement:
    value = said.value.strip()
    name = said.spot.name
    return FieldStatement(
        dossier=held.dossier,
        sheet_id=sheet_id,
        document=said.spot.document,
        row=said.spot.in_row,
        name=name,
        value=value,
        value_index=blind_index(value, name) if value and name in FOUND_BY_NUMBER else "",
        read_value=said.read.strip(),
        verdict=said.verdict,
        basis=said.basis,
        by_bureau=held.by.is_of_bureau,
        made_by=held.by,
        made_at=now,
    )


def _of_spot(sheet_id: int, spot: Spot, by: Account):
    """All words of her side ever given on one value."""
    rows = FieldStatement.objects.filter(sheet_id=sheet_id, by_bureau=by.is_of_bureau)
    return at_spot(rows, spot)


def _require_unchanged(sheet: Sheet, by: Account, seen: int) -> None:
    last = (
        FieldStatement.objects.filter(sheet=sheet, by_bureau=by.is_of_bureau, pk__gt=seen)
        .exclude(made_by=by)
        .select_related("made_by")
        .last()
    )
    if last is not None:
        raise Overtaken(
            sentence(
                "colleague_verified",
                gettext_noop("这一页刚由%(who)s核过，您的这一步没有记下。已换成最新的样子，请再看一眼。"),
                who=last.made_by.full_name,
            )
        )


def _require_pages(held: Change, sheet_ids: Collection[int]) -> None:
    there = verifiable_sheets(held.by, held.dossier).filter(pk__in=sheet_ids).count()
    if there != len(set(sheet_ids)):
        raise Overtaken(sentence("page_gone", gettext_noop("这一页已被移走或替换，没有记下。请刷新后再看。")))


def _require_value(said: Said) -> None:
    if said.verdict == Verdict.CORRECTED and not said.value.strip():
        raise NotReady(sentence("value_missing", gettext_noop("还没有写值。请照纸上所写输入，再记下。")))
    if len(said.value.strip()) > LONGEST:
        raise NotReady(
            sentence(
                "value_too_long",
                gettext_noop("写了 %(count)s 字，最多 %(most)s 字，没有记下。请删短后再记下。"),
                count=len(said.value.strip()),
                most=LONGEST,
            )
        )


def _filed_as(sheet: Sheet) -> dict[str, str]:
    filing = Filing.objects.filter(places__sheet=sheet, state=Filing.State.FILED).first()
    return {"filing": str(filing.uuid)} if filing else {}
