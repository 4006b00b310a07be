"""Sentences of the invented contact logs: what honest people write, routine, terse, and what says nothing; pure."""

import random

PEOPLE = (
    "周副总", "王工", "李主任", "张科长", "刘经理", "陈处长", "何主任", "孙师傅", "赵总", "钱工", "吴班长", "郑部长", "冯老师", "蒋工",
    "Mr. Lin", "Ms. Guo",
)  # fmt: skip
SUBJECTS = (
    "二期泵房的流量", "机械密封的泄漏", "备件的交期", "轴承的振动频谱", "旧泵改造的报价", "变频器的选型", "年度框架协议的条款",
    "叶轮的材质", "出厂试验的见证", "电机的防爆等级", "检修窗口的安排", "招标文件的技术偏离", "付款节点", "质保期的延长", "现场吊装的条件",
    "能耗对比测试", "管路的水锤问题", "安装基础的图纸", "联轴器的对中", "操作工的培训",
)  # fmt: skip
VERBS = (
    "确认了",
    "提出要重新核算",
    "担心",
    "详细询问",
    "要求书面说明",
    "认可我们关于",
    "希望本周定下",
    "对比了另一家的",
    "不同意",
)
RESULTS = (
    "同意先做一台样机再定批量", "要我们周五前发正式方案", "下周二开技术交流会再定", "让采购部走询价流程", "先看第三方的检测报告",
    "价格还要再降一些才能报批", "预算已经列入明年计划", "等总工出差回来签字", "把试验大纲改两处再提交", "希望派服务工程师去现场测一次",
    "愿意提供运行数据给我们分析", "暂缓到大修以后再谈", "约好月底去我们工厂参观", "需要补一份资质证明", "请我们把交货期写进合同",
)  # fmt: skip
THIN_TEXTS = (
    "已联系", "正常跟进", "电话沟通", "已拜访客户", "常规拜访，一切正常", "继续跟进", "微信沟通，沟通顺利，客户满意", "保持联系，后续跟进，暂无需求",
    "打了个电话", "聊了聊", "见面", "ok", "客户满意", "正常跟进。正常跟进。正常跟进。", "已回访，情况正常，无异常，保持联系", "客户那边没什么事情，例行问候一下",
)  # fmt: skip
TERSE = (
    "{who}收到报价，周四给我们答复",
    "{who}说{n}号泵已停机待修，等备件",
    "约{who}{n}号上午十点去现场看泵",
)


def honest_text(rng: random.Random) -> str:
    """Who said what about what, a figure, and what was agreed."""
    who, subject, verb = rng.choice(PEOPLE), rng.choice(SUBJECTS), rng.choice(VERBS)
    figure = f"，涉及{rng.randrange(2, 60)}台、约{rng.randrange(3, 900)}万元" if rng.random() < 0.6 else ""
    return f"{who}{verb}{subject}{figure}，{rng.choice(RESULTS)}。"


def routine_text(rng: random.Random) -> str:
    """An inspection note: the same sentence each time, with the day's readings."""
    return (
        f"{rng.randrange(1, 12)}号泵例行巡检：驱动端振动{rng.uniform(0.8, 7):.1f} mm/s，轴承温度{rng.randrange(38, 80)} ℃，"
        f"出口压力{rng.uniform(0.3, 1.6):.2f} MPa，密封{rng.choice(('无泄漏', '轻微渗漏', '每分钟三滴'))}，{rng.choice(RESULTS)}。"
    )


def terse_text(rng: random.Random) -> str:
    """Short and yet something was said."""
    return rng.choice(TERSE).format(who=rng.choice(PEOPLE), n=rng.randrange(1, 29))
