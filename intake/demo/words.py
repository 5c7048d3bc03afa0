"""Words from which generated proposals are put together. Of our own writing, plain and a little dull on purpose."""

from __future__ import annotations

from random import Random

SUBJECTS: dict[str, tuple[str, ...]] = {
    "Advanced Semiconductor Technology": ("gallium nitride drivers", "wafer-level testing", "stacked memory dies"),
    "Compiler & Programming Language": ("vector code generation", "incremental type checking", "loop fusion"),
    "BlockChain": ("permissioned ledgers", "audit trails for supply chains", "threshold signatures"),
    "Software Engineering": ("regression test selection", "configuration drift", "code review at scale"),
    "Operation System": ("memory reclaim on small devices", "interrupt scheduling", "file system recovery"),
    "Engineering Technology": ("thermal design of dense racks", "vibration of antenna masts", "battery ageing"),
    "Data Management and Process": ("schema evolution", "late-arriving records", "approximate joins"),
    "Wireless Communication Technology": ("beam tracking indoors", "uplink power control", "channel estimation"),
    "Future Networks": ("deterministic latency", "in-network telemetry", "route repair after a cut"),
    "Optical Technology Computing Technology": ("coherent receivers", "silicon photonic switches", "fibre sensing"),
    "BigData & Artificial Intelligence": ("anomaly detection in counters", "learning from few labels", "forecasting"),
    "Media Technology": ("low-delay video coding", "subjective quality of speech", "point cloud compression"),
    "Storage Technology": ("erasure codes with local repair", "flash wear levelling", "tiered caches"),
}
ANY_SUBJECT = ("shared measurement", "planning under uncertainty", "careful comparison")
MANNERS = ("Bounded-error", "Self-checking", "Low-cost", "Streaming", "Robust", "Explainable", "Adaptive", "Verified")
SETTINGS = ("for small offices", "in old buildings", "under load", "across seasons", "with missing data", "at the edge")
GAPS = (
    "Those who run such systems today keep too little of what they measure",
    "Present methods work well in the laboratory and poorly a year later",
    "The published comparisons rest on data that nobody else can obtain",
    "Engineers still tune the main parameters by hand and by habit",
)
STEPS = (
    "We first build a reference set with known faults",
    "We derive a bound that a person without mathematics can read",
    "We write a prototype in the open and keep its history",
    "We measure against three published methods at equal cost",
    "We let an outside engineer label what can be seen",
    "We repeat the trial after six months without touching the settings",
)
ENDS = (
    "The project succeeds if the faults found in the full record are found at a tenth of the cost.",
    "The result is a library, a data set and a report that says when not to use it.",
    "All of it will be published, and nothing in it is proprietary.",
)
CHINESE_SUBJECTS = ("無線信道估計", "儲存系統", "編譯器優化", "視訊編碼", "光通訊", "資料管理", "網絡測量", "軟件測試")
CHINESE_MANNERS = ("自適應", "低成本", "可驗證", "穩健", "可解釋")
CHINESE_SENTENCES = (
    "現有方法在實驗室表現良好,但一年之後往往失效。",
    "本計劃先建立一套附有已知故障的參考資料。",
    "我們推導出一般工程人員也能理解的誤差上限。",
    "所有程式碼與資料將會公開,供其他研究者重複驗證。",
    "我們會以相同成本與三種已發表的方法作比較。",
    "成果包括一個程式庫、一份資料集和一份使用說明。",
)
FIRST = ("Alex", "Bo", "Casey", "Dana", "Eli", "Fran", "Gale", "Hao", "Ira", "Jun", "Kai", "Lee", "Ming", "Noor", "Ola")
LAST = ("Example", "Sample", "Placeholder", "Muster")
FOR_APPLICANT = (
    "The question is clear and the plan can be followed step by step. Please say what happens when the data are late.",
    "A sound idea. The comparison needs a simple baseline, and the last milestone is very full.",
    "The method is new in part. I would like to see the error reported for each site and not only on average.",
    "The text is well written, but the use for the sponsor stays general. Name one team that would try the result.",
)
FOR_OFFICE = ("No remarks.", "Would be glad to see it again.", "The budget is plain.", "")


def subject(theme: str, chance: Random) -> str:
    """What a proposal on the theme is about."""
    return chance.choice(SUBJECTS.get(theme, ANY_SUBJECT))


def title(subject: str, chance: Random) -> str:
    """A title on the subject."""
    return f"{chance.choice(MANNERS)} methods for {subject} {chance.choice(SETTINGS)}"


def title_zh(chance: Random) -> str:
    """A title in Chinese."""
    return f"{chance.choice(CHINESE_MANNERS)}{chance.choice(CHINESE_SUBJECTS)}方法研究"


def abstract(subject: str, chance: Random, chinese: bool) -> str:
    """An abstract of some 100 words, or of some 100 characters in Chinese."""
    if chinese:
        return "".join(chance.sample(CHINESE_SENTENCES, len(CHINESE_SENTENCES)))
    steps = ". ".join(chance.sample(STEPS, 4))
    return f"{chance.choice(GAPS)}. This project looks at {subject}. {steps}. {chance.choice(ENDS)}"


def description(subject: str, chance: Random) -> str:
    """A description of some 250 words under five headings."""
    parts = ("The question", "State of knowledge", "Approach", "Plan", "People and budget")
    return "\n\n".join(f"{part}\n{abstract(subject, chance, False)}" for part in parts)


def name(chance: Random) -> str:
    """A person's name, plainly made up."""
    return f"Dr {chance.choice(FIRST)} {chance.choice(LAST)}"
