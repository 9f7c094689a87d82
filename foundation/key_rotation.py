"""Moving stored secrets to the active key, row by row, while people go on working."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from foundation.installation import installation
from foundation.secrets import EncryptedTextField, Masked, key_id_of


def models_with_secrets() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if secret_names(model))


def secret_names(model: type[models.Model]) -> list[str]:
    return [one.attname for one in model._meta.local_fields if isinstance(one, EncryptedTextField)]


def rotate(model: type[models.Model]) -> int:
    """Encrypt again what is not under the active key; the number of rows changed. May be run again."""
    names = secret_names(model)
    return sum(_rotated(row, names) for row in model._base_manager.iterator() if _stale(row, names))


def _stale(row: models.Model, names: list[str]) -> dict[str, Masked]:
    active = installation().field_key_active
    values = {name: getattr(row, name) for name in names}
    return {
        name: value
        for name, value in values.items()
        if isinstance(value, Masked) and key_id_of(value.stored) != active
    }


@transaction.atomic
def _rotated(seen: models.Model, names: list[str]) -> bool:
    """Read again under a lock, as the row may have changed since it was listed."""
    row = type(seen)._base_manager.select_for_update().filter(pk=seen.pk).first()
    stale = _stale(row, names) if row else {}
    if stale:
        type(seen)._base_manager.filter(pk=seen.pk).update(**stale)
    return bool(stale)
