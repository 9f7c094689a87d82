"""One value of a document against the others on it: nothing wrong is accepted silently, nothing right is doubted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from dossiers.certificates import parse_certificate_number
from dossiers.numbering import IdNumberCheck, check_id_number
from ingestion.reading import FieldReading, FieldState

SEXES = {"male": "男", "female": "女"}
ORDERED = (("valid_from", "valid_until"), ("start_on", "end_on"), ("start_date", "end_date"))
SHORTEST_AUTHORITY = 5
EARLIEST_YEAR = 1950
CHINA = timezone(timedelta(hours=8))
HAPPENED = (
    *(
        "issued_on",
        "certificate_issued_on",
        "signed_on",
        "application_date",
        "institution_date",
        "hr_approved_on",
    ),
    *("inspected_on", "inspector_signed_on", "responsible_signed_on", "start_on", "start_date", "valid_from"),
)
CARD_YEARS = (5, 10, 20)
DOUBTFUL_PRINT = 0.9
SOUND = (FieldState.READ, FieldState.CHECKED)
Readings = dict[str, FieldReading]


def judged_together(readings: Sequence[FieldReading]) -> tuple[FieldReading, ...]:
    """The same readings, in the same order, with what they say against each other."""
    by_name = {reading.name: reading for reading in readings}
    for judge in (
        _against_number,
        _in_order,
        _card_span,
        _in_our_time,
        _authority,
        _certificate_year,
        _lessons,
        _counts,
    ):
        by_name |= judge(by_name)
    return tuple(by_name[reading.name] for reading in readings)


def _against_number(found: Mapping[str, FieldReading]) -> Readings:
    """Birth date, month and sex against a number that passed its check."""
    number = found.get("id_number")
    if number is None or number.state != FieldState.CHECKED:
        return {}
    check = check_id_number(number.value)
    changed = {
        name: _compared(found[name], expected)
        for name, expected in _told_by(check).items()
        if name in found and found[name].state in (*SOUND, FieldState.SUSPECT)
    }
    against = [reading for reading in changed.values() if reading.problem == "differs_from_id_number"]
    if len(against) > 1 or (against and number.confidence < DOUBTFUL_PRINT):
        changed["id_number"] = replace(number, state=FieldState.SUSPECT, problem="differs_from_id_number")
    return changed


def _told_by(check: IdNumberCheck) -> dict[str, str]:
    born = check.birth_date.isoformat() if check.birth_date else ""
    return {"birth_date": born, "birth_year_month": born, "sex": SEXES.get(check.sex or "", "")}


def _compared(reading: FieldReading, expected: str) -> FieldReading:
    same = (
        expected.startswith(reading.value)
        if reading.name == "birth_year_month"
        else reading.value == expected
    )
    if same:
        return replace(reading, state=FieldState.CHECKED, problem="")
    return replace(reading, state=FieldState.SUSPECT, problem="differs_from_id_number")


def _in_order(found: Mapping[str, FieldReading]) -> Readings:
    """Nothing ends before it begins; which of the two is wrong cannot be told."""
    changed = {}
    for start, end in ORDERED:
        first, last = _sound(found, start), _sound(found, end)
        if first and last and last.value < first.value:
            for reading in (first, last):
                changed[reading.name] = _doubted(reading, "dates_out_of_order")
    return changed


def _card_span(found: Mapping[str, FieldReading]) -> Readings:
    """An ID card holds 5, 10 or 20 years, day for day; both dates confirm each other then."""
    first, last = _sound(found, "valid_from"), _sound(found, "valid_until")
    if not first or not last or "issuing_authority" not in found:
        return {}
    years = int(last.value[:4]) - int(first.value[:4])
    same_day = first.value[5:] == last.value[5:] or (first.value[5:], last.value[5:]) == ("02-29", "02-28")
    if years in CARD_YEARS and same_day:
        return {r.name: replace(r, state=FieldState.CHECKED) for r in (first, last)}
    return {r.name: _doubted(r, "validity_span") for r in (first, last)}


def _in_our_time(found: Mapping[str, FieldReading]) -> Readings:
    """What was issued, signed or checked was so within a lifetime, and not years from now."""
    years = range(EARLIEST_YEAR, datetime.now(CHINA).year + 2)
    dated = [reading for name in HAPPENED if (reading := _sound(found, name))]
    return {r.name: _doubted(r, "date_unlikely") for r in dated if int(r.value[:4]) not in years}


def _authority(found: Mapping[str, FieldReading]) -> Readings:
    """No police office has a name of four characters: something is hidden."""
    body = _sound(found, "issuing_authority")
    return {body.name: _doubted(body, "read_poorly")} if body and len(body.value) < SHORTEST_AUTHORITY else {}


def _certificate_year(found: Mapping[str, FieldReading]) -> Readings:
    """The regulation's number holds the year of issue (R15)."""
    number, issued = _sound(found, "certificate_no"), _sound(found, "issued_on")
    parsed = parse_certificate_number(number.value) if number else None
    if not number or not issued or not parsed or len(issued.value) < len("2026-01"):
        return {}
    if date.fromisoformat(issued.value[:7] + "-01").year == parsed.year:
        return {}
    return {number.name: _doubted(number, "certificate_year")}


def _lessons(found: Mapping[str, FieldReading]) -> Readings:
    """Theory and practice are the whole."""
    names = ("total_lessons", "theory_lessons", "practice_lessons")
    read = [_sound(found, name) for name in names]
    if any(reading is None for reading in read):
        return {}
    total, theory, practice = (int(reading.value) for reading in read if reading)
    if total == theory + practice:
        return {r.name: replace(r, state=FieldState.CHECKED) for r in read if r}
    return {r.name: _doubted(r, "lessons_do_not_add_up") for r in read if r}


def _counts(found: Mapping[str, FieldReading]) -> Readings:
    """Nobody passes who was not enrolled, nobody is present who was not approved."""
    changed: Readings = {}
    names = ("enrolled_count", "completed_count", "passed_count", "certified_count")
    chain = [reading for name in names if (reading := _sound(found, name))]
    for more, less in zip(chain, chain[1:], strict=False):
        if int(less.value) > int(more.value):
            changed |= {r.name: _doubted(r, "counts_out_of_order") for r in (more, less)}
    approved, present = _sound(found, "approved_trainee_count"), _sound(found, "present_trainee_count")
    if approved and present and int(present.value) > int(approved.value):
        changed |= {r.name: _doubted(r, "counts_out_of_order") for r in (approved, present)}
    return changed


def _sound(found: Mapping[str, FieldReading], name: str) -> FieldReading | None:
    reading = found.get(name)
    return reading if reading and reading.state in SOUND else None


def _doubted(reading: FieldReading, problem: str) -> FieldReading:
    return replace(reading, state=FieldState.SUSPECT, problem=problem)
