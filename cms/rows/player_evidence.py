"""The evidence panel of the player: one trainee at one second, what each source says, the frames that show it, and what
people said; faces that nobody named; frames kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cms.rows.player import PlayerPage
from cms.rows.player_time import Seekable, lasting
from dossiers.attendance import Slot
from dossiers.models import AttendanceWord, Enrolment, KeptFrame, PresenceWord
from dossiers.permissions import Act, institution_heard, may
from dossiers.reconciliation import Cell, CellState, Evidence, Says, Source
from media_processing.models import FaceTrack
from media_processing.presence_of import Seen, Span, Stranger

FRAMES = 3
NEAR = 15.0  # seconds by which a sighting may miss the moment looked at
SIGNS: dict[str, tuple[str, str | Promise]] = {
    CellState.CONFIRMED: ("circle-check", _("在场")),
    CellState.CONTRADICTED: ("alert-triangle", _("矛盾")),
    CellState.UNVERIFIABLE: ("eye-off", _("无法核实")),
    CellState.ABSENT: ("circle-x", _("缺勤")),
    CellState.TO_COME: ("circle-dashed", _("未到")),
}
SOURCES: dict[str, str | Promise] = {
    Source.CHECK_IN: _("打卡"),
    Source.SIGN_IN: _("签到表"),
    Source.RECORDING: _("录像"),
    Source.PERSON: _("认定"),
}


@dataclass(frozen=True)
class Frame(Seekable):
    """A second that shows somebody, or the place where she sat; `box` in fractions "x,y,w,h", empty for the whole."""

    at: float
    stamp: str
    box: str
    caption: str = ""


@dataclass(frozen=True)
class SourceLine:
    """What one source says of the cell."""

    label: str
    text: str
    kind: str


@dataclass(frozen=True)
class CellView:
    """The lesson at this second, as all sources together have it."""

    slot: str  # "<session uuid>:<lesson>", as the form carries it
    title: str
    state: str
    icon: str
    word: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True)
class Stretch(Seekable):
    """One stretch in which somebody is seen; `tracks` as the form carries them."""

    tracks: str
    text: str
    at: float
    is_confirmed: bool
    is_now: bool


@dataclass(frozen=True)
class WordRow(Seekable):
    """What somebody said of a face here, and for which side."""

    text: str
    who: str
    at: float


@dataclass(frozen=True)
class Group:
    """Faces that are alike and nobody's: to be named, or said to be nobody of the class."""

    tracks: str
    text: str
    frames: tuple[Frame, ...]
    is_nobody: bool


@dataclass(frozen=True)
class KeptRow(Seekable):
    """A second somebody kept."""

    uuid: UUID
    at: float
    stamp: str
    text: str
    who: str
    may_drop: bool


