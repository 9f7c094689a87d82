"""Lists of people: rosters, score sheets, attendance, payments, candidates, line by line against the roster."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dossiers.crosschecks import words
from dossiers.crosschecks.comparing import Finding, Sides, breach, doubt, label, paper_name, passed, unknown
from dossiers.crosschecks.contracts import FAILED, PASSED
from dossiers.crosschecks.facts import ClassPapers, Paper, Row, Said, Trainee
from dossiers.crosschecks.registry import of_class
from dossiers.differences import digits_apart, same
from dossiers.numbering import check_id_number
from dossiers.rulesets.shape import CrossCheck
from dossiers.sentences import gettext_noop

ROSTER, SCORES = "trainee_roster", "score_sheet"
NEAR = 2  # digits: a number so close, under the same name, is hers read or typed wrong
SEXES = {"male": "男", "female": "女"}
PASS_SCORE = 60


def lines(papers: Sequence[Paper]) -> Iterator[tuple[Paper, int, Row]]:
    """Every line of these lists with its number as people count it, pages in order."""
    for paper in papers:
        for at, row in enumerate(paper.rows, start=1):
            seq = row.get("seq")
            yield paper, (seq.whole if seq and seq.is_sure and seq.whole else at), row


def meant(row: Row, trainees: Sequence[Trainee]) -> Trainee | None:
    """Whose line it is: by its number; without one, or with one read badly, by a name that only one bears."""
    number, name = row.get("id_number"), row.get("name")
    if number and number.value:
        found = next((one for one in trainees if one.id_number == number.value), None)
        if found or number.is_sure:
            return found
    called = [one for one in trainees if name and name.value and same("name", name.value, one.name)]
    return called[0] if len(called) == 1 else None


def near(row: Row, trainees: Sequence[Trainee]) -> Trainee | None:
    """Somebody of the same name whose number differs by a digit or two: hers, read or printed wrong."""
    number, name = row.get("id_number"), row.get("name")
    if not (number and name):
        return None
    for one in trainees:
        apart = digits_apart(number.value, one.id_number)
        if apart is not None and apart <= NEAR and same("name", name.value, one.name):
            return one
    return None


def _said(row: Row) -> list[Said]:
    return [row[name] for name in ("name", "id_number") if name in row and row[name].value]


def _who(row: Row) -> str:
    return row["name"].value if "name" in row else ""


def _both_ways(
    check: CrossCheck, held: ClassPapers, papers: Sequence[Paper], *, all_there: bool
) -> Iterator[Finding]:
    """Everybody on the list is on the roster and, with `all_there`, everybody on the roster is on the list."""
    if not papers:
        return
    sides = Sides(paper=paper_name(papers[0]), against=words.ROSTER)
    if not any(paper.rows for paper in papers):
        yield unknown(check, NO_LINES, sides)
        return
    found: set[object] = set()
    breaches = False
    for _paper, number, row in lines(papers):
        trainee = meant(row, held.trainees)
        if trainee is not None:
            found.add(trainee.key)
            continue
        close = near(row, held.trainees)
        if close is not None:
            found.add(close.key)
            breaches = True
            yield breach(check, NUMBER_DIFFERS, sides.but(held=OTHER_NUMBER, read=number), _said(row)).of(
                close
            )
        elif _said(row):
            breaches = True
            told = breach(check, NOT_ON_ROSTER, sides.but(held=words.STRANGER, read=number), _said(row))
            yield replace(told, who=_who(row))
    absent = [one for one in held.present if one.key not in found] if all_there else []
    for trainee in absent:
        yield breach(check, NOT_ON_LIST, sides.but(held=words.ABSENT), settle=words.LOOK).of(trainee)
    if not breaches and not absent:
        yield passed(check, ALL_ON_BOTH if all_there else ALL_ON_ROSTER, sides.but(read=len(found)))


NO_LINES = gettext_noop("%(paper)s的各行没有读出")
NUMBER_DIFFERS = gettext_noop("%(paper)s第 %(read)s 行的证号与%(against)s不同")
OTHER_NUMBER = gettext_noop("上的证号与名册不同")
NOT_ON_ROSTER = gettext_noop("%(paper)s第 %(read)s 行的人不在%(against)s上")
NOT_ON_LIST = gettext_noop("%(against)s有此人，%(paper)s上没有读到")
ALL_ON_BOTH = gettext_noop("%(paper)s与%(against)s的 %(read)s 人一一对应")
ALL_ON_ROSTER = gettext_noop("%(paper)s上的 %(read)s 人都在%(against)s上")


# The roster on paper --------------------------------------------------------------------------------------
@of_class
def roster_people(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield from _both_ways(check, held, held.all_of(ROSTER), all_there=True)


@of_class
def roster_numbers(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Every number of the roster passes its own check."""
    papers = held.all_of(ROSTER)
    if not papers:
        return
    sides = Sides(paper=paper_name(papers[0]))
    rows = list(lines(papers))
    wrong = [
        (at, row["id_number"]) for _, at, row in rows if "id_number" in row and row["id_number"].is_doubtful
    ]
    silent = [at for _, at, row in rows if "id_number" not in row or not row["id_number"].value]
    for at, said in wrong:
        yield breach(check, LINE_WRONG, sides.but(field=at, held=FAILS_CHECK, read=said.shown), [said])
    for at in silent:
        yield unknown(check, LINE_SILENT, sides.but(field=at))
    if rows and not wrong and not silent:
        yield passed(check, ALL_SOUND, sides.but(read=len(rows)))
    if not rows:
        yield unknown(check, NO_LINES, sides)


