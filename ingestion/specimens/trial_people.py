"""People and classes for the benchmark: each part draws names, places and trades from words of its own."""

import random
from dataclasses import dataclass, replace
from datetime import date

from ingestion.specimens.course import SpecimenCourse, make_course
from ingestion.specimens.people import SpecimenPerson, make_people
from ingestion.specimens.typefaces import Part


@dataclass(frozen=True)
class Words:
    """What a part of the benchmark makes its facts of; no word of one part is used by the other."""

    surnames: str
    syllables: str
    counties: tuple[str, ...]
    streets: tuple[str, ...]
    institutions: tuple[str, ...]
    enterprises: tuple[str, ...]
    occupations: tuple[str, ...]
    lecturers: tuple[str, ...]


WORDS: dict[Part, Words] = {
    "tuning": Words(
        surnames="王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许",
        syllables="伟强磊军勇杰涛明超刚平辉鹏志国庆海芳娜敏静丽艳娟霞秀兰英华慧红梅玲",
        counties=("样本县", "范例县"),
        streets=("松花路", "北林街", "兰河路", "康庄路", "新曙光村", "永安村"),
        institutions=("绥化市样本职业技能培训学校", "样本县春华职业培训学校"),
        enterprises=("绥化样本食品有限公司", "样本县金穗粮油有限责任公司"),
        occupations=("中式烹调师", "保育师", "电工", "养老护理员"),
        lecturers=("周若谷", "潘思远", "冯晓棠"),
    ),
    "kept-out": Words(
        surnames="韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姜范崔谭廖石",
        syllables="燕雪琳颖佳欣雨婷桂香淑珍美凤春晓月洁莉林峰宇浩然博文家栋立新生金宝东旭瑞祥",
        counties=("例证县", "示范区", "仿真市"),
        streets=("向阳街", "站前街", "东兴街", "青禾路", "四方台村", "柳河屯", "铁西路"),
        institutions=("北安路例证职业技能培训中心", "示范区启航技工学校", "黑龙江仿真职业培训有限公司"),
        enterprises=(
            "仿真市宏达机械制造有限公司",
            "例证县绿源农业发展有限公司",
            "示范区安康养老服务有限公司",
        ),
        occupations=("美容师", "焊工", "茶艺师", "家政服务员", "叉车司机", "育婴员"),
        lecturers=("余清和", "江晚亭", "严知白"),
    ),
}


def trial_people(part: Part, count: int, seed: int) -> list[SpecimenPerson]:
    """`count` people of this part; the same seed gives the same people."""
    rng, words = random.Random(f"trial-people-{part}-{seed}"), WORDS[part]
    people, names = [], set[str]()
    for person in make_people(count, seed):
        name = _name(rng, words)
        while name in names:
            name = _name(rng, words)
        names.add(name)
        county = rng.choice(words.counties)
        people.append(replace(person, name=name, county=county, address=_address(rng, words, county)))
    return people


def trial_course(part: Part, ledger: str, seed: int) -> SpecimenCourse:
    """A class of this part."""
    rng, words = random.Random(f"trial-course-{part}-{ledger}-{seed}"), WORDS[part]
    first_day = date(2025, rng.randrange(1, 13), rng.randrange(1, 28))
    course = make_course(
        f"{first_day:%Y}-{rng.randrange(1, 200):03d}",
        ledger="enterprise_14" if ledger == "enterprise_14" else "key_group_17",
        seed=seed,
        starts_on=first_day,
    )
    lecturer = dict(zip(course.lecturers, words.lecturers, strict=True))
    return replace(
        course,
        institution=rng.choice(words.institutions),
        enterprise=rng.choice(words.enterprises),
        occupation=rng.choice(words.occupations),
        level=rng.choice(("五级（初级工）", "四级（中级工）", "三级（高级工）")),
        place=f"{rng.choice(words.counties)}{rng.choice(words.streets)}{rng.randrange(2, 90)}号实训楼",
        lecturers=words.lecturers,
        homeroom_teacher=rng.choice(words.lecturers),
        sessions=tuple(
            replace(session, lecturer=lecturer.get(session.lecturer, words.lecturers[0]))
            for session in course.sessions
        ),
    )


def _name(rng: random.Random, words: Words) -> str:
    given = rng.sample(words.syllables, 1 if rng.random() < 0.25 else 2)
    return rng.choice(words.surnames) + "".join(given)


def _address(rng: random.Random, words: Words, county: str) -> str:
    street = rng.choice(words.streets)
    head = f"黑龙江省绥化市{county}"
    if street.endswith(("村", "屯")):
        return f"{head}{street}{rng.randrange(1, 9)}组{rng.randrange(1, 99)}号"
    if rng.random() < 0.4:
        return f"{head}{street}{rng.randrange(1, 190)}号"
    return f"{head}{street}{rng.randrange(1, 190)}号{rng.randrange(1, 20)}栋{rng.randrange(1, 7)}单元{rng.randrange(101, 702)}室"
