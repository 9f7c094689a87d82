"""What must hold of dossiers: the chain unbroken, filings and sheets in step, verdicts on the bytes that lie there."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from dossiers import history
from dossiers.digests import filing_digest
from dossiers.models import (
    Account,
    County,
    DossierPage,
    Filing,
    FilingSheet,
    HistoryEntry,
    InstitutionPage,
    ItemRecord,
    Progress,
    Sheet,
    Upload,
)
from dossiers.standing import digest_of
from foundation.integrity import Fault, Ground, check
from foundation.models import Blob


@check
class ChainBroken:
    """An entry of a dossier's log was changed, moved, removed, or cut off the end."""

    code = "chain_broken"
    title = _("经过的哈希链没有断")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for progress in ground.rows(Progress).select_related("dossier").iterator():
            entries = HistoryEntry.objects.filter(dossier=progress.dossier_id).select_related("actor")
            broken = history.breaks(progress.dossier, entries, progress)
            if broken:
                where = f"{progress.dossier.uuid} #{broken[0]}"
                yield Fault(self.code, where, _("经过被改动过：从这一条起哈希对不上。请用备份核对。"))

    def plant(self, ground: Ground) -> None:
        dossier = scratch_dossier(ground)
        history.append(
            dossier, dossier.progress, by=None, label="self-test", action="open", facts={"pages": 1}
        )
        dossier.progress.save()
        dossier.history.update(facts={"pages": 2})


@check
class FilingDigestWrong:
    """A filing's digest is not that of its sheets: what a verdict was bound to has moved."""

    code = "filing_digest_wrong"
    title = _("归件的摘要与所归的页相符")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        filings = ground.rows(Filing).exclude(state=Filing.State.PROPOSED)
        for filing in filings.prefetch_related("places__sheet__upload__blob").iterator(chunk_size=500):
            sheets = [place.sheet for place in filing.places.all()]
            told = filing_digest(
                (sheet.upload.blob.sha256, sheet.number, sheet.turn, sheet.region) for sheet in sheets
            )
            if told != filing.sha256:
                yield Fault(
                    self.code, str(filing.uuid), _("归件后页有变动，核定时看到的已不是这些页。请重新核对。")
                )

    def plant(self, ground: Ground) -> None:
        filing = _scratch_filing(ground)
        Filing.objects.filter(pk=filing.pk).update(sha256="0" * 64)


@check
class FiledSheetNotFiled:
    """A filed paper lies on a sheet that was withdrawn, discarded or put back into the tray."""

    code = "filed_sheet_not_filed"
    title = _("已归件的页没有被撤回或弃置")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        places = FilingSheet.objects.filter(
            filing__in=ground.rows(Filing).filter(state=Filing.State.FILED).values("pk")
        ).exclude(sheet__state=Sheet.State.FILED)
        for place in places.select_related("filing").iterator():
            yield Fault(self.code, str(place.filing.uuid), _("归件所用的页已不在卷内。请重新归件。"))

    def plant(self, ground: Ground) -> None:
        filing = _scratch_filing(ground)
        Sheet.objects.filter(places__filing=filing).update(state=Sheet.State.WITHDRAWN)


@check
class VerdictOnOtherBytes:
    """An item counts as ticked off, but its papers are not those the reviewer saw."""

    code = "verdict_on_other_bytes"
    title = _("核定的件就是审核员看过的那一版")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        records = ground.rows(ItemRecord).filter(verdict=ItemRecord.Verdict.TICKED).order_by("dossier_id")
        for dossier_id, ticked in groupby(records.iterator(), key=lambda record: record.dossier_id):
            filings = Filing.objects.filter(
                dossier=dossier_id, state=Filing.State.FILED, handed_in_at__isnull=False
            )
            lying: dict[str, list[Filing]] = {}
            for filing in filings:
                lying.setdefault(filing.item_id, []).append(filing)
            for record in ticked:
                if digest_of(lying.get(record.item_id, [])) != record.sha256:
                    where = f"{dossier_id}/{record.item_id}"
                    yield Fault(self.code, where, _("这一件核定后材料变了，核定应当作废。请重新核定。"))

    def plant(self, ground: Ground) -> None:
        dossier = scratch_dossier(ground)
        ground.add(
            ItemRecord(
                dossier=dossier, item_id="lesson_plan", verdict=ItemRecord.Verdict.TICKED, sha256="0" * 64
            )
        )


@check
class PagesMissing:
    """An upload has fewer sheets than the file has pages: a page could never be filed."""

    code = "pages_missing"
    title = _("每份上传的页数与页的登记相符")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for upload in ground.rows(Upload).prefetch_related("sheets").iterator(chunk_size=500):
            if sum(sheet.cut == 0 for sheet in upload.sheets.all()) != upload.page_count:
                yield Fault(self.code, str(upload.uuid), _("上传的文件有页没有登记。请撤回后重新上传。"))

    def plant(self, ground: Ground) -> None:
        filing = _scratch_filing(ground)
        Upload.objects.filter(sheets__places__filing=filing).update(page_count=7)


def scratch_dossier(ground: Ground) -> DossierPage:
    """A dossier for a planted fault; rolled back with it."""
    county, _made = County.objects.get_or_create(code="--", defaults={"name": "self-test"})
    root = Page.get_first_root_node()
    mark = uuid.uuid4().hex[:12]
    body = InstitutionPage(
        title=mark, slug=mark, code=mark, kind="institution", short_name=mark, county=county
    )
    root.add_child(instance=body)
    dossier = DossierPage(
        title=mark,
        slug=f"{mark}-d",
        class_no=mark,
        ledger_id="enterprise_14",
        ruleset_id="suihua_2019",
        opened_on=date(2019, 12, 5),
        opener=body,
        trainer=body,
        custodian=body,
        delivery_mode="own",
        training_type="skill_upgrade",
        occupation="-",
        skill_level="5",
    )
    body.add_child(instance=dossier)
    ground.add(Progress(dossier=dossier))
    return dossier


def _scratch_filing(ground: Ground) -> Filing:
    """A sound filing of one sheet, to be spoilt by the caller."""
    dossier = scratch_dossier(ground)
    mark = uuid.uuid4().hex
    account = Account.objects.create(
        username=mark,
        full_name="self-test",
        role=Account.Role.CLERK,
        institution=dossier.opener,
        is_active=False,
    )
    blob = ground.add(Blob(sha256=hashlib.sha256(mark.encode()).hexdigest(), size=1, media_type="image/jpeg"))
    upload = ground.add(
        Upload(dossier=dossier, blob=blob, file_name=mark, medium="paper", page_count=1, received_by=account)
    )
    sheet = ground.add(Sheet(upload=upload, dossier=dossier, number=1, state=Sheet.State.FILED))
    filing = ground.add(
        Filing(
            dossier=dossier,
            item_id="lesson_plan",
            state=Filing.State.FILED,
            sha256=filing_digest([(blob.sha256, 1, 0)]),
            confirmed_by=account,
            confirmed_at=timezone.now(),
        )
    )
    FilingSheet.objects.create(filing=filing, sheet=sheet, position=1)
    return filing
