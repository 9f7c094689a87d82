"""What the domain remembers: bodies, people, classes, filings, verdicts and the log."""

from dossiers.models.account import Account
from dossiers.models.dossier import DossierPage, Progress
from dossiers.models.history import AccessEntry, HistoryEntry
from dossiers.models.institution import County, HomePage, InstitutionPage
from dossiers.models.ledger import Filing, FilingSheet, Sheet, Upload
from dossiers.models.likeness import Likeness
from dossiers.models.people import Enrolment, Person
from dossiers.models.review import ItemRecord, PointVerdict, ReturnNote
from dossiers.models.timetable import Session
from dossiers.models.verification import FieldStatement

__all__ = [
    "AccessEntry",
    "Account",
    "County",
    "DossierPage",
    "Enrolment",
    "FieldStatement",
    "Filing",
    "FilingSheet",
    "HistoryEntry",
    "HomePage",
    "InstitutionPage",
    "ItemRecord",
    "Likeness",
    "Person",
    "PointVerdict",
    "Progress",
    "ReturnNote",
    "Session",
    "Sheet",
    "Upload",
]
