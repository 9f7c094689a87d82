"""Ruled lines by their pixels: all of them, where they have gaps, how they lean; print is no ruling."""

import cv2
import numpy as np
import pytest

from ingestion.grid import rulings
from tests.ingestion.ruled_tables import HEIGHT, LEFT, PITCH, ROSTER_WIDTHS, TOP, WIDTH, Drawn, leaning

ROWS = [[""] * 7 for _ in range(6)]


def test_every_ruling_of_a_table_is_found_where_it_runs() -> None:
    found = rulings(Drawn(ROWS).picture)
    assert [round(line.at(LEFT)) for line in found.across] == pytest.approx(
        [TOP + PITCH * at for at in range(8)], abs=2
    )
    edges = [LEFT + sum(ROSTER_WIDTHS[:at]) for at in range(8)]
    assert [round(line.at(TOP)) for line in found.down] == pytest.approx(edges, abs=2)


def test_a_gap_in_a_ruling_is_a_gap() -> None:
    found = rulings(Drawn(ROWS, without=[("across", 3, 5)]).picture)
    third = found.across[3]
    start = LEFT + sum(ROSTER_WIDTHS[:5])
    assert third.share(start, start + ROSTER_WIDTHS[5]) < 0.1
    assert third.share(LEFT, start) > 0.95


def test_rulings_that_lean_are_followed_to_both_ends() -> None:
    _, page = leaning(Drawn(ROWS), 0.03)
    found = rulings(page)
    assert (len(found.across), len(found.down)) == (8, 8)
    assert found.down[0].at(TOP) > found.down[0].at(TOP + 5 * PITCH)
    assert found.down[-1].at(TOP) < found.down[-1].at(TOP + 5 * PITCH)


def test_a_faint_noisy_copy_still_has_its_rulings() -> None:
    page = Drawn(ROWS).picture.astype(np.float32)
    page = 255 - (255 - cv2.GaussianBlur(page, (0, 0), 1.0)) * 0.35
    page += np.random.default_rng(4).normal(0, 6, page.shape)
    found = rulings(np.clip(page, 0, 255).astype(np.uint8))
    assert (len(found.across), len(found.down)) == (8, 8)


def test_print_without_rulings_is_none() -> None:
    page = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for at in range(12):
        cv2.putText(page, "EHTLIE HEITL 1471 TEILHE", (80, 120 + 50 * at), 0, 1.0, (30, 30, 30), 2)
    found = rulings(page)
    assert (found.across, found.down) == ((), ())


def test_columns_and_rows_are_those_that_run_through() -> None:
    found = rulings(Drawn(ROWS, without=[("down", 3, 4)]).picture)
    band = (TOP + 4 * PITCH, TOP + 5 * PITCH)
    assert len(found.columns_through(*band)) == 7
    assert len(found.columns_through(TOP, TOP + PITCH)) == 8
    assert len(found.rows_through(LEFT, LEFT + 300)) == 8
    assert found.rows_through(0, LEFT - 20) == ()
