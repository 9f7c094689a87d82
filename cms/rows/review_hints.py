"""What the system found for or against a point of the checklist, and where; only a person ticks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext

from cms.rows.sheets import origin
from dossiers.certificates import check_certificate_number
from dossiers.models import Enrolment, Filing, Sheet, Upload
from dossiers.standing import ItemStanding, Standing
from ingestion.models import FieldReading
from media_processing.models import RecordingProbe

FOR, DOUBT, UNKNOWN = "for", "doubt", "unknown"
NAMED = 4


@dataclass(frozen=True)
class Hint:
    """One finding beside a point: for it, against it, or that nothing could be read; `sheet` is its page."""

    kind: str
    text: str
    sheet: str = ""


@dataclass
class ItemEvidence:
    """What was read on the papers of one item, gathered in two queries."""

    standing: Standing
    item: ItemStanding

    @cached_property
    def sheets(self) -> dict[int, Sheet]:
        return {place.sheet.pk: place.sheet for filing in self.item.filings for place in filing.places.all()}

    @cached_property
    def owners(self) -> dict[int, Enrolment]:
        """By sheet: whose paper it is, with the person's blind index."""
        people = {enrolment.pk: enrolment for enrolment in self.standing.enrolments}
        return {
            place.sheet_id: people[filing.enrolment_id]
            for filing in self.item.filings
            if filing.enrolment_id in people
            for place in filing.places.all()
        }

    @cached_property
    def fields(self) -> list[FieldReading]:
        rows = FieldReading.objects.filter(reading__sheet__in=list(self.sheets)).select_related("reading")
        return list(rows)

    def named(self, name: str) -> list[FieldReading]:
        return [field for field in self.fields if field.name == name and field.value]

    def hints(self, evidence: str | None) -> tuple[Hint, ...]:
        """The findings for one kind of evidence; none where the system has nothing to say."""
        return tuple(FINDERS[evidence](self)) if evidence in FINDERS else ()

    def where(self, field: FieldReading) -> tuple[str, str]:
        """Whose page or which page a field stands on, and the page's UUID."""
        sheet = self.sheets[field.reading.sheet_id]
        owner = self.owners.get(sheet.pk)
        return (owner.name if owner else origin(sheet)), str(sheet.uuid)


def _compared(
    held: ItemEvidence, name: str, differs: Callable[[FieldReading], bool | None], agree: str, differ: str
) -> Iterable[Hint]:
    """Hold one field of every page against something: a doubt for each that differs, one line for the rest."""
    judged = [(field, answer) for field in held.named(name) if (answer := differs(field)) is not None]
    wrong = [field for field, answer in judged if answer]
    for field in wrong[:NAMED]:
        who, sheet = held.where(field)
        yield Hint(DOUBT, differ % {"who": who}, sheet)
    if len(wrong) > NAMED:
        yield Hint(DOUBT, gettext("另有 %(count)s 处同样") % {"count": len(wrong) - NAMED})
    right = len(judged) - len(wrong)
    if right:
        yield Hint(FOR, agree % {"count": right})
    if not judged:
        yield Hint(UNKNOWN, gettext("系统没有读出可比对的内容，请看图"))


def _id_number_valid(held: ItemEvidence) -> Iterable[Hint]:
    if held.item.item.id == "trainee_roster":
        count = sum(enrolment.withdrawn_on is None for enrolment in held.standing.enrolments)
        yield Hint(FOR, gettext("录入的名册 %(count)s 人，证号校验位均相符") % {"count": count})
        return
    yield from _compared(
        held,
        "id_number",
        lambda field: field.state in (FieldReading.State.SUSPECT, FieldReading.State.MALFORMED),
        gettext("%(count)s 页的证号校验位相符"),
        gettext("%(who)s：读得的证号校验位不符"),
    )


def _id_number_matches_roster(held: ItemEvidence) -> Iterable[Hint]:
    def differs(field: FieldReading) -> bool | None:
        owner = held.owners.get(field.reading.sheet_id)
        if owner is None or not field.value_index:
            return None
        return field.value_index != owner.person.id_number_index

    yield from _compared(
        held,
        "id_number",
        differs,
        gettext("%(count)s 页的证号与名册一致"),
        gettext("%(who)s：读得的证号与名册不同"),
    )


def _name_matches_roster(held: ItemEvidence) -> Iterable[Hint]:
    def differs(field: FieldReading) -> bool | None:
        owner = held.owners.get(field.reading.sheet_id)
        return None if owner is None else _plain(field.plain) != _plain(owner.name)

    yield from _compared(
        held,
        "name",
        differs,
        gettext("%(count)s 页的姓名与名册一致"),
        gettext("%(who)s：读得的姓名与名册不同"),
    )


