"""Who may do what, and who may see what; views and actions ask, never compute.

Three scopes: a body (enterprise or institution) sees the classes it opened or trains; the bureau sees, in its
county or in the whole city, what has been handed in; the administrator sees accounts and bodies, no papers.
What one may not see answers 404.
"""

from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dossiers.models import (
    Account,
    DossierPage,
    Filing,
    FilingSheet,
    InstitutionPage,
    LookIn,
    Room,
    Sheet,
    Upload,
)


class Act(StrEnum):
    """What a person may be allowed to do."""

    SEE = "see"
    OPEN_CLASS = "open_class"
    UPLOAD = "upload"
    FILE = "file"
    VERIFY = "verify"
    EDIT_PEOPLE = "edit_people"
    EDIT_TIMETABLE = "edit_timetable"
    MOVE_STAGE = "move_stage"
    HAND_IN = "hand_in"
    ANSWER_RETURN = "answer_return"
    REVIEW = "review"
    REVIEW_MONEY = "review_money"
    CLOSE_REVIEW = "close_review"
    PRINT = "print"
    REVEAL = "reveal"
    SEARCH = "search"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_JOBS = "manage_jobs"
    ATTEND = "attend"  # check-ins, sign-in sheets, settling a cell
    NAME_FACES = "name_faces"  # a word on who is seen in a recording
    KEEP_CONSENT = "keep_consent"
    KEEP_ROOMS = "keep_rooms"
    SUPERVISE = "supervise"  # the bureau's look-ins


_READ = {Act.SEE, Act.PRINT, Act.REVEAL, Act.SEARCH}
_KEEP = _READ | {
    Act.UPLOAD,
    Act.FILE,
    Act.VERIFY,
    Act.EDIT_PEOPLE,
    Act.EDIT_TIMETABLE,
    Act.MOVE_STAGE,
    Act.HAND_IN,
    Act.ANSWER_RETURN,
    Act.ATTEND,
    Act.NAME_FACES,
    Act.KEEP_CONSENT,
    Act.KEEP_ROOMS,
}

ALLOWED: dict[str, frozenset[Act]] = {
    Account.Role.CLERK: frozenset(_KEEP | {Act.OPEN_CLASS}),
    Account.Role.HOMEROOM_TEACHER: frozenset(_KEEP),
    Account.Role.HEAD: frozenset(_KEEP | {Act.OPEN_CLASS, Act.MANAGE_ACCOUNTS}),
    Account.Role.INSTITUTION_ARCHIVIST: frozenset(_READ),
    Account.Role.REVIEWER: frozenset(
        _READ
        | {Act.VERIFY, Act.REVIEW, Act.REVIEW_MONEY, Act.CLOSE_REVIEW}
        | {Act.ATTEND, Act.NAME_FACES, Act.SUPERVISE}
    ),
    Account.Role.FINANCE_REVIEWER: frozenset(_READ | {Act.VERIFY, Act.REVIEW_MONEY}),
    Account.Role.ARCHIVIST: frozenset(_READ),
    Account.Role.ADMINISTRATOR: frozenset({Act.MANAGE_ACCOUNTS, Act.MANAGE_JOBS}),
}

# The other body of an entrusted class sees all and may hand papers over; the custodian keeps the dossier.
NOT_CUSTODIAN = frozenset(_READ | {Act.UPLOAD})

SUPERVISED_STAGE = "training"  # dossiers.states: the bureau looks in while lessons are given

# What a finance reviewer may judge (第六条、第十条其二: 申请表、票据、生活补贴).
MONEY_ITEMS = frozenset(
    {"subsidy_application", "living_allowance_payment_list", "tax_invoice", "receipt_or_invoice"}
)


def acts_of(account: Account) -> frozenset[Act]:
    """What the account's role allows, before any dossier is looked at."""
    if not account.is_authenticated or not account.is_active:
        return frozenset()
    return ALLOWED.get(account.role, frozenset())


def visible_dossiers(account: Account) -> QuerySet[DossierPage]:
    """The dossiers this account may see, with what permission questions need already joined."""
    dossiers = _joined()
    if Act.SEE not in acts_of(account):
        return dossiers.none()
    if account.is_of_institution:
        return dossiers.filter(Q(opener_id=account.institution_id) | Q(trainer_id=account.institution_id))
    handed_in = dossiers.filter(progress__first_handed_in_at__isnull=False)
    if account.county_id is None:
        return handed_in
    return handed_in.filter(opener__county_id=account.county_id)


def sees(account: Account, dossier: DossierPage) -> bool:
    """The same scope as `visible_dossiers`, asked of one dossier already at hand."""
    if Act.SEE not in acts_of(account):
        return False
    if account.is_of_institution:
        return account.institution_id in (dossier.opener_id, dossier.trainer_id)
    if dossier.progress.first_handed_in_at is None:
        return False
    return account.county_id is None or account.county_id == dossier.opener.county_id


