"""The other side of a value: whose paper it stands on, and what the roster and the class hold of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from dossiers.actions.people import id_number_index
from dossiers.differences import MOST_DIGITS_APART, digits_apart
from dossiers.models import DossierPage, Enrolment
from dossiers.rulesets import ruleset
from dossiers.statements import Spot, plain
from ingestion.models import FieldReading

OF_A_PERSON: dict[str, Callable[[Enrolment], str]] = {
    "name": lambda one: one.name,
    "employee": lambda one: one.name,
    "sex": lambda one: one.sex,
    "birth_date": lambda one: one.birth_date.isoformat() if one.birth_date else "",
    "id_number": lambda one: plain(one.person.id_number),
    "address": lambda one: one.address,
    "phone": lambda one: plain(one.phone),
}
OF_THE_CLASS: dict[str, Callable[[DossierPage], str]] = {
    "class_no": lambda one: one.class_no,
    "occupation": lambda one: one.occupation,
}
NAMES = ("name", "employee")
NUMBER = "id_number"
Owned = tuple[int, int]  # document and row of a page, no row being -1


class RosterSide:
    """The roster of one class, opened once a page that is looked at."""

    def __init__(self, dossier: DossierPage) -> None:
        self.dossier = dossier

    @cached_property
    def people(self) -> dict[int, Enrolment]:
        rows = self.dossier.enrolments.select_related("person").order_by("seq", "id")
        return {one.pk: one for one in rows}

    @cached_property
    def by_index(self) -> dict[str, Enrolment]:
        return {one.person.id_number_index: one for one in self.people.values()}

    @cached_property
    def by_name(self) -> dict[str, list[Enrolment]]:
        found: dict[str, list[Enrolment]] = defaultdict(list)
        for one in self.people.values():
            found["".join(one.name.split())].append(one)
        return found

    def held(self, spot: Spot, owner: Enrolment | None) -> str:
        """What the roster holds of this value; of the class where it is the class's."""
        if spot.name in OF_A_PERSON:
            return OF_A_PERSON[spot.name](owner) if owner else ""
        if spot.name in OF_THE_CLASS and spot.in_row is None:
            return OF_THE_CLASS[spot.name](self.dossier)
        return ""

    def has_no_box(self, name: str, state: str, owner: Enrolment | None) -> bool:
        """No group is ticked, and the form has no box for the one the roster holds (企业职工): as it should be."""
        if owner is None or name != "person_category" or state != FieldReading.State.MISSING:
            return False
        return owner.person_category in self._groups_without_box

    @cached_property
    def _groups_without_box(self) -> frozenset[str]:
        groups = ruleset(self.dossier.ruleset_id).person_categories
        return frozenset(group.id for group in groups if not group.on_form)

    def owners(
        self, values: Mapping[Spot, str], filed_for: Enrolment | None, *, near: bool = True
    ) -> dict[Owned, Enrolment | None]:
        """Whose each document and each row of a page is.

        A page with one person on it is the one's it was filed for: what speaks against that is a difference. Of
        several, and in rows, the number tells, then a name that only one bears, then (`near`) a number read a
        digit or two wrong; who is then left over is the one it was filed for.
        """
        said: dict[Owned, dict[str, str]] = defaultdict(dict)
        for spot, value in values.items():
            if spot.name in (*NAMES, NUMBER):
                said[(spot.document, spot.row)][NUMBER if spot.name == NUMBER else "name"] = value
        alone = [place for place in said if place[1] < 0]
        if len(alone) == 1 and filed_for is not None:
            return {
                place: filed_for if place in alone else self._of(told, near) for place, told in said.items()
            }
        found = {place: self._of(told, near) for place, told in said.items()}
        nobodys = [place for place in alone if found[place] is None]
        if filed_for is not None and len(nobodys) == 1 and filed_for not in found.values():
            found[nobodys[0]] = filed_for
        return found

    def _of(self, told: Mapping[str, str], near: bool) -> Enrolment | None:
        number, name = told.get(NUMBER, ""), "".join(told.get("name", "").split())
        if number and (found := self.by_index.get(id_number_index(number))):
            return found
        bearers = self.by_name.get(name, []) if name else []
        if len(bearers) == 1:
            return bearers[0]
        return self._near(number, bearers or self.people.values()) if near and number else None

    def _near(self, number: str, among: Iterable[Enrolment]) -> Enrolment | None:
        apart = [(digits_apart(number, plain(one.person.id_number)), one) for one in among]
        close = [one for places, one in apart if places is not None and places <= MOST_DIGITS_APART]
        return close[0] if len(close) == 1 else None
