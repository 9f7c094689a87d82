"""Remote supervision ready to print: today's lessons across classes, one class's log, the lesson of a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cms.rows.rooms import shown_address
from dossiers.coverage import Sitting
from dossiers.models import Account, DossierPage, LookIn, Room, Session
from dossiers.permissions import supervisable_dossiers
from dossiers.recordings import sitting_of
from dossiers.rulesets import ruleset

EARLY = timedelta(minutes=15)  # so long before a lesson and after it a look still belongs to it
PLAYED_OVER = ("http", "https")


@dataclass(frozen=True)
class LessonRow:
    """One lesson of today into which the bureau may look."""

    begins: datetime
    ends: datetime
    class_no: str
    occupation: str
    body: str
    topic: str
    lecturer: str
    room: str
    has_live: bool
    url: str
    is_now: bool
    looks: int
    last_look: datetime | None
    problems: int


@dataclass(frozen=True)
class EntryRow:
    """One look-in as it stands in the log."""

    uuid: str
    at: datetime
    made_at: datetime
    who: str
    way: str
    lesson: str
    room: str
    heads: int | None
    seen: str
    is_problem: bool
    still_url: str
    corrects: datetime | None
    is_corrected: bool
    correct_url: str


@dataclass(frozen=True)
class SessionChoice:
    """A lesson one may name; the proposed one is chosen."""

    uuid: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Counts:
    """How many of the theory lessons were looked into, and how many that are over were not."""

    theory: int
    looked_into: int
    entries: int
    problems: int


def lessons_of(account: Account, day: date) -> list[LessonRow]:
    """That day's theory lessons in this account's scope, by their beginning; three queries however many."""
    now = timezone.now()
    classes = {one.pk: one for one in supervisable_dossiers(account)}
    sessions = list(
        Session.objects.filter(dossier__in=classes, held_on=day, kind=Session.Kind.THEORY).annotate(
            looks=Count("look_ins"),
            last_look=Max("look_ins__looked_at"),
            problems=Count("look_ins", filter=Q(look_ins__is_problem=True)),
        )
    )
    live = _live_rooms(classes.values())
    found = [_lesson(session, classes[session.dossier_id], live, now) for session in sessions]
    return sorted(found, key=lambda row: (row.begins, row.class_no))


def entry_rows(dossier: DossierPage, *, may_correct: bool) -> list[EntryRow]:
    """The log of one class, newest look first."""
    entries = list(
        dossier.look_ins.select_related("made_by", "session", "room", "corrects").order_by(
            "-looked_at", "-pk"
        )
    )
    corrected = {entry.corrects_id for entry in entries if entry.corrects_id}
    return [_entry(dossier, entry, entry.pk in corrected, may_correct) for entry in entries]


def counts_of(dossier: DossierPage, entries: Sequence[EntryRow]) -> Counts:
    """What the head of the page says; a corrected entry no longer counts as a problem."""
    theory = dossier.sessions.filter(kind=Session.Kind.THEORY)
    return Counts(
        theory=theory.count(),
        looked_into=theory.filter(look_ins__isnull=False).distinct().count(),
        entries=len(entries),
        problems=sum(entry.is_problem and not entry.is_corrected for entry in entries),
    )


def lesson_at(dossier: DossierPage, sessions: Iterable[Session], moment: datetime) -> Session | None:
    """The lesson that is given at this moment by the timetable, or is about to begin, or has just ended."""
    times = ruleset(dossier.ruleset_id).timetable
    sittings = [(session, sitting_of(session, times)) for session in sessions]
    near = [
        (_off(sitting, moment), session)
        for session, sitting in sittings
        if sitting.begins - EARLY <= moment <= sitting.ends + EARLY
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def is_on(dossier: DossierPage, session: Session, moment: datetime) -> bool:
    """Whether the lesson is being given, or nearly: only then is its room the bureau's to look into."""
    sitting = sitting_of(session, ruleset(dossier.ruleset_id).timetable)
    return sitting.begins - EARLY <= moment <= sitting.ends + EARLY


def choices_of(
    sessions: Sequence[Session], chosen: Session | None, *, around: date
) -> tuple[SessionChoice, ...]:
    """The lessons to choose from, those of the day first."""
    ordered = sorted(sessions, key=lambda one: (one.held_on != around, one.held_on, one.starts_at))
    return tuple(
        SessionChoice(str(one.uuid), lesson_label(one), chosen is not None and one.pk == chosen.pk)
        for one in ordered
    )