def may(account: Account, act: Act, dossier: DossierPage) -> bool:
    """Whether this account may do this to this dossier."""
    if act not in acts_of(account) or not sees(account, dossier):
        return False
    if account.is_of_institution and account.institution_id != dossier.custodian_id:
        return act in NOT_CUSTODIAN
    return True


def may_withdraw(account: Account, dossier: DossierPage, giver: Account) -> bool:
    """Whether she may take back what `giver` handed over: the keeper anything, the other body its own."""
    if may(account, Act.FILE, dossier):
        return True
    return may(account, Act.UPLOAD, dossier) and account.institution_id == giver.institution_id


def may_review_item(account: Account, item_id: str, dossier: DossierPage) -> bool:
    """A reviewer judges every item of her scope, a finance reviewer the items that carry money."""
    if may(account, Act.REVIEW, dossier):
        return True
    return item_id in MONEY_ITEMS and may(account, Act.REVIEW_MONEY, dossier)


def visible_filings(account: Account, filings: QuerySet[Filing] | None = None) -> QuerySet[Filing]:
    """The filings this account may see: all of its own classes, or those handed in within its scope."""
    filings = Filing.objects.all() if filings is None else filings
    filings = filings.filter(dossier__in=visible_dossiers(account).values("pk"))
    if account.is_of_institution:
        return filings
    return filings.filter(handed_in_at__isnull=False)


def current_filings(account: Account, dossier: DossierPage) -> QuerySet[Filing]:
    """What lies in the dossier now for this account."""
    return current_among(account, dossier.filings.all())


def current_among(account: Account, filings: QuerySet[Filing]) -> QuerySet[Filing]:
    """Of these filings, of dossiers the account may see, the ones that lie there now for it.

    The institution sees what it has filed; the bureau sees what was last handed in, so a filing that is being
    replaced or was taken out after a return stays before the reviewer until the next hand-in.
    """
    if account.is_of_institution:
        return filings.filter(state=Filing.State.FILED)
    newer = Filing.objects.filter(replaces=OuterRef("pk"), handed_in_at__isnull=False)
    return filings.filter(handed_in_at__isnull=False).filter(
        Q(state=Filing.State.FILED)
        | (Q(state=Filing.State.REPLACED) & ~Exists(newer))
        | Q(state=Filing.State.WITHDRAWN, withdrawn_at__gt=F("dossier__progress__handed_in_at"))
    )


def institution_heard(
    account: Account, dossier: DossierPage, *, made: str = "made_at", ended: str = "superseded_at"
) -> Q:
    """Of the institution's words and records, those this account hears: its own side those in force, the bureau those
    that were in force when the dossier was last handed in. `made`, `ended`: the fields that say since and until when.
    """
    in_force = Q(**{f"{ended}__isnull": True})
    if account.is_of_institution:
        return in_force
    handed_in = dossier.progress.handed_in_at
    if handed_in is None:
        return Q(pk__in=[])
    return Q(**{f"{made}__lte": handed_in}) & (in_force | Q(**{f"{ended}__gt": handed_in}))


def visible_sheets(account: Account) -> QuerySet[Sheet]:
    """The sheets whose image this account may ask for."""
    sheets = Sheet.objects.filter(dossier__in=visible_dossiers(account).values("pk"))
    if account.is_of_institution:
        return sheets
    return sheets.filter(places__filing__handed_in_at__isnull=False).distinct()


def verifiable_sheets(account: Account, dossier: DossierPage) -> QuerySet[Sheet]:
    """The pages on whose values this account may give her word: a keeper's own, the bureau's as handed in.

    What was replaced is nobody's work any more. A finance reviewer's are those of the items that carry money.
    """
    if not may(account, Act.VERIFY, dossier):
        return Sheet.objects.none()
    if account.is_of_institution:
        lies = FilingSheet.objects.filter(sheet=OuterRef("pk"), filing__state=Filing.State.FILED)
        return dossier.sheets.filter(
            Q(state=Sheet.State.IN_TRAY) | Q(Exists(lies), state=Sheet.State.FILED), is_blank=False
        )
    filings = current_filings(account, dossier)
    if not may(account, Act.REVIEW, dossier):
        filings = filings.filter(item_id__in=MONEY_ITEMS)
    return dossier.sheets.filter(
        pk__in=FilingSheet.objects.filter(filing__in=filings).values("sheet"), is_blank=False
    )


