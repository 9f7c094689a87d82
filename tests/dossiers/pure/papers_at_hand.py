"""Papers of one trainee and of the class as the tests of the cross-checks lay them down."""

from dossiers.crosschecks import Paper
from tests.dossiers.pure.papers_of_a_class import (
    ANNA,
    BORIS,
    CLARA,
    paper,
)

CARD, FORM, CONTRACT = "identity_document_copy", "trainee_registration_form", "labour_contract_copy"
CERTIFICATE, PROOF, OPENING = "certificate_copy", "category_proof_copy", "class_opening_application"
OFF_BY_ONE = ANNA[:10] + ("1" if ANNA[10] != "1" else "2") + ANNA[11:]


def front(**fields) -> Paper:
    return paper("id_card_front", CARD, 1, **fields)


def back(**fields) -> Paper:
    return paper("id_card_back", CARD, 1, **fields)


def form(**fields) -> Paper:
    return paper("trainee_registration_form", FORM, 1, **fields)


def contract(**fields) -> Paper:
    return paper("labour_contract", CONTRACT, 1, **fields)


def certificate(trainee: int = 1, **fields) -> Paper:
    return paper("training_completion_certificate", CERTIFICATE, trainee, **fields)


def opening(**fields) -> Paper:
    return paper("class_opening_application", OPENING, **fields)


def spot_check(**fields) -> Paper:
    return paper("quality_spot_check_record", "quality_spot_check_record", **fields)


def subsidy(**fields) -> Paper:
    return paper("subsidy_application", "subsidy_application", **fields)


def scores(*changed: dict, **fields) -> Paper:
    rows = [
        {
            "seq": "1",
            "name": "王海燕",
            "id_number": ANNA,
            "theory_score": "87",
            "practice_score": "90",
            "result": "合格",
        },
        {
            "seq": "2",
            "name": "李国栋",
            "id_number": BORIS,
            "theory_score": "61",
            "practice_score": "77",
            "result": "合格",
        },
        {
            "seq": "3",
            "name": "孙桂芳",
            "id_number": CLARA,
            "theory_score": "41",
            "practice_score": "55",
            "result": "不合格",
        },
    ]
    for row, change in zip(rows, changed, strict=False):
        row |= change
    return paper("score_sheet", "score_sheet", rows=rows, **fields)
