"""Colours of stained tissue by NumPy, from the papers: the numbers of StainTest.

    python src/test/python/stain_normalization.py

Macenko et al. 2009: optical densities -ln((value + 1) / 256) of pixels in which all three are 0.15 or
more, their two largest singular vectors, the 1st and 99th percentile of the angles in that plane, and the
99th percentile of the amounts of both stains. Reinhard et al. 2001: mean and deviation in l alpha beta.
"""

import numpy as np


def pixels(first, second, strength):
    i = np.arange(400)
    a = (37 * i) % 101 / 100 * strength
    b = (53 * i) % 97 / 96 * 0.8 * strength
    noise = ((29 * i) % 13 - 6) * 0.004
    density = np.outer(a, first) + np.outer(b, second) + noise[:, None]
    return np.floor(np.clip(256 * np.exp(-density) - 1, 0, 255) + 0.5)


def macenko(rgb):
    density = -np.log((rgb + 1) / 256)
    tissue = density[(density >= 0.15).all(1)]
    plane = np.linalg.svd(tissue, full_matrices=False)[2][:2]
    if plane[0].sum() < 0:
        plane[0] *= -1
    along = tissue @ plane.T
    angles = np.arctan2(along[:, 1], along[:, 0])
    stains = [np.cos(t) * plane[0] + np.sin(t) * plane[1] for t in np.percentile(angles, [1, 99])]
    stains = np.array(sorted(stains, key=lambda s: -s[0]))
    amounts = np.linalg.lstsq(stains.T, tissue.T, rcond=None)[0]
    return stains, np.percentile(amounts, 99, axis=1)


def by_macenko(rgb, reference):
    stains, strengths = macenko(rgb)
    goal, wanted = macenko(reference)
    density = -np.log((rgb + 1) / 256)
    amounts = np.linalg.lstsq(stains.T, density.T, rcond=None)[0] * (wanted / strengths)[:, None]
    return np.clip(256 * np.exp(-(goal.T @ amounts)) - 1, 0, 255).T


LMS = np.array([[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]])
LAB = np.array([[1, 1, 1], [1, 1, -2], [1, -1, 0]]) / np.sqrt([[3], [6], [2]])


def lab(rgb):
    return np.log10((rgb + 1) / 256 @ LMS.T) @ LAB.T


def by_reinhard(rgb, reference):
    x, goal = lab(rgb), lab(reference)
    x = (x - x.mean(0)) / x.std(0) * goal.std(0) + goal.mean(0)
    back = 10 ** (x @ np.linalg.inv(LAB).T) @ np.linalg.inv(LMS).T
    return np.clip(256 * back - 1, 0, 255)


one = pixels([0.65, 0.70, 0.29], [0.27, 0.90, 0.34], 1.2)
other = pixels([0.55, 0.76, 0.35], [0.20, 0.80, 0.56], 0.8)
np.set_printoptions(precision=6, suppress=True)
for name, image in (("one", one), ("other", other)):
    print(name, "macenko", *macenko(image), "reinhard", lab(image).mean(0), lab(image).std(0))
for at in (0, 7, 123, 300):
    print(at, one[at], by_macenko(one, other)[at], by_reinhard(one, other)[at])
