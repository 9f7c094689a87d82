"""What can go wrong in the domain, drawn as a tree.

    DossierError
    ├── RulesetError          the rules as data contradict themselves (found when they are loaded)
    │   └── NoRulesetError    no ruleset holds for this place and day
    ├── NumberError           a number cannot be parsed; the message names the problem, never the number
    ├── NotAllowed            this person may not do this; screens answer 404
    └── Refused               a change is refused; carries every reason at once
        ├── MoveRefused       the dossier's state does not allow this move
        ├── NotReady          something is still open; the reasons list every open thing
        ├── Overtaken         somebody else was faster, or what was judged has changed since
        ├── Sealed            the box is sealed; nothing in it changes
        └── ReasonMissing     this step needs a reason in words

Messages are for people: what, where, what to do next. No message holds an ID number.
"""

from collections.abc import Iterable

from dossiers.sentences import Sentence


class DossierError(Exception):
    """The root: everything the domain raises on purpose."""


class RulesetError(DossierError):
    """A ruleset file names something that does not exist, twice, or not at all."""


class NoRulesetError(RulesetError):
    """No ruleset holds for this place on this day."""


class NumberError(DossierError):
    """A number that does not follow its grammar. `problems` are codes; the number itself stays out."""

    def __init__(self, what: str, problems: Iterable[str]) -> None:
        self.what = what
        self.problems = tuple(problems)
        super().__init__(f"{what}: {', '.join(self.problems)}")


class NotAllowed(DossierError):
    """This person may not do this to this dossier. Screens answer 404, as for what does not exist."""


class Refused(DossierError):
    """A change that is not made, with every reason for it. Nothing was changed."""

    def __init__(self, reasons: Iterable[Sentence | str] | Sentence | str) -> None:
        given = (reasons,) if isinstance(reasons, Sentence | str) else reasons
        self.reasons: tuple[Sentence | str, ...] = tuple(given)
        super().__init__("；".join(str(reason) for reason in self.reasons))


class MoveRefused(Refused):
    """The dossier's state, or the person's role, does not allow this move."""


class NotReady(Refused):
    """Something is still open; each reason names one open thing."""


class Overtaken(Refused):
    """Somebody else was faster, or the bytes that were judged are no longer the current ones."""


class Sealed(Refused):
    """The box is sealed; nothing in it changes any more."""


class ReasonMissing(Refused):
    """This step needs a reason that the other side can read."""
