"""Teachers and rooms that are booked twice, in words: another class is named only to who may see it."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext

from cms.rows.coverage_words import session_words, span_words
from dossiers.clashes import Booked, Clash, clashes, room_of, teachers_of
from dossiers.coverage import Span
from dossiers.models import Session
from dossiers.permissions import visible_dossiers
from dossiers.recordings import sitting_of
from dossiers.rulesets import LessonTimes
from dossiers.standing import Standing


@dataclass(frozen=True)
class ClashRow:
    """“教师高远同时在 2026-017 班（09:15–09:55）”."""

    text: str


def clash_rows(standing: Standing) -> dict[int, tuple[ClashRow, ...]]:
    """By session (primary key); two queries more than the standing's."""
    dossier, times = standing.dossier, standing.ruleset.timetable
    own = standing.sessions
    if not own:
        return {}
    others = list(
        Session.objects.filter(
            held_on__in={one.held_on for one in own}, dossier__trainer__county=dossier.trainer.county_id
        )
        .exclude(dossier=dossier)
        .select_related("dossier")
    )
    found = clashes(
        [_booked(one, dossier.trainer_id, times) for one in own],
        [_booked(one, one.dossier.trainer_id, times) for one in others],
    )
    theirs = {one.pk: one for one in others}
    seen = _seen(standing, [theirs[clash.other] for clash in found if clash.other in theirs])
    mine = {one.pk: one for one in own}
    rows: defaultdict[int, list[ClashRow]] = defaultdict(list)
    for clash in found:
        rows[int(str(clash.key))].append(ClashRow(_words(clash, mine, theirs, seen)))
    return {key: tuple(told) for key, told in rows.items()}


def _seen(standing: Standing, others: list[Session]) -> set[int]:
    keys = {one.dossier_id for one in others}
    return (
        set(visible_dossiers(standing.viewer).filter(pk__in=keys).values_list("pk", flat=True))
        if keys
        else set()
    )


def _booked(session: Session, place: int, times: LessonTimes) -> Booked:
    sitting = sitting_of(session, times)
    return Booked(
        key=session.pk,
        span=Span(sitting.begins, sitting.ends),
        teachers=teachers_of(session.lecturer),
        room=room_of(session.room),
        place=place,
    )


def _words(clash: Clash, mine: dict[int, Session], theirs: dict[int, Session], seen: set[int]) -> str:
    params = {"who": clash.name, "times": span_words(clash.span), "where": _where(clash, mine, theirs, seen)}
    if clash.what == "teacher":
        return gettext("教师%(who)s同一时间也在%(where)s（%(times)s）") % params
    session = mine[int(str(clash.key))]
    return gettext("%(who)s同一时间也排给%(where)s（%(times)s）") % {**params, "who": session.room}


def _where(clash: Clash, mine: dict[int, Session], theirs: dict[int, Session], seen: set[int]) -> str:
    key = int(str(clash.other))
    if key in mine:
        return gettext("本班 %(session)s") % {"session": session_words(mine[key])}
    other = theirs[key]
    if other.dossier_id in seen:
        return gettext(" %(class_no)s 班") % {"class_no": other.dossier.class_no}
    return gettext("另一班次")