@dataclass
class EvidencePanel:
    """What stands right of the video. `at` is the second looked at, `who` the trainee; either may be missing."""

    player: PlayerPage
    at: float
    who: UUID | None = None

    @cached_property
    def enrolment(self) -> Enrolment | None:
        return next((one for one in self.player.attendance.enrolments if one.uuid == self.who), None)

    @property
    def stamp(self) -> str:
        return self.player.axis.stamp(self.at)

    @property
    def may_name(self) -> bool:
        return may(self.player.viewer, Act.NAME_FACES, self.player.dossier)

    @property
    def may_settle(self) -> bool:
        return may(self.player.viewer, Act.ATTEND, self.player.dossier)

    @property
    def consents(self) -> bool:
        return self.enrolment is not None and self.enrolment.pk in self.player.attendance.consenting

    @cached_property
    def seen(self) -> Seen | None:
        """Nothing once her consent has ended, though words that people gave before stay kept."""
        return (
            self.player.presence.people.get(self.enrolment.pk) if self.enrolment and self.consents else None
        )

    @property
    def engine(self) -> str:
        """Which engine told her, and from what likeness on."""
        if self.seen is None or not self.seen.engine:
            return ""
        return gettext("%(engine)s %(version)s，相似度 %(threshold)s 起认作") % {
            "engine": self.seen.engine,
            "version": self.seen.engine_version,
            "threshold": f"{self.seen.threshold:.2f}",
        }

    # The cell --------------------------------------------------------------------------------------

    @cached_property
    def slot(self) -> Slot | None:
        """The lesson at this second, else the nearest one of the recording."""
        lessons = self.player.shown.lessons
        if not lessons:
            return None
        return min(lessons, key=lambda one: _away(self.at, one[1]))[0]

    @cached_property
    def cell(self) -> CellView | None:
        if self.enrolment is None or self.slot is None:
            return None
        cell = self.player.attendance.cells[self.enrolment.pk][self.slot]
        session = next(one for one in self.player.attendance.sessions if one.pk == self.slot[0])
        icon, word = SIGNS[cell.state]
        return CellView(
            slot=f"{session.uuid}:{self.slot[1]}",
            title=gettext("第 %(number)s 课时") % {"number": self.slot[1]},
            state=cell.state,
            icon=icon,
            word=str(word),
            lines=tuple(self._lines(cell)),
        )

    def _lines(self, cell: Cell) -> Iterable[SourceLine]:
        for one in cell.evidence:
            if one.source != Source.PERSON:
                yield SourceLine(str(SOURCES[one.source]), _told(one), one.says)
        for word in self.player.attendance.words:
            if (word.enrolment_id, (word.session_id, word.lesson)) == (cell.trainee, cell.lesson):
                yield _settled(word)

    # Faces -----------------------------------------------------------------------------------------

    @cached_property
    def stretches(self) -> list[Stretch]:
        return [self._stretch(one) for one in (self.seen.spans if self.seen else ()) if one.tracks]

    @property
    def now(self) -> Stretch | None:
        return next((one for one in self.stretches if one.is_now), None)

    @property
    def unconfirmed(self) -> str:
        """The tracks of every stretch that no person has confirmed, as the form carries them."""
        return " ".join(one.tracks for one in self.stretches if not one.is_confirmed)

    @property
    def unconfirmed_count(self) -> int:
        return sum(not one.is_confirmed for one in self.stretches)

    def _stretch(self, one: Span) -> Stretch:
        axis = self.player.axis
        return Stretch(
            tracks=" ".join(str(track) for track in one.tracks),
            text=f"{axis.stamp(one.start)}–{axis.stamp(one.end)}",
            at=one.start,
            is_confirmed=one.confirmed,
            is_now=one.start - NEAR <= self.at <= one.end + NEAR,
        )

    @cached_property
    def frames(self) -> list[Frame]:
        """The moment itself with her face or her empty place, then where she was told best."""
        if not self.consents:
            return []
        sightings = self._sightings(
            [track for one in (self.seen.spans if self.seen else ()) for track in one.tracks]
        )
        if not sightings:
            return [Frame(self.at, self.stamp, "")]
        nearest = min(sightings, key=lambda one: abs(one[0] - self.at))
        there = abs(nearest[0] - self.at) <= NEAR
        at = nearest[0] if there else self.at
        first = Frame(at, self.player.axis.stamp(at), _box(nearest), "" if there else gettext("原座位"))
        best = sorted(sightings, key=lambda one: -one[5])
        chosen = [one for one in best if abs(one[0] - at) > NEAR][: FRAMES - 1]
        return [first, *(Frame(one[0], self.player.axis.stamp(one[0]), _box(one)) for one in chosen)]

    def _sightings(self, tracks: Sequence[UUID]) -> list[list[float]]:
        rows = FaceTrack.objects.filter(upload=self.player.upload, uuid__in=tracks).values_list(
            "sightings", flat=True
        )
        return [sighting for row in rows for sighting in row]

    @cached_property
    def groups(self) -> list[Group]:
        """Unnamed faces, who was seen longest first; who is nobody of the class comes last."""
        strangers = self.player.presence.strangers
        wanted = {one.spans[0].tracks[0]: one for one in strangers if one.spans and one.spans[0].tracks}
        firsts = dict(
            FaceTrack.objects.filter(upload=self.player.upload, uuid__in=wanted).values_list(
                "uuid", "sightings"
            )
        )
        made = [(one, self._group(one, firsts.get(track, []))) for track, one in wanted.items()]
        return [group for _one, group in sorted(made, key=lambda pair: (pair[1].is_nobody, -_lasts(pair[0])))]

    def _group(self, stranger: Stranger, sightings: Sequence[Sequence[float]]) -> Group:
        best = sorted(sightings, key=lambda one: -one[5])[:FRAMES]
        axis = self.player.axis
        count = len(stranger.spans)
        text = ngettext(
            "%(count)s 段，%(start)s 起，共 %(length)s", "%(count)s 段，%(start)s 起，共 %(length)s", count
        )
        return Group(
            tracks=" ".join(str(track) for span in stranger.spans for track in span.tracks),
            text=text
            % {
                "count": count,
                "start": axis.stamp(stranger.spans[0].start),
                "length": lasting(_lasts(stranger)),
            },
            frames=tuple(Frame(one[0], axis.stamp(one[0]), _box(one)) for one in best),
            is_nobody=stranger.is_nobody,
        )

    @property
    def nameable(self) -> list[Enrolment]:
        """Who may be named by the face: whoever consented."""
        return [
            one for one in self.player.attendance.enrolments if one.pk in self.player.attendance.consenting
        ]

    # Words and frames ------------------------------------------------------------------------------

    @property
    def _kept_frames(self) -> Q:
        """Both sides' frames; the bureau sees the institution's as they were when the class was last handed in."""
        theirs = institution_heard(self.player.viewer, self.player.dossier, ended="dropped_at")
        return Q(by_bureau=True, dropped_at=None) | (Q(by_bureau=False) & theirs)

    @property
    def _words(self) -> Q:
        """Both sides' words in force; the bureau hears the institution's as they were handed in."""
        theirs = institution_heard(self.player.viewer, self.player.dossier)
        return Q(by_bureau=True, superseded_at=None) | (Q(by_bureau=False) & theirs)

    @cached_property
    def words(self) -> list[WordRow]:
        if self.enrolment is None or not self.consents:
            return []
        rows = PresenceWord.objects.filter(
            self._words, upload=self.player.upload, enrolment=self.enrolment
        ).select_related("made_by")
        return [
            WordRow(
                f"{row.get_verdict_display()} {self.player.axis.stamp(row.spans[0][0] if row.spans else 0.0)}",
                _side(row.by_bureau, row.made_by.full_name),
                row.spans[0][0] if row.spans else 0.0,
            )
            for row in rows
        ]

    @cached_property
    def kept(self) -> list[KeptRow]:
        viewer = self.player.viewer
        rows = KeptFrame.objects.filter(self._kept_frames, upload=self.player.upload).select_related(
            "made_by", "enrolment"
        )
        return [
            KeptRow(
                row.uuid,
                row.at_seconds,
                self.player.axis.stamp(row.at_seconds),
                " · ".join(filter(None, (row.enrolment.name if row.enrolment else "", row.remark))),
                _side(row.by_bureau, row.made_by.full_name),
                self.may_name and row.by_bureau == viewer.is_of_bureau,
            )
            for row in rows
        ]


