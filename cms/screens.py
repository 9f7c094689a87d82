"""The screens beneath a dossier's page; each takes (request, dossier, ...)."""

urlpatterns: list = []
