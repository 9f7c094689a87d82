"""Which function judges which cross-check: of each trainee, or of the class as a whole."""

from collections.abc import Callable, Iterable

from dossiers.crosschecks.comparing import Finding
from dossiers.crosschecks.facts import ClassPapers, Trainee
from dossiers.rulesets.shape import CrossCheck

OfTrainee = Callable[[CrossCheck, ClassPapers, Trainee], Finding | None]
OfClass = Callable[[CrossCheck, ClassPapers], Iterable[Finding | None]]

OF_TRAINEE: dict[str, OfTrainee] = {}
OF_CLASS: dict[str, OfClass] = {}


def of_trainee(function: OfTrainee) -> OfTrainee:
    """Asked once for everybody who has not left the class, under the function's name."""
    OF_TRAINEE[function.__name__] = function
    return function


def of_class(function: OfClass) -> OfClass:
    """Asked once, under the function's name."""
    OF_CLASS[function.__name__] = function
    return function
