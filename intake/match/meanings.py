"""The vectors of a call's texts, where the optional language model is installed: kept by the texts' digests, so that
each text is read once. Loads numpy and scipy: only the worker imports it, and late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import chain

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from intake import clock
from intake.affinity import meaning, model
from intake.affinity.texts import asked, digest, told
from intake.engine import writing
from intake.extensions import db
from intake.match.models import TextVector
from intake.match.texts import Inputs

Vector = npt.NDArray[np.float32]
NUMBERS = "<f4"
"""How a vector is kept: 32-bit floats, the least byte first."""
USE_NOTED_EACH = timedelta(days=7)
"""So that scores made each hour do not write of thousands of vectors each time that they are still used."""
KEPT_AT_ONCE, ASKED_AT_ONCE = 20, 500


def vectors_of(inputs: Inputs, tell: Callable[[int], None]) -> dict[str, Vector]:
    """The vector of each text that the call's scores are made from, by its ``digest``. Those that are not kept yet are
    made, a tenth of a second or so each, and kept, a few at a time: who is stopped loses little. Commits.

    ``tell`` is told how many are still to be made, after each; what it raises ends it.
    """
    texts = {digest(text): text for text in _texts(inputs)}
    found: dict[str, Vector] = {}
    for some in _portions(sorted(texts), ASKED_AT_ONCE):
        found |= _kept(some)
    missing = sorted(texts.keys() - found.keys())
    left = len(missing)
    tell(left)
    for some in _portions(missing, KEPT_AT_ONCE):
        made: dict[str, Vector] = {}
        for name, vector in zip(some, meaning.vectors(texts[each] for each in some), strict=True):
            made[name] = vector
            left -= 1
            tell(left)
        _keep(made)
        found |= made
    return found


def _texts(inputs: Inputs) -> Iterable[str]:
    candidates = chain.from_iterable(inputs.kinds.values())
    return chain(map(asked, inputs.subjects), chain.from_iterable(map(told, candidates)))


def _portions(names: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (names[at : at + size] for at in range(0, len(names), size))


def _kept(names: Sequence[str]) -> dict[str, Vector]:
    """Those of the vectors that are kept, now noted as used. Statements: 1, or 2 where that was long ago."""
    ours = sa.and_(TextVector.digest.in_(names), TextVector.model == model.NAME)
    rows = db.session.execute(sa.select(TextVector.digest, TextVector.vector, TextVector.used_at).where(ours)).all()
    db.session.rollback()
    now = clock.now()
    if any(row.used_at < now - USE_NOTED_EACH for row in rows):
        with writing():
            noted = sa.update(TextVector).where(ours).values(used_at=now)
            db.session.execute(noted, execution_options={"synchronize_session": False})
            db.session.commit()
    return {row.digest: np.frombuffer(row.vector, NUMBERS) for row in rows}


def _keep(made: dict[str, Vector]) -> None:
    """Keep these vectors in the place of those that another model made. Where another worker keeps the same ones at the
    same time, its are as good."""
    now = clock.now()
    rows = [
        {"digest": name, "model": model.NAME, "vector": vector.astype(NUMBERS).tobytes(), "used_at": now}
        for name, vector in made.items()
    ]
    try:
        with writing():
            before = sa.delete(TextVector).where(TextVector.digest.in_(list(made)))
            db.session.execute(before, execution_options={"synchronize_session": False})
            db.session.execute(sa.insert(TextVector), rows)
            db.session.commit()
    except IntegrityError:
        db.session.rollback()
