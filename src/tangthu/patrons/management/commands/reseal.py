from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from tangthu.patrons.actions.resealing import reseal


class Command(BaseCommand):
    help = "Seal all citizen numbers anew under the present secret key."

    def handle(self, **options: object) -> None:
        outcome = reseal()
        self.stdout.write(f"sealed={outcome.done} newest={outcome.newest} lost={outcome.lost}")
        if outcome.lost:
            raise CommandError(
                "some numbers open with none of the keys known: name the key that sealed them in "
                "TANGTHU_FORMER_SECRET_KEYS and run this again before you drop it"
            )
