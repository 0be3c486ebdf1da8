"""Labels of the taxonomy in English and Chinese: one for each member of each list."""

from enum import StrEnum

from shared.contract.values.problems import Words
from shared.contract.values.taxonomy import Expectation, Gap, Need, Psychology, Sub, Trigger
from shared.contract.values.vocabulary import Category, CauseSide, Motive, Nature, Style

Labels = dict[str, tuple[str, str]]

_LABELS: dict[type[StrEnum], Labels] = {
    Category: {
        "product": ("Product", "产品投诉"),
        "service": ("Service", "服务投诉"),
        "price": ("Price", "价格投诉"),
        "policy": ("Policy or terms", "政策投诉"),
    },
    Sub: {
        "product.quality": ("Quality of the product", "产品质量"),
        "product.function": ("Function that fails or is missing", "产品功能"),
        "product.performance": ("Performance of the product", "产品性能"),
        "product.description": ("Not as described or advertised", "与描述或宣传不符"),
        "delivery.late": ("Late delivery", "配送延误"),
        "delivery.damaged": ("Damaged on the way", "配送破损"),
        "delivery.wrong": ("Wrong or missing goods", "错发漏发"),
        "delivery.lost": ("Lost on the way", "配送丢失"),
        "service.attitude": ("Attitude of staff", "服务态度"),
        "service.efficiency": ("Slow service", "服务效率"),
        "service.quality": ("Quality of the service", "服务质量"),
        "service.access": ("No contact, or no access", "联系不上或无法使用"),
        "service.privacy": ("Personal data", "个人信息"),
        "service.security": ("Fraud or use without consent", "欺诈或未经同意的使用"),
        "price.transparency": ("Price that was not shown or explained", "价格不透明"),
        "price.fairness": ("Price that is too high", "价格不合理"),
        "price.change": ("Price that changed", "价格变动"),
        "price.charge": ("Wrong charge", "错误收费"),
        "policy.terms": ("Terms of the contract", "合同条款"),
        "policy.eligibility": ("Not accepted or not entitled", "不符合条件"),
        "policy.application": ("Rule that was applied wrongly", "规定执行不当"),
    },
    CauseSide: {
        "customer_use": ("Use by the customer", "客户使用"),
        "defect": ("Defect of the product", "产品缺陷"),
        "service": ("Service", "服务"),
        "policy": ("Policy or terms", "政策"),
        "third_party": ("Third party", "第三方"),
    },
    Nature: {
        "transaction": ("About a fact", "事务型"),
        "attitude": ("About an attitude", "态度型"),
        "opinion": ("An opinion", "意见型"),
    },
    Trigger: {
        "loss": ("Interests were harmed", "利益受损失"),
        "not_heard": ("Complaints were ignored", "抱怨没人听"),
        "nobody_responsible": ("Responsibility was not taken", "责任无人负"),
        "broken_promise": ("A promise was not kept", "承诺不兑现"),
    },
    Motive: {
        "compensation": ("Compensation", "求补偿"),
        "refund": ("Refund", "退款"),
        "apology": ("Apology", "道歉"),
        "time": ("Speed", "时间"),
        "venting": ("Venting", "发泄"),
        "respect": ("Respect", "求尊重"),
        "understanding": ("Understanding", "求理解"),
        "suggestion": ("Suggestion", "提建议"),
        "retaliation": ("Retaliation", "报复"),
        "harassment": ("Harassment", "骚扰"),
    },
    Need: {
        "heard": ("To be understood", "被理解"),
        "respected": ("To be respected", "被尊重"),
        "safe": ("To be safe", "获得安全感"),
        "solve": ("To have the problem solved", "解决问题"),
        "compensate": ("To be compensated", "得到补偿"),
        "correct": ("To have the mistake corrected", "改正失误"),
    },
    Gap: {
        "below": ("Less than expected", "低于期望"),
        "met": ("As expected", "符合期望"),
        "above": ("More than expected", "高于期望"),
    },
    Expectation: {
        "churn_risk": ("Dissatisfied: may leave", "不满意（流失）"),
        "wavering": ("Ordinary: undecided", "普通（摇摆）"),
        "loyal": ("Satisfied: loyal", "满意（忠诚）"),
    },
    Style: {
        "angry": ("Extremely angry", "极其愤怒"),
        "prepared": ("Well prepared", "有备而来"),
        "repetitive": ("Repetitive", "喋喋不休"),
        "reticent": ("Reticent", "少言寡语"),
    },
    Psychology: {
        "problem": ("Problem", "问题型"),
        "respect": ("Respect", "尊重型"),
        "compensation": ("Compensation", "补偿型"),
        "venting": ("Venting", "发泄型"),
        "exchange": ("Exchange", "交流型"),
    },
}

LABELS: dict[type[StrEnum], dict[StrEnum, Words]] = {
    kind: {kind(code): Words(*words) for code, words in own.items()} for kind, own in _LABELS.items()
}
"""Label of each member, by its list."""


def label(member: StrEnum) -> Words:
    """Label of a member of the taxonomy."""
    return LABELS[type(member)][member]
