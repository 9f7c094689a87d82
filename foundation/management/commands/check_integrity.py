"""`manage.py check_integrity`: first proves that every check can see, then looks at the installation."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from foundation import integrity


class Command(BaseCommand):
    help = "Prove the checks on planted faults, then check the installation; exit status 1 on any fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="compare sizes, do not hash every original")
        parser.add_argument("--prove-only", action="store_true", help="only the proof on planted faults")

    def handle(self, *, quick: bool, prove_only: bool, **options: Any) -> None:
        proof = integrity.prove()
        self.stdout.write(_("自检 %(found)s/%(planted)s") % {"found": proof.found, "planted": proof.planted})
        for code in proof.blind:
            self.stdout.write(self.style.ERROR(_("自检没有找到预埋的问题：%(code)s") % {"code": code}))
        count = 0 if prove_only else self._look(is_deep=not quick)
        if proof.blind or count:
            sys.exit(1)

    def _look(self, *, is_deep: bool) -> int:
        """Every check with the number of its faults, each fault on a line; the number of all."""
        ground, total = integrity.real_ground(is_deep=is_deep), 0
        for one in integrity.checks():
            found = list(one.faults(ground))
            total += len(found)
            self.stdout.write(f"{len(found):>6}  {one.title}")
            for fault in found:
                self.stdout.write(f"        {fault.code}  {fault.where}  {fault.text}")
        self.stdout.write(_("共 %(total)s 处问题") % {"total": total})
        return total
