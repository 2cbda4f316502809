"""`make bench-anchoring`: how often passages are found again, and what that costs.

Trials of every kind (tests/catalog/anchoring_trials.py) over the demo articles, and over the seed documents
where SEED_DOCUMENTS is set; then the CPU time of one recapture as a multiple of folding the old text once.
Prints both tables. Exits 1 beyond the limits. Arguments: trials of each kind and length (300).
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from catalog.anchoring import reanchor
from catalog.capture import capture
from catalog.folding import fold
from tests.catalog.anchoring_trials import (
    KINDS,
    LENGTHS,
    Draft,
    answers,
    demo_texts,
    everything,
    passage,
    trials,
)

RIGHT = 0.99
WRONG = {"deleted": 0.0, "replaced": 0.0, "deleted, lookalike": 0.02}
# Characters, passages, and how many times the fold of the text a recapture may cost.
SIZES = ((6_000, 100, 6.0), (120_000, 1_000, 10.0))
ROUNDS = 7


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    corpora = {"demo articles": demo_texts()}
    if folder := os.environ.get("SEED_DOCUMENTS"):
        paths = sorted(Path(folder).glob("*.txt"))
        corpora["seed documents"] = [capture(path.read_bytes(), limit=1_000_000) for path in paths]
    failed = False
    for name, texts in corpora.items():
        failed = count_trials(name, texts, count) or failed
    return int(measure(corpora["demo articles"]) or failed)


def count_trials(name: str, texts: list[str], count: int) -> bool:
    """Print the table of trials over `texts`; True when it is beyond a limit."""
    print(f"\n{name}: {len(texts)} texts, {count} trials of each kind and length")
    print(f"{'kind':<26}{'length':<9}{'right':>8}{'missed':>8}{'wrong':>8}{'wrong, verified':>17}")
    total: Counter[str] = Counter()
    failed = False
    for kind in KINDS:
        for length in LENGTHS:
            verdicts: Counter[str] = Counter()
            for trial, outcome in answers(trials(texts, kind, length, count)):
                verdict = trial.verdict(outcome)
                verdicts[verdict] += 1
                verdicts["verified"] += verdict != "right" and outcome.state == "verified"
            print_row(kind, length, verdicts)
            total += verdicts
            failed = failed or verdicts["wrong"] > WRONG.get(kind, 1.0) * count
    print_row("all", "", total)
    trials_made = total["right"] + total["missed"] + total["wrong"]
    print(f"{total['right'] / trials_made:.2%} of {trials_made:,} right (at least {RIGHT:.0%})")
    return failed or total["verified"] > 0 or total["right"] < RIGHT * trials_made


def print_row(kind: str, length: str, verdicts: Counter[str]) -> None:
    figures = f"{verdicts['right']:>8}{verdicts['missed']:>8}{verdicts['wrong']:>8}{verdicts['verified']:>17}"
    print(f"{kind:<26}{length:<9}{figures}")


def measure(texts: list[str]) -> bool:
    """Print what a recapture with all edits together costs; True when it is beyond a limit."""
    print(f"\n{'characters':>10}{'passages':>10}{'fold':>11}{'recapture':>12}{'ratio':>9}")
    failed = False
    for size, count, limit in SIZES:
        rng = random.Random(size)
        text = long_text(rng, texts, size)
        draft = Draft(text)
        everything(rng, draft)
        new = draft.text
        spans = [passage(rng, text, rng.choice(list(LENGTHS.values()))) for _ in range(count)]
        unit, cost = cpu_seconds(lambda: fold(text), lambda: reanchor(text, new, spans))  # noqa: B023
        print(
            f"{size:>10,}{count:>10,}{unit * 1000:>8.1f} ms{cost * 1000:>9.1f} ms{cost / unit:>7.1f} × "
            f"(at most {limit:g})"
        )
        failed = failed or cost / unit > limit
    if failed:
        print("Beyond its limit.")
    return failed


def long_text(rng: random.Random, texts: list[str], size: int) -> str:
    """Paragraphs of `texts`, the words of most of them shuffled, so that little of it stands twice."""
    paragraphs = [block for text in texts for block in text.split("\n\n")]
    made: list[str] = []
    while sum(map(len, made)) < size:
        words = rng.choice(paragraphs).split(" ")
        if rng.random() < 0.7:
            rng.shuffle(words)
        made.append(" ".join(words) + "\n\n")
    return "".join(made)[:size]


def cpu_seconds(*calls: Callable[[], object]) -> list[float]:
    """The least CPU time of each call, in alternating rounds."""
    least = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for index, call in enumerate(calls):
            start = time.process_time()
            call()
            least[index] = min(least[index], time.process_time() - start)
    return least


if __name__ == "__main__":
    sys.exit(main())
