"""The company's structure as it is first installed: headquarters, branches with their provinces, departments.

Only a starting point: the rows it makes are edited on the pages and never overwritten by a later run.
"""

from datetime import UTC, datetime
from typing import Any

FOUNDED = datetime(2000, 1, 1, tzinfo=UTC)  # before the first business day the calendars know

HEADQUARTERS = ("00", "总部", "Headquarters", "71 81 82")
BRANCHES = (
    ("01", "北京分公司", "Beijing branch", "11 12 13 14 15 37"),
    ("02", "上海分公司", "Shanghai branch", "31 32 33 34"),
    ("03", "广州分公司", "Guangzhou branch", "35 44 45 46"),
    ("04", "成都分公司", "Chengdu branch", "50 51 52 53 54"),
    ("05", "西安分公司", "Xi'an branch", "61 62 63 64 65"),
    ("06", "沈阳分公司", "Shenyang branch", "21 22 23"),
    ("07", "武汉分公司", "Wuhan branch", "36 41 42 43"),
)
DEPARTMENTS = (
    ("SAL", "销售与项目管理部", "Sales & projects"),
    ("TEC", "技术部", "Technology"),
    ("PRD", "生产部", "Production"),
    ("QCD", "质量检验部", "Quality control"),
    ("LOG", "物流部", "Logistics"),
    ("PUR", "采购部", "Purchasing"),
    ("ASD", "售后服务部", "After-sales"),
    ("FIN", "财务商务部", "Finance & commercial"),
    ("SVD", "监督投诉部", "Supervision & complaints"),
    ("CRO", "CRM实施监督办公室", "CRM office"),
    ("GMO", "总经办", "General manager's office"),
)


def install(org_unit: Any, branch_region: Any) -> None:
    """Make the units and regions that are missing, through the given model classes (a migration's or the live ones)."""
    code, name_zh, name_en, provinces = HEADQUARTERS
    headquarters, _ = org_unit.objects.get_or_create(
        code=code, defaults={"name_zh": name_zh, "name_en": name_en, "kind": "hq"}
    )
    served = [(headquarters, provinces)]
    for code, name_zh, name_en, provinces in BRANCHES:
        names = {"name_zh": name_zh, "name_en": name_en}
        branch, _ = org_unit.objects.get_or_create(
            code=code, defaults={**names, "kind": "branch", "parent": headquarters}
        )
        served.append((branch, provinces))
    for code, name_zh, name_en in DEPARTMENTS:
        names = {"name_zh": name_zh, "name_en": name_en}
        org_unit.objects.get_or_create(
            code=code, defaults={**names, "kind": "department", "parent": headquarters}
        )
    taken = set(branch_region.objects.values_list("province_code", flat=True))
    branch_region.objects.bulk_create(
        branch_region(unit=unit, province_code=province, valid_from=FOUNDED)
        for unit, provinces in served
        for province in provinces.split()
        if province not in taken
    )