def _validity_covers_training(held: ItemEvidence) -> Iterable[Hint]:
    ends_on = held.standing.dossier.ends_on
    if ends_on is None:
        yield Hint(UNKNOWN, gettext("班次没有填结业日期，无法比对有效期"))
        return
    lasting = held.named("long_term")
    if lasting:
        yield Hint(FOR, gettext("%(count)s 页写明长期有效") % {"count": len(lasting)})

    def differs(field: FieldReading) -> bool | None:
        until = _date(field.plain)
        return None if until is None else until < ends_on

    if held.named("valid_until") or not lasting:
        yield from _compared(
            held,
            "valid_until",
            differs,
            gettext("%(count)s 页的有效期到结业之后"),
            gettext("%(who)s：有效期在结业之前"),
        )


def _filed_for_everyone(held: ItemEvidence) -> Iterable[Hint]:
    count = held.item.count
    kind = FOR if count.complete else DOUBT
    text = gettext("应收 %(due)s %(unit)s，已收 %(have)s %(unit)s")
    yield Hint(kind, text % {"due": count.needed, "have": count.have, "unit": gettext(count.unit)})
    for gap in count.missing[:NAMED]:
        who = gap.trainee_name or gettext("全班")
        yield Hint(DOUBT, gettext("缺：%(who)s") % {"who": who})
    if len(count.missing) > NAMED:
        yield Hint(DOUBT, gettext("另缺 %(count)s 处") % {"count": len(count.missing) - NAMED})


def _playable(held: ItemEvidence) -> Iterable[Hint]:
    recordings = {
        sheet.upload_id: sheet
        for sheet in held.sheets.values()
        if sheet.upload.medium == Upload.Medium.RECORDING
    }
    probes = list(RecordingProbe.objects.filter(upload__in=list(recordings)))
    for probe in probes:
        if not probe.is_playable:
            sheet = recordings[probe.upload_id]
            text = gettext("%(file)s：不能在浏览器里播放，可下载原件") % {"file": origin(sheet)}
            yield Hint(DOUBT, text, str(sheet.uuid))
    good = sum(probe.is_playable for probe in probes)
    if good:
        yield Hint(FOR, gettext("%(count)s 段录像可以播放") % {"count": good})
    if not probes:
        yield Hint(UNKNOWN, gettext("没有可检的录像"))


def _lessons_add_up(held: ItemEvidence) -> Iterable[Hint]:
    dossier = held.standing.dossier
    planned = sum(session.lessons for session in held.standing.sessions)
    text = gettext("理论 %(theory)s + 技能 %(practice)s = %(total)s 课时") % {
        "theory": dossier.theory_lessons,
        "practice": dossier.practice_lessons,
        "total": dossier.total_lessons,
    }
    yield Hint(UNKNOWN, text)
    if planned:
        kind = FOR if planned == dossier.total_lessons else DOUBT
        yield Hint(kind, gettext("录入的课次共 %(count)s 课时") % {"count": planned})


def _roster_without_duplicates(held: ItemEvidence) -> Iterable[Hint]:
    people = [enrolment for enrolment in held.standing.enrolments if enrolment.withdrawn_on is None]
    yield Hint(FOR, gettext("录入的名册 %(count)s 人，没有相同的证号") % {"count": len(people)})
    names = [enrolment.name for enrolment in people]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Hint(DOUBT, gettext("同名：%(name)s，证号不同，请核") % {"name": name})


def _category_recorded(held: ItemEvidence) -> Iterable[Hint]:
    without = [
        enrolment.name
        for enrolment in held.standing.enrolments
        if enrolment.withdrawn_on is None and not enrolment.person_category
    ]
    for name in without[:NAMED]:
        yield Hint(DOUBT, gettext("%(name)s：没有登记人员类别") % {"name": name})
    if not without:
        yield Hint(FOR, gettext("人员类别均已登记"))


def _certificate_number_wellformed(held: ItemEvidence) -> Iterable[Hint]:
    grammar = held.standing.ruleset.certificates
    training_type = held.standing.dossier.training_type

    def differs(field: FieldReading) -> bool:
        return check_certificate_number(field.plain, grammar, training_type=training_type).state != "checked"

    yield from _compared(
        held,
        "certificate_no",
        differs,
        gettext("%(count)s 个证书编号合规则"),
        gettext("%(who)s：证书编号不合规则"),
    )


FINDERS: dict[str | None, Callable[[ItemEvidence], Iterable[Hint]]] = {
    "id_number_valid": _id_number_valid,
    "id_number_matches_roster": _id_number_matches_roster,
    "name_matches_roster": _name_matches_roster,
    "validity_covers_training": _validity_covers_training,
    "filed_for_everyone": _filed_for_everyone,
    "filed_for_every_session": _filed_for_everyone,
    "playable": _playable,
    "lessons_add_up": _lessons_add_up,
    "roster_without_duplicates": _roster_without_duplicates,
    "category_recorded": _category_recorded,
    "certificate_number_wellformed": _certificate_number_wellformed,
}


def _plain(name: str) -> str:
    return "".join(name.split()).replace("•", "·")


def _date(text: str) -> date | None:
    digits = "".join(one for one in text if one.isdigit())
    if len(digits) != 8:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def whose(filing: Filing) -> str:
    """Whose paper, or which sitting's."""
    if filing.enrolment:
        return filing.enrolment.name
    return str(filing.session) if filing.session else ""
