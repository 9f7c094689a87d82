"""Fill an empty installation with the demo; running it again changes nothing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms import demo


class Command(BaseCommand):
    help = "Make the demo: four classes of invented people, and log-ins that are printed."

    def handle(self, *args, **options) -> None:
        if settings.HTTPS:
            raise CommandError(
                "this installation is in production (HTTPS=1): the demo's passwords are public"
            )
        self.stdout.write(demo.seed().value)
        for person in (*demo.PEOPLE, demo.Person("admin", "孔令杰", "administrator")):
            self.stdout.write(f"  {person.username:<10} {demo.PASSWORD}   {person.full_name} ({person.role})")
