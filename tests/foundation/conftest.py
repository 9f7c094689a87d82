"""What the tests of the ground stand on: a store of each sort, a quarantine, an S3 for the session."""

import pytest

from foundation.folder_store import FolderStore
from foundation.s3_store import S3Store
from tests.services import start_seaweedfs


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    with start_seaweedfs(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def blob_store(request, tmp_path):
    """Each store in turn, empty; a new prefix keeps S3 tests apart."""
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    server = request.getfixturevalue("s3_server")
    return S3Store(**server.options, prefix=f"{tmp_path.name}/")


@pytest.fixture
def quarantine_root(settings, tmp_path):
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"
    settings.QUARANTINE_RESERVE_BYTES = 0
    return settings.QUARANTINE_ROOT
