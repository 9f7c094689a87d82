"""What the system found for or against a point of the checklist, and where; only a person ticks."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from cms.rows.coverage import ClassCoverage, Judged
from cms.rows.crosschecks import CrossFindings
from cms.rows.sheets import origin
from dossiers.crosschecks import Finding, Outcome
from dossiers.models import Filing, Sheet, Upload
from dossiers.standing import ItemStanding, Standing
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
    """What is known of one item beyond what its papers say against each other."""

    standing: Standing
    item: ItemStanding

    @cached_property
    def sheets(self) -> dict[int, Sheet]:
        return {place.sheet.pk: place.sheet for filing in self.item.filings for place in filing.places.all()}

    def hints(self, evidence: str | None) -> tuple[Hint, ...]:
        """The findings for one kind of evidence; none where the system has nothing to say."""
        return tuple(FINDERS[evidence](self)) if evidence in FINDERS else ()


def _id_number_valid(held: ItemEvidence) -> Iterable[Hint]:
    if held.item.item.id == "trainee_roster":
        count = sum(enrolment.withdrawn_on is None for enrolment in held.standing.enrolments)
        yield Hint(FOR, gettext("录入的名册 %(count)s 人，证号校验位均相符") % {"count": count})


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


def _recorded_in_full(held: ItemEvidence) -> Iterable[Hint]:
    """How many sessions recordings show in full, and each that they do not."""
    found = ClassCoverage(held.standing)
    judged = [one.judged for one in found.sessions]
    asked = [one for one in judged if one not in (Judged.NOT_ASKED, Judged.TO_COME)]
    short = list(found.shortfalls())
    for one in short[:NAMED]:
        yield Hint(DOUBT, one.text)
    if len(short) > NAMED:
        yield Hint(DOUBT, gettext("另有 %(count)s 处同样") % {"count": len(short) - NAMED})
    if full := judged.count(Judged.FULL):
        told = gettext("%(count)s 节理论课已录全，共 %(every)s 节")
        yield Hint(FOR, told % {"count": full, "every": len(asked)})
    if unknown := judged.count(Judged.UNKNOWN):
        yield Hint(UNKNOWN, gettext("%(count)s 节的录像还没有对时，看不出是否录全") % {"count": unknown})


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


FINDERS: dict[str | None, Callable[[ItemEvidence], Iterable[Hint]]] = {
    "id_number_valid": _id_number_valid,
    "filed_for_everyone": _filed_for_everyone,
    "filed_for_every_session": _filed_for_everyone,
    "playable": _playable,
    "recorded_in_full": _recorded_in_full,
    "lessons_add_up": _lessons_add_up,
    "roster_without_duplicates": _roster_without_duplicates,
    "category_recorded": _category_recorded,
}


def hints_of(checks: CrossFindings, found: Iterable[Finding]) -> tuple[Hint, ...]:
    """Cross-checks beside a point: each breach by itself, what agrees and what cannot be told counted by check."""
    rows = list(found)
    return (*_breaches(checks, rows), *_counted(rows, Outcome.UNKNOWN), *_counted(rows, Outcome.PASS))


def _breaches(checks: CrossFindings, found: Iterable[Finding]) -> Iterable[Hint]:
    breaches = [finding for finding in found if finding.is_breach]
    for finding in breaches[:NAMED]:
        row = checks.row(finding)
        text = gettext("%(who)s：%(what)s") % {"who": row.who, "what": row.text} if row.who else row.text
        yield Hint(DOUBT, text, row.sheet)
    if len(breaches) > NAMED:
        yield Hint(DOUBT, gettext("另有 %(count)s 处同样") % {"count": len(breaches) - NAMED})


def _counted(found: Iterable[Finding], outcome: Outcome) -> Iterable[Hint]:
    counts = Counter(finding.check.title for finding in found if finding.outcome == outcome)
    for title, count in counts.items():
        if outcome == Outcome.PASS:
            told, kind = gettext("%(what)s：%(count)s 处相符"), FOR
        else:
            told, kind = gettext("%(what)s：%(count)s 处没有读出或无从比对，请看图"), UNKNOWN
        yield Hint(kind, told % {"what": gettext(title), "count": count})


def whose(filing: Filing) -> str:
    """Whose paper, or which sitting's."""
    if filing.enrolment:
        return filing.enrolment.name
    return str(filing.session) if filing.session else ""
