"""The demo company's pumps and tickets: a year of finished work, and a dispatch board in the middle of its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count, cycle
from typing import Any

from django.utils import timezone

from core.calendars import work_calendar
from core.demo import DemoWorld
from core.workdays import add_business_time
from crm.models import Contact, Customer, Site
from crm.operations import record_facts
from service import operations
from service.demo_words import CATALOGUE, FINISHED, LIVE, POSITIONS, Live
from service.models import Pump, Ticket

# How many pumps a customer runs, by tier: enough that about every eighth fails in a year. Newcomers run none of ours yet.
PUMPS = {"vip": 75, "professional": 16, "standard": 9}
OLDEST, NEWEST = 2600, 380  # days since delivery: before the earliest fault told


def load(world: DemoWorld) -> None:
    """Some five hundred pumps and seventy tickets in every state, through the operations, with earlier dates."""
    world.pumps.extend(_pumps(world))
    builder = Builder(world)
    for days, symptom, impact, stars in FINISHED:
        builder.finished(days, symptom, impact, stars)
    for story in LIVE:
        builder.live(story)
    builder.public_reports()
    world.tickets.extend(builder.made)


def _pumps(world: DemoWorld) -> Iterator[Pump]:
    """The pumps of every end user, contractor and dealer who has bought from us."""
    models, positions, number = cycle(CATALOGUE), cycle(POSITIONS), count(101)
    sites = {site.customer_id: site for site in Site.objects.order_by("-pk")}
    for customer in world.customers.values():
        buys = customer.kind in ("end_user", "epc", "dealer") and customer.stage != "acquaintance"
        if not customer.owner_id or not buys:
            continue
        site, fleet = sites.get(customer.pk), PUMPS[customer.tier]
        record_facts(customer=customer, source="pumps", facts={"pumps_in_service": fleet}, now=world.now)
        yield from operations.add_pumps(
            by=world.users["dp1"],
            now=world.ago(days=400),
            customer=customer,
            pumps=[_pump(world, site, next(models), next(positions), next(number)) for _ in range(fleet)],
        )


def _pump(world: DemoWorld, site: Any, built: tuple[Any, ...], position: str, number: int) -> dict[str, Any]:
    """One pump of the catalogue with its dates and running hours."""
    model, flow, head, speed, motor = built
    age = world.rng.randint(NEWEST, OLDEST)
    shipped = timezone.localtime(world.ago(days=age)).date()
    accepted = shipped + timedelta(days=45)
    return {
        "site": site,
        "serial": f"{shipped:%y%m}-{model.split('-')[0][:5]}-{number:05d}",
        "model": model,
        "flow": flow,
        "head": head,
        "speed": speed,
        "motor_kw": motor,
        "position": position,
        "made_on": shipped - timedelta(days=20),
        "delivered_on": shipped,
        "accepted_on": accepted,
        "warranty_until": _warranty(shipped, accepted),
        "running_hours": (age - 60) * world.rng.randint(2, 20),
        "standby": number % 3 == 0,
        "criticality": 1 + number % 3,
    }


def _warranty(shipped: date, accepted: date) -> date:
    """Twelve months after acceptance, eighteen after delivery, whichever ends first."""
    return min(accepted + timedelta(days=365), shipped + timedelta(days=548))


def _spread(pumps: list[Pump]) -> list[Pump]:
    """The pumps in an order in which every customer comes up as often as it has pumps, evenly."""
    turn, of = Counter[int](), Counter(pump.customer_id for pump in pumps)
    places = []
    for pump in pumps:
        turn[pump.customer_id] += 1
        start = pump.customer_id * 0.618 % 1  # so that customers with as many pumps do not come up together
        places.append((turn[pump.customer_id] + start) / of[pump.customer_id])
    return [pump for _, pump in sorted(zip(places, pumps, strict=True), key=lambda pair: pair[0])]


class Builder:
    """Takes tickets through their steps; pumps and engineers in turn."""

    def __init__(self, world: DemoWorld) -> None:
        self.world = world
        self.made: list[Ticket] = []
        self.dispatcher = world.users["dp1"]
        self.engineers = cycle([world.users[f"ae{number}"] for number in (1, 2, 3, 1, 4, 5, 6, 7)])
        pumps, told = _spread(world.pumps), 5 * len(world.tickets)  # past those that have a ticket already
        self.pumps = cycle(pumps[told:] + pumps[:told])
        self.people: dict[int, Iterator[Contact]] = {}
        self.used: set[tuple[int, str]] = set()
        self.calendar = work_calendar()

    def later(self, start: datetime, hours: float) -> datetime:
        """That many working hours afterwards, but never in the future."""
        return min(add_business_time(start, timedelta(hours=hours), self.calendar), self.world.ago(minutes=1))

    def pump_for(self, symptom: str, tier: str = "") -> Pump:
        """The next pump whose customer has the tier and which has not had this symptom yet."""
        for _ in range(2 * len(self.world.pumps)):
            pump = next(self.pumps)
            fits = not tier or pump.customer.tier == tier
            if fits and (pump.pk, symptom) not in self.used:
                self.used.add((pump.pk, symptom))
                return pump
        return self.pump_for(symptom)

    def caller(self, customer: Customer) -> Contact:
        """Those who still work there call in turn."""
        if customer.pk not in self.people:
            self.people[customer.pk] = cycle(customer.contacts.filter(left_at=None).order_by("pk"))
        return next(self.people[customer.pk])

    def register(self, at: datetime, pump: Pump, symptom: str, impact: str, **columns: Any) -> Ticket:
        """A call taken by the dispatcher unless `by` says otherwise."""
        by = columns.pop("by", self.dispatcher)
        ticket = operations.register_ticket(
            by=by,
            now=at,
            customer=pump.customer,
            contact=self.caller(pump.customer),
            pumps=[pump],
            symptom=symptom,
            impact=impact,
            **columns,
        )
        self.made.append(ticket)
        return ticket

    def worked(self, ticket: Ticket, engineer: Any, at: datetime) -> tuple[Ticket, datetime]:
        """Dispatched, taken with a diagnosis, travelled, arrived; returns the time of arrival."""
        offered = self.later(at, 0.2)
        ticket = ticket.dispatch(by=self.dispatcher, now=offered, engineer=engineer)
        ticket = ticket.take(
            by=engineer, now=self.later(offered, 0.2), diagnosis="已电话指导停泵检查，带件上门"
        )
        ticket = ticket.travel(by=engineer, now=self.later(offered, 0.5))
        arrived = self.later(offered, 3 + self.world.rng.random() * 4)
        return ticket.arrive(by=engineer, now=arrived), arrived

    def finished(self, days: int, symptom: str, impact: str, stars: int) -> None:
        """A ticket closed long ago; `stars` is what the customer said of the engineer's manner."""
        at = add_business_time(self.world.ago(days=days), timedelta(minutes=1), self.calendar)
        engineer = next(self.engineers)
        ticket = self.register(at, self.pump_for(symptom), symptom, impact)
        ticket, arrived = self.worked(ticket, engineer, at)
        done = self.later(arrived, 2.5)
        ticket = self.report(
            ticket, engineer, done, signer=ticket.contact.name if ticket.contact else "现场负责人"
        )
        if ticket.callback_required:
            called = self.later(done, 9)
            ticket = ticket.call_back(by=self.dispatcher, now=called, fixed=True, attitude=stars)
        self.made[-1] = ticket.close(by=self.dispatcher, now=self.later(done, 10))

    def report(self, ticket: Ticket, engineer: Any, at: datetime, *, signer: str = "") -> Ticket:
        """Report and resolve."""
        return operations.finish_work(
            by=engineer,
            now=at,
            ticket=ticket,
            columns={
                "symptom": ticket.symptom,
                "cause_class": self.world.rng.choice("uimwpb"),
                "actions": [self.world.rng.choice(["align", "seal", "bearing", "clean", "adjust"])],
                "hours": self.world.rng.choice([1.5, 2, 2.5, 4, 6]),
                "summary": "现场处理完毕，试运行正常。",
                "readings": {"before": {"vibration": "7.8"}, "after": {"vibration": "2.1"}},
                "signer_name": signer,
            },
        )

    # --- today --------------------------------------------------------------------------------------------------

    def live(self, story: Live) -> None:
        """One ticket of the running board, taken to where its story stands."""
        at = self.world.ago(hours=story.hours)
        engineer = self.world.users.get(story.engineer)
        by = self.world.users.get(story.by, self.dispatcher)
        ticket = self.register(
            at,
            self.pump_for(story.symptom, story.tier),
            story.symptom,
            story.impact,
            safety_flag=story.safety,
            description=story.words,
            by=by,
            type=story.type,
            planned_on=timezone.localtime(self.world.now).date() + timedelta(days=2)
            if story.type in ("install", "maintain")
            else None,
        )
        self.made[-1] = self.advance(ticket, story, engineer, at) or ticket

    def advance(self, ticket: Ticket, story: Live, engineer: Any, at: datetime) -> Ticket | None:
        """Step by step up to the state the story names."""
        now = self.world.now
        if story.reaches == "queue":
            return None
        if story.reaches == "cancelled":
            return ticket.cancel(
                by=self.dispatcher, now=self.world.ago(minutes=30), reason="客户自行恢复，撤销报修"
            )
        offered = at + (now - at) / 6
        ticket = ticket.dispatch(
            by=self.dispatcher,
            now=self.world.ago(minutes=10) if story.reaches == "assigned" else offered,
            engineer=engineer,
            planned_start=self.slot(story.slot),
            planned_minutes=story.minutes,
        )
        if story.reaches == "assigned":
            return ticket
        ticket = ticket.take(by=engineer, now=offered + (now - at) / 12, diagnosis=story.diagnosis)
        if story.reaches == "remote":
            return ticket
        ticket = ticket.travel(by=engineer, now=at + (now - at) / 3)
        if story.reaches == "travel":
            return ticket
        ticket = ticket.arrive(by=engineer, now=at + (now - at) / 2)
        return self.end(ticket, story, engineer, at + (now - at) * 2 / 3, self.world.ago(minutes=20))

    def end(self, ticket: Ticket, story: Live, engineer: Any, mid: datetime, late: datetime) -> Ticket:
        """What happens once the engineer is on site."""
        if story.reaches == "on_site":
            return ticket
        if story.reaches.startswith("waiting_"):
            wait = getattr(ticket, story.reaches.replace("waiting", "wait"))
            return wait(by=engineer, now=mid, reason=story.diagnosis or "等待", proof="现场记录")
        if story.reaches == "resolved":
            return ticket.resolve(by=engineer, now=mid)
        signer = "现场负责人" if story.reaches in ("pending_callback", "reopened") else ""
        ticket = self.report(ticket, engineer, mid, signer=signer)
        if story.reaches == "reopened":
            return ticket.reopen(by=self.dispatcher, now=late, reason="客户来电：运行两小时后又出现")
        return ticket

    def slot(self, hour: float) -> datetime | None:
        """An hour of the demo's own day."""
        if not hour:
            return None
        today = timezone.localtime(self.world.now).replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(hours=hour)

    def public_reports(self) -> None:
        """Two reports from the code on a pump, not yet looked at."""
        for minutes, symptom, name, phone in (
            (25, "F15", "泵房值班员", "010-5550-0137"),
            (140, "F02", "设备科", "010-5550-0142"),
        ):
            operations.receive_report(
                now=self.world.ago(minutes=minutes),
                pump=self.pump_for(symptom),
                symptom=symptom,
                impact="i3",
                safety_flag=False,
                description="扫码报修，请尽快回电。",
                reporter_name=name,
                reporter_phone=phone,
                peer=f"192.0.2.{minutes}",
            )
