"""The roster and the timetable: trainees enrolled, changed, withdrawn; sessions set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Max

from dossiers.actions.change import Change, change
from dossiers.exceptions import NotReady, NumberError
from dossiers.models import Account, DossierPage, Enrolment, Person, Session
from dossiers.numbering import check_id_number, normalised
from dossiers.permissions import Act
from dossiers.sentences import Sentence, gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE
from foundation.secrets import Masked, blind_index

SEX = {"male": "男", "female": "女"}  # as papers and the roster write it
ID_NUMBER = "id_number"  # the purpose of both the encryption and the blind index


@dataclass(frozen=True)
class Trainee:
    """One row of the roster as typed or imported; the ID number is plain only here, in memory."""

    name: str
    id_number: str
    person_category: str = ""
    education_level: str = ""
    address: str = ""
    phone: str = ""
    self_paid: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Sitting:
    """One row of the timetable as typed or imported."""

    held_on: date
    starts_at: time
    lessons: int
    kind: str
    topic: str
    lecturer: str
    room: str = ""


def id_number_index(id_number: str) -> str:
    """The blind index under which a person is found."""
    return blind_index(id_number, ID_NUMBER)


def enrol(dossier: DossierPage, trainees: Sequence[Trainee], *, by: Account) -> list[Enrolment]:
    """Put trainees on the roster, in order; all or none. A number that fails its check is refused."""
    with change(dossier, by=by, act=Act.EDIT_PEOPLE, action="enrol", states=INSTITUTION_MAY_CHANGE) as held:
        last = dossier.enrolments.aggregate(last=Max("seq"))["last"] or 0
        made = [_enrol(held, trainee, seq) for seq, trainee in enumerate(trainees, last + 1)]
        held.facts |= {"enrolments": [str(one.uuid) for one in made]}
        return made


def withdraw(enrolment: Enrolment, *, by: Account, on: date) -> None:
    """A trainee leaves the class; her papers stay."""
    with change(
        enrolment.dossier,
        by=by,
        act=Act.EDIT_PEOPLE,
        action="withdraw_trainee",
        states=INSTITUTION_MAY_CHANGE,
        enrolment=str(enrolment.uuid),
    ):
        Enrolment.objects.filter(pk=enrolment.pk).update(withdrawn_on=on)


def state_facts(enrolment: Enrolment, *, by: Account, **facts: object) -> None:
    """State what became of a trainee: passed, employed_after_training, has_started_business, person_category, …"""
    allowed = {
        "name",
        "passed",
        "employed_after_training",
        "has_started_business",
        "person_category",
        "self_paid",
        "education_level",
        "address",
        "phone",
        "remark",
    }
    unknown = set(facts) - allowed
    if unknown:
        raise ValueError(f"not a fact of an enrolment: {sorted(unknown)}")
    with change(
        enrolment.dossier,
        by=by,
        act=Act.EDIT_PEOPLE,
        action="state_facts",
        states=INSTITUTION_MAY_CHANGE,
        enrolment=str(enrolment.uuid),
        fields=sorted(facts),
    ):
        for name, value in facts.items():
            setattr(enrolment, name, value)
        enrolment.save(update_fields=list(facts))


def set_sessions(dossier: DossierPage, sittings: Sequence[Sitting], *, by: Account) -> list[Session]:
    """Add sessions to the timetable; all or none. Two sessions at one time are refused."""
    with change(
        dossier, by=by, act=Act.EDIT_TIMETABLE, action="set_sessions", states=INSTITUTION_MAY_CHANGE
    ) as held:
        taken = set(dossier.sessions.values_list("held_on", "starts_at"))
        clashes = [one for one in sittings if (one.held_on, one.starts_at) in taken]
        if clashes:
            raise NotReady(_clash(one) for one in clashes)
        made = [Session.objects.create(dossier=dossier, **vars(one)) for one in sittings]
        held.facts |= {"sessions": [str(one.uuid) for one in made]}
        return made


def change_session(session: Session, sitting: Sitting, *, by: Account) -> None:
    """Put a session right; what is filed for it stays. One with recordings of theory cannot become practice."""
    with change(
        session.dossier,
        by=by,
        act=Act.EDIT_TIMETABLE,
        action="change_session",
        states=INSTITUTION_MAY_CHANGE,
        session=str(session.uuid),
    ) as held:
        there = held.dossier.sessions.filter(held_on=sitting.held_on, starts_at=sitting.starts_at)
        if there.exclude(pk=session.pk).exists():
            raise NotReady(_clash(sitting))
        is_turned = session.kind == Session.Kind.THEORY and sitting.kind != session.kind
        if is_turned and session.filings.exists():
            raise NotReady(
                sentence(
                    "session_recorded_as_theory",
                    gettext_noop("这次理论课下已有材料，不能改成实操。请先把材料移到别的课次。"),
                )
            )
        changed = [name for name, value in vars(sitting).items() if getattr(session, name) != value]
        for name in changed:
            setattr(session, name, getattr(sitting, name))
        session.save(update_fields=changed)
        held.facts |= {"fields": sorted(changed)}


def drop_session(session: Session, *, by: Account) -> None:
    """Take a session off the timetable; refused when papers are filed under it."""
    with change(
        session.dossier,
        by=by,
        act=Act.EDIT_TIMETABLE,
        action="drop_session",
        states=INSTITUTION_MAY_CHANGE,
        session=str(session.uuid),
    ):
        if session.filings.exists():
            raise NotReady(
                sentence("session_in_use", gettext_noop("这次课下已有材料，不能删。请先把材料移到别的课次。"))
            )
        if session.attendance_words.exists() or session.sign_in_lines.exists():
            raise NotReady(
                sentence("session_attended", gettext_noop("这次课已记过考勤，不能删。可以改时间或内容。"))
            )
        session.delete()


def _clash(sitting: Sitting) -> Sentence:
    return sentence(
        "session_clash",
        gettext_noop("%(day)s %(start)s 已有一次课。请改时间，或先删去原来的一次。"),
        day=sitting.held_on.isoformat(),
        start=f"{sitting.starts_at:%H:%M}",
    )


def _enrol(held: Change, trainee: Trainee, seq: int) -> Enrolment:
    checked = check_id_number(trainee.id_number)
    number = normalised(trainee.id_number)
    if not checked.is_valid:
        raise NumberError("id_number", checked.problems)
    person, _ = Person.objects.get_or_create(
        id_number_index=id_number_index(number),
        defaults={"id_number": Masked.of(number, purpose=ID_NUMBER)},
    )
    if held.dossier.enrolments.filter(person=person).exists():
        raise NotReady(
            sentence(
                "already_enrolled",
                gettext_noop("%(name)s 已在本班名册里。请删去重复的一行。"),
                name=trainee.name,
            )
        )
    return Enrolment.objects.create(
        dossier=held.dossier,
        person=person,
        seq=seq,
        name=trainee.name,
        sex=SEX.get(checked.sex or "", ""),
        birth_date=checked.birth_date,
        person_category=trainee.person_category,
        education_level=trainee.education_level,
        address=trainee.address,
        phone=trainee.phone,
        self_paid=trainee.self_paid,
        remark=trainee.remark,
    )
