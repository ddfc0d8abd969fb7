"""The things on the sample pictures, one function a class, each drawn with a little chance in shape and colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from sample_canvas import Brush, Colour, Points, arc, darker, lighter, mix, oval, smooth

GREEN: Colour = (74, 128, 52)
WHITE: Colour = (250, 248, 244)
INK: Colour = (34, 32, 38)


def _join(*parts: Points) -> Points:
    return np.concatenate(parts)


def _star(n: int, outer: float, inner: float, start: float = -math.pi / 2) -> Points:
    t = start + np.arange(2 * n) * math.pi / n
    r = np.where(np.arange(2 * n) % 2 == 0, outer, inner)
    return np.stack([r * np.cos(t), r * np.sin(t)], axis=1)


def balloon(brush: Brush) -> None:
    """A hot-air balloon with coloured gores and a basket."""
    colours = [brush.pick(((214, 52, 44), (240, 176, 40), (44, 98, 178), (58, 146, 90), (150, 70, 150))) for _ in "ab"]
    colours += [WHITE] if brush.some(0, 1) < 0.4 else []
    envelope = smooth([(-0.16, 0.5), (-0.5, 0.15), (-0.78, -0.25), (-0.6, -0.92), (0, -1.08), (0.6, -0.92),
                       (0.78, -0.25), (0.5, 0.15), (0.16, 0.5)])  # fmt: skip
    for x in (-0.13, -0.05, 0.05, 0.13):
        brush.line([(x * 1.3, 0.42), (x * 0.9, 0.74)], 0.012, (70, 60, 50))
    brush.fill(envelope, colours[0])
    gores = int(brush.rng.integers(5, 9))
    squeeze = envelope.copy()
    for i in range(gores):
        squeeze = envelope * np.array([math.cos(math.pi * i / (2 * gores)) ** 1.4, 1.0])
        brush.fill(squeeze, colours[i % len(colours)])
    if brush.some(0, 1) < 0.5:
        inside = brush.mask(envelope)
        brush.soft(0, 0.02, 1.2, 0.12, colours[-1], 0.9, inside)
    brush.rim(envelope, (30, 20, 40), 0.55, 0.35)
    brush.soft(-0.28, -0.5, 0.4, 0.45, WHITE, 0.5, brush.mask(envelope))
    basket = np.array([(-0.15, 0.72), (0.15, 0.72), (0.12, 0.96), (-0.12, 0.96)])
    brush.fill(basket, (134, 90, 48))
    for y in (0.78, 0.84, 0.9):
        brush.line([(-0.13, y), (0.13, y)], 0.012, (96, 62, 34))


def banana(brush: Brush) -> None:
    """One to three bananas that share a stem."""
    n = int(brush.rng.integers(1, 4))
    colour = brush.pick(((244, 208, 62), (236, 196, 48), (226, 206, 84)))
    for i in range(n):
        bend = 0.55 + 0.16 * i + brush.some(-0.04, 0.04)
        t = np.linspace(0, 1, 40)
        x = -0.85 + 1.7 * t
        middle = bend * (1 - (2 * t - 1) ** 2) - 0.35 + 0.05 * i
        thick = 0.17 * np.sin(math.pi * np.clip(0.06 + 0.9 * t, 0, 1)) ** 0.55
        body = _join(np.stack([x, middle - thick], 1), np.stack([x[::-1], (middle + thick)[::-1]], 1))
        brush.fill(body, colour)
        brush.rim(body, darker(colour, 0.45), 0.7, 0.12)
        inside = brush.mask(body)
        brush.soft(-0.1, bend * 0.9 - 0.44, 0.75, 0.16, lighter(colour, 0.5), 0.7, inside)
        brush.line(np.stack([x[3:-3], middle[3:-3] + 0.03], 1), 0.02, darker(colour, 0.2))
        brush.soft(0.82, middle[-1], 0.12, 0.12, (70, 52, 30), 1.0, inside)
        for _ in range(int(brush.rng.integers(0, 7))):
            k = int(brush.rng.integers(6, 34))
            brush.dot(float(x[k]), float(middle[k]) + brush.some(-0.08, 0.08), brush.some(0.008, 0.02), (110, 76, 34))
    brush.line([(-0.97, -0.5), (-0.86, -0.3), (-0.78, -0.2)], 0.1, darker(mix(colour, GREEN, 0.3), 0.2))


def daisy(brush: Brush) -> None:
    """A daisy from above, sometimes with a stem and leaves."""
    petal = brush.pick((WHITE, WHITE, (246, 226, 232), (250, 240, 206)), 4)
    n = int(brush.rng.integers(13, 24))
    scale = 1.0
    cy = 0.0
    if brush.some(0, 1) < 0.45:
        scale, cy = 0.62, -0.36
        brush.line(smooth([(0, cy), (0.05, 0.3), (brush.some(-0.15, 0.15), 1.0)], closed=False), 0.05, GREEN)
        for side in (-1, 1):
            brush.ball(oval(side * 0.2, 0.55 + 0.1 * side, 0.22, 0.07, side * -0.6), brush.pick((GREEN,)), 0.1)
    for layer in (0, 1):
        for i in range(n):
            a = (i + 0.5 * layer) * 2 * math.pi / n + brush.some(-0.06, 0.06)
            length = scale * brush.some(0.84, 0.98) * (1 - 0.12 * layer)
            middle = 0.55 * length
            leaf = oval(middle * math.cos(a), cy + middle * math.sin(a), 0.46 * length, scale * 1.5 / n, a, 28)
            brush.fill(leaf, darker(petal, 0.05 + 0.16 * (1 - layer) + brush.some(0, 0.06)))
            ends = [(0.3 * length * math.cos(a), cy + 0.3 * length * math.sin(a)),
                    (0.85 * length * math.cos(a), cy + 0.85 * length * math.sin(a))]  # fmt: skip
            brush.line(ends, 0.01, darker(petal, 0.22))
    heart = brush.pick(((240, 190, 40), (226, 164, 30), (246, 206, 70)))
    brush.ball(oval(0, cy, 0.27 * scale, 0.27 * scale), heart, 0.1)
    for _ in range(60):
        r, a = 0.25 * scale * math.sqrt(brush.some(0, 1)), brush.some(0, 2 * math.pi)
        brush.dot(r * math.cos(a), cy + r * math.sin(a), 0.016 * scale, darker(heart, brush.some(0, 0.35)))


def hourglass(brush: Brush) -> None:
    """An hourglass with its sand somewhere on the way."""
    wood = brush.pick(((128, 82, 46), (92, 58, 40), (180, 146, 72), (58, 56, 60)))
    sand = brush.pick(((226, 190, 120), (206, 160, 96), (240, 220, 170), (196, 120, 96)))
    half = [(-0.5, -0.78), (-0.5, -0.45), (-0.2, -0.16), (-0.05, 0), (-0.2, 0.16), (-0.5, 0.45), (-0.5, 0.78)]
    left = smooth(half, closed=False)
    glass = _join(left, left[::-1] * [-1, 1])
    brush.fill(glass, brush.pick(((214, 226, 230), (200, 214, 216)), 5))
    share = brush.some(0.15, 0.85)
    for y0, y1 in ((-0.6 * share - 0.08, -0.02), (0.76 - 0.62 * (1 - share) - 0.08, 0.78)):
        rows = left[(left[:, 1] >= y0) & (left[:, 1] <= y1)] * [0.88, 1]
        if len(rows) > 2:
            brush.fill(_join(rows, rows[::-1] * [-1, 1]), sand)
    brush.line([(0, -0.05), (0, 0.7)], 0.018, darker(sand, 0.1))
    brush.rim(glass, (70, 80, 92), 0.7, 0.1)
    brush.soft(-0.26, -0.5, 0.12, 0.34, WHITE, 0.8)
    brush.soft(-0.26, 0.5, 0.1, 0.3, WHITE, 0.8)
    for x in (-0.6, 0.6):
        brush.line([(x, -0.8), (x, 0.8)], 0.08, wood)
        brush.line([(x - 0.015, -0.8), (x - 0.015, 0.8)], 0.018, lighter(wood, 0.4))
        brush.dot(x, 0, 0.07, darker(wood, 0.15))
    for y in (-0.86, 0.86):
        brush.ball(oval(0, y, 0.74, 0.12), wood, 0.2)


def lemon(brush: Brush) -> None:
    """A lemon, whole or cut."""
    colour = brush.pick(((246, 216, 48), (238, 204, 40), (232, 214, 74)))
    body = smooth([(-0.96, 0), (-0.84, -0.16), (-0.6, -0.5), (0, -0.66), (0.6, -0.5), (0.84, -0.16), (0.98, 0),
                   (0.84, 0.16), (0.6, 0.5), (0, 0.66), (-0.6, 0.5), (-0.84, 0.16)])  # fmt: skip
    brush.ball(body, colour, 0.5)
    inside = brush.mask(body)
    for _ in range(90):
        x, y = brush.some(-0.8, 0.8), brush.some(-0.55, 0.55)
        brush.soft(x, y, 0.035, 0.035, darker(colour, 0.35), 0.55, inside)
    brush.dot(-0.92, 0, 0.05, mix(GREEN, (120, 90, 40), 0.5))
    if brush.some(0, 1) < 0.4:
        brush.ball(smooth([(-0.9, -0.02), (-0.75, -0.5), (-0.3, -0.8), (-0.45, -0.3)]), brush.pick((GREEN,)), 0.2)
    if brush.some(0, 1) < 0.45:
        x, y, r = brush.some(0.2, 0.4), brush.some(0.2, 0.32), 0.58
        brush.fill(oval(x, y, r, r), colour)
        brush.fill(oval(x, y, r * 0.92, r * 0.92), (250, 246, 214))
        for i in range(9):
            a, b = (i + 0.07) * 40, (i + 0.93) * 40
            piece = _join(arc(x, y, r * 0.82, r * 0.82, a, b, 10), arc(x, y, r * 0.1, r * 0.1, b, a, 3))
            brush.fill(piece, mix(colour, (252, 238, 150), brush.some(0.45, 0.75)))
        brush.soft(x - 0.15, y - 0.2, 0.4, 0.35, WHITE, 0.4)


def mushroom(brush: Brush) -> None:
    """A toadstool or a brown mushroom."""
    cap_colour = brush.pick(((196, 44, 34), (150, 96, 56), (212, 180, 136), (184, 120, 60)))
    stem = smooth([(-0.2, -0.05), (-0.18, 0.5), (-0.32, 0.95), (0.32, 0.95), (0.18, 0.5), (0.2, -0.05)])
    brush.ball(stem, brush.pick(((240, 228, 204), (226, 208, 176)), 6), 0.0)
    width, height = brush.some(0.75, 0.97), brush.some(0.7, 1.0)
    under = oval(0, 0.02, width * 0.94, 0.17)
    brush.fill(under, (206, 184, 150))
    for i in range(-9, 10):
        brush.line([(i * 0.02, 0.0), (i * 0.095 * width, 0.1)], 0.012, (160, 136, 104))
    cap = smooth(
        _join(arc(0, 0, width, height, 180, 360, 9), np.array([(width * 0.9, 0.1), (0, -0.02), (-width * 0.9, 0.1)]))
    )
    brush.ball(cap, cap_colour, 0.4)
    if brush.some(0, 1) < 0.75 and cap_colour[0] > 170 and cap_colour[1] < 90:
        inside = brush.mask(cap)
        for _ in range(int(brush.rng.integers(9, 18))):
            a, r = brush.some(math.pi, 2 * math.pi), math.sqrt(brush.some(0, 0.8))
            x, y = r * width * math.cos(a), r * height * math.sin(a)
            size = brush.some(0.04, 0.1)
            if inside.getpixel((round((x + 1) * 239), round((y + 1) * 239))):
                brush.ball(oval(x, y, size, size * 0.8), (244, 236, 222), 0.0)


def pizza(brush: Brush) -> None:
    """A round pizza with toppings, sometimes with a slice missing."""
    crust = brush.pick(((206, 152, 84), (190, 130, 66), (220, 176, 112)))
    gap = brush.some(-40, 300) if brush.some(0, 1) < 0.45 else None

    def disc(r: float) -> Points:
        if gap is None:
            return oval(0, 0, r, r)
        return _join(arc(0, 0, r, r, gap, gap + 315, 80), np.zeros((1, 2)))

    brush.ball(disc(0.97), crust, 0.0)
    brush.fill(disc(0.84), (188, 62, 34))
    cheese = disc(0.8)
    brush.fill(cheese, brush.pick(((244, 204, 108), (238, 186, 86))))
    inside = brush.mask(cheese)
    for _ in range(26):
        colour = brush.pick(((252, 230, 160), (216, 130, 56), (200, 84, 44)))
        brush.soft(brush.some(-0.8, 0.8), brush.some(-0.8, 0.8), 0.2, 0.16, colour, 0.7, inside)
    top = Brush(brush.rng)
    for _ in range(int(brush.rng.integers(8, 14))):
        r, a = 0.68 * math.sqrt(brush.some(0.02, 1)), brush.some(0, 2 * math.pi)
        x, y = r * math.cos(a), r * math.sin(a)
        if inside.getpixel((round((x + 1) * 239), round((y + 1) * 239))):
            slice_colour = brush.pick(((196, 52, 40), (210, 74, 50)))
            top.fill(oval(x, y, 0.135, 0.13), darker(slice_colour, 0.3))
            top.fill(oval(x, y, 0.12, 0.115), slice_colour)
            top.soft(x - 0.03, y - 0.03, 0.08, 0.07, lighter(slice_colour, 0.4), 0.8)
    for _ in range(int(brush.rng.integers(6, 18))):
        r, a = 0.7 * math.sqrt(brush.some(0, 1)), brush.some(0, 2 * math.pi)
        x, y, turn = r * math.cos(a), r * math.sin(a), brush.some(0, 3)
        if inside.getpixel((round((x + 1) * 239), round((y + 1) * 239))):
            top.fill(oval(x, y, 0.09, 0.035, turn), brush.pick((GREEN, (50, 48, 44), (60, 110, 44))))
    brush.image.alpha_composite(top.image)


def soccer_ball(brush: Brush) -> None:
    """A white ball with black pentagons and seams, turned at random."""
    golden = (1 + math.sqrt(5)) / 2
    signs = (-1.0, 1.0)
    corners = [(0.0, a, b * golden) for a in signs for b in signs]
    corners += [(a, b * golden, 0.0) for a in signs for b in signs]
    corners += [(b * golden, 0.0, a) for a in signs for b in signs]
    vertices = np.array(corners) / math.hypot(1, golden)
    turn, _ = np.linalg.qr(brush.rng.normal(size=(3, 3)))
    vertices = vertices @ turn
    dark = brush.pick((INK, INK, INK, (40, 62, 130), (170, 40, 40)), 6)
    outline = oval(0, 0, 0.97, 0.97)
    brush.fill(outline, brush.pick((WHITE, (236, 236, 232)), 4))
    edge = np.linalg.norm(vertices[:, None] - vertices[None], axis=2)
    near = edge < 1.2
    for i, centre in enumerate(vertices):
        others = vertices[near[i] & (np.arange(12) != i)]
        points = centre + (others - centre) / 3
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        for j, other in enumerate(others):
            seam = np.linspace(points[j], centre + (other - centre) * 2 / 3, 8)
            seam /= np.linalg.norm(seam, axis=1, keepdims=True)
            if (seam[:, 2] > 0.02).all():
                brush.line(seam[:, :2] * 0.96, 0.022, (90, 90, 96))
        side = np.cross(centre, [0.3, 0.5, 0.81])
        side /= np.linalg.norm(side)
        up = np.cross(centre, side)
        order = np.argsort(np.arctan2((points - centre) @ up, (points - centre) @ side))
        ring = points[order]
        around = np.concatenate([np.linspace(ring[k], ring[(k + 1) % len(ring)], 6) for k in range(len(ring))])
        around /= np.linalg.norm(around, axis=1, keepdims=True)
        if centre[2] > -0.25 and (around[:, 2] > -0.05).sum() > 4:
            flat = around[:, :2] / np.maximum(1, np.linalg.norm(around[:, :2], axis=1, keepdims=True))
            brush.fill(flat[around[:, 2] > -0.12] * 0.965, dark)
    brush.rim(outline, (30, 32, 44), 0.7, 0.35)
    brush.soft(-0.3, -0.38, 0.55, 0.5, WHITE, 0.5)


def starfish(brush: Brush) -> None:
    """A five-armed starfish with rows of knobs."""
    colour = brush.pick(((222, 120, 60), (206, 84, 60), (226, 166, 104), (150, 90, 130), (196, 64, 72)))
    corners = _star(5, 1.08, brush.some(0.3, 0.42)) * (1 + brush.rng.normal(0, 0.04, (10, 1)))
    doubled = np.repeat(corners, 2, axis=0)
    doubled[::4] += np.roll(corners, 1, axis=0)[::2] * 0.07
    doubled[1::4] += np.roll(corners, -1, axis=0)[::2] * 0.07
    body = smooth(doubled, rounds=3)
    brush.ball(body, colour, 0.1)
    light = lighter(colour, 0.5)
    for i in range(5):
        tip = corners[2 * i]
        for k in range(11):
            t = 0.06 + 0.078 * k
            brush.dot(float(tip[0] * t), float(tip[1] * t), 0.036 * (1 - 0.6 * t), light)
            side = np.array([-tip[1], tip[0]]) * 0.19 * (1 - t)
            for s in (-1, 1):
                x, y = tip * t + s * side
                brush.dot(float(x), float(y), 0.02 * (1 - 0.5 * t), light)
    for _ in range(120):
        x, y = brush.some(-0.9, 0.9), brush.some(-0.9, 0.9)
        brush.soft(x, y, 0.03, 0.03, darker(colour, 0.5), 0.7)


def strawberry(brush: Brush) -> None:
    """A strawberry with seeds and green leaves."""
    red = brush.pick(((206, 30, 40), (222, 50, 44), (184, 24, 40)))
    w = brush.some(0.66, 0.84)
    body = smooth([(-0.3 * w, -0.72), (-1.1 * w, -0.62), (-1.05 * w, 0.05), (-0.5 * w, 0.75), (0, 1.06),
                   (0.5 * w, 0.75), (1.05 * w, 0.05), (1.1 * w, -0.62), (0.3 * w, -0.72)])  # fmt: skip
    brush.ball(body, red, 0.6)
    inside = brush.mask(body)
    for row in range(8):
        y = -0.5 + 0.18 * row
        for k in range(-4, 5):
            x = (k + 0.5 * (row % 2)) * 0.17
            if not inside.getpixel((round((x * 1.08 + 1) * 239), round((y + 1) * 239))):
                continue
            brush.soft(x, y, 0.06, 0.075, darker(red, 0.6), 0.8, inside)
            brush.fill(oval(x, y, 0.022, 0.036, n=12), (240, 206, 110))
    brush.line([(0, -0.66), (brush.some(-0.1, 0.1), -0.98)], 0.06, GREEN)
    leaf = brush.pick((GREEN, (96, 150, 60)))
    for i in range(7):
        a = math.radians(-15 + 35 * i + brush.some(-8, 8))
        tip = (0.62 * w * math.cos(a), -0.68 + 0.34 * math.sin(a) - 0.05)
        brush.ball(smooth([(-0.08, -0.68), (tip[0] * 0.5 - 0.05, (tip[1] - 0.72) / 2), tip, tip,
                           (tip[0] * 0.5 + 0.06, (tip[1] - 0.6) / 2), (0.08, -0.66)]), leaf, 0.1)  # fmt: skip


def cactus(brush: Brush) -> None:
    """A cactus with arms, in a pot or without."""
    green = brush.pick(((70, 130, 70), (96, 140, 76), (60, 112, 84)))
    pot = brush.some(0, 1) < 0.7
    foot = 0.5 if pot else 1.0
    arms = [(-1, brush.some(-0.1, 0.25)), (1, brush.some(-0.3, 0.15))][: int(brush.rng.integers(1, 3)) + (not pot)]
    limbs = [[(0.0, foot + 0.1), (0.0, -0.75)]]
    limbs += [[(0.0, y), (s * 0.42, y), (s * 0.52, y - 0.1), (s * 0.52, y - brush.some(0.35, 0.6))] for s, y in arms]
    for limb, width in reversed(list(zip(limbs, (0.46, 0.26, 0.24), strict=False))):
        path = smooth(limb, closed=False, rounds=3)
        for share, colour in ((1.0, darker(green, 0.45)), (0.82, green), (0.5, lighter(green, 0.18)), (0.34, green),
                              (0.12, darker(green, 0.25))):  # fmt: skip
            brush.line(path, width * share, colour)
        for x, y in path[::3]:
            for side in (-1, 0, 1):
                spot = x + side * width * 0.33
                brush.line([(spot - 0.02, y - 0.02), (spot + 0.025, y + 0.015)], 0.01, (236, 232, 200))
    if brush.some(0, 1) < 0.4:
        for a in range(6):
            brush.dot(0.07 * math.cos(a), -0.98 + 0.05 * math.sin(a), 0.05, brush.pick(((230, 90, 130),)))
    if pot:
        clay = brush.pick(((188, 104, 66), (206, 200, 190), (70, 110, 130)))
        vase = np.array([(-0.42, 0.42), (0.42, 0.42), (0.32, 1.0), (-0.32, 1.0)])
        brush.ball(vase, clay, 0.1)
        brush.fill(np.array([(-0.48, 0.38), (0.48, 0.38), (0.46, 0.52), (-0.46, 0.52)]), lighter(clay, 0.12))


def ladybug(brush: Brush) -> None:
    """A ladybug from above."""
    red = brush.pick(((206, 36, 30), (224, 70, 34), (184, 26, 32)))
    for side in (-1, 1):
        for y, reach, foot in ((-0.3, 0.98, -0.5), (0.1, 1.05, 0.16), (0.45, 0.95, 0.72)):
            brush.line([(side * 0.55, y), (side * reach * 0.88, (y + foot) / 2), (side * reach, foot)], 0.05, INK)
        brush.line(smooth([(side * 0.1, -0.85), (side * 0.22, -1.0), (side * 0.34, -1.02)], closed=False), 0.03, INK)
    brush.ball(oval(0, -0.72, 0.34, 0.24), INK, 0.3)
    brush.ball(oval(0, -0.5, 0.56, 0.3), INK, 0.3)
    for side in (-1, 1):
        brush.fill(oval(side * 0.36, -0.56, 0.13, 0.1, side * 0.5, 24), WHITE)
        brush.fill(oval(side * 0.15, -0.82, 0.05, 0.05, n=16), WHITE)
    shell = oval(0, 0.2, 0.8, 0.8)
    brush.ball(shell, red, 0.6)
    brush.line([(0, -0.58), (0, 1.0)], 0.035, INK)
    large = brush.some(0.11, 0.17)
    for x, y in ((0.27, -0.22), (0.5, 0.16), (0.26, 0.3), (0.4, 0.62))[: int(brush.rng.integers(3, 5))]:
        for side in (-1, 1):
            brush.fill(oval(side * x, y, large, large * 0.95, n=32), INK)
    brush.fill(oval(0, -0.46, 0.14, 0.1, n=32), INK)
    brush.rim(shell, (30, 10, 10), 0.5, 0.25)
    brush.soft(-0.3, -0.12, 0.28, 0.22, WHITE, 0.55, brush.mask(shell))


def umbrella(brush: Brush) -> None:
    """An open umbrella with a crook."""
    cloths: tuple[Colour, ...] = (
        (198, 40, 48),
        (40, 84, 160),
        (240, 190, 50),
        (60, 140, 110),
        (120, 60, 130),
        (50, 50, 58),
    )
    colour = brush.pick(cloths)
    second = WHITE if brush.some(0, 1) < 0.35 else darker(colour, 0.25)
    handle = brush.pick(((110, 72, 42), (50, 48, 50)))
    brush.line([(0, -0.95), (0, 0.72)], 0.045, handle)
    brush.line(arc(0.13, 0.72, 0.13, 0.16, 180, 10), 0.06, darker(handle, 0.2))
    n = int(brush.rng.integers(6, 9))
    edges = np.linspace(-0.98, 0.98, n + 1)
    hems = [arc((a + b) / 2, 0.05, (b - a) / 2, 0.1, 180, 360, 10) for a, b in pairwise(edges)]
    cloth = _join(arc(0, 0.05, 0.98, 0.86, 180, 360, 60), *[hem[::-1] for hem in reversed(hems)])
    brush.fill(cloth, colour)
    for i in range(1, n, 2):
        brush.fill(_join(_rib(edges[i]), hems[i], _rib(edges[i + 1])[::-1]), second)
    for x in edges[1:-1]:
        brush.line(_rib(x), 0.012, darker(colour, 0.45))
    brush.rim(cloth, (24, 20, 34), 0.5, 0.25)
    brush.soft(-0.3, -0.45, 0.5, 0.4, WHITE, 0.45, brush.mask(cloth))


def _rib(x: float) -> Points:
    """A rib of an umbrella from its top to the hem at `x`."""
    t = np.linspace(0, math.pi / 2, 14)
    return np.stack([x * np.sin(t), 0.05 - 0.86 * np.cos(t)], axis=1)


@dataclass(frozen=True, slots=True)
class Thing:
    """How one class is drawn: its function, how far it may be turned (degrees), how many may share a picture."""

    draw: Callable[[Brush], None]
    turn: float = 25
    most: int = 1


THINGS: Mapping[str, Thing] = {
    "balloon": Thing(balloon, 12, 2),
    "banana": Thing(banana, 180, 1),
    "cactus": Thing(cactus, 8, 2),
    "daisy": Thing(daisy, 40, 3),
    "hourglass": Thing(hourglass, 15, 1),
    "lemon": Thing(lemon, 180, 3),
    "mushroom": Thing(mushroom, 15, 3),
    "pizza": Thing(pizza, 180, 1),
    "soccer ball": Thing(soccer_ball, 180, 1),
    "starfish": Thing(starfish, 180, 2),
    "strawberry": Thing(strawberry, 90, 3),
    "umbrella": Thing(umbrella, 25, 1),
}
HIDDEN: Mapping[str, Thing] = {"ladybug": Thing(ladybug, 180)}
"""Of no class: a typed name finds them, and without it they are none of the classes."""
