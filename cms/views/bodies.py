"""单位: the training bodies of an administrator's scope."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.views.doors import refusals, site_view
from dossiers.actions import bodies
from dossiers.models import Account, County, InstitutionPage
from dossiers.numbering import check_credit_code
from dossiers.permissions import Act, manageable_institutions


class BodyForm(forms.Form):
    """A new training body."""

    title = forms.CharField(label=_("名称"), max_length=60)
    short_name = forms.CharField(
        label=_("简称"), max_length=12, help_text=_("目录的责任者一栏用，至多十二字")
    )
    code = forms.SlugField(label=_("机构代码"), max_length=20)
    kind = forms.ChoiceField(label=_("类别"), choices=InstitutionPage.Kind.choices)
    county = forms.ModelChoiceField(label=_("所在地"), queryset=None)
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)

    def __init__(self, *args, maker: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mine = County.objects.all() if maker.county_id is None else County.objects.filter(pk=maker.county_id)
        self.fields["county"].queryset = mine

    def clean_credit_code(self) -> str:
        code = self.cleaned_data["credit_code"].strip().upper()
        if code and check_credit_code(code):
            raise forms.ValidationError(
                gettext("统一社会信用代码不对：应为 18 位，且末位校验相符。请照执照再核一遍。")
            )
        return code


@site_view(Act.MANAGE_ACCOUNTS)
def body_list(request: HttpRequest) -> HttpResponse:
    """The bodies, and a form for one more."""
    _bureau_only(request)
    return _list(request, BodyForm(maker=request.user))


@site_view(Act.MANAGE_ACCOUNTS)
def found_body(request: HttpRequest) -> HttpResponse:
    """Enter one more body."""
    _bureau_only(request)
    form = BodyForm(request.POST or None, maker=request.user)
    if not form.is_valid():
        return _list(request, form, status=422)
    with refusals(request) as refused:
        body = bodies.found_institution(by=request.user, **form.cleaned_data)
        messages.success(
            request, gettext("%(name)s 已登记。下一步：为它开立负责人账号。") % {"name": body.title}
        )
        return redirect("bodies")
    return _list(request, form, status=refused.status)


def _bureau_only(request: HttpRequest) -> None:
    if not request.user.is_of_bureau:
        raise Http404


def _list(request: HttpRequest, form: BodyForm, status: int = 200) -> HttpResponse:
    rows = manageable_institutions(request.user).select_related("county").order_by("county__code", "title")
    return render(request, "account/bodies.html", {"rows": rows, "form": form}, status=status)
