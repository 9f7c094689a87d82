"""Addresses of a small site that carries nothing but the shell, for tests of its templates."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


NAMES = ("desk", "classes", "intakes", "review-queue", "search", "accounts", "logout", "set_language")
urlpatterns = [path(f"{name}/", nothing, name=name) for name in NAMES]
