"""`manage.py rotate_field_keys`: encrypt every value again that is not under the active key."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from foundation.installation import installation
from foundation.key_rotation import models_with_secrets, rotate


class Command(BaseCommand):
    help = "After adding a key and making it FIELD_KEY_ACTIVE. May be stopped and run again; then drop the old key."

    def handle(self, **options: Any) -> None:
        for model in models_with_secrets():
            self.stdout.write(
                _("%(model)s：%(count)s 行改用密钥 %(key_id)s")
                % {
                    "model": model._meta.verbose_name,
                    "count": rotate(model),
                    "key_id": installation().field_key_active,
                }
            )
