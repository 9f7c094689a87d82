"""What the domain remembers: bodies, people, classes, filings, verdicts and the log."""

from dossiers.models.account import Account
from dossiers.models.attendance import AttendanceWord, CheckIn, CheckInImport, ColumnMapping, SignInLine
from dossiers.models.consent import Consent
from dossiers.models.dossier import DossierPage, Progress
from dossiers.models.history import AccessEntry, HistoryEntry
from dossiers.models.institution import County, HomePage, InstitutionPage
from dossiers.models.ledger import Filing, FilingSheet, Sheet, Upload
from dossiers.models.likeness import Likeness
from dossiers.models.people import Enrolment, Person
from dossiers.models.recordings import KeptFrame, PresenceWord, RecordingClock
from dossiers.models.review import ItemRecord, PointVerdict, ReturnNote
from dossiers.models.rooms import CameraTest, LookIn, Room, RoomPhoto
from dossiers.models.timetable import Session
from dossiers.models.verification import FieldStatement

__all__ = [
    "AccessEntry",
    "Account",
    "AttendanceWord",
    "CameraTest",
    "CheckIn",
    "CheckInImport",
    "ColumnMapping",
    "Consent",
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
    "KeptFrame",
    "Likeness",
    "LookIn",
    "Person",
    "PointVerdict",
    "PresenceWord",
    "Progress",
    "RecordingClock",
    "ReturnNote",
    "Room",
    "RoomPhoto",
    "Session",
    "Sheet",
    "SignInLine",
    "Upload",
]
