"""Opening a class: the facts of 附件1 that the system needs, checked field by field."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.actions.course import ClassPlan
from dossiers.exceptions import NumberError
from dossiers.ledgers import ENTERPRISE_14, KEY_GROUP_17
from dossiers.models import DossierPage, InstitutionPage
from dossiers.numbering import ClassNumber
from dossiers.rulesets import Ruleset, ruleset_for

CITY_PLACE = "2312"
ENTREPRENEURSHIP = "entrepreneurship"
Kind = InstitutionPage.Kind


class DayInput(forms.DateInput):
    """A date as browsers pick it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OpenClassForm(forms.Form):
    """What an institution states when it opens a class."""

    ledger_id = forms.ChoiceField(label=_("适用台账"), choices=DossierPage.LedgerKind.choices)
    class_no = forms.CharField(label=_("班次号"), max_length=20, help_text=_("年度-序号，例如 2026-014"))
    training_type = forms.ChoiceField(label=_("培训种类"))
    startup_category = forms.ChoiceField(
        label=_("创业培训类别"), required=False, help_text=_("只有创业培训须选")
    )
    occupation = forms.CharField(label=_("职业（工种）"), max_length=60)
    skill_level = forms.ChoiceField(label=_("等级"))
    planned_trainees = forms.IntegerField(label=_("计划人数"), min_value=1, max_value=999)
    theory_lessons = forms.IntegerField(label=_("理论课时"), min_value=0, max_value=9999)
    practice_lessons = forms.IntegerField(label=_("技能课时"), min_value=0, max_value=9999)
    starts_on = forms.DateField(label=_("开班日期"), required=False, widget=DayInput())
    ends_on = forms.DateField(label=_("结业日期"), required=False, widget=DayInput())
    place = forms.CharField(label=_("培训地点"), max_length=120, required=False)
    homeroom_teacher = forms.CharField(label=_("班主任"), max_length=40, required=False)
    living_allowance_paid = forms.BooleanField(label=_("发放生活补贴"), required=False)
    partner = forms.ModelChoiceField(label="", queryset=InstitutionPage.objects.none(), required=False)
    custodian = forms.ChoiceField(
        label=_("保管单位"),
        choices=[("trainer", _("培训机构保管")), ("opener", _("开班企业保管"))],
        required=False,
        help_text=_("只有委托培训须选；保管单位归件、报送，另一方可看、可投入"),
    )

    def __init__(self, *args, institution: InstitutionPage, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写这一栏。")
        rules = ruleset_in_force()
        self.fields["training_type"].choices = [
            (kind.id, gettext(kind.label)) for kind in rules.training_types
        ]
        self.fields["startup_category"].choices = [("", "—")] + [
            (option.id, gettext(option.label)) for option in rules.startup_categories
        ]
        self.fields["skill_level"].choices = [
            (level.id, gettext(level.label)) for level in rules.skill_levels
        ]
        self.fields["skill_level"].initial = "5"
        is_enterprise = institution.kind == Kind.ENTERPRISE
        self.fields["ledger_id"].initial = ENTERPRISE_14 if is_enterprise else KEY_GROUP_17
        self._offer_partners(is_enterprise)

    def _offer_partners(self, is_enterprise: bool) -> None:
        field = self.fields["partner"]
        field.label = _("受托培训机构") if is_enterprise else _("委托企业")
        field.help_text = _("自办不选") if is_enterprise else _("受企业委托培训时选；自己招生不选")
        field.empty_label = _("无（自办）")
        other = Kind.INSTITUTION if is_enterprise else Kind.ENTERPRISE
        field.queryset = InstitutionPage.objects.filter(kind=other).order_by("title")

    def clean_class_no(self) -> str:
        try:
            return str(ClassNumber.parse(self.cleaned_data["class_no"]))
        except NumberError as wrong:
            raise forms.ValidationError(
                _("班次号应为“年度-三位序号”，例如 2026-014。请改成这样的号。")
            ) from wrong

    def clean(self) -> dict:
        given = super().clean()
        self._check_type(given)
        self._check_days(given)
        self._check_bodies(given)
        if given.get("theory_lessons") == 0 and given.get("practice_lessons") == 0:
            self.add_error("practice_lessons", _("理论与技能课时不能都是 0。请填本班的课时。"))
        return given

    def _check_type(self, given: dict) -> None:
        if "training_type" not in given or "ledger_id" not in given:
            return
        kind = ruleset_in_force().training_type(given["training_type"])
        if given["ledger_id"] not in kind.ledgers:
            self.add_error("training_type", _("这一种类不用所选的台账。请改选种类，或改选台账。"))
        if kind.id == ENTREPRENEURSHIP and not given.get("startup_category"):
            self.add_error("startup_category", _("创业培训须写明类别。请选一项。"))
        if kind.id != ENTREPRENEURSHIP:
            given["startup_category"] = ""

    def _check_days(self, given: dict) -> None:
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("结业日期早于开班日期。请改其中一个。"))

    def _check_bodies(self, given: dict) -> None:
        if self.institution.kind == Kind.ENTERPRISE and given.get("ledger_id") == KEY_GROUP_17:
            self.add_error("ledger_id", _("第十条的台账由培训机构开班时用。企业职工培训请选第七条的台账。"))
        if given.get("partner") and given.get("ledger_id") == KEY_GROUP_17:
            self.add_error("partner", _("第十条的班由培训机构开办，没有委托企业。请不选，或改选台账。"))

    def plan(self) -> ClassPlan:
        """The facts as the action takes them; only of a valid form."""
        given = dict(self.cleaned_data)
        custodian = given.pop("custodian")
        return ClassPlan(**given, custodian=self._custodian(custodian, given["partner"]))

    def _custodian(self, who: str, partner: InstitutionPage | None) -> InstitutionPage | None:
        if partner is None or who != "opener":
            return None
        return self.institution if self.institution.kind == Kind.ENTERPRISE else partner


def ruleset_in_force() -> Ruleset:
    """The ruleset a class opened today is opened under."""
    return ruleset_for(CITY_PLACE, timezone.localdate())
