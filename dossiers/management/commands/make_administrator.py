"""The first administrator of an installation, who makes all other accounts."""

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from dossiers.actions.accounts import first_password
from dossiers.actions.bodies import CITY_ADMINISTRATORS, set_up_site
from dossiers.models import Account


class Command(BaseCommand):
    help = "Make an administrator of the whole city and print her first password, once."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name")

    def handle(self, *args, **options) -> None:
        set_up_site()
        if Account.objects.filter(username=options["username"]).exists():
            raise CommandError(f"the user name {options['username']} is taken")
        account = Account(
            username=options["username"], full_name=options["full_name"], role=Account.Role.ADMINISTRATOR
        )
        password = first_password()
        account.set_password(password)
        account.save()
        account.groups.add(Group.objects.get(name=CITY_ADMINISTRATORS))
        self.stdout.write(f"{account.username}: {password}")
