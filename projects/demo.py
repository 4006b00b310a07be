"""The demo company's opportunities and orders: made, supplied with evidence and decided through the real steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.comments import add_comment
from core.demo import DemoWorld
from crm.models import Contact
from projects import approvers, evidence, operations
from projects.choices import STAGES, PartyRole
from projects.gates import FIELD, FILE, GATES, Evidence
from projects.models import Project

TITLES = (
    "唐山厂循环水改造 · 双吸泵", "三期取水泵房扩建", "污水厂提升泵更新", "化工装置工艺泵国产化", "热网循环泵节能改造",
    "矿井主排水泵更换", "消防泵组成套供货", "灌区泵站改造", "锅炉给水泵备机", "冷却塔循环泵增容",
    "中水回用泵站", "酸洗线耐蚀泵", "高层二次供水改造", "炼厂含硫污水泵", "脱硫浆液循环泵",
    "取水口立式长轴泵", "造纸白水泵", "药厂纯化水输送泵", "船坞排水泵", "除盐水泵更新",
)  # fmt: skip
NEEDS = (
    "现有三台泵效率低、振动大，计划明年春季检修期间更换，要求不改基础。",
    "新建泵房两用一备，业主要求能效一级，年底前完成招标。",
    "介质含砂，叶轮半年一换，希望换耐磨材质并延长机封寿命。",
    "设计院已出初步方案，业主希望我们配合核算汽蚀余量与管路曲线。",
)
COMPETITORS = (
    "一家本地厂报价低但无同规格业绩",
    "两家上市泵企已拜访过设计院",
    "原厂家有备件库存优势",
    "暂只有一家外资品牌参与",
)
MEASURED = {"npsh_margin": "0.9", "discount_percent": "4", "margin_percent": "26", "prepayment_percent": "30"}
# (final stage or end, how many); the last three of a stage get a story of their own below.
PLAN = (
    ("p01", 13), ("p02", 11), ("p03", 7), ("p04", 5), ("p05", 3), ("p06", 2), ("lost", 2), ("abandoned", 1),
    ("cancelled", 1), ("suspended", 3),
)  # fmt: skip


def load(world: DemoWorld) -> None:
    """48 projects: every stage up to design, every end, waiting, returned and conditionally released gates."""
    customers = [
        one for one in world.customers.values() if one.owner_id and one.kind in ("end_user", "epc", "dealer")
    ]
    chains = _with_decision_chain(customers)
    users = [one for one in customers if one.kind == "end_user"]
    number = 0
    for goal, count in PLAN:
        for turn in range(count):
            customer = customers[number % len(customers)]
            story = _Story(world, number, customer, customer.pk in chains, users)
            world.projects.append(story.tell(goal, turn))
            number += 1


@dataclass
class _Story:
    """One project's history, step by step in the past."""

    world: DemoWorld
    number: int
    customer: Any
    has_chain: bool
    users: list[Any]

    @property
    def owner(self) -> Any:
        """The customer's project manager as the world knows them, rights remembered."""
        return self._known(self.customer.owner)

    def _known(self, person: Any) -> Any:
        return self.world.users[person.username]

    def tell(self, goal: str, turn: int) -> Project:
        stage = (
            goal
            if goal in STAGES
            else {"cancelled": "p06", "lost": "p04", "suspended": "p02"}.get(goal, "p01")
        )
        steps = STAGES.index(stage)
        late = 26 if turn == 0 else 0
        times = self._times(steps, late)
        project = self._open(next(times))
        while project.state != stage:
            project = self._pass_gate(project, next(times))
        return self._finish(project, goal, turn)

    def _times(self, steps: int, late: int) -> Iterator[datetime]:
        """Instants in office hours, the last of them a few days ago (more for a late one)."""
        rng = self.world.rng
        gaps = [rng.randint(3, 11) for _ in range(steps)]
        at = self.world.ago(days=sum(gaps) + late + rng.randint(4, 8))
        for gap in [0, *gaps]:
            at += timedelta(days=gap)
            yield timezone.localtime(at).replace(hour=rng.randint(9, 16), minute=rng.randint(0, 59))

    def _open(self, at: datetime) -> Project:
        rng = self.world.rng
        amounts = [48_000, 86_000, 128_000, 168_000, 240_000, 380_000, 460_000]
        if self.has_chain:
            amounts += [820_000, 1_350_000, 2_600_000]
        signing = (self.world.now + timedelta(days=rng.randint(20, 150))).date()
        project = operations.create_project(
            by=self.owner,
            now=at,
            customer=self.customer,
            title=TITLES[self.number % len(TITLES)]
            + ("" if self.number < len(TITLES) else f"（{self.number // len(TITLES) + 1} 期）"),
            amount=Decimal(amounts[self.number % len(amounts)]),
            expected_sign_on=signing,
            product_class=rng.choice("aabbc"),
            source=rng.choice(["customer", "visit", "designer", "tender", "service"]),
            need=NEEDS[self.number % len(NEEDS)],
            next_step=rng.choice(
                ["与设计院核对管路曲线", "约技术交流", "寄样本与业绩表", "跟进招标公告", "请财务核成本"]
            ),
        )
        if self.customer.kind != "end_user":
            user = self.users[self.number % len(self.users)]
            operations.name_party(by=self.owner, now=at, project=project, customer=user, role=PartyRole.USER)
        return project

    def _supply(self, project: Project, at: datetime, *, leave_out: str = "") -> None:
        for item in GATES[project.gate].evidence:
            if item.code == leave_out or evidence.is_column(project, item):
                continue
            by = self._supplier(project, item.supplier)
            content = self._content(project, item, at)
            operations.provide_evidence(by=by, now=at, project=project, item=item.code, **content)

    def _content(self, project: Project, item: Evidence, at: datetime) -> dict[str, Any]:
        if item.type == FILE:
            return {"upload": _pdf(f"{item.label}-{project.code}.pdf", f"{project.code} {item.code}")}
        if item.type == FIELD:
            return {"values": {"value": MEASURED[item.field]}}
        return {"values": _words(item.code, self.number, at)}

    def _supplier(self, project: Project, code: str) -> Any:
        return {"TEC": self.world.users["dh_tec"], "FIN": self.world.users["fi1"]}.get(code, self.owner)

    def _pass_gate(self, project: Project, at: datetime) -> Project:
        if project.gate == "g02" and self.number % 11 == 5:
            return self._release(project, at)
        self._supply(project, at)
        project = project.submit_gate(by=self.owner, now=at)
        waiting = project.submissions.waiting().first()
        if waiting is None:
            return project
        if self.number % 9 == 4:
            decider = self._decider(project, waiting, at)
            project = project.return_gate(
                by=decider, now=at + timedelta(hours=3), reason="证据与最新需求不一致，请核对后再提交。"
            )
            at += timedelta(hours=20)
            project = project.submit_gate(by=self.owner, now=at, note="已按意见核对")
            waiting = project.submissions.waiting().get()
        return project.approve_gate(by=self._decider(project, waiting, at), now=at + timedelta(hours=4))

    def _release(self, project: Project, at: datetime) -> Project:
        """The curve is late; the deputy general manager lets the project go on for a week."""
        self._supply(project, at, leave_out="selected_curve")
        return project.release_conditionally(
            by=self.world.users["ex2"],
            now=at,
            missing="selected_curve",
            due_on=timezone.localtime(at + timedelta(days=8)).date(),
            reason="客户本周要方案，曲线由技术部一周内补齐。",
        )

    def _decider(self, project: Project, waiting: Any, at: datetime) -> Any:
        return self._known(
            approvers.people_for(waiting.level, project, without=waiting.submitted_by, now=at)[0]
        )

    def _finish(self, project: Project, goal: str, turn: int) -> Project:
        at = self.world.ago(days=1, hours=self.world.rng.randint(1, 8))
        owner = self.owner
        if goal == "lost":
            reason, rival = (("price", "华东某泵业"), ("lead_time", "北方泵厂"), ("predecided", "unknown"))[
                turn
            ]
            return project.lose(
                by=owner, now=at, loss_reason=reason, competitor=rival, reason="开标前缺少最终用户的支持。"
            )
        if goal == "abandoned":
            return project.abandon(by=owner, now=at, reason="业主资金未落实，超出我们的交期能力。")
        if goal == "cancelled":
            return project.cancel(by=self.world.users["ex1"], now=at, reason="业主整体停建，按合同结算。")
        if goal == "suspended":
            review = (self.world.now + timedelta(days=30 + turn * 14)).date()
            return project.suspend(by=owner, now=at, review_on=review, reason="等待业主资金计划批复。")
        if goal in ("p01", "p02", "p04", "p05") and turn == 1:
            self._supply(project, at)
            project = project.submit_gate(by=owner, now=at, note="资料已齐，请审批。")
        elif goal in ("p02", "p03", "p05") and turn in (2, 3):
            self._supply(project, at, leave_out=GATES[project.gate].evidence[1].code)
        if turn == 0 and goal in ("p02", "p03", "p05"):
            add_comment(by=owner, now=at, subject=project, text="客户要求本周内答复，请相关部门优先。")
        return project


