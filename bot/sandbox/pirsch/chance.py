"""Draws that `random.Random` does not have."""

import math
import random

_SPLIT = 30.0


def poisson(rng: random.Random, mean: float) -> int:
    """Draw a Poisson count. Large means are split in halves, which keeps Knuth's product above underflow."""
    if mean <= 0:
        return 0
    if mean > _SPLIT:
        return poisson(rng, mean / 2) + poisson(rng, mean / 2)
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def around_one(rng: random.Random, sigma: float) -> float:
    """Draw a log-normal factor with mean 1."""
    return math.exp(rng.gauss(-sigma * sigma / 2, sigma))


def gamma_around_one(rng: random.Random, sigma: float) -> float:
    """Draw a gamma factor with mean 1 and standard deviation `sigma`."""
    shape = 1 / (sigma * sigma)
    return rng.gammavariate(shape, 1 / shape)
