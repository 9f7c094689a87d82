"""At the verification screen: what a reading leaves of a page, and the steps a person takes, for tests."""

from django.test import Client

from dossiers.models import Sheet
from dossiers.statements import plain
from ingestion.models import FieldReading, PageReading
from tests.factories import make_filing


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def changed(number: str, place: int) -> str:
    digit = "1" if number[place - 1] != "1" else "2"
    return number[: place - 1] + digit + number[place:]


def number_of(person) -> str:
    return person.person.id_number.reveal()


def read(sheet: Sheet, *fields, kind="id_card_front", documents=None) -> PageReading:
    """What the workshop leaves of a page: (name, value, state, confidence, document, row, problem)."""
    reading = PageReading.objects.create(
        sheet=sheet, engine="null", kind=kind, kind_confidence=0.98, documents=documents or [{"kind": kind}]
    )
    for at, given in enumerate(fields):
        name, value, *rest = given
        state, confidence, document, row, problem = (*rest, *("read", 0.97, 0, None, "")[len(rest) :])
        FieldReading.objects.create(
            reading=reading,
            name=name,
            value=FieldReading.sealed(value),
            value_index=FieldReading.index_of(name, value),
            state=state,
            confidence=confidence,
            document=document,
            row=row,
            problem=problem,
            quad=[[100, 100 + 60 * at], [900, 100 + 60 * at], [900, 140 + 60 * at], [100, 140 + 60 * at]],
        )
    return reading


def card(dossier, person, *, number="", name="", **facts) -> Sheet:
    """An ID card of this trainee, filed, with what was read on it."""
    sheet = make_filing(dossier, "identity_document_copy", enrolment=person, **facts).places.get().sheet
    number = number or number_of(person)
    state = "checked" if number == number_of(person) else "suspect"
    read(
        sheet,
        ("name", name or person.name),
        ("id_number", number, state, 0.61 if state == "suspect" else 0.98),
        ("address", "样本市示例区榆柳街 18 号"),
    )
    return sheet


def look(browser, dossier, sheet=None, **asked) -> str:
    query = asked | ({"sheet": str(sheet.uuid)} if sheet else {})
    answer = browser.get(dossier.screen("verify"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(browser, dossier, sheet=None, **asked):
    query = asked | ({"sheet": str(sheet.uuid)} if sheet else {})
    return browser.get(dossier.screen("verify"), query).context["page"]


def post(browser, dossier, sheet, do, **fields):
    page = page_of(browser, dossier, sheet)
    carried = {"sheet": str(sheet.uuid), "seen": page.last_word, "reading": page.fingerprint, "do": do}
    return browser.post(dossier.screen("verify"), carried | fields)


def say(browser, dossier, sheet, choice, spot="0.-1.id_number", **fields):
    return post(browser, dossier, sheet, "say", spot=spot, choice=choice, **fields)


def words(sheet) -> dict[str, tuple]:
    rows = sheet.field_statements.filter(superseded_at=None)
    return {one.name: (one.verdict, one.basis, plain(one.value), plain(one.read_value)) for one in rows}
