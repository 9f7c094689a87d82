"""A class's course ready to print: its facts, the ten steps with their dates, and where it may go next."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.models import DossierPage
from dossiers.rulesets import ruleset
from dossiers.standing import Standing
from dossiers.states import INSTITUTION_MAY_CHANGE, STAGE_ORDER, STAGES, DossierState, Stage

SHORT_DATE = "m-d"


@dataclass(frozen=True)
class Fact:
    """A label and what stands under it."""

    label: str | Promise
    value: str


@dataclass(frozen=True)
class Step:
    """One of the ten steps; `note` is its day or its period."""

    id: str
    label: str
    note: str = ""
    is_due: bool = False


def facts(standing: Standing) -> tuple[Fact, ...]:
    """What the class is, as the board prints it."""
    dossier = standing.dossier
    ledger = standing.ledger
    entrusted = dossier.opener_id != dossier.trainer_id
    told = [
        Fact(_("开班企业") if dossier.opener.kind == "enterprise" else _("开班机构"), dossier.opener.title),
        Fact(_("受托机构"), dossier.trainer.title) if entrusted else None,
        Fact(_("保管单位"), dossier.custodian.title) if entrusted else None,
        Fact(_("种类"), gettext(standing.ruleset.training_type(dossier.training_type).label)),
        Fact(_("人数"), _people(standing)),
        Fact(_("课时"), _lessons(dossier)),
        Fact(_("班主任"), dossier.homeroom_teacher) if dossier.homeroom_teacher else None,
        Fact(
            _("适用台账"),
            gettext("%(article)s %(count)s 件")
            % {"article": gettext(ledger.article), "count": len(ledger.items)},
        ),
    ]
    return tuple(fact for fact in told if fact)


def _people(standing: Standing) -> str:
    present = [enrolment for enrolment in standing.enrolments if enrolment.withdrawn_on is None]
    gone = len(standing.enrolments) - len(present)
    words = [gettext("%(count)s 人") % {"count": len(present)}]
    if any(enrolment.passed is not None for enrolment in present):
        passed = sum(bool(enrolment.passed) for enrolment in present)
        words.append(gettext("合格 %(count)s") % {"count": passed})
    if gone:
        words.append(gettext("退学 %(count)s") % {"count": gone})
    if not standing.enrolments:
        words = [gettext("计划 %(count)s 人") % {"count": standing.dossier.planned_trainees}]
    return " · ".join(words)


def _lessons(dossier: DossierPage) -> str:
    return gettext("%(total)s（理论 %(theory)s · 技能 %(practice)s）") % {
        "total": dossier.total_lessons,
        "theory": dossier.theory_lessons,
        "practice": dossier.practice_lessons,
    }


def steps(standing: Standing) -> tuple[Step, ...]:
    """The ten steps, each with the day it was reached as the log tells it; training with its period."""
    dossier = standing.dossier
    entries = dossier.history.filter(action="move_stage").values_list("facts", "at")
    reached = {facts.get("stage"): localdate(at) for facts, at in entries}
    reached.setdefault("application", dossier.opened_on)
    return tuple(_step(dossier, stage, reached.get(stage.id)) for stage in STAGES)


def _step(dossier: DossierPage, stage: Stage, day: date | None) -> Step:
    label = gettext(stage.name)
    if stage.id == "training" and dossier.starts_on and dossier.ends_on:
        period = gettext("%(start)s 至 %(end)s") % {
            "start": date_format(dossier.starts_on, SHORT_DATE),
            "end": date_format(dossier.ends_on, SHORT_DATE),
        }
        return Step(stage.id, label, period)
    return Step(stage.id, label, date_format(day, SHORT_DATE) if day else "")


def next_stages(dossier: DossierPage) -> tuple[Step, ...]:
    """The stages the class may move on to now; none while the bureau holds it."""
    if dossier.progress.state not in (*INSTITUTION_MAY_CHANGE, DossierState.COMPLETE):
        return ()
    now = STAGE_ORDER[dossier.progress.stage]
    return tuple(
        Step(stage.id, f"{order + 1} {gettext(stage.name)}")
        for order, stage in enumerate(STAGES)
        if order > now
    )


def level_of(dossier: DossierPage) -> str:
    """五级 of 五级（初级工）, as titles print it."""
    return gettext(ruleset(dossier.ruleset_id).skill_level(dossier.skill_level).label).partition("（")[0]
