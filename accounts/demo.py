"""The people of the demo company: contract logins, invented names, units, heads, reporting lines, grants.

They all share one published password, which only an installation with demo data accepts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.choices import Role
from accounts.models import OrgUnit, User
from accounts.operations import grant_role, invite_user
from core.demo import DemoWorld
from core.models import Parameter

DEMO_PASSWORD = "impeller-demo"  # noqa: S105 - published; see PasswordBackend
JOINED_DAYS_AGO = 1100
NEW_PM_DAYS_AGO = 45
UNLISTED = frozenset({"pm4", "pm5", "pm6", "pm7", "pm8", "ae3", "ae4", "ae5", "ae6", "ae7", "dp2"})


@dataclass(frozen=True)
class Person:
    """One invented colleague; the role is the first part of the login, in capitals."""

    username: str
    name_zh: str
    name_en: str
    unit: str
    manager: str = ""
    flags: tuple[str, ...] = ()
    title_zh: str = ""
    title_en: str = ""

    @property
    def role(self) -> str:
        return self.username[:2].upper()

    @property
    def listed(self) -> bool:
        """Whether the sign-in page shows the login; the others only fill the company."""
        return self.username not in UNLISTED


PEOPLE = (
    Person(
        "ex1",
        "贺景山",
        "He Jingshan",
        "00",
        "",
        ("price_l3", "override_approver"),
        "总经理",
        "General manager",
    ),
    Person(
        "ex2",
        "罗维民",
        "Luo Weimin",
        "00",
        "ex1",
        ("override_approver", "duty_officer"),
        "副总经理",
        "Deputy general manager",
    ),
    Person("bm1", "周正平", "Zhou Zhengping", "01", "dm_sal", ("price_l1",), "分公司经理", "Branch manager"),
    Person("bm2", "方若溪", "Fang Ruoxi", "02", "dm_sal", ("price_l1",), "分公司经理", "Branch manager"),
    Person("bm3", "梁海生", "Liang Haisheng", "03", "dm_sal", ("price_l1",), "分公司经理", "Branch manager"),
    Person("pm1", "林知远", "Lin Zhiyuan", "01", "bm1", (), "高级项目经理", "Senior project manager"),
    Person("pm2", "赵明川", "Zhao Mingchuan", "01", "bm1", (), "项目经理", "Project manager"),
    Person("pm3", "陈启航", "Chen Qihang", "02", "bm2", (), "项目经理", "Project manager"),
    Person("pm4", "苏婉清", "Su Wanqing", "01", "bm1", (), "见习项目经理", "Trainee project manager"),
    Person("pm5", "顾凌霄", "Gu Lingxiao", "02", "bm2", (), "项目经理", "Project manager"),
    Person("pm6", "黎少川", "Li Shaochuan", "03", "bm3", (), "项目经理", "Project manager"),
    Person("pm7", "温雅南", "Wen Yanan", "03", "bm3", (), "项目经理", "Project manager"),
    Person("pm8", "段鹏飞", "Duan Pengfei", "01", "bm1", (), "项目经理", "Project manager"),
    Person("ae1", "高立新", "Gao Lixin", "ASD", "am1", (), "高级售后工程师", "Senior service engineer"),
    Person("ae2", "马骁", "Ma Xiao", "ASD", "am1", (), "售后工程师", "Service engineer"),
    Person("ae3", "何田田", "He Tiantian", "ASD", "am1", (), "售后工程师", "Service engineer"),
    Person("ae4", "丁浩然", "Ding Haoran", "ASD", "am1", (), "售后工程师", "Service engineer"),
    Person("ae5", "沈越", "Shen Yue", "ASD", "am1", (), "机封工程师", "Seal engineer"),
    Person("ae6", "杜一凡", "Du Yifan", "ASD", "am1", (), "电机工程师", "Motor engineer"),
    Person("ae7", "罗听澜", "Luo Tinglan", "ASD", "am1", (), "消防泵工程师", "Fire pump engineer"),
    Person("dp1", "吴思敏", "Wu Simin", "ASD", "am1", (), "售后调度", "Service dispatcher"),
    Person("dp2", "尹佳", "Yin Jia", "ASD", "am1", (), "售后调度", "Service dispatcher"),
    Person(
        "am1", "郑国梁", "Zheng Guoliang", "ASD", "dm_asd", ("duty_officer",), "售后经理", "Service manager"
    ),
    Person("dm_sal", "沈怀远", "Shen Huaiyuan", "SAL", "ex1", ("price_l2",), "销售总监", "Sales director"),
    Person("dm_tec", "钱致和", "Qian Zhihe", "TEC", "ex2", (), "技术部部长", "Head of technology"),
    Person("dm_prd", "孙建业", "Sun Jianye", "PRD", "ex2", (), "生产部部长", "Head of production"),
    Person(
        "dm_qcd",
        "蒋明慧",
        "Jiang Minghui",
        "QCD",
        "ex1",
        ("fat_signer",),
        "质检部部长",
        "Head of quality control",
    ),
    Person("dm_log", "李顺达", "Li Shunda", "LOG", "ex2", (), "物流部部长", "Head of logistics"),
    Person("dm_pur", "潘允文", "Pan Yunwen", "PUR", "ex1", (), "采购部部长", "Head of purchasing"),
    Person("dm_asd", "韩立诚", "Han Licheng", "ASD", "ex2", (), "售后服务部部长", "Head of after-sales"),
    Person("dm_fin", "曹敏", "Cao Min", "FIN", "ex1", (), "财务商务部部长", "Head of finance"),
    Person("dh_tec", "田一鸣", "Tian Yiming", "TEC", "dm_tec", (), "选型工程师", "Selection engineer"),
    Person("dh_prd", "石磊", "Shi Lei", "PRD", "dm_prd", (), "生产计划员", "Production planner"),
    Person(
        "dh_qcd",
        "秦晓月",
        "Qin Xiaoyue",
        "QCD",
        "dm_qcd",
        ("fat_signer",),
        "检验工程师",
        "Inspection engineer",
    ),
    Person("dh_log", "于海洋", "Yu Haiyang", "LOG", "dm_log", (), "发运专员", "Shipping clerk"),
    Person("dh_pur", "余淑敏", "Yu Shumin", "PUR", "dm_pur", (), "采购专员", "Buyer"),
    Person("dh_fin", "毛晓东", "Mao Xiaodong", "FIN", "dm_fin", (), "商务专员", "Commercial clerk"),
    Person("sv1", "邵明远", "Shao Mingyuan", "SVD", "sv2", (), "监督员", "Supervision officer"),
    Person(
        "sv2",
        "冯守正",
        "Feng Shouzheng",
        "SVD",
        "ex1",
        ("duty_officer",),
        "监督投诉部部长",
        "Head of supervision",
    ),
    Person(
        "co1",
        "许静",
        "Xu Jing",
        "CRO",
        "ex1",
        ("privacy_officer",),
        "CRM办公室主任",
        "Head of the CRM office",
    ),
    Person("co2", "白雅琴", "Bai Yaqin", "CRO", "co1", ("exam_author",), "CRM培训师", "CRM trainer"),
    Person("fi1", "汪海燕", "Wang Haiyan", "FIN", "dm_fin", (), "财务专员", "Finance clerk"),
    Person("au1", "严察", "Yan Cha", "GMO", "ex1", (), "审计员", "Auditor"),
    Person("ad1", "唐维", "Tang Wei", "GMO", "ex1", (), "系统管理员", "System administrator"),
    Person("ad2", "安可", "An Ke", "GMO", "ex1", ("security_admin",), "安全管理员", "Security administrator"),
)
HEADS = {
    "00": "ex1",
    "01": "bm1",
    "02": "bm2",
    "03": "bm3",
    "SAL": "dm_sal",
    "TEC": "dm_tec",
    "PRD": "dm_prd",
    "QCD": "dm_qcd",
    "LOG": "dm_log",
    "PUR": "dm_pur",
    "ASD": "dm_asd",
    "FIN": "dm_fin",
    "SVD": "sv2",
    "CRO": "co1",
    "GMO": "ex1",
}
IN_CHARGE = {"ex2": ("ASD", "PRD", "TEC", "LOG"), "ex1": ("SAL", "QCD", "PUR", "FIN")}


def load(world: DemoWorld) -> None:
    """Add the people to the demo world under their logins, and the units under their codes."""
    world.users.update(load_people(world.now))
    world.units.update({unit.code: unit for unit in OrgUnit.objects.all()})


def load_people(now: datetime) -> dict[str, User]:
    """Make the people that are missing; returns all of them by login."""
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    password = make_password(DEMO_PASSWORD)
    users = {
        user.username: user for user in User.objects.filter(username__in=[one.username for one in PEOPLE])
    }
    for number, person in enumerate(PEOPLE, start=1):
        if person.username in users:
            continue
        joined = now - timedelta(days=NEW_PM_DAYS_AGO if person.username == "pm4" else JOINED_DAYS_AGO)
        user = users[person.username] = invite_user(
            by=None,
            now=joined,
            username=person.username,
            name_zh=person.name_zh,
            name_en=person.name_en,
            unit=units[person.unit],
            role=person.role,
            email=f"{person.username.replace('_', '.')}@example.com",
            phone=f"+86141{number:08d}",
            job_title_zh=person.title_zh,
            job_title_en=person.title_en,
            password=password,
        )
        scope = units["00"] if person.unit == "GMO" else units[person.unit]
        grant_role(by=None, now=joined, user=user, role=person.role, scope_unit=scope, flags=person.flags)
    for person in PEOPLE:
        if person.manager and users[person.username].manager_id is None:
            users[person.username].manager = users[person.manager]
            users[person.username].save(update_fields=["manager"])
    for code, head in HEADS.items():
        OrgUnit.objects.filter(code=code, head=None).update(head=users[head])
    for executive, codes in IN_CHARGE.items():
        OrgUnit.objects.filter(code__in=codes, executive=None).update(executive=users[executive])
    return users


@dataclass
class DemoGroup:
    """The logins of one role, for the sign-in page."""

    role: Any
    people: list[User]


def demo_logins() -> list[DemoGroup]:
    """The active demo people by role, in the order of the role list; empty where no demo data was loaded."""
    if not settings.DEMO or not Parameter.objects.filter(key="demo.loaded").exists():
        return []
    names = [person.username for person in PEOPLE if person.listed]
    people = {
        user.username: user
        for user in User.objects.active().filter(username__in=names).select_related("unit")
    }
    groups = []
    for role in Role:
        of_role = [
            people[one.username] for one in PEOPLE if one.role == role.value and one.username in people
        ]
        if of_role:
            groups.append(DemoGroup(role, of_role))
    return groups
