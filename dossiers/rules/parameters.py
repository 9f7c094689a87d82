"""What one rule asks of a check: names of facts and figures of the ruleset, spelled in rules.yaml, never in code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dossiers.certificates import Grammar
from dossiers.rules.facts import CaseFacts


class RuleTableError(ValueError):
    """rules.yaml asks a check for something it does not give; the message names the rule."""


@dataclass(frozen=True)
class Asked:
    """The arguments of one rule (`using`) over the ruleset's figures (`params`)."""

    rule: str
    using: Mapping[str, Any]
    params: Mapping[str, Any]
    grammar: Grammar | None = None

    def name(self, argument: str) -> str:
        """The name of the fact that stands for this argument."""
        try:
            return str(self.using[argument])
        except KeyError as error:
            raise RuleTableError(f"{self.rule}: rules.yaml names no {argument}") from error

    def day(self, case: CaseFacts, argument: str) -> date | None:
        found: date | None = getattr(case, self.name(argument))
        return found

    def missing_days(self, case: CaseFacts, *arguments: str) -> list[str]:
        return [self.name(argument) for argument in arguments if self.day(case, argument) is None]

    def number(self, argument: str, case: CaseFacts | None = None) -> int:
        """A figure of the ruleset; where it hangs on a fact ({fact: {value: figure}}), the one for this case, or 0.

        A figure nobody set is 0.
        """
        named = self.using.get(argument)
        if isinstance(named, Mapping):
            fact, choices = next(iter(named.items()))
            named = choices.get(getattr(case, fact)) if case is not None else None
        return int(self.params[named]) if named is not None else 0

    def texts(self, argument: str) -> Sequence[str]:
        return tuple(self.params[self.name(argument)])

    def grammar_knows(self, training_type: str) -> bool:
        """Whether certificates of this kind of training have a prefix of their own."""
        return self.grammar is not None and any(
            training_type in types for types in self.grammar.prefixes.values()
        )

    def flag(self, argument: str) -> bool:
        return bool(self.params.get(argument, False))
