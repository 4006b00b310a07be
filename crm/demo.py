"""The demo company's customers, people, contact logs and follow-ups, made by the real operations with earlier dates."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.demo import DemoWorld
from crm.choices import CHANNELS
from crm.demo_stories import GIVEN, OTHERS, PUMPS, STORIES, SURNAMES, TALKS, TITLES, Story
from crm.identifiers import organisation_code_is_valid, uscc_check_digit
from crm.models import Contact, FollowUp, Territory
from crm.operations import add_site, create_customer, log_activity, plan_follow_up, recount_contact_due
from crm.planning import due_on

CHANNEL = {one.code: one for one in CHANNELS}
LOGS = {"consolidated": 9, "wavering": 9, "stable": 5, "reserved": 4, "acquaintance": 2, "": 2}
# What the newest promise of a customer looks like, in turn: days from today (negative: late).
LAST_STEP = (2, -1, 0, 5, -3, 3, 9, -7, 1, 14, 6, -2, 20, 4, 11)
STREETS = ("滨河路 {} 号", "工业大道 {} 号", "开发区三街 {} 号", "人民东路 {} 号")
OWNED = ("local_soe", "private", "private", "central_soe", "private", "foreign", "local_soe")
SIZES = {"vip": "large", "professional": "medium", "standard": "small"}
RIVALS = ("检修泵用本地一家的，价格低约一成", "新项目常邀一家南方泵厂比价", "备件有一半买通用件")
# Customers of whom we have no telephone number at all; elsewhere it lacks of every seventh colleague.
WITHOUT_PHONE = ("古北文旅", "申安消防", "琼海酒店", "沧海盐化")
# Days since somebody checked that a person is still there, in turn (0: never since they were entered).
CHECKED = (40, 210, 0, 95, 430, 150, 280, 20, 510, 120)


def load(world: DemoWorld) -> None:
    """About sixty customers with their people, some 200 logs of the last two years and follow-ups in every state."""
    _territories(world)
    builder = Builder(world)
    for story in STORIES:
        builder.build(story)
    for number, (name, short, *rest) in enumerate(OTHERS):
        builder.build(builder.invented(f"other{number}", f"{name}（示例）", short, *rest))
    builder.odd_follow_ups()
    recount_contact_due(world.now)


def _territories(world: DemoWorld) -> None:
    since = world.ago(days=900)
    for province, branch, owner in (
        ("13", "01", "pm2"),
        ("14", "01", "pm2"),
        ("33", "02", "pm3"),
        ("44", "03", "pm6"),
    ):
        Territory.objects.create(
            province_code=province, branch=world.units[branch], owner=world.users[owner], valid_from=since
        )


def demo_uscc(number: int) -> str:
    """A well-formed credit code in the region 990000, which does not exist."""
    body = f"MADEM{number:03d}"
    check = next(sign for sign in "0123456789X" if organisation_code_is_valid(body + sign))
    first = f"91990000{body}{check}"
    return first + uscc_check_digit(first)


class Builder:
    """Builds one customer after the other; numbers phones and chooses words in a fixed order."""

    def __init__(self, world: DemoWorld) -> None:
        self.world = world
        self.rng = world.rng
        self.people = 0
        self.customers = 0

    def invented(
        self, key: str, name: str, short: str, kind: str, industry: str, province: str, city: str, owner: str,
        tier: str, stage: str,
    ) -> Story:  # fmt: skip
        """A customer without a story: invented people, a plain history."""
        risk = round(self.rng.uniform(8, 46), 1) if stage in ("stable", "reserved") else None
        strength = round(self.rng.uniform(28, 74), 1) if stage in ("stable", "reserved") else None
        rule = {"stable": "T2", "reserved": "T1", "acquaintance": "new"}.get(stage, "")
        people = tuple(self._person(turn) for turn in range(self.rng.choice((2, 3, 3, 4))))
        since = self.rng.randint(20, 400)
        return Story(
            key, name, short, kind, industry, province, city, owner, tier, stage, since, rule, risk, strength,
            people=people,
        )  # fmt: skip

    def _person(self, turn: int) -> tuple[str, str, str, str, int]:
        name = self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)
        title, role = TITLES[(self.people + turn) % len(TITLES)] if turn else self.rng.choice(TITLES[2:4])
        attitude = self.rng.choice(("supporter", "neutral", "neutral", "unknown"))
        return name, title, role, attitude, 5 - min(turn, 3)

    def build(self, story: Story) -> None:
        """The customer, its people, its site and its history."""
        world, owner = self.world, self.world.users.get(story.owner)
        self.customers += 1
        born = world.ago(days=self.rng.randint(500, 730) if story.stage != "acquaintance" else 60)
        by = owner or world.users["dp1"]
        customer = create_customer(
            by=by,
            now=born,
            name=story.name,
            short_name=story.short_name,
            name_en=story.name_en,
            kind=story.kind,
            industry=story.industry,
            province_code=story.province,
            city_code=story.city,
            branch=owner.branch if owner else self._branch(story.province),
            owner=owner,
            uscc=demo_uscc(self.customers),
            source=self.rng.choice(("fair", "designer", "referral", "tender_site", "call")),
            contacts=[self._columns(story, turn, *person) for turn, person in enumerate(story.people)],
            **self._profile(story),
            **self._derived(story),
        )
        world.customers[story.key] = customer
        world.contacts[story.key] = list(Contact.objects.filter(customer=customer).order_by("pk"))
        self._lines_and_checks(story, born)
        if owner is not None and story.stage:
            add_site(
                by=by,
                now=born,
                customer=customer,
                name="一号泵房",
                province_code=story.province,
                travel_km=self.rng.randint(8, 180),
            )
        if owner is not None:
            self._history(customer, owner, story)

    def _branch(self, province: str) -> Any:
        from accounts.models import BranchRegion

        return BranchRegion.objects.in_force(self.world.now).get(province_code=province).unit

    def _profile(self, story: Story) -> dict[str, Any]:
        """What has been written down of the customer: nearly all of a VIP, of the others some parts, in turn."""
        turn, every = self.customers, story.tier == "vip"
        bought = story.stage in ("stable", "consolidated", "wavering")
        known: dict[str, Any] = {}
        if every or turn % 5:
            known["address"] = STREETS[turn % len(STREETS)].format(8 + 7 * turn)
        if every or turn % 4:
            known |= {"enterprise_size": SIZES.get(story.tier, ""), "ownership": OWNED[turn % len(OWNED)]}
        if every or (bought and turn % 3):
            known |= {
                "invoice_title": story.name,
                "tax_no": demo_uscc(turn),
                "bank_name": f"示例银行{story.short_name}支行",
                "bank_account": f"6200 0000 0000 {turn:04d}",
            }
        if every or turn % 3 == 0:
            known["competitors"] = RIVALS[turn % len(RIVALS)]
        if every or (bought and turn % 2):
            known["preferences"] = "先看曲线和能耗，再谈价格；上午十点后方便通话。"
        return known

    def _derived(self, story: Story) -> dict[str, Any]:
        """What issue-deep computations will derive: told here, so that the pages have something to show."""
        return {
            "tier": story.tier,
            "stage": story.stage,
            "stage_since": self.world.ago(days=story.days_in_stage) if story.stage else None,
            "stage_reason": {"rule": story.rule} if story.rule else {},
            "risk_score": None if story.risk is None else Decimal(str(story.risk)),
            "strength": None if story.strength is None else Decimal(str(story.strength)),
            "clv5": Decimal(story.clv5) if story.clv5 else None,
            "sponsor": self.world.users.get(story.sponsor),
            "needs_completion": not story.owner and story.kind == "end_user" and self.customers % 2 == 0,
        }

    def _columns(
        self, story: Story, turn: int, name: str, title: str, role: str, attitude: str, influence: int
    ) -> dict[str, Any]:
        self.people += 1
        colleague = turn and story.key.startswith("other")
        unheard = story.short_name in WITHOUT_PHONE or (colleague and self.people % 7 == 0)
        return {
            "name": name,
            "title": title,
            "decision_role": role,
            "attitude": attitude,
            "influence": influence,
            "mobile": "" if unheard else f"1410001{self.people:04d}",
            "phone": f"010-8888{self.people:04d}" if self.people % 3 == 0 and not unheard else "",
            "email": f"contact{self.people}@example.com" if self.people % 2 or unheard else "",
            "wechat": f"wx_demo{self.people}" if self.people % 4 == 0 else "",
        }

    def _lines_and_checks(self, story: Story, born: datetime) -> None:
        """Who reports to whom, when each was last checked, and one who has left."""
        people = self.world.contacts[story.key]
        for number, person in enumerate(people):
            boss = people[0] if number < 4 else people[number - 3]
            person.reports_to = boss if number else None
            days = CHECKED[(self.people - number + 3) % len(CHECKED)]
            checked = self.world.ago(days=days)
            person.verified_at = checked if days and checked > born else None
        if story.key == "qingyu":
            people[-1].left_at = timezone.localdate(self.world.ago(days=40))
            people[-1].reports_to = people[0]
        Contact.objects.bulk_update(people, ["reports_to", "verified_at", "left_at"])

    def _history(self, customer: Any, owner: Any, story: Story) -> None:
        """Logs from the first contact to the latest, each promising the next; the last promise is still open."""
        moments = self._moments(story)
        people = [person for person in self.world.contacts[story.key] if person.left_at is None]
        led: FollowUp | None = None
        for turn, at in enumerate(moments):
            channel, words, step = TALKS[(self.customers * 5 + turn) % len(TALKS)]
            last = turn + 1 == len(moments)
            if last and channel in ("call_missed", "email_sent"):
                channel, words, step = TALKS[8]
            chip = CHANNEL[channel]
            activity = log_activity(
                by=owner,
                now=at,
                customer=customer,
                type=chip.type,
                direction=chip.direction,
                outcome=chip.outcome,
                summary=words.format(pump=PUMPS[(self.customers + turn) % len(PUMPS)]),
                next_step=step,
                next_at=self._promised(at, None if last else moments[turn + 1]),
                contacts=[people[turn % len(people)]] if people else [],
                follow_up=led,
            )
            led = FollowUp.objects.get(activity=activity)

    def _promised(self, at: datetime, following: datetime | None) -> datetime:
        """The promised day: that of the following contact, or one of the open ones spread around today."""
        if following is not None:
            return due_on(timezone.localdate(max(following, at + timedelta(days=1))))
        days = LAST_STEP[self.customers % len(LAST_STEP)]
        day = timezone.localdate(self.world.now) + timedelta(days=days)
        return max(due_on(day), at + timedelta(hours=4))

    def _moments(self, story: Story) -> list[datetime]:
        """Working-hour instants between the start and a few days before today, oldest first."""
        latest = {"qingyu": 56, "hefen": 34, "shuoye": 19}.get(story.key, 8 + self.customers * 3 % 27)
        earliest = 55 if story.stage == "acquaintance" else 480
        count = LOGS[story.stage]
        days = sorted(
            {self.rng.randint(latest + 1, earliest) for _ in range(count - 1)} | {latest}, reverse=True
        )
        return [self._office_hour(self.world.ago(days=day)) for day in days]

    def _office_hour(self, moment: datetime) -> datetime:
        local = timezone.localtime(moment)
        local -= timedelta(days=max(0, local.weekday() - 4))
        hour = self.rng.choice((9, 9, 10, 10, 11, 14, 14, 15, 16, 17))
        return local.replace(hour=hour, minute=self.rng.randint(0, 59), second=0, microsecond=0)

    def odd_follow_ups(self) -> None:
        """A postponed, a cancelled and exactly 1, 3 and 7 days late follow-up for each of the first project managers."""
        now = self.world.now
        for login, keys in (
            ("pm1", ("yunrun", "chengyuan")),
            ("pm2", ("beilan", "hengchuan")),
            ("pm3", ("haiyan", "other20")),
        ):
            owner = self.world.users[login]
            first, second = (self.world.customers[key] for key in keys)
            for days, text in ((1, "确认备件到货时间"), (3, "送还上次借出的样本泵"), (7, "补签技术协议附件")):
                due = due_on(timezone.localdate(now) - timedelta(days=days))
                plan_follow_up(by=owner, now=due - timedelta(days=4), customer=first, text=text, due_at=due)
            planned = plan_follow_up(
                by=owner,
                now=now - timedelta(days=6),
                customer=second,
                text="约见分管副总",
                due_at=now + timedelta(days=1),
            )
            planned.snooze(
                by=owner,
                now=now - timedelta(days=2),
                due_at=now + timedelta(days=4),
                reason="对方出差，下周回来",
            )
            dropped = plan_follow_up(
                by=owner,
                now=now - timedelta(days=12),
                customer=second,
                text="参加对方供应商大会",
                due_at=now + timedelta(days=8),
            )
            dropped.cancel(by=owner, now=now - timedelta(days=5), reason="大会改为线上，不需到场")
