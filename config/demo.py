"""The demo company's logins, as the sign-in page and `./impeller up` show them (contract: role code and number)."""

from typing import NamedTuple


class DemoLogin(NamedTuple):
    """One login with its place in both languages."""

    name: str
    place_zh: str
    place_en: str


PASSWORD = "impeller-demo"  # noqa: S105 - published; production settings refuse it

LOGINS = [
    DemoLogin("pm1", "项目经理 · 01 北京", "project manager · 01 Beijing"),
    DemoLogin("pm2", "项目经理 · 01 北京", "project manager · 01 Beijing"),
    DemoLogin("pm3", "项目经理 · 02 上海", "project manager · 02 Shanghai"),
    DemoLogin("bm1", "分公司经理 · 01 北京", "branch manager · 01 Beijing"),
    DemoLogin("bm2", "分公司经理 · 02 上海", "branch manager · 02 Shanghai"),
    DemoLogin("bm3", "分公司经理 · 03", "branch manager · 03"),
    DemoLogin("ae1", "售后工程师", "after-sales engineer"),
    DemoLogin("ae2", "售后工程师", "after-sales engineer"),
    DemoLogin("dp1", "调度员", "dispatcher"),
    DemoLogin("am1", "售后经理", "after-sales manager"),
    *(
        DemoLogin(f"d{kind}_{unit}", f"{zh_unit}{zh_kind}", f"{en_unit} {en_kind}")
        for kind, zh_kind, en_kind, units in (
            ("h", "经办", "handler", "tec prd qcd log pur fin"),
            ("m", "负责人", "manager", "sal tec prd qcd log pur asd fin"),
        )
        for unit, zh_unit, en_unit in (
            ("sal", "销售部", "Sales"),
            ("tec", "技术部", "Technology"),
            ("prd", "生产部", "Production"),
            ("qcd", "质检部", "Quality"),
            ("log", "物流部", "Logistics"),
            ("pur", "采购部", "Purchasing"),
            ("asd", "售后部", "After-sales"),
            ("fin", "财务部", "Finance"),
        )
        if unit in units.split()
    ),
    DemoLogin("sv1", "督办专员", "supervisor"),
    DemoLogin("sv2", "督办负责人", "head of supervision"),
    DemoLogin("co1", "运营", "commercial operations"),
    DemoLogin("co2", "运营", "commercial operations"),
    DemoLogin("fi1", "财务", "finance"),
    DemoLogin("ex1", "总经理", "general manager"),
    DemoLogin("ex2", "副总经理", "deputy general manager"),
    DemoLogin("au1", "审计", "auditor"),
    DemoLogin("ad1", "系统管理员", "administrator"),
    DemoLogin("ad2", "安全管理员", "security administrator"),
]
SHOWN_FIRST = ("pm1", "bm1", "dp1", "ae1", "am1", "sv1", "ex1", "ad1")