def _with_decision_chain(customers: list[Any]) -> set[int]:
    """Customers whose decision maker, technical evaluator and user are known."""
    roles: dict[int, set[str]] = {}
    people = Contact.objects.alive().filter(customer__in=customers, left_at__isnull=True)
    for customer, role in people.values_list("customer_id", "decision_role"):
        roles.setdefault(customer, set()).add(role)
    return {customer for customer, known in roles.items() if known >= set(evidence.CHAIN_ROLES)}


def _words(item: str, number: int, at: datetime) -> dict[str, Any]:
    """A record's values, unlike any other's."""
    rival = COMPETITORS[number % len(COMPETITORS)]
    valid = date(at.year, at.month, at.day) + timedelta(days=30)
    shapes: dict[str, dict[str, Any]] = {
        "need_sheet": {"text": f"{NEEDS[number % len(NEEDS)]}（现场记录 {number + 1:02}）", "quantity": str(2 + number % 4)},
        "budget_source": {"funds": ("own", "public", "loan")[number % 3], "budget": str(100_000 + number * 20_000)},
        "competitors": {"text": f"{rival}（第 {number + 1} 次摸底）"},
        "duty_points": {"medium": "clean_water", "flow": str(200 + number * 15), "head": str(32 + number), "text": f"泵体 HT250，叶轮 304，机械密封；位号 P-{number + 101}"},
        "deviation_list": {"text": f"法兰标准与招标文件不同，其余无偏离；已与设计院确认，位号 P-{number + 101}"},
        "quotation_terms": {"terms": ("to_site", "ex_works", "to_station")[number % 3], "valid_until": valid.isoformat(), "lead_days": str(45 + number)},
        "result": {"win_reason": ("performance", "service", "references")[number % 3], "text": f"两轮谈判后确定，能效与服务响应得分最高（纪要 {number + 1:02}）"},
        "contract_review": {"text": f"技术、生产、质检、财务、售后五部门会签，质保条款已对齐（评审 {number + 1:02}）", "warranty": "18"},
    }  # fmt: skip
    return shapes[item]


def _pdf(name: str, words: str) -> SimpleUploadedFile:
    """A small one-page PDF with its own content."""
    stream = f"BT /F1 18 Tf 72 720 Td ({words}) Tj ET"
    body = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return SimpleUploadedFile(name, body.encode(), content_type="application/pdf")
