"""Rules about each trainee: contract, certificate, score, claims before, age, release. A breach names whom it is about."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from dossiers.calendar import ONE_DAY, WorkCalendar, add_months
from dossiers.certificates import check_certificate_number, parse_certificate_number
from dossiers.rules.facts import CaseFacts, ContractFacts, TraineeFacts
from dossiers.rules.findings import Judged, doubtful, failed, not_asked, passed, unknown
from dossiers.rules.parameters import Asked
from dossiers.sentences import Sentence, gettext_noop, sentence

ALL_PASSED_ALIKE = 5  # so many trainees with one and the same score are worth a look
ADULT = 16


def _each(
    trainees: Iterable[TraineeFacts],
    breaks: Callable[[TraineeFacts], bool | None],
    told: Callable[[int], Sentence],
    missing: Iterable[str],
    **figures: object,
) -> Judged:
    """One answer about all: who breaks the rule, else whose facts are missing, else pass."""
    asked = list(trainees)
    if not asked:
        return unknown(["trainees"], **figures)
    answers = [(one.key, breaks(one)) for one in asked]
    breaking = [key for key, answer in answers if answer]
    figures |= {"trainees": len(asked), "breaking": len(breaking)}
    if breaking:
        return failed(told(len(breaking)), **figures).of(breaking)
    open_ones = [key for key, answer in answers if answer is None]
    return unknown(missing, **figures).of(open_ones) if open_ones else passed(**figures)


def certificate_numbers(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Numbers follow the grammar, fit the kind of training and the year, and are given once (R15)."""
    if asked.grammar is None or not asked.grammar_knows(case.training_type):
        return not_asked(training_type=case.training_type)
    printed = [
        (one.key, one.certificate)
        for one in case.trainees
        if one.certificate is not None and one.certificate.kind == "training_completion_certificate"
    ]
    if not printed:
        return unknown(["certificate"])
    wrong = [
        key
        for key, certificate in printed
        if check_certificate_number(
            certificate.number,
            asked.grammar,
            training_type=case.training_type,
            issued_on=certificate.issued_on,
        ).problems
    ]
    times = Counter(certificate.number for _, certificate in printed)
    double = [key for key, certificate in printed if times[certificate.number] > 1]
    figures = {"certificates": len(printed), "malformed": len(wrong), "given_twice": len(double)}
    if wrong or double:
        told = sentence(
            "certificate_numbers_wrong",
            gettext_noop("有 %(wrong)s 个编号不合规则，%(double)s 个编号重复。请核对证书原件。"),
            wrong=len(wrong),
            double=len(double),
        )
        return failed(told, **figures).of(dict.fromkeys([*wrong, *double]))
    if not _rising(case):
        told = sentence(
            "certificate_numbers_not_rising",
            gettext_noop("编号的先后与发证日期的先后不一致。请核对是否逐年累计编号。"),
        )
        return doubtful(told, **figures)
    return passed(**figures)


def _rising(case: CaseFacts) -> bool:
    """Within a series, a later certificate has the higher number."""
    series: dict[str, list[tuple[date, int]]] = {}
    for one in case.trainees:
        certificate = one.certificate
        number = parse_certificate_number(certificate.number) if certificate else None
        if certificate and number and certificate.issued_on:
            series.setdefault(str(number)[:-6], []).append((certificate.issued_on, number.serial))
    for dated in series.values():
        days: dict[date, list[int]] = {}
        for on, serial in dated:
            days.setdefault(on, []).append(serial)
        spans = [(min(days[on]), max(days[on])) for on in sorted(days)]
        if any(after[0] < before[1] for before, after in zip(spans, spans[1:], strict=False)):
            return False
    return True


