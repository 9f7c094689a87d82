"""The system checks of both workshops speak when something is missing, and only then."""

import pytest

from ingestion.checks import engine_is_known
from media_processing.checks import programs_are_there


@pytest.mark.parametrize(
    ("engine", "told"),
    [("auto", []), ("rapidocr", []), ("no_such_engine", ["ingestion.E001"]), ("null", ["ingestion.W001"])],
)
def test_an_engine_that_cannot_read_is_told_at_start(engine, told, settings):
    settings.OCR_ENGINE, settings.DEBUG = engine, False
    assert [message.id for message in engine_is_known()] == told


def test_missing_programs_are_told_at_start(monkeypatch, tmp_path, settings):
    assert list(programs_are_there()) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    settings.OCR_ENGINE = "tesseract"
    assert [message.id for message in programs_are_there()] == ["media_processing.W001"]
    assert [message.id for message in engine_is_known()] == ["ingestion.E002"]
