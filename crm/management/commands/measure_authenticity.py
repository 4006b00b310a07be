"""`manage.py measure_authenticity`: precision and recall of H1–H16 on invented logs whose truth is known."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.calendars import work_calendar
from core.workdays import WorkCalendar
from crm.authenticity_measure import PRECISION_GOAL, RECALL_GOAL, measure, table
from crm.authenticity_words import silent_sentences
from crm.labelled_logs import Dataset, generate


class Command(BaseCommand):
    """Generate labelled logs, judge them blind and print how well the signals found what was planted."""

    help = "Print precision and recall of each authenticity heuristic on labelled invented logs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seed", type=int, nargs="+", default=[1], help="One data set is made of each seed."
        )
        parser.add_argument("--authors", type=int, default=60)
        parser.add_argument("--weeks", type=int, default=26)

    def handle(self, *args: Any, **options: Any) -> None:
        calendar = work_calendar()
        poor = [
            f"{code} (seed {seed})"
            for seed in options["seed"]
            for code in self._poor(
                generate(seed, options["authors"], options["weeks"], calendar), seed, calendar
            )
        ]
        if poor:
            goal = f"precision {PRECISION_GOAL} and recall {RECALL_GOAL}"
            raise CommandError(f"below {goal}: {', '.join(poor)}")

    def _poor(self, data: Dataset, seed: int, calendar: WorkCalendar) -> list[str]:
        """Print one data set's table; which heuristics miss the goal in it."""
        measures = measure(data, calendar)
        self.stdout.write(f"{len(data.truth)} logs of {len(data.authors)} authors, seed {seed}")
        for line in table(measures).values():
            self.stdout.write(line)
        self.stdout.write(f"H11 is measured on invented call records. {silent_sentences(['H11'])[0]}")
        return [one.code for one in measures if not one.is_good]
