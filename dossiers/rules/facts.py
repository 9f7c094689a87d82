"""What the rules ask about a class, as plain values: no row, no page, nothing but what was stated.

`None` is "not known", never "no". Money is in cents, times in whole minutes, lessons as the timetable counts them.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class ContractFacts:
    """A trainee's labour contract. `until_task_done`: it ends with a piece of work, not on a day."""

    signed_on: date | None = None
    start_on: date | None = None
    end_on: date | None = None
    open_ended: bool | None = None
    until_task_done: bool | None = None
    renewed: bool | None = None


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate as printed. `kind` as in the table of papers (training_completion_certificate)."""

    number: str
    kind: str = "training_completion_certificate"
    issued_on: date | None = None


@dataclass(frozen=True)
class TraineeFacts:
    """One trainee of the class. `key` names her in findings: a row of the roster, never an ID number."""

    key: str
    category: str | None = None
    sex: str | None = None
    born_on: date | None = None
    attended_lessons: int | None = None
    contract: ContractFacts | None = None
    score: int | None = None
    passed: bool | None = None
    certificate: CertificateFacts | None = None
    realname_record_no: str | None = None
    claimed: bool | None = None
    self_paid: bool | None = None
    personal_application: bool | None = None
    receipt: bool | None = None
    paid_to: str | None = None
    subsidies_this_year: int | None = None
    had_same_subsidy: bool | None = None
    overlapping_minutes: int | None = None
    draws_pension: bool | None = None
    release_on: date | None = None
    tuition_paid: tuple[int, ...] | None = None
    in_opening_roster: bool | None = None
    in_claim_roster: bool | None = None
    leave_reason: str | None = None
    registration_signed: bool | None = None


@dataclass(frozen=True)
class SessionFacts:
    """One sitting of the timetable: `kind` theory or practice; `recorded_seconds` of its time are on video."""

    key: str
    on: date
    lessons: int
    kind: str
    minutes: int | None = None
    starts_at: int | None = None
    teacher: str | None = None
    room: str | None = None
    recorded_seconds: int | None = None
    longest_gap_seconds: int | None = None
    check_in: str | None = None
    cosigned: bool | None = None
    teacher_busy_elsewhere: bool | None = None
    room_taken_elsewhere: bool | None = None


@dataclass(frozen=True)
class MoneyFacts:
    """Standards a head, what was paid ahead, what is claimed; `shares` of an entrusted class in hundredths of a per cent."""

    standard_cents: int | None = None
    fee_cents: int | None = None
    approved_count: int | None = None
    advance_cents: int | None = None
    claimed_cents: int | None = None
    invoice_cents: int | None = None
    paid_cents: int | None = None
    reclaimed_cents: int | None = None
    shares: tuple[int, ...] | None = None


@dataclass(frozen=True)
class PaperFacts:
    """What lies in the dossier. `items`: ids of ledger items that are complete; `marks` seen on 附件1, confirmed by a person."""

    items: tuple[str, ...] | None = None
    marks: tuple[str, ...] | None = None
    foreign_pages: int | None = None
    contents_version: str | None = None
    dossier_version: str | None = None
    opening_form_copies: int | None = None
    spot_checks: tuple[date, ...] | None = None
    spot_check_signatures: int | None = None
    textbooks: tuple[str, ...] | None = None
    textbooks_not_listed: tuple[str, ...] | None = None
    partner_listed: bool | None = None


@dataclass(frozen=True)
class CaseFacts:
    """A class with all that is known of it on one day."""

    ledger: str
    training_type: str
    today: date
    class_no: str = ""
    occupation: str = ""
    skill_level: str = ""
    delivery_mode: str = "own"
    appraisable: bool | None = None
    capacity_cut_transfer: bool | None = None
    project_based: bool | None = None
    special_approval_no: str | None = None
    violation: bool | None = None
    payee: str | None = None
    theory_lessons: int | None = None
    practice_lessons: int | None = None
    total_lessons: int | None = None
    homeroom_teachers: tuple[str, ...] | None = None
    agreement_signed_on: date | None = None
    submitted_on: date | None = None
    realname_applied_on: date | None = None
    approved_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    first_lesson_on: date | None = None
    last_lesson_on: date | None = None
    appraisal_filed_on: date | None = None
    appraisal_on: date | None = None
    exam_end_on: date | None = None
    certificates_on: date | None = None
    reported_on: date | None = None
    notice_start_on: date | None = None
    notice_end_on: date | None = None
    paid_on: date | None = None
    sessions: tuple[SessionFacts, ...] = ()
    trainees: tuple[TraineeFacts, ...] = ()
    money: MoneyFacts = field(default_factory=MoneyFacts)
    papers: PaperFacts = field(default_factory=PaperFacts)
    waivers: tuple["Waiver", ...] = ()


@dataclass(frozen=True)
class Waiver:
    """A person lets one breach pass, with a reason and a name, where the clause says 原则上."""

    rule: str
    reason: str
    by: str
    trainee: str = ""
