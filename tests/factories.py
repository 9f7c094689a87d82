"""Builders that speak the domain; everybody in them is invented, and area code 231299 does not exist."""

import hashlib
import itertools
from datetime import date, time

from django.utils import timezone
from wagtail.models import Locale, Page, Site

from dossiers.actions.people import ID_NUMBER, id_number_index
from dossiers.digests import filing_digest
from dossiers.models import (
    Account,
    County,
    DossierPage,
    Enrolment,
    Filing,
    FilingSheet,
    HomePage,
    InstitutionPage,
    ItemRecord,
    Person,
    Progress,
    Session,
    Sheet,
    Upload,
)
from dossiers.standing import ledger_of
from foundation.models import Blob
from foundation.secrets import Masked

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)
_NAMES = (
    "王海燕",
    "李国栋",
    "孙桂芳",
    "周明远",
    "吴晓梅",
    "郑大伟",
    "冯秀兰",
    "陈志刚",
    "褚玉华",
    "卫东升",
    "蒋文静",
    "沈宏伟",
)


def make_home() -> HomePage:
    """The site's root, made once, and the site that answers with it."""
    found = HomePage.objects.first()
    if found:
        return found
    Locale.objects.get_or_create(language_code="zh-hans")  # tests that flush the database lose it
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=HomePage(title="卷宗", slug="juanzong"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


def make_county(code: str = "02", name: str = "北林区") -> County:
    return County.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_institution(
    name: str = "北原职业培训学校", *, code: str = "", kind: str = "institution", county: County | None = None
) -> InstitutionPage:
    page = InstitutionPage(
        title=name,
        slug=f"jg-{next(_numbers)}",
        code=code or f"JG{next(_numbers):03}",
        kind=kind,
        short_name=name[:8],
        county=county or make_county(),
        is_designated=kind == "institution",
    )
    page.slug = str(page.uuid)
    make_home().add_child(instance=page)
    return page


def make_account(
    role: str = "clerk",
    *,
    institution: InstitutionPage | None = None,
    county: County | None = None,
    username: str = "",
    full_name: str = "林慧",
) -> Account:
    """An account that has set its password (PASSWORD)."""
    if role in Account.INSTITUTION_ROLES and institution is None:
        institution = make_institution()
    account = Account(
        username=username or f"{role}-{next(_numbers)}",
        full_name=full_name,
        role=role,
        institution=institution,
        county=county,
        must_set_password=False,
    )
    account.set_password(PASSWORD)
    account.save()
    return account


def make_dossier(
    opener: InstitutionPage | None = None,
    *,
    trainer: InstitutionPage | None = None,
    custodian: InstitutionPage | None = None,
    ledger: str = "enterprise_14",
    class_no: str = "",
    state: str = "open",
    stage: str = "submission",
    trainees: int = 0,
    **facts,
) -> DossierPage:
    """A class's dossier; `state` other than open counts as handed in once."""
    opener = opener or make_institution()
    trainer = trainer or opener
    class_no = class_no or f"2026-{next(_numbers):03}"
    given = {
        "training_type": "skill_upgrade" if ledger == "enterprise_14" else "employment_skill",
        "occupation": "中式烹调师",
        "skill_level": "5",
        "planned_trainees": trainees,
        "theory_lessons": 32,
        "practice_lessons": 48,
        "starts_on": date(2026, 10, 19),
        "ends_on": date(2026, 10, 30),
        "homeroom_teacher": "林慧",
    } | facts
    dossier = DossierPage(
        title=f"{class_no} {given['occupation']}",
        class_no=class_no,
        ledger_id=ledger,
        ruleset_id="suihua_2019",
        opened_on=date(2026, 10, 9),
        opener=opener,
        trainer=trainer,
        custodian=custodian or trainer,
        delivery_mode="own" if trainer == opener else "entrusted",
        **given,
    )
    dossier.slug = str(dossier.uuid)
    opener.__class__.objects.get(pk=opener.pk).add_child(instance=dossier)
    handed_in = timezone.now() if state != "open" else None
    Progress.objects.create(
        dossier=dossier, state=state, stage=stage, first_handed_in_at=handed_in, handed_in_at=handed_in
    )
    if handed_in:
        make_item_records(dossier)
    make_enrolments(dossier, trainees)
    return dossier


def make_item_records(dossier: DossierPage) -> None:
    """The rows a reviewer's verdicts lie in; handing in makes them."""
    ItemRecord.objects.bulk_create(
        ItemRecord(dossier=dossier, item_id=item.id) for item in ledger_of(dossier)
    )


def make_id_number(birth: date = date(1990, 3, 7), sequence: int = 421) -> str:
    """A number that passes its check, in an area that does not exist."""
    body = f"231299{birth:%Y%m%d}{sequence:03}"
    total = sum(
        int(digit) * weight
        for digit, weight in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return body + "10X98765432"[total % 11]


def make_enrolments(dossier: DossierPage, count: int, **facts) -> list[Enrolment]:
    """Trainees on the roster, in order; category rural_transfer_worker for the 17 items unless told otherwise."""
    made = []
    start = dossier.enrolments.count()
    for seq in range(start + 1, start + count + 1):
        number = make_id_number(date(1970 + next(_numbers) % 30, 3, 7), next(_numbers) % 1000)
        person, _ = Person.objects.get_or_create(
            id_number_index=id_number_index(number),
            defaults={"id_number": Masked.of(number, purpose=ID_NUMBER)},
        )
        name = _NAMES[(seq - 1) % len(_NAMES)] + ("" if seq <= len(_NAMES) else str(seq))
        given = {"name": name, "person_category": "rural_transfer_worker"} | facts
        made.append(Enrolment.objects.create(dossier=dossier, person=person, seq=seq, **given))
    return made


def make_session(
    dossier: DossierPage, *, held_on: date = date(2026, 10, 19), kind: str = "theory", **facts
) -> Session:
    given = {"starts_at": time(8, 30), "lessons": 4, "topic": "食品安全", "lecturer": "高远"} | facts
    return Session.objects.create(dossier=dossier, held_on=held_on, kind=kind, **given)


def make_upload(dossier: DossierPage, *, pages: int = 1, by: Account | None = None, **facts) -> Upload:
    """An upload whose blob is a row only (no bytes behind it), with its sheets in the tray."""
    number = next(_numbers)
    blob = Blob.objects.create(
        sha256=hashlib.sha256(f"sample {number}".encode()).hexdigest(),
        size=1000 + number,
        media_type="image/jpeg",
    )
    given = {"file_name": f"扫描{number}.jpg", "medium": "paper", "state": "read"} | facts
    upload = Upload.objects.create(
        dossier=dossier,
        blob=blob,
        page_count=pages,
        received_by=by or make_account("clerk", institution=dossier.custodian),
        **given,
    )
    for page in range(1, pages + 1):
        Sheet.objects.create(upload=upload, dossier=dossier, number=page, width=1240, height=1754)
    return upload


def make_filing(
    dossier: DossierPage,
    item_id: str,
    *,
    enrolment: Enrolment | None = None,
    upload: Upload | None = None,
    pages: int = 1,
    state: str = "filed",
    by: Account | None = None,
    **facts,
) -> Filing:
    """A filing of fresh sheets under an item; `handed_in_at` is set when the dossier was handed in."""
    upload = upload or make_upload(dossier, pages=pages, by=by)
    sheets = list(upload.sheets.all())
    given = {
        "confidence": 0.97,
        "proposed_by": "null",
        "version": dossier.filings.filter(item_id=item_id, enrolment=enrolment).count() + 1,
        "handed_in_at": dossier.progress.handed_in_at if state == "filed" else None,
        "confirmed_by": upload.received_by if state != "proposed" else None,
        "confirmed_at": timezone.now() if state != "proposed" else None,
        "sha256": filing_digest((upload.blob.sha256, sheet.number, sheet.turn) for sheet in sheets),
    } | facts
    filing = Filing.objects.create(
        dossier=dossier, item_id=item_id, enrolment=enrolment, state=state, **given
    )
    for position, sheet in enumerate(sheets, 1):
        FilingSheet.objects.create(filing=filing, sheet=sheet, position=position)
    Sheet.objects.filter(upload=upload).update(state="filed" if state == "filed" else "in_tray")
    return filing


def file_everything(dossier: DossierPage) -> None:
    """One filing for every place that is due: the class's papers, each trainee's, as many as the item asks for."""
    roster = list(dossier.enrolments.all())
    for item in ledger_of(dossier):
        if item.optional:
            continue
        for part in item.parts or (None,):
            of_trainee = (part.per if part else item.per) == "trainee"
            kinds = (part or item).any_of or (part or item).kinds or ("",)
            for enrolment in roster if of_trainee else [None]:
                for _ in range((part or item).min_count):
                    make_filing(
                        dossier, item.id, enrolment=enrolment, part=part.id if part else "", kind=kinds[0]
                    )