def contract_long_enough(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """A contract of a year or more; without a fixed end it passes, by piece of work a person judges (R24)."""
    months = asked.number("months")
    by_task = [t.key for t in case.trainees if t.contract and t.contract.until_task_done]
    answer = _each(
        case.trainees,
        lambda one: _too_short(one.contract, months),
        lambda count: sentence(
            "contract_too_short",
            gettext_noop("有 %(count)s 人的劳动合同不足 %(months)s 个月。请核对合同起止日期。"),
            count=count,
            months=months,
        ),
        ["contract"],
        months=months,
    )
    if answer.outcome == passed().outcome and by_task:
        told = sentence(
            "contract_by_task",
            gettext_noop("有 %(count)s 份合同以完成工作任务为期限。请人工判断是否满一年。"),
            count=len(by_task),
        )
        return doubtful(told, **answer.figures).of(by_task)
    return answer


def _too_short(contract: ContractFacts | None, months: int) -> bool | None:
    if contract is None:
        return None
    if contract.open_ended or contract.until_task_done:
        return False
    if contract.start_on is None or contract.end_on is None:
        return None
    return contract.end_on + ONE_DAY < add_months(contract.start_on, months)


def trained_soon_after_hiring(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """The first lesson lies within a year of signing, and the contract is a new one (R25)."""
    first, months = case.first_lesson_on, asked.number("months")
    if first is None:
        return unknown(["first_lesson_on"], months=months)

    def breaks(one: TraineeFacts) -> bool | None:
        contract = one.contract
        if contract is None or contract.signed_on is None:
            return None
        if contract.renewed or first > add_months(contract.signed_on, months):
            return True
        return None if contract.renewed is None else False

    return _each(
        case.trainees,
        breaks,
        lambda count: sentence(
            "hired_too_long_ago",
            gettext_noop("有 %(count)s 人不是签订合同 %(months)s 个月内的新录用人员。请核对签订日期。"),
            count=count,
            months=months,
        ),
        ["contract", "renewed"],
        first_lesson_on=first,
        months=months,
    )


def subsidies_a_year(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """With this one, at most so many subsidies in the calendar year (R29)."""
    most = asked.number("times")
    return _each(
        _claiming(case),
        lambda one: None if one.subsidies_this_year is None else one.subsidies_this_year + 1 > most,
        lambda count: sentence(
            "too_many_subsidies",
            gettext_noop("有 %(count)s 人本年已享受 %(most)s 次。原则上不再申领；确需放行的，请写明理由。"),
            count=count,
            most=most,
        ),
        ["subsidies_this_year"],
        most=most,
    )


def never_the_same_twice(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """The same occupation at the same level is subsidised once in a life (R30)."""
    return _each(
        _claiming(case),
        lambda one: one.had_same_subsidy,
        lambda count: sentence(
            "same_subsidy_before",
            gettext_noop("有 %(count)s 人已享受过同一职业同一等级的补贴。申领时应剔除。"),
            count=count,
        ),
        ["had_same_subsidy"],
    )


def _claiming(case: CaseFacts) -> list[TraineeFacts]:
    return [one for one in case.trainees if one.claimed is not False]


def certified_who_passed(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """A certificate only with a passing score; everybody alike is worth a look (R38)."""
    least = asked.number("score")
    holders = [one for one in case.trainees if one.certificate is not None]
    if not holders:
        return unknown(["certificate"], pass_score=least)
    answer = _each(
        holders,
        lambda one: None if one.score is None else one.score < least,
        lambda count: sentence(
            "certified_without_passing",
            gettext_noop("有 %(count)s 人不满 %(least)s 分而有证书。请核对成绩单与证书。"),
            count=count,
            least=least,
        ),
        ["score"],
        pass_score=least,
    )
    scores = {one.score for one in case.trainees}
    if answer.outcome == passed().outcome and len(case.trainees) >= ALL_PASSED_ALIKE and len(scores) == 1:
        told = sentence("all_scores_alike", gettext_noop("全班成绩相同。请核对试卷与成绩单。"))
        return doubtful(told, **answer.figures)
    return answer


def recorded_by_real_name(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Who is paid for has a record in the real-name system (R42); an empty number is a known lack."""
    return _each(
        _claiming(case),
        lambda one: None if one.realname_record_no is None else not one.realname_record_no,
        lambda count: sentence(
            "no_realname_record",
            gettext_noop("有 %(count)s 人没有实名制记录号。凡补必进，不进不补；请录入后导入回执。"),
            count=count,
        ),
        ["realname_record_no"],
    )


def not_yet_pensioned(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Nobody who may draw a pension; age alone is a hint, a checked answer decides (R43)."""
    first = case.first_lesson_on or case.starts_on
    drawing = [one.key for one in case.trainees if one.draws_pension]
    if drawing:
        told = sentence(
            "draws_pension",
            gettext_noop("有 %(count)s 人已按月领取养老金。申领时应剔除。"),
            count=len(drawing),
        )
        return failed(told, drawing=len(drawing)).of(drawing)
    if not case.trainees or first is None:
        return unknown(["trainees" if not case.trainees else "first_lesson_on"])
    ages = asked.params.get("retirement_ages", {})
    unsure, old = [], []
    for one in case.trainees:
        if one.draws_pension is False:
            continue
        limit = ages.get(one.sex or "")
        if one.born_on is None or limit is None:
            unsure.append(one.key)
        elif first >= add_months(one.born_on, int(limit) * 12):
            old.append(one.key)
    figures = {"on": first, "of_age": len(old)}
    if old:
        told = sentence(
            "of_pension_age",
            gettext_noop("有 %(count)s 人按年龄可能已领养老金。请核实后填写是否已领。"),
            count=len(old),
        )
        return doubtful(told, **figures).of(old)
    return unknown(["born_on", "sex"], **figures).of(unsure) if unsure else passed(**figures)


def released_within_a_year(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Prisoners are to be released in less than a year from the start; the day itself is too late (R44)."""
    months, start = asked.number("months"), case.starts_on or case.first_lesson_on
    prisoners = [one for one in case.trainees if one.category == "prisoner_within_one_year"]
    if not prisoners:
        return not_asked(prisoners=0) if case.trainees else unknown(["trainees"])
    if start is None:
        return unknown(["starts_on"])
    return _each(
        prisoners,
        lambda one: None if one.release_on is None else one.release_on >= add_months(start, months),
        lambda count: sentence(
            "release_too_far",
            gettext_noop("有 %(count)s 人距释放不少于 %(months)s 个月，不在范围内。请核对。"),
            count=count,
            months=months,
        ),
        ["release_on"],
        months=months,
    )


def paid_by_herself(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Who paid the fee herself claims herself: own form, receipt, and the money goes to her (R45)."""
    if not case.trainees:
        return unknown(["trainees"])
    if any(one.self_paid is None for one in case.trainees):
        open_ones = [one.key for one in case.trainees if one.self_paid is None]
        return unknown(["self_paid"]).of(open_ones)
    paying = [one for one in case.trainees if one.self_paid]
    if not paying:
        return not_asked(self_paid=0)

    def breaks(one: TraineeFacts) -> bool | None:
        if one.personal_application is False or one.receipt is False or one.paid_to not in (None, "trainee"):
            return True
        return None if None in (one.personal_application, one.receipt, one.paid_to) else False

    return _each(
        paying,
        breaks,
        lambda count: sentence(
            "self_paid_incomplete",
            gettext_noop("有 %(count)s 名先行垫付的学员缺附件4或票据，或补贴没有付给本人。请补齐。"),
            count=count,
        ),
        ["personal_application", "receipt", "paid_to"],
    )


def tuition_by_year(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Part-time students of technical schools: tuition by the years of the table (R46)."""
    students = [one for one in case.trainees if one.category == "part_time_technical_student"]
    if not students:
        return not_asked(students=0) if case.trainees else unknown(["trainees"])
    allowed = {int(year) for years in dict(asked.params["tuition_by_year"]).values() for year in years}
    return _each(
        students,
        lambda one: None if one.tuition_paid is None else bool(set(one.tuition_paid) - allowed),
        lambda count: sentence(
            "tuition_year_wrong",
            gettext_noop("有 %(count)s 人的学费年度不在拨付表内。请核对入学年份与拨付年份。"),
            count=count,
        ),
        ["tuition_paid"],
        years=sorted(allowed),
    )


def claim_within_opening(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Who is claimed for stood on the opening roster; who left has a reason (R49)."""
    if not case.trainees:
        return unknown(["trainees"])
    added = [one.key for one in case.trainees if one.in_claim_roster and one.in_opening_roster is False]
    left = [
        one.key
        for one in case.trainees
        if one.in_opening_roster and one.in_claim_roster is False and not one.leave_reason
    ]
    figures = {"added": len(added), "left_without_reason": len(left)}
    if added or left:
        told = sentence(
            "rosters_differ",
            gettext_noop("申领名册比开班名册多 %(added)s 人，少的人中有 %(left)s 人没有原因。请逐人说明。"),
            added=len(added),
            left=len(left),
        )
        return failed(told, **figures).of([*added, *left])
    missing = [
        name
        for name in ("in_opening_roster", "in_claim_roster")
        if any(getattr(one, name) is None for one in case.trainees)
    ]
    return unknown(missing, **figures) if missing else passed(**figures)


def registered_by_herself(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Each registration form bears its trainee's signature (R35); whose hand it is a person judges."""
    return _each(
        case.trainees,
        lambda one: None if one.registration_signed is None else not one.registration_signed,
        lambda count: sentence(
            "registration_not_signed",
            gettext_noop("有 %(count)s 份登记表没有看到本人签名。请补签；不能书写的按指印并由见证人签字。"),
            count=count,
        ),
        ["registration_signed"],
    )