LINE_WRONG = gettext_noop("%(paper)s第 %(field)s 行的证号 %(read)s %(held)s")
FAILS_CHECK = gettext_noop("校验不符")
LINE_SILENT = gettext_noop("%(paper)s第 %(field)s 行的证号没有读出")
ALL_SOUND = gettext_noop("%(paper)s %(read)s 行的证号校验都相符")


@of_class
def roster_twice(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Nobody stands on one roster twice."""
    for filed in _versions(held.all_of(ROSTER)):
        first: dict[str, int] = {}
        twice = False
        for paper, at, row in lines(filed):
            number = row["id_number"].value if "id_number" in row else ""
            if number and number in first:
                twice = True
                told = breach(
                    check,
                    SAME_PERSON,
                    Sides(paper=paper_name(paper), field=at, held=first[number]),
                    _said(row),
                )
                yield replace(told, who=_who(row))
            elif number:
                first[number] = at
        if first and not twice:
            yield passed(check, NOBODY_TWICE, Sides(paper=paper_name(filed[0]), read=len(first)))


SAME_PERSON = gettext_noop("%(paper)s第 %(field)s 行与第 %(held)s 行的证号相同")
NOBODY_TWICE = gettext_noop("%(paper)s %(read)s 个证号没有重复")


def _versions(papers: Sequence[Paper]) -> list[list[Paper]]:
    """The pages of one roster together, the earlier filed first.

    A page that counts from 1 again, or names somebody again, begins another roster: its pages may have been filed
    one by one.
    """
    found: list[list[Paper]] = []
    for paper in sorted(papers, key=lambda one: one.filed):
        if not found or _begins_anew(paper, found[-1]):
            found.append([paper])
        else:
            found[-1].append(paper)
    return found


def _begins_anew(paper: Paper, roster: Sequence[Paper]) -> bool:
    seq = paper.rows[0].get("seq") if paper.rows else None
    if seq and seq.is_sure and seq.whole is not None:
        return seq.whole == 1 and any(page.rows for page in roster)
    return bool(_numbers([paper]) & _numbers(roster))


def _numbers(papers: Sequence[Paper]) -> set[str]:
    said = (row["id_number"] for _, _, row in lines(papers) if "id_number" in row)
    return {one.value for one in said if one.is_sure}


@of_class
def roster_details(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """The sex printed is the one the number tells."""
    for paper, at, row in lines(held.all_of(ROSTER)):
        sex, number = row.get("sex"), row.get("id_number")
        if not (sex and sex.value and number and number.is_sure):
            continue
        told = SEXES.get(check_id_number(number.value).sex or "", "")
        if told and sex.value in SEXES.values() and sex.value != told:
            found = breach(
                check, SEX_DIFFERS, Sides(paper=paper_name(paper), field=at, read=sex.value, held=told), [sex]
            )
            trainee = meant(row, held.trainees)
            yield found.of(trainee) if trainee else replace(found, who=_who(row))


SEX_DIFFERS = gettext_noop("%(paper)s第 %(field)s 行性别 %(read)s，证号为%(held)s")


@of_class
def roster_versions(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Whoever the later roster names stood on the earlier one (R49)."""
    filed = _versions(held.all_of(ROSTER))
    if len(filed) < 2:
        return
    opening = {row["id_number"].value for _, _, row in lines(filed[0]) if "id_number" in row}
    if not opening:
        yield unknown(check, NO_LINES, Sides(paper=paper_name(filed[0][0])))
        return
    added = False
    for paper, at, row in lines(filed[-1]):
        number = row.get("id_number")
        if number and number.is_sure and number.value not in opening:
            added = True
            found = breach(check, ADDED_LATER, Sides(paper=paper_name(paper), field=at), _said(row))
            trainee = meant(row, held.trainees)
            yield found.of(trainee) if trainee else replace(found, who=_who(row))
    if not added:
        yield passed(check, NOBODY_ADDED, Sides(paper=paper_name(filed[0][0])))


ADDED_LATER = gettext_noop("后一份%(paper)s第 %(field)s 行的人不在前一份上")
NOBODY_ADDED = gettext_noop("后一份%(paper)s没有多出人")


# Scores, attendance, candidates ---------------------------------------------------------------------------
@of_class
def scores_people(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield from _both_ways(check, held, held.all_of(SCORES), all_there=True)


@of_class
def attendance_people(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield from _both_ways(check, held, held.all_of("attendance_record"), all_there=True)


@of_class
def candidates_on_roster(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield from _both_ways(check, held, held.all_of("appraisal_filing_form"), all_there=False)


@of_class
def scores_result(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Pass or fail as printed is what the marks say, and what the roster holds."""
    for paper, _at, row in lines(held.all_of(SCORES)):
        result = row.get("result")
        trainee = meant(row, held.trainees)
        if not result or result.value not in PASSED | FAILED:
            continue
        sides = Sides(paper=paper_name(paper), field=label("result"), read=result.value)
        low = _lowest(row)
        found = None
        if low is not None and (low.whole or 0) < PASS_SCORE and result.value in PASSED:
            found = breach(
                check, MARK_TOO_LOW, sides.but(against=label(low.place.name), held=low.value), [low, result]
            )
        elif trainee and trainee.passed is not None and trainee.passed != (result.value in PASSED):
            ours = "合格" if trainee.passed else "不合格"
            found = breach(check, words.DIFFERS, sides.but(against=words.ROSTER, held=ours), [result])
        elif result.is_doubtful:
            found = doubt(check, result, paper_name(paper))
        if found:
            yield found.of(trainee) if trainee else replace(found, who=_who(row))


def _lowest(row: Row) -> Said | None:
    marks = [row[name] for name in ("theory_score", "practice_score", "total_score") if name in row]
    sure = [one for one in marks if one.is_sure and one.whole is not None]
    return min(sure, key=lambda one: float(one.value), default=None)


MARK_TOO_LOW = gettext_noop("%(paper)s的%(against)s %(held)s 分，%(field)s却为 %(read)s")


# Payments -------------------------------------------------------------------------------------------------
PAYMENTS = "living_allowance_payment_list"


@of_class
def payees_on_roster(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield from _both_ways(check, held, held.all_of(PAYMENTS), all_there=False)


@of_class
def payees_accounts(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """No two people are paid into one account."""
    first: dict[str, int] = {}
    for paper, at, row in lines(held.all_of(PAYMENTS)):
        account = row.get("bank_account")
        if account is None or not account.is_sure:
            continue
        if account.value in first:
            found = breach(
                check,
                SAME_ACCOUNT,
                Sides(paper=paper_name(paper), field=at, held=first[account.value]),
                [account],
            )
            trainee = meant(row, held.trainees)
            yield found.of(trainee) if trainee else replace(found, who=_who(row))
        else:
            first[account.value] = at


SAME_ACCOUNT = gettext_noop("%(paper)s第 %(field)s 行与第 %(held)s 行是同一账户")


@of_class
def payees_amounts(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Days times the daily rate make the amount, line by line."""
    for paper, at, row in lines(held.all_of(PAYMENTS)):
        cells = [row.get(name) for name in ("days", "rate", "amount")]
        if not all(cell and cell.is_sure for cell in cells):
            continue
        days, rate, amount = (float(cell.value) for cell in cells if cell)
        if abs(days * rate - amount) > 0.005:
            due = f"{days * rate:g}"
            said = [cell for cell in cells if cell]
            found = breach(
                check,
                WRONG_PRODUCT,
                Sides(paper=paper_name(paper), field=at, read=f"{amount:g}", held=due),
                said,
            )
            trainee = meant(row, held.trainees)
            yield found.of(trainee) if trainee else replace(found, who=_who(row))


WRONG_PRODUCT = gettext_noop("%(paper)s第 %(field)s 行金额 %(read)s 元，标准与天数之积 %(held)s 元")
