"""账号: made by heads and administrators; a first password is shown once, to be handed over."""

from axes.utils import reset as reset_attempts
from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.views.doors import site_view
from dossiers.actions import accounts
from dossiers.models import Account, County
from dossiers.permissions import Act, grantable_roles, manageable_accounts, manageable_institutions


class AccountForm(forms.Form):
    """A new account, within the maker's scope."""

    username = forms.SlugField(
        label=_("用户名"), max_length=40, help_text=_("字母、数字、- 与 _，例如 linhui")
    )
    full_name = forms.CharField(label=_("姓名"), max_length=40)
    role = forms.ChoiceField(label=_("角色"))
    institution = forms.ModelChoiceField(label=_("单位"), queryset=None, required=False)
    county = forms.ModelChoiceField(
        label=_("县（市、区）"),
        queryset=None,
        required=False,
        empty_label=_("全市"),
        help_text=_("只用于局里的角色"),
    )

    def __init__(self, *args, maker: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Account.Role.choices)
        self.maker = maker
        self.fields["role"].choices = [(role, labels[role]) for role in grantable_roles(maker)]
        self.fields["institution"].queryset = manageable_institutions(maker)
        self.fields["county"].queryset = (
            County.objects.all() if maker.county_id is None else County.objects.filter(pk=maker.county_id)
        )
        if maker.is_of_institution:
            del self.fields["institution"], self.fields["county"]

    def clean_username(self) -> str:
        if Account.objects.filter(username=self.cleaned_data["username"]).exists():
            raise forms.ValidationError(gettext("这个用户名已有人用。请换一个。"))
        return self.cleaned_data["username"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.maker.is_of_institution:
            cleaned["institution"], cleaned["county"] = self.maker.institution, None
        elif cleaned.get("role") in Account.INSTITUTION_ROLES:
            cleaned["county"] = None
            if cleaned.get("institution") is None:
                self.add_error("institution", gettext("机构的角色须选单位。"))
        else:
            cleaned["institution"] = None
            if self.maker.county_id is not None:
                cleaned["county"] = self.maker.county
        return cleaned


@site_view(Act.MANAGE_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    """The accounts of one's scope."""
    return _list(request, AccountForm(maker=request.user))


@site_view(Act.MANAGE_ACCOUNTS)
def make_account(request: HttpRequest) -> HttpResponse:
    """Make one; the first password is on the answer and nowhere else."""
    form = AccountForm(request.POST or None, maker=request.user)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        account, password = accounts.make_account(by=request.user, **form.cleaned_data)
    except IntegrityError:
        form.add_error("username", gettext("这个用户名已有人用。请换一个。"))
        return _list(request, form, status=422)
    return _list(request, AccountForm(maker=request.user), handed=(account, password))


@site_view(Act.MANAGE_ACCOUNTS)
def reset_password(request: HttpRequest, uuid) -> HttpResponse:
    """Hand out a new first password; it is good at once, also after five wrong ones."""
    account = _account(request, uuid)
    if request.method != "POST":
        return redirect("accounts")
    password = accounts.reset_password(account, by=request.user)
    reset_attempts(username=account.username)
    return _list(request, AccountForm(maker=request.user), handed=(account, password))


@site_view(Act.MANAGE_ACCOUNTS)
def close_account(request: HttpRequest, uuid) -> HttpResponse:
    """Close an account; its name stays in the logs."""
    account = _account(request, uuid)
    if request.method == "POST":
        accounts.close_account(account, by=request.user)
        messages.success(request, gettext("%(name)s 的账号已停用。") % {"name": account.full_name})
    return redirect("accounts")


def _list(
    request: HttpRequest, form: AccountForm, *, handed: tuple[Account, str] | None = None, status: int = 200
) -> HttpResponse:
    rows = manageable_accounts(request.user).select_related("institution", "county", "made_by")
    context = {
        "rows": rows.order_by("-is_active", "institution__title", "full_name"),
        "form": form,
        "handed": handed,
    }
    answer = render(request, "account/accounts.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _account(request: HttpRequest, uuid) -> Account:
    found = manageable_accounts(request.user).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found
