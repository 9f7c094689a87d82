"""What every request passes: first passwords are replaced, and no page but one may use the camera."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class FirstPasswordMiddleware:
    """Send an account with a handed-out password to the page that replaces it."""

    OPEN = ("first-password", "logout", "set_language")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_set_password:
            allowed = {reverse(name) for name in self.OPEN}
            if request.path not in allowed and not request.path.startswith("/static/"):
                return redirect("first-password")
        return self.get_response(request)


class PermissionsMiddleware:
    """Camera, microphone and position are closed to every page; a screen that needs one opens it in its answer."""

    CLOSED = "camera=(), microphone=(), geolocation=()"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.CLOSED)
        return response