def _told(one: Evidence) -> str:
    return {Source.CHECK_IN: _checked_in, Source.SIGN_IN: _signed_in, Source.RECORDING: _shown}[one.source](
        one
    )


def _checked_in(one: Evidence) -> str:
    at, left, first = (_clock(one.facts.get(name)) for name in ("at", "left", "first"))
    if left:
        return gettext("%(at)s 打卡，%(left)s 签退") % {"at": at, "left": left}
    if at:
        return gettext("%(at)s 打卡") % {"at": at}
    return gettext("%(at)s 才打卡") % {"at": first} if first else gettext("没有打卡")


def _signed_in(one: Evidence) -> str:
    signed = gettext("已签") if one.facts.get("signed", one.says == Says.PRESENT) else gettext("空着")
    return signed if one.facts.get("cosigned") else gettext("%(signed)s，教师没有签") % {"signed": signed}


def _shown(one: Evidence) -> str:
    if one.facts.get("no_consent"):
        return gettext("未同意人脸，没有看")
    if one.facts.get("unsought"):
        return gettext("没有照片可比，没有找过")
    seen, looked = one.facts.get("seen_seconds", 0), one.facts.get("looked_seconds", 0)
    if one.says == Says.PRESENT:
        told = gettext("认作在场 %(seen)s") % {"seen": lasting(seen)}
        return told if one.facts.get("confirmed") else gettext("%(told)s，待确认") % {"told": told}
    if one.says == Says.ABSENT:
        return gettext("可看 %(looked)s，未认出其人") % {"looked": lasting(looked)}
    return gettext("可看 %(looked)s，不足以判断") % {"looked": lasting(looked)}


def _settled(word: AttendanceWord) -> SourceLine:
    told = gettext("%(says)s：%(reason)s（%(who)s）") % {
        "says": word.get_says_display(),
        "reason": word.reason,
        "who": word.made_by.full_name,
    }
    return SourceLine(gettext("人社") if word.by_bureau else gettext("机构"), told, word.says)


def _side(by_bureau: bool, name: str) -> str:
    return (
        gettext("人社 %(name)s") % {"name": name} if by_bureau else gettext("机构 %(name)s") % {"name": name}
    )


def _clock(moment) -> str:
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


def _box(sighting: Sequence[float]) -> str:
    return ",".join(f"{part:.4f}" for part in sighting[1:5])


def _lasts(stranger: Stranger) -> float:
    return sum(one.end - one.start for one in stranger.spans)


def _away(at: float, edges: tuple[float, float]) -> float:
    return max(edges[0] - at, at - edges[1], 0.0)
