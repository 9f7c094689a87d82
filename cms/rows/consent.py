"""Who agreed to what, ready to print: a row a trainee, her answers, her templates, and what was deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.sheets import shortened
from dossiers.consents import FACE, FINGERPRINT, NOBODY_ASKED, Answer, Standing, answer_of, answers
from dossiers.models import Consent, DossierPage, Enrolment, Sheet
from dossiers.rulesets.consent import ConsentText
from media_processing.models import FaceTemplate, TemplateDeletion

WORDS: dict[Standing, str | Promise] = {
    Standing.GIVEN: _("已同意"),
    Standing.REFUSED: _("不同意"),
    Standing.WITHDRAWN: _("已撤回"),
    Standing.LAPSED: _("须重签"),
    Standing.NOT_ASKED: _("还没有问"),
}
ICONS = {
    Standing.GIVEN: "circle-check",
    Standing.REFUSED: "circle-minus",
    Standing.WITHDRAWN: "arrow-back-up",
    Standing.LAPSED: "refresh",
    Standing.NOT_ASKED: "circle-dashed",
}
MOST_SHEETS, MOST_DELETIONS = 200, 20


@dataclass(frozen=True)
class AnswerCell:
    """One trainee's answer to one kind."""

    kind: str
    standing: Standing
    consent: Consent | None
    withdraw_url: str = ""
    sheet_url: str = ""

    @property
    def word(self) -> str | Promise:
        return WORDS[self.standing]

    @property
    def icon(self) -> str:
        return ICONS[self.standing]

    @property
    def day(self) -> date | datetime | None:
        """The day that tells: when she signed, or when she withdrew."""
        if self.consent is None:
            return None
        return self.consent.withdrawn_at or self.consent.signed_on

    @property
    def version(self) -> str:
        return self.consent.text_version if self.consent else ""

    @property
    def who(self) -> str:
        """Who wrote it down."""
        if self.consent is None:
            return ""
        return (self.consent.withdrawn_by or self.consent.recorded_by).full_name


@dataclass(frozen=True)
class ConsentRow:
    """One trainee: both kinds, how many templates, and what stands in the way of the next."""

    enrolment: Enrolment
    url: str
    face: AnswerCell
    fingerprint: AnswerCell
    templates: int = 0
    ends_on: date | None = None
    has_no_face: bool = False


@dataclass(frozen=True)
class Tally:
    """How many trainees stand how, for one kind."""

    kind: str
    label: str | Promise
    given: int
    refused: int
    withdrawn: int
    open: int


@dataclass(frozen=True)
class PastAnswer:
    """One answer on record, the latest first."""

    kind: str | Promise
    text: str
    day: date
    version: str
    who: str
    ended: str
    sheet_url: str


def consent_rows(dossier: DossierPage, *, may_change: bool) -> list[ConsentRow]:
    """Every trainee still in the class, in roster order; five queries however many."""
    told = answers(dossier)
    kept: dict[int, list[date]] = {}
    for enrolment, ends_on in FaceTemplate.objects.filter(enrolment__dossier=dossier).values_list(
        "enrolment_id", "expires_on"
    ):
        kept.setdefault(enrolment, []).append(ends_on)
    without_face = last_without_face(dossier)
    sheets = _sheets_of(dossier)
    return [
        ConsentRow(
            enrolment=one,
            url=dossier.screen("consent-of", one.uuid),
            face=_cell(dossier, told.get(one.pk, {}), FACE, sheets, may_change),
            fingerprint=_cell(dossier, told.get(one.pk, {}), FINGERPRINT, sheets, may_change),
            templates=len(kept.get(one.pk, ())),
            ends_on=min(kept.get(one.pk, [None])),
            has_no_face=str(one.uuid) in without_face and one.pk not in kept,
        )
        for one in dossier.enrolments.filter(withdrawn_on=None)
    ]


def consent_row(enrolment: Enrolment, *, may_change: bool) -> ConsentRow:
    """The same of one trainee, who may have left the class."""
    dossier = enrolment.dossier
    told = {kind: answer_of(enrolment, kind) for kind in (FACE, FINGERPRINT)}
    kept = list(enrolment.face_templates.values_list("expires_on", flat=True))
    sheets = _sheets_of(dossier)
    return ConsentRow(
        enrolment=enrolment,
        url=dossier.screen("consent-of", enrolment.uuid),
        face=_cell(dossier, told, FACE, sheets, may_change),
        fingerprint=_cell(dossier, told, FINGERPRINT, sheets, may_change),
        templates=len(kept),
        ends_on=min(kept, default=None),
        has_no_face=not kept and str(enrolment.uuid) in last_without_face(dossier),
    )


