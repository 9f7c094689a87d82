"""An export with other people's rows is opened by its keeper alone."""

import pytest
from django.utils import timezone

from dossiers.models import CheckInImport
from foundation.blobs import store
from tests import factories


@pytest.mark.django_db
@pytest.mark.parametrize(("rows_left", "status"), [(0, 200), (7, 404)])
def test_an_export_with_rows_of_other_people_is_opened_by_its_keeper_alone(
    client, tmp_path, rows_left, status
):
    made = factories.make_dossier(trainer=factories.make_institution(), trainees=1, state="under_review")
    export = tmp_path / "export.csv"
    export.write_text("姓名,打卡时间")
    keeper, other = (
        factories.make_account("head", institution=body)
        for body in (made.custodian, made.trainer if made.custodian == made.opener else made.opener)
    )
    taken = CheckInImport.objects.create(
        dossier=made,
        blob=store().put_file(export, media_type="text/csv"),
        file_name="打卡.csv",
        columns={},
        rows_left=rows_left,
        made_by=keeper,
        made_at=made.progress.handed_in_at or timezone.now(),
    )
    type(made.progress).objects.filter(pk=made.progress.pk).update(handed_in_at=timezone.now())
    for account, expected in ((keeper, 200), (other, status), (factories.make_account("reviewer"), status)):
        client.force_login(account)
        assert client.get(made.screen("check-in-file", taken.uuid)).status_code == expected
        listed = client.get(made.screen("check-ins")).text
        assert (made.screen("check-in-file", taken.uuid) in listed) is (expected == 200)
