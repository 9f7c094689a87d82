"""A dossier's own course: opened, moved along its stages, handed in, taken up, returned, completed."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from dossiers import completeness
from dossiers.actions.change import change
from dossiers.actions.written import written
from dossiers.exceptions import NotAllowed, NotReady, Overtaken, ReasonMissing
from dossiers.models import Account, DossierPage, Filing, InstitutionPage, ItemRecord, Progress
from dossiers.permissions import Act, acts_of
from dossiers.rulesets import ruleset_for
from dossiers.sentences import Sentence, gettext_noop, sentence
from dossiers.standing import Standing
from dossiers.states import INSTITUTION_MAY_CHANGE, STAGES, DossierState, check_move

PLACE_PREFIX = "2312"  # 绥化市; a county's two digits follow (GB/T 2260)


@dataclass(frozen=True)
class ClassPlan:
    """What an institution states when it opens a class (the facts of 附件1 that the system needs)."""

    class_no: str
    ledger_id: str
    training_type: str
    occupation: str
    skill_level: str
    planned_trainees: int
    theory_lessons: int
    practice_lessons: int
    startup_category: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    homeroom_teacher: str = ""
    living_allowance_paid: bool = False
    partner: InstitutionPage | None = None  # the other body of an entrusted class
    custodian: InstitutionPage | None = None  # who keeps the dossier; default: who trains


def open_class(
    institution: InstitutionPage, plan: ClassPlan, *, by: Account, place: str = "suihua"
) -> DossierPage:
    """Open a class's dossier below its body, under the ruleset in force today where the body lies."""
    if Act.OPEN_CLASS not in acts_of(by) or by.institution_id != institution.pk:
        raise NotAllowed(Act.OPEN_CLASS)
    today = timezone.localdate()
    entrusted = plan.partner is not None
    owner, trainer = _bodies(institution, plan)
    dossier = DossierPage(
        title=f"{plan.class_no} {plan.occupation}",
        class_no=plan.class_no,
        ledger_id=plan.ledger_id,
        ruleset_id=ruleset_for(PLACE_PREFIX + institution.county.code, today).id,
        opened_on=today,
        opener=owner,
        trainer=trainer,
        custodian=plan.custodian or trainer,
        delivery_mode=DossierPage.DeliveryMode.ENTRUSTED if entrusted else DossierPage.DeliveryMode.OWN,
        training_type=plan.training_type,
        startup_category=plan.startup_category,
        occupation=plan.occupation,
        skill_level=plan.skill_level,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        place=plan.place,
        planned_trainees=plan.planned_trainees,
        theory_lessons=plan.theory_lessons,
        practice_lessons=plan.practice_lessons,
        homeroom_teacher=plan.homeroom_teacher,
        living_allowance_paid=plan.living_allowance_paid,
    )
    dossier.slug = slugify(str(dossier.uuid))
    try:
        with transaction.atomic():
            parent = InstitutionPage.objects.select_for_update().get(pk=institution.pk)
            parent.add_child(instance=dossier)
            Progress.objects.create(dossier=dossier)
            with change(
                dossier, by=by, act=None, action="open", ledger=plan.ledger_id, ruleset=dossier.ruleset_id
            ):
                pass
    except (IntegrityError, ValidationError) as clash:
        raise Overtaken(
            sentence(
                "class_no_taken",
                gettext_noop("本单位已有班次号为“%(no)s”的班次。请换一个班次号。"),
                no=plan.class_no,
            )
        ) from clash
    return dossier


def _bodies(institution: InstitutionPage, plan: ClassPlan) -> tuple[InstitutionPage, InstitutionPage]:
    """Who owns the class and who trains it: of two bodies the enterprise entrusts, the institution trains."""
    if plan.partner is None:
        return institution, institution
    if institution.kind == InstitutionPage.Kind.ENTERPRISE:
        return institution, plan.partner
    return plan.partner, institution


def move_stage(dossier: DossierPage, *, by: Account, stage: str) -> None:
    """Say how far the class has come; from a completed review the dossier opens again for the next stage."""
    known = [one.id for one in STAGES]
    with change(
        dossier,
        by=by,
        act=Act.MOVE_STAGE,
        action="move_stage",
        states={*INSTITUTION_MAY_CHANGE, DossierState.COMPLETE},
        stage=stage,
    ) as held:
        if stage not in known or known.index(stage) <= known.index(held.progress.stage):
            raise NotReady(
                sentence("stage_backwards", gettext_noop("阶段只能往后走。请选当前阶段之后的阶段。"))
            )
        held.progress.stage = stage
        if held.progress.state == DossierState.COMPLETE:
            held.progress.state = DossierState.OPEN


def hand_in_obstacles(standing: Standing) -> tuple[Sentence, ...]:
    """Every reason that keeps this dossier from being handed in, collected before anything is refused."""
    gaps = tuple(gap.text for gap in completeness.open_gaps(standing.completeness))
    unsettled = tuple(
        sentence(
            "return_unsettled",
            gettext_noop("第 %(seq)s 件 %(item)s：退回（%(reason)s）还没有补正，也没有答复。"),
            seq=standing.ledger.item(note.record.item_id).seq or "+",
            item=standing.ledger.item(note.record.item_id).short_name,
            reason=note.reason,
        )
        for note in standing.open_returns
    )
    return gaps + unsettled