def room_of(dossier: DossierPage, session: Session | None) -> Room | None:
    """The room a lesson is given in, as its body keeps it; of two of one name the trainer's, never a neighbour's."""
    if session is None or not session.room:
        return None
    found = {room.institution_id: room for room in _rooms([dossier]).filter(name=session.room)}
    return found.get(dossier.trainer_id) or found.get(dossier.opener_id)


def lesson_label(session: Session) -> str:
    """10-21 08:30 食品安全（教室一）"""
    label = f"{session.held_on:%m-%d} {session.starts_at:%H:%M} {session.topic}"
    return (
        gettext("%(lesson)s（%(room)s）") % {"lesson": label, "room": session.room} if session.room else label
    )


@dataclass(frozen=True)
class LiveRoom:
    """The room whose camera can be asked; `stream` only where a browser could play it: HLS without a password."""

    room: Room
    shown: str
    stream: str

    @property
    def origin(self) -> str:
        """What a page that plays the stream must allow."""
        parts = urlsplit(self.stream)
        return f"{parts.scheme}://{parts.netloc}" if self.stream else ""


def live_room(dossier: DossierPage, session: Session | None, moment: datetime) -> LiveRoom | None:
    """The camera of the lesson's room while the lesson is given; None without an address, and at any other time."""
    room = room_of(dossier, session)
    if session is None or room is None or not room.live_address or not is_on(dossier, session, moment):
        return None
    plain = room.live_address.reveal_or_empty()
    return LiveRoom(room, shown_address(room), plain if _plays(plain) else "")


def _plays(address: str) -> bool:
    """A playlist over HTTP whose address may be handed to a browser: it holds no password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_plain = not parts.username and not parts.password and not parts.query
    return parts.scheme in PLAYED_OVER and parts.path.lower().endswith(".m3u8") and is_plain


def _off(sitting: Sitting, moment: datetime) -> timedelta:
    return max(sitting.begins - moment, moment - sitting.ends, timedelta())


def _lesson(session: Session, dossier: DossierPage, live: set[tuple[int, str]], now: datetime) -> LessonRow:
    sitting = sitting_of(session, ruleset(dossier.ruleset_id).timetable)
    return LessonRow(
        begins=sitting.begins,
        ends=sitting.ends,
        class_no=dossier.class_no,
        occupation=dossier.occupation,
        body=dossier.trainer.title,
        topic=session.topic,
        lecturer=session.lecturer,
        room=session.room,
        has_live=any((body, session.room) in live for body in (dossier.trainer_id, dossier.opener_id)),
        url=f"{dossier.screen('supervision')}?session={session.uuid}",
        is_now=is_on(dossier, session, now),
        looks=session.looks,
        last_look=session.last_look,
        problems=session.problems,
    )


def _live_rooms(dossiers: Iterable[DossierPage]) -> set[tuple[int, str]]:
    return {(room.institution_id, room.name) for room in _rooms(dossiers) if room.live_address}


def _rooms(dossiers: Iterable[DossierPage]) -> QuerySet[Room]:
    bodies = {body for one in dossiers for body in (one.trainer_id, one.opener_id)}
    return Room.objects.filter(institution_id__in=bodies, closed_at=None).select_related("institution")


def _entry(dossier: DossierPage, entry: LookIn, is_corrected: bool, may_correct: bool) -> EntryRow:
    open_to_correction = may_correct and not is_corrected
    return EntryRow(
        uuid=str(entry.uuid),
        at=entry.looked_at,
        made_at=entry.made_at,
        who=entry.made_by.full_name,
        way=entry.get_way_display(),
        lesson=lesson_label(entry.session) if entry.session else "",
        room=entry.room.name if entry.room else "",
        heads=entry.heads,
        seen=entry.seen,
        is_problem=entry.is_problem,
        still_url=reverse("look-in-still", args=[entry.uuid]) if entry.still_id else "",
        corrects=entry.corrects.looked_at if entry.corrects else None,
        is_corrected=is_corrected,
        correct_url=f"{dossier.screen('supervision')}?corrects={entry.uuid}" if open_to_correction else "",
    )
