"""What a value says of itself, in words beside it: check digit, birthday in the number, whether it covers the course."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext, ngettext

from cms.rows.problems import problem_text
from dossiers.differences import Difference, NumberSays, Outcome, number_says
from dossiers.models import DossierPage

MANY_DIGITS = 3


@dataclass(frozen=True)
class Note:
    """One line: its shape (ok, bad, warn, info) and its words."""

    shape: str
    text: str = field(repr=False)

    @property
    def icon(self) -> str:
        return {"ok": "circle-check", "bad": "circle-x", "warn": "alert-triangle"}.get(
            self.shape, "info-circle"
        )


@dataclass(frozen=True)
class Comparison:
    """How reading and roster stand to each other, in a word with a shape."""

    shape: str
    word: str

    @property
    def icon(self) -> str:
        return {"same": "equal", "different": "equal-not", "covers": "check"}.get(self.shape, "minus")


def no_box() -> Comparison:
    """Nothing is ticked because the form has no box for this person's group."""
    return Comparison("same", gettext("表上没有此人的类别"))


def compared(difference: Difference, *, of_the_class: bool) -> Comparison:
    """“差 1 位” where places are counted, “不同” where they are not."""
    if difference.outcome == Outcome.SAME:
        return Comparison("same", gettext("一致"))
    if difference.outcome == Outcome.NOT_READ:
        return Comparison("different", gettext("没有读出"))
    if difference.outcome == Outcome.NOT_HELD:
        return Comparison("none", gettext("班次无此项") if of_the_class else gettext("名册无此项"))
    apart = len(difference.places)
    if difference.is_by_place and apart <= MANY_DIGITS:
        word = ngettext("差 %(count)s 位", "差 %(count)s 位", apart) % {"count": apart}
        return Comparison("different", word)
    return Comparison("different", gettext("不同"))


def number_notes(number: str, beside: Mapping[str, str]) -> list[Note]:
    """The lines under an ID number; `beside` holds what else the document says (birth_date, sex)."""
    if not number:
        return []
    said = number_says(number)
    notes = [_digit(said)] if said.is_whole and said.expected else []
    notes += [
        Note("bad", problem_text(code)) for code in said.problems if code != "wrong_check_digit" or not notes
    ]
    notes += _birthday(said, beside.get("birth_date", ""))
    if said.sex and (printed := beside.get("sex", "")) and printed != said.sex:
        text = gettext("号码中的性别是%(number)s，与证件上的%(printed)s不同")
        notes.append(Note("bad", text % {"number": gettext(said.sex), "printed": gettext(printed)}))
    return notes


def hint(difference: Difference, read: str, held: str) -> Note | None:
    """What speaks for one side or the other of two numbers; it hints, a person decides."""
    if not difference.is_different or not difference.is_by_place:
        return None
    ours, theirs = number_says(read), number_says(held)
    if theirs.is_sound and not ours.is_sound:
        text = gettext(
            "名册的号码校验相符，读得的不符：%(places)s可能读错了。请看放大处后决定，系统不代为确认。"
        )
        return Note("info", text % {"places": _places(difference.places)})
    if theirs.is_sound and ours.is_sound:
        return Note(
            "info",
            gettext(
                "两个号码校验都相符：可能是另一人的证件，也可能名册录错了。请看原件后决定，系统不代为确认。"
            ),
        )
    return None


def validity(name: str, value: str, dossier: DossierPage) -> Comparison | None:
    """Whether a card is valid over the training period; None for other fields and where no date is known."""
    if name not in ("valid_from", "valid_until"):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if name == "valid_from":
        covers = dossier.starts_on is None or day <= dossier.starts_on
        return _covers() if covers else Comparison("different", gettext("开班时尚未生效"))
    covers = dossier.ends_on is None or day >= dossier.ends_on
    return _covers() if covers else Comparison("different", gettext("结业前已过期"))


def _covers() -> Comparison:
    return Comparison("covers", gettext("覆盖培训期"))


def _digit(said: NumberSays) -> Note:
    if said.digit_follows:
        return Note("ok", gettext("校验位相符：末位 %(digit)s") % {"digit": said.last})
    text = gettext("校验位不符：末位是 %(last)s，按前 17 位应为 %(expected)s")
    return Note("bad", text % {"last": said.last, "expected": said.expected})


def _birthday(said: NumberSays, printed: str) -> list[Note]:
    if said.birth_date is None:
        return []
    born = said.birth_date.isoformat()
    if not printed:
        return [Note("info", gettext("号码中的生日 %(day)s") % {"day": born})]
    if printed == born:
        return [Note("ok", gettext("号码中的生日 %(day)s 与纸上出生日期相同") % {"day": born})]
    return [Note("bad", gettext("号码中的生日 %(day)s 与纸上出生日期不同") % {"day": born})]


def _places(places: Iterable[int]) -> str:
    return gettext("第 %(places)s 位") % {"places": gettext("、").join(str(place) for place in places)}