def tallies(rows: Iterable[ConsentRow]) -> tuple[Tally, ...]:
    held = list(rows)
    return (
        _tally(FACE, _("人脸"), [row.face.standing for row in held]),
        _tally(FINGERPRINT, _("指纹"), [row.fingerprint.standing for row in held]),
    )


def past_answers(enrolment: Enrolment) -> list[PastAnswer]:
    """Everything she ever answered, the latest first."""
    labels = dict(Consent.Kind.choices)
    rows = enrolment.consents.select_related("recorded_by", "withdrawn_by", "sheet").order_by("-pk")
    return [
        PastAnswer(
            kind=labels[row.kind],
            text=gettext("同意") if row.is_given else gettext("不同意"),
            day=row.signed_on,
            version=row.text_version,
            who=row.recorded_by.full_name,
            ended=_ended(row),
            sheet_url=enrolment.dossier.screen("sheet", row.sheet.uuid) if row.sheet else "",
        )
        for row in rows
    ]


def deletions(dossier: DossierPage, enrolment: Enrolment | None = None) -> list[TemplateDeletion]:
    """The latest deletions of the class, or of one trainee."""
    rows = TemplateDeletion.objects.filter(enrolment__dossier=dossier).select_related("enrolment")
    if enrolment is not None:
        rows = rows.filter(enrolment=enrolment)
    return list(rows.order_by("-pk")[:MOST_DELETIONS])


def signed_sheets(dossier: DossierPage) -> list[tuple[str, str]]:
    """Pages that may be a signed consent: those filed or in the tray as nothing the ledger knows, the latest first."""
    pages = dossier.sheets.filter(
        state__in=(Sheet.State.IN_TRAY, Sheet.State.FILED), is_blank=False, upload__medium="paper"
    ).filter(reading__kind__in=("other", ""))
    return [
        (
            str(sheet.uuid),
            gettext("%(file)s 第 %(page)s 页")
            % {"file": shortened(sheet.upload.file_name), "page": sheet.number},
        )
        for sheet in pages.select_related("upload").order_by("-upload_id", "number")[:MOST_SHEETS]
    ]


def text_parts(text: ConsentText) -> tuple[tuple[str | Promise, str], ...]:
    """What a person has to know before she signs, heading by heading (个人信息保护法第十七条、第三十条)."""
    return (
        (_("用什么"), text.data),
        (_("做什么用"), text.purpose),
        (_("怎样做"), text.way),
        (_("有什么影响"), text.effect),
        (_("留多久"), text.retention),
        (_("怎样撤回"), text.withdrawal),
        (_("不同意怎么办"), text.other_way),
    )


def last_without_face(dossier: DossierPage) -> frozenset[str]:
    """Of whom the last pass over papers found no face, by uuid."""
    entry = dossier.history.filter(action="remember_faces", facts__has_key="without_face").last()
    return frozenset(entry.facts["without_face"]) if entry else frozenset()


def _cell(
    dossier: DossierPage,
    told: Mapping[str, Answer],
    kind: str,
    sheets: Mapping[int, str],
    may_change: bool,
) -> AnswerCell:
    answer = told.get(kind, NOBODY_ASKED)
    standing = answer.consent is not None and answer.standing in (Standing.GIVEN, Standing.LAPSED)
    return AnswerCell(
        kind=kind,
        standing=answer.standing,
        consent=answer.consent,
        withdraw_url=dossier.screen("withdraw-consent", answer.consent.uuid)
        if may_change and standing and answer.consent
        else "",
        sheet_url=sheets.get(answer.consent.sheet_id or 0, "") if answer.consent else "",
    )


def _sheets_of(dossier: DossierPage) -> dict[int, str]:
    rows = Sheet.objects.filter(consents__enrolment__dossier=dossier).distinct().values_list("pk", "uuid")
    return {pk: dossier.screen("sheet", name) for pk, name in rows}


def _tally(kind: str, label: str | Promise, standings: list[Standing]) -> Tally:
    return Tally(
        kind=kind,
        label=label,
        given=standings.count(Standing.GIVEN),
        refused=standings.count(Standing.REFUSED),
        withdrawn=standings.count(Standing.WITHDRAWN),
        open=standings.count(Standing.NOT_ASKED) + standings.count(Standing.LAPSED),
    )


def _ended(row: Consent) -> str:
    """How an answer came to its end, if it did: taken back by her wish, or another took its place."""
    if row.withdrawn_at is None:
        return ""
    newer = Consent.objects.filter(
        enrolment=row.enrolment_id, kind=row.kind, recorded_at=row.withdrawn_at
    ).exists()
    if newer:
        return gettext("由后一份代替")
    return gettext("撤回，%(who)s 办理") % {"who": row.withdrawn_by.full_name if row.withdrawn_by else ""}
