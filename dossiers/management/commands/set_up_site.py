"""Make what every installation needs, once; running it again changes nothing."""

from django.core.management.base import BaseCommand

from dossiers.actions.bodies import set_up_site


class Command(BaseCommand):
    help = "Make the root page, its site, the counties and the administrators' group."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--city", default="2312", help="administrative code of the city (GB/T 2260)")

    def handle(self, *args, **options) -> None:
        set_up_site(city=options["city"])
        self.stdout.write("site ready")
