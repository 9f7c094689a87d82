"""Sentences and refusals: Chinese by themselves, translatable by template, every reason at once."""

import pytest

from dossiers.exceptions import DossierError, MoveRefused, NotReady, NumberError, Refused
from dossiers.sentences import sentence


def test_a_sentence_fills_its_template():
    said = sentence("gap", "%(who)s：尚未收到", who="李国栋")
    assert (str(said), said.template, said.code) == ("李国栋：尚未收到", "%(who)s：尚未收到", "gap")


def test_a_sentence_without_placeholders_may_hold_a_per_cent_sign():
    assert str(sentence("rate", "不足 70 %")) == "不足 70 %"


def test_a_refusal_tells_every_reason_at_once():
    refused = NotReady([sentence("a", "缺成绩单"), "缺试卷"])
    assert str(refused) == "缺成绩单；缺试卷"
    assert len(refused.reasons) == 2


@pytest.mark.parametrize("single", ["只此一条", sentence("a", "只此一条")])
def test_a_single_reason_needs_no_list(single):
    assert str(MoveRefused(single)) == "只此一条"


def test_whatever_the_domain_raises_on_purpose_has_one_root():
    assert issubclass(Refused, DossierError)
    assert issubclass(NumberError, DossierError)
    assert str(NumberError("ID number", ["wrong_length"])) == "ID number: wrong_length"
