"""Answers that cost much and change seldom, kept in this process while nothing they rest on has changed."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Remembered(Generic[T]):
    """The answers to the latest questions; a question names everything its answer rests on.

    After `seconds` an answer is forgotten all the same: what it holds does not lie about for ever.
    """

    most: int
    seconds: float
    clock: Callable[[], float] = monotonic
    _kept: "OrderedDict[Hashable, tuple[float, T]]" = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def answer(self, question: Hashable, work_out: Callable[[], T]) -> T:
        """The kept answer, or a new one; two who ask at once may both work it out."""
        now = self.clock()
        with self._lock:
            kept = self._kept.get(question)
            if kept is not None and now - kept[0] <= self.seconds:
                self._kept.move_to_end(question)
                return kept[1]
        made = work_out()
        with self._lock:
            self._kept[question] = (now, made)
            self._kept.move_to_end(question)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made
