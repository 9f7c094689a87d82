"""Signing in, signing out, and the first password."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dossiers.actions import accounts


class SignIn(LoginView):
    """The one page an unknown person sees; django-axes throttles it."""

    template_name = "account/login.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session."""


@login_required
def first_password(request: HttpRequest) -> HttpResponse:
    """Replace the password that was handed out by one's own."""
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = accounts.set_first_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, account)
        return redirect("desk")
    return render(request, "account/first_password.html", {"form": form})