def hand_in(dossier: DossierPage, *, by: Account) -> None:
    """Hand the dossier to the bureau: refused once with every open thing, or everything filed becomes visible there."""
    with change(dossier, by=by, act=Act.HAND_IN, action="hand_in") as held:
        again = held.progress.state == DossierState.RETURNED
        move = check_move("hand_in_again" if again else "hand_in", state=held.progress.state, roles=[by.role])
        standing = Standing(dossier, by)
        obstacles = hand_in_obstacles(standing)
        if obstacles:
            raise NotReady(obstacles)
        now = timezone.now()
        fresh = dossier.filings.filter(state=Filing.State.FILED, handed_in_at=None)
        _join_versions(fresh)
        held.facts |= {"filings": fresh.update(handed_in_at=now), "stage": held.progress.stage}
        held.progress.state = move.target
        held.progress.handed_in_at, held.progress.handed_in_by = now, by
        held.progress.first_handed_in_at = held.progress.first_handed_in_at or now
        _ensure_records(standing)


def _join_versions(fresh: QuerySet[Filing]) -> None:
    """What is handed in replaces what the bureau saw last: versions in between, which it never saw, fall out."""
    for filing in fresh.exclude(replaces=None).select_related("replaces"):
        seen = filing.replaces
        while seen is not None and seen.handed_in_at is None:
            seen = seen.replaces
        if seen != filing.replaces:
            filing.replaces = seen
            filing.save(update_fields=["replaces"])


def take_back(dossier: DossierPage, *, by: Account) -> None:
    """The institution takes its hand-in back while no reviewer has begun: the bureau sees what it saw before."""
    with change(dossier, by=by, act=Act.HAND_IN, action="take_back") as held:
        move = check_move("take_back", state=held.progress.state, roles=[by.role])
        held.progress.state = move.target
        _undo_hand_in(dossier, held.progress)


def _undo_hand_in(dossier: DossierPage, progress: Progress) -> None:
    """Nothing of the last hand-in stays visible; an earlier one is the last again."""
    last = progress.handed_in_at
    dossier.filings.filter(handed_in_at=last).update(handed_in_at=None)
    if progress.first_handed_in_at == last:
        progress.first_handed_in_at = progress.handed_in_at = progress.handed_in_by = None
        return
    earlier = dossier.filings.aggregate(last=Max("handed_in_at"))["last"]
    progress.handed_in_at = earlier or progress.first_handed_in_at


def start_review(dossier: DossierPage, *, by: Account) -> None:
    """A reviewer takes the dossier up; from here on the institution waits."""
    with change(dossier, by=by, act=Act.REVIEW, action="start_review") as held:
        move = check_move("start_review", state=held.progress.state, roles=[by.role])
        held.progress.state, held.progress.reviewer = move.target, by


def return_dossier(dossier: DossierPage, *, by: Account) -> None:
    """Send the dossier back with the returns written on it; without one there is nothing to mend."""
    with change(dossier, by=by, act=Act.CLOSE_REVIEW, action="return") as held:
        move = check_move("return_for_correction", state=held.progress.state, roles=[by.role])
        count = dossier.returns.filter(settled_at=None).count()
        if not count:
            raise NotReady(
                sentence("nothing_returned", gettext_noop("还没有退回任何一件。请先在要退回的件上写明原因。"))
            )
        held.progress.state = move.target
        held.facts |= {"returns": count}


def complete(dossier: DossierPage, *, by: Account) -> None:
    """Close the review: every due item must be ticked off on the papers that lie there now."""
    with change(dossier, by=by, act=Act.CLOSE_REVIEW, action="complete") as held:
        move = check_move("complete", state=held.progress.state, roles=[by.role])
        obstacles = completion_obstacles(Standing(dossier, by))
        if obstacles:
            raise NotReady(obstacles)
        held.progress.state, held.progress.completed_at = move.target, timezone.now()
        held.facts |= {"stage": held.progress.stage}


def reopen(dossier: DossierPage, *, by: Account, reason: str) -> None:
    """A reviewer opens a completed dossier again; the reason stands in the log, the verdicts stay on their bytes."""
    if not reason.strip():
        raise ReasonMissing(
            sentence("reopen_reason", gettext_noop("请写明为何重新打开：机构在“经过”里看到的就是这一句。"))
        )
    with change(dossier, by=by, act=Act.CLOSE_REVIEW, action="reopen", reason=written(reason)) as held:
        move = check_move("reopen", state=held.progress.state, roles=[by.role])
        held.progress.state, held.progress.completed_at = move.target, None


def completion_obstacles(standing: Standing) -> tuple[Sentence, ...]:
    """Every item that still keeps the review from being closed."""
    return tuple(
        sentence(
            "item_not_ticked",
            gettext_noop("第 %(seq)s 件 %(item)s 还没有核定。"),
            seq=standing_item.item.seq or "+",
            item=standing_item.item.short_name,
        )
        for standing_item in standing.items
        if must_be_ticked(standing_item) and not is_ticked_on_these(standing_item)
    )


def is_ticked_on_these(standing_item) -> bool:
    """Whether the item was ticked off on the very papers that lie there now."""
    record = standing_item.record
    return bool(
        record and record.verdict == ItemRecord.Verdict.TICKED and record.sha256 == standing_item.sha256
    )


def must_be_ticked(standing_item) -> bool:
    """Whether an item stands before the reviewer: it is due, or something was filed under it."""
    return bool(standing_item.filings) or standing_item.count.status == "required"


def _ensure_records(standing: Standing) -> None:
    missing = [item.id for item in standing.ledger if item.id not in standing.records]
    ItemRecord.objects.bulk_create(
        ItemRecord(dossier=standing.dossier, item_id=item_id) for item_id in missing
    )


__all__ = [
    "ClassPlan",
    "complete",
    "hand_in",
    "hand_in_obstacles",
    "move_stage",
    "open_class",
    "return_dossier",
    "start_review",
    "take_back",
]
