"""Invents trainees: plausible names and numbers that belong to nobody (area code 231299 does not exist)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.numbering import make_id_number

CITY, COUNTY = "绥化市", "样本县"

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
MALE_SYLLABLES = "伟强磊军勇杰涛明超刚平辉鹏志国庆海林峰宇浩然博文家栋立新春生金宝晓东"
FEMALE_SYLLABLES = "芳娜敏静丽艳娟霞秀兰英华慧红梅玲燕雪琳颖佳欣雨婷桂香淑珍美凤春晓月洁莉"
ETHNICITIES = ("汉",) * 14 + ("满", "满", "朝鲜", "蒙古", "回")
STREETS = (
    "松花路",
    "北林街",
    "兰河路",
    "康庄路",
    "东兴街",
    "青禾路",
    "向阳街",
    "站前街",
    "新曙光村",
    "永安村",
    "四方台村",
)
ENTERPRISE_CATEGORIES = ("enterprise_employee",)
KEY_GROUP_CATEGORIES = (
    "rural_transfer_worker",
    "laid_off_unemployed",
    "poor_labourer",
    "junior_senior_graduate_not_continuing",
    "veteran",
    "disabled",
    "graduating_year_college_student",
)
EARLIEST_BIRTH = date(1968, 1, 1)
BIRTH_SPREAD_DAYS = 36 * 365


@dataclass(frozen=True)
class SpecimenPerson:
    """A fictional trainee; `index` counts from 0 in the order in which a roster prints them."""

    index: int
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    address: str
    id_number: str
    phone: str
    person_category: str
    card_from: date
    card_until: date | None
    county: str = COUNTY

    @property
    def hall(self) -> str:
        """Who issued the card."""
        return f"{self.county}公安局"

    @property
    def card_validity(self) -> str:
        """The validity as a card prints it: two dates, or open-ended (长期)."""
        until = self.card_until.strftime("%Y.%m.%d") if self.card_until else "长期"
        return f"{self.card_from:%Y.%m.%d}-{until}"


def make_people(
    count: int, seed: int, *, categories: Sequence[str] = KEY_GROUP_CATEGORIES
) -> list[SpecimenPerson]:
    """`count` people with distinct names and numbers; the same seed gives the same people."""
    rng = random.Random(f"people-{seed}")
    people: list[SpecimenPerson] = []
    while len(people) < count:
        person = _invent(rng, index=len(people), category=categories[len(people) % len(categories)])
        if not any(person.name == known.name or person.id_number == known.id_number for known in people):
            people.append(person)
    return people


def with_wrong_digit(id_number: str) -> str:
    """The same number with its last digit miswritten, so that its check fails."""
    wrong = "0" if id_number[-1] != "0" else "5"
    return id_number[:-1] + wrong


def _invent(rng: random.Random, *, index: int, category: str) -> SpecimenPerson:
    male = rng.random() < 0.45
    birth_date = EARLIEST_BIRTH + timedelta(days=rng.randrange(BIRTH_SPREAD_DAYS))
    sequence = rng.randrange(10, 499) * 2 + (1 if male else 0)
    card_from = date(rng.randrange(2014, 2020), rng.randrange(1, 13), rng.randrange(1, 28))
    return SpecimenPerson(
        index=index,
        name=_name(rng, male=male),
        sex="男" if male else "女",
        ethnicity=rng.choice(ETHNICITIES),
        birth_date=birth_date,
        address=_address(rng),
        id_number=make_id_number(birth_date, sequence),
        phone=f"1380000{rng.randrange(10000):04d}",
        person_category=category,
        card_from=card_from,
        card_until=_card_until(card_from, birth_date),
    )


def _card_until(card_from: date, birth_date: date) -> date | None:
    if card_from.year - birth_date.year >= 46:
        return None
    return card_from.replace(year=card_from.year + 20)


def _name(rng: random.Random, *, male: bool) -> str:
    syllables = MALE_SYLLABLES if male else FEMALE_SYLLABLES
    length = 1 if rng.random() < 0.22 else 2
    return rng.choice(SURNAMES) + "".join(rng.sample(syllables, length))


def _address(rng: random.Random) -> str:
    street = rng.choice(STREETS)
    if street.endswith("村"):
        return f"黑龙江省{CITY}{COUNTY}{street}{rng.randrange(1, 9)}组{rng.randrange(1, 99)}号"
    house, unit, room = rng.randrange(1, 190), rng.randrange(1, 7), rng.randrange(101, 702)
    return f"黑龙江省{CITY}{COUNTY}{street}{house}号{rng.randrange(1, 20)}栋{unit}单元{room}室"