def visible_uploads(account: Account) -> QuerySet[Upload]:
    """The uploads whose original this account may ask for.

    The bureau asks for a whole file only when every page of it was handed in: one page of a scanned pile must
    not open the rest, among which a neighbour's papers may lie. Blank pages show nothing. A page that was cut is
    never opened whole: the bureau sees its pieces, and what lies in none of them is nobody's to show.
    """
    uploads = Upload.objects.filter(dossier__in=visible_dossiers(account).values("pk"))
    if account.is_of_institution:
        return uploads
    handed_in = FilingSheet.objects.filter(sheet=OuterRef("pk"), filing__handed_in_at__isnull=False)
    sheets = Sheet.objects.filter(upload=OuterRef("pk"))
    kept_back = sheets.filter(~Exists(handed_in), is_blank=False)
    kept_back = kept_back.exclude(cut__gt=0, state=Sheet.State.WITHDRAWN)
    return uploads.filter(Exists(sheets.filter(Exists(handed_in))), ~Exists(kept_back))


def supervisable_dossiers(account: Account) -> QuerySet[DossierPage]:
    """The classes in training into which this account may look from afar (全程远程视频监控), handed in or not.

    It opens the class's number, occupation, bodies and timetable, the live picture of the room it sits in, and the
    log of look-ins; of papers, roster and recordings it opens nothing: those still ask `visible_dossiers`.
    """
    if Act.SUPERVISE not in acts_of(account):
        return DossierPage.objects.none()
    return _in_scope(account).filter(progress__stage=SUPERVISED_STAGE)


def may_supervise(account: Account, dossier: DossierPage) -> bool:
    """Whether this account may write a look-in now: the class is in training, or lies before the bureau."""
    if Act.SUPERVISE not in acts_of(account) or not _of_scope(account, dossier):
        return False
    return dossier.progress.stage == SUPERVISED_STAGE or sees(account, dossier)


def dossiers_with_open_log(account: Account) -> QuerySet[DossierPage]:
    """The classes whose log of look-ins this account may read: those she sees, and those she looks or looked into.

    What the bureau has written it can read again when the training is over and nothing is handed in yet.
    """
    seen = visible_dossiers(account)
    if Act.SUPERVISE not in acts_of(account):
        return seen
    looked_into = LookIn.objects.filter(dossier=OuterRef("pk"))
    mine = _in_scope(account).filter(Q(progress__stage=SUPERVISED_STAGE) | Exists(looked_into))
    both = Q(pk__in=seen.values("pk")) | Q(pk__in=mine.values("pk"))
    return _joined().filter(both)


def visible_rooms(account: Account) -> QuerySet[Room]:
    """The rooms this account may see: a body its own, a supervising reviewer those of her scope."""
    rooms = Room.objects.select_related("institution__county")
    acts = acts_of(account)
    if account.is_of_institution:
        return rooms.filter(institution_id=account.institution_id) if Act.SEE in acts else rooms.none()
    if Act.SUPERVISE not in acts:
        return rooms.none()
    if account.county_id is None:
        return rooms
    return rooms.filter(institution__county_id=account.county_id)


def keepable_rooms(account: Account) -> QuerySet[Room]:
    """The rooms this account may change: those of her own body."""
    rooms = visible_rooms(account)
    return rooms if account.is_of_institution and Act.KEEP_ROOMS in acts_of(account) else rooms.none()


def _joined() -> QuerySet[DossierPage]:
    return DossierPage.objects.select_related("opener__county", "trainer", "custodian", "progress")


def _in_scope(account: Account) -> QuerySet[DossierPage]:
    """The classes of a bureau account's county, whatever their state: only for questions that open little."""
    if not account.is_of_bureau:
        return _joined().none()
    return _joined() if account.county_id is None else _joined().filter(opener__county_id=account.county_id)


def _of_scope(account: Account, dossier: DossierPage) -> bool:
    return account.is_of_bureau and account.county_id in (None, dossier.opener.county_id)


def manageable_accounts(account: Account) -> QuerySet[Account]:
    """The accounts this one may make, reset or close: a head her body's, an administrator her scope's."""
    if Act.MANAGE_ACCOUNTS not in acts_of(account):
        return Account.objects.none()
    if account.is_of_institution:
        return Account.objects.filter(institution_id=account.institution_id)
    if account.county_id is None:
        return Account.objects.all()
    return Account.objects.filter(
        Q(county_id=account.county_id) | Q(institution__county_id=account.county_id)
    )


def manageable_institutions(account: Account) -> QuerySet[InstitutionPage]:
    """The bodies this account may make accounts for."""
    if Act.MANAGE_ACCOUNTS not in acts_of(account):
        return InstitutionPage.objects.none()
    if account.is_of_institution:
        return InstitutionPage.objects.filter(pk=account.institution_id)
    if account.county_id is None:
        return InstitutionPage.objects.all()
    return InstitutionPage.objects.filter(county_id=account.county_id)


def grantable_roles(account: Account) -> tuple[str, ...]:
    """The roles this account may give: nobody gives more than she has."""
    if Act.MANAGE_ACCOUNTS not in acts_of(account):
        return ()
    inside = tuple(role for role in Account.Role.values if role in Account.INSTITUTION_ROLES)
    return inside if account.is_of_institution else tuple(Account.Role.values)
