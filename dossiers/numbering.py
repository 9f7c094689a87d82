"""Numbers of the trade: ID number, class number, certificate number, reference code, social credit code.

Each is parsed, printed and checked here. What is printed on paper is judged, never repaired: a check returns codes of
what is wrong, `PROBLEMS` words them. No message, repr or exception holds an ID number.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from dossiers.exceptions import NumberError
from dossiers.sentences import gettext_noop

PROBLEMS: dict[str, str] = {
    "empty": gettext_noop("没有号码"),
    "wrong_length": gettext_noop("身份证号应为 18 位"),
    "old_fifteen_digits": gettext_noop("15 位旧号，请换用 18 位"),
    "wrong_characters": gettext_noop("含有不该有的字符"),
    "bad_birth_date": gettext_noop("出生日期不存在"),
    "birth_date_in_future": gettext_noop("出生日期在今天之后"),
    "birth_date_before_1900": gettext_noop("出生日期早于 1900 年"),
    "wrong_check_digit": gettext_noop("校验位不符"),
    "class_number_grammar": gettext_noop("班次编号应如 2026-014"),
    "certificate_length": gettext_noop("证书编号应为 16 位"),
    "certificate_prefix": gettext_noop("证书编号的字头不是 JNPX、GQPX、ZGPX"),
    "certificate_digits": gettext_noop("字头之后应全为数字"),
    "certificate_city": gettext_noop("字头之后应为 12"),
    "certificate_district": gettext_noop("县（市、区）代码不在本市"),
    "certificate_serial": gettext_noop("流水号不能全为 0"),
    "certificate_training_type": gettext_noop("字头与培训种类不符"),
    "certificate_year": gettext_noop("年份与发证日期不符"),
    "reference_code_grammar": gettext_noop("档号不合规则"),
    "credit_code_grammar": gettext_noop("统一社会信用代码应为 18 位数字或大写字母"),
    "credit_code_check": gettext_noop("统一社会信用代码校验位不符"),
}

ID_LENGTH = 18
_OLD_ID_LENGTH = 15
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK_DIGITS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CHINA = timezone(timedelta(hours=8))
_DASHES = re.compile(r"[‐‑‒–—―−－﹣]")


_ID_SHAPE = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")


def normalised(text: str) -> str:
    """Full-width to half-width, no blanks, capital letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def compute_check_digit(first_seventeen: str) -> str:
    """The 18th character of an ID number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _ID_WEIGHTS, strict=True))
    return _ID_CHECK_DIGITS[total % 11]


def make_id_number(birth: date, sequence: int, *, area: str = "231299") -> str:
    """A number that passes its check. The default area exists nowhere: for samples and tests."""
    first_seventeen = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return first_seventeen + compute_check_digit(first_seventeen)


@dataclass(frozen=True)
class IdNumberCheck:
    """What is right and wrong about an ID number, without the number. The region never counts against it."""

    valid_length: bool
    valid_date: bool
    valid_digit: bool
    expected_digit: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    problems: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.problems

    @property
    def problem_texts(self) -> tuple[str, ...]:
        return tuple(PROBLEMS[code] for code in self.problems)


@dataclass(frozen=True)
class IdNumber:
    """An ID number that passed every check. Prints masked; `value` is the number."""

    value: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: str = field(repr=False)

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return mask(self.value)

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> "IdNumber":
        """The number, or NumberError with the codes of what is wrong."""
        check = cls.check(text, today=today)
        if not check.is_valid or check.birth_date is None or check.sex is None:
            raise NumberError("ID number", check.problems)
        return cls(normalised(text), check.birth_date, check.sex)

    @staticmethod
    def check(text: str, *, today: date | None = None) -> IdNumberCheck:
        """Length, birth date and check digit, each for itself. `today` bounds the birth date."""
        return check_id_number(text, today=today)


def mask(id_number: str) -> str:
    """The first four and last four characters; whatever is too short to hide behind them is hidden whole."""
    if len(id_number) < _OLD_ID_LENGTH:
        return "*" * len(id_number)
    return f"{id_number[:4]}{'*' * (len(id_number) - 8)}{id_number[-4:]}"


def holds_id_number(text: str) -> bool:
    """Whether some run of the text has the shape of an ID number, alone or inside a longer number.

    A disability certificate's and a special operation certificate's number contain their holder's.
    """
    return _ID_SHAPE.search(normalised(text)) is not None


def check_id_number(text: str, *, today: date | None = None) -> IdNumberCheck:
    """See IdNumber.check."""
    number = normalised(text)
    today = today or datetime.now(_CHINA).date()
    if not number:
        return IdNumberCheck(False, False, False, problems=("empty",))
    if len(number) == _OLD_ID_LENGTH and _is_digits(number):
        return _check_old(number)
    if len(number) != ID_LENGTH:
        return IdNumberCheck(False, False, False, problems=("wrong_length",))
    if not _is_digits(number[:17]) or not (_is_digits(number[17]) or number[17] == "X"):
        return IdNumberCheck(True, False, False, problems=("wrong_characters",))
    birth, problems = _birth_date(number[6:14], today)
    expected = compute_check_digit(number[:17])
    if number[17] != expected:
        problems = (*problems, "wrong_check_digit")
    return IdNumberCheck(
        valid_length=True,
        valid_date=birth is not None,
        valid_digit=number[17] == expected,
        expected_digit=expected,
        birth_date=birth,
        sex=_sex(number[16]),
        problems=problems,
    )


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _sex(digit: str) -> str:
    return "male" if int(digit) % 2 else "female"


def _check_old(number: str) -> IdNumberCheck:
    """A number of before 1999: no century, no check digit. Its date is read, but it is not accepted."""
    birth = _calendar_date("19" + number[6:12])
    return IdNumberCheck(
        valid_length=False,
        valid_date=birth is not None,
        valid_digit=False,
        birth_date=birth,
        sex=_sex(number[14]),
        problems=("old_fifteen_digits",) if birth else ("old_fifteen_digits", "bad_birth_date"),
    )


def _birth_date(digits: str, today: date) -> tuple[date | None, tuple[str, ...]]:
    birth = _calendar_date(digits)
    if birth is None:
        return None, ("bad_birth_date",)
    if birth > today:
        return None, ("birth_date_in_future",)
    if birth.year < 1900:
        return None, ("birth_date_before_1900",)
    return birth, ()


def _calendar_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


@dataclass(frozen=True, order=True)
class ClassNumber:
    """Year and serial of a class within its institution: 2026-014."""

    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.serial:03d}"

    @classmethod
    def parse(cls, text: str) -> "ClassNumber":
        """Any dash, full or half width. NumberError for anything else."""
        found = re.fullmatch(r"(\d{4})-(\d{3,4})", _DASHES.sub("-", normalised(text)), re.ASCII)
        if not found or not int(found[2]):
            raise NumberError("class number", ["class_number_grammar"])
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def following(cls, year: int, taken: Iterable["ClassNumber"]) -> "ClassNumber":
        """The next number of a year: one above the highest taken, gaps stay gaps."""
        return cls(year, max((number.serial for number in taken if number.year == year), default=0) + 1)


def same_class(printed: str, ours: str) -> bool:
    """May this printed number be ours? What cannot be read as a class number speaks against nothing."""
    if normalised(printed) == normalised(ours):
        return True
    try:
        return ClassNumber.parse(printed) == ClassNumber.parse(ours)
    except NumberError:
        return not find_class_numbers(printed)


def find_class_numbers(text: str) -> tuple[str, ...]:
    """Every class number a text states, normalised, in order, once each."""
    plain = _DASHES.sub("-", normalised(text))
    found = re.findall(r"(?<![\dA-Z-])(20\d{2}-\d{3,4})(?![\d-])", plain, re.ASCII)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class ReferenceCode:
    """An archive's reference code: fonds-ZY·PX·2026·D10-014-003 (volume 14, piece 3). Parts without fonds exist."""

    year: int
    retention: str
    volume: int
    piece: int | None = None
    fonds: str = ""
    category: str = "ZY"
    classification: str = "PX"

    def __str__(self) -> str:
        levels = [f"{self.category}·{self.classification}·{self.year}·{self.retention}", f"{self.volume:03d}"]
        if self.piece is not None:
            levels.append(f"{self.piece:03d}")
        return "-".join([self.fonds, *levels] if self.fonds else levels)

    @classmethod
    def parse(cls, text: str) -> "ReferenceCode":
        """NumberError when the code does not follow the grammar."""
        found = re.fullmatch(
            r"(?:(?P<fonds>[A-Z0-9]+)-)?(?P<category>[A-Z]{2})·(?P<classification>[A-Z]{2})"
            r"·(?P<year>\d{4})·(?P<retention>Y|D\d{2})-(?P<volume>\d{3,4})(?:-(?P<piece>\d{3,4}))?",
            _DASHES.sub("-", normalised(text)),
            re.ASCII,
        )
        if not found:
            raise NumberError("reference code", ["reference_code_grammar"])
        return cls(
            year=int(found["year"]),
            retention=found["retention"],
            volume=int(found["volume"]),
            piece=int(found["piece"]) if found["piece"] else None,
            fonds=found["fonds"] or "",
            category=found["category"],
            classification=found["classification"],
        )


def check_credit_code(text: str) -> tuple[str, ...]:
    """Problems of a unified social credit code (GB 32100-2015); empty when it is right."""
    code = normalised(text)
    if len(code) != 18 or any(character not in _CREDIT_ALPHABET for character in code):
        return ("credit_code_grammar",)
    return () if code[17] == credit_code_check_digit(code[:17]) else ("credit_code_check",)


def credit_code_check_digit(first_seventeen: str) -> str:
    values = (_CREDIT_ALPHABET.index(character) for character in first_seventeen)
    total = sum(value * weight for value, weight in zip(values, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]
