"""Made-up texts that the tests of scores share."""

from __future__ import annotations

import random

import numpy as np

from intake.affinity.blend import Weights
from intake.affinity.explaining import TERMS_SHOWN, explainer
from intake.affinity.meant import Vectors
from intake.affinity.reasons import Explanation
from intake.affinity.terms import Counted, read, weighed
from intake.affinity.texts import Candidate, Source, Subject, asked, digest, told
from intake.affinity.weighing import Weighed

TOPICS = {
    "batteries": "lithium battery electrolyte cathode anode storage charging cell ageing solid state interface",
    "networks": "wireless network antenna spectrum channel beamforming mobile latency packet routing edge access",
    "language": "language model translation corpus token grammar speech dialogue question answering text retrieval",
    "vision": "image camera pixel segmentation object detection scene depth pose video tracking recognition",
}
PLAIN = "method result study new approach problem performance high large system data analysis"


def explain(
    subject: Subject,
    candidate: Candidate,
    weights: Weights,
    common: Counted,
    *,
    terms: int = TERMS_SHOWN,
    vectors: Vectors | None = None,
) -> Explanation:
    """Why one pair has its score among the texts that ``common`` counted: read anew, not from the rows of the score."""
    ours, theirs = (weighed(read(texts, common.lexicon), common) for texts in ([asked(subject)], told(candidate)))
    tell = explainer([subject], [candidate], weights, Weighed(common, ours, theirs), terms=terms, vectors=vectors)
    return tell(subject.id, candidate.id)


def text_about(topic: str, chance: random.Random, words: int = 60) -> str:
    """Words of a topic among plain ones."""
    return " ".join(chance.choices(TOPICS[topic].split() * 2 + PLAIN.split(), k=words))


def people(chance: random.Random, a_topic: int = 3) -> list[Candidate]:
    """Some people of each topic with two to six publications each, a theme and keywords."""
    found = []
    for number, topic in enumerate(topic for topic in TOPICS for _ in range(a_topic)):
        sources = tuple(
            Source(f"publication {n}", text_about(topic, chance, 8), text_about(topic, chance))
            for n in range(chance.randint(2, 6))
        )
        keywords = tuple(chance.sample(TOPICS[topic].split(), k=3))
        found.append(Candidate(number, sources, {topic: chance.randint(1, 3)}, keywords))
    return found


def proposals(chance: random.Random, a_topic: int = 2) -> list[Subject]:
    """Some proposals of each topic."""
    return [
        Subject(
            number,
            text_about(topic, chance, 8),
            text_about(topic, chance),
            frozenset({topic}),
            tuple(chance.sample(TOPICS[topic].split(), k=4)),
        )
        for number, topic in enumerate(topic for topic in TOPICS for _ in range(a_topic))
    ]


def topic_of(each: Subject | Candidate) -> str:
    """The topic about which it was made."""
    (topic,) = each.themes
    return str(topic)


def made_up(subjects: list[Subject], candidates: list[Candidate]) -> Vectors:
    """A vector by chance for each text."""
    chance = np.random.default_rng(1)
    texts = [*map(asked, subjects), *(text for each in candidates for text in told(each))]
    vectors = chance.normal(0.3, 1, (len(texts), 8))
    return dict(zip(map(digest, texts), vectors / np.linalg.norm(vectors, axis=1)[:, None], strict=True))
