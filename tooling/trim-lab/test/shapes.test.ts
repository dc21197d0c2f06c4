import { keepAll } from "@perfloc/trim";
import { expect, test } from "vitest";
import { scoreOf } from "../src/score.js";
import { SCALES, allShapes } from "../src/shapes/all-shapes.js";
import { simulate } from "../src/simulation.js";

const COARSE = { tickMs: 250 };

test("no two shapes have one name, and each says what it is", () => {
  for (const scale of SCALES) {
    const shapes = allShapes(scale);
    expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length);
    for (const { summary } of shapes) expect(summary).not.toBe("");
  }
});

test("ordinary traffic is a function of time: it can be asked in any order", () => {
  for (const shape of SCALES.flatMap(allShapes)) {
    if (shape.kind !== "ordinary") continue;
    const nobody = { levels: [], isHeld: [] };
    const times = Array.from({ length: 200 }, (_, at) => (at * shape.durationMs) / 200);
    const forward = shape.start();
    const backward = shape.start();
    const asked = times.toReversed().map((ms) => backward(ms, nobody));
    expect(times.map((ms) => forward(ms, nobody))).toEqual(asked.toReversed());
  }
});

test("demand stays within the scale, and comes near its peak", () => {
  for (const scale of SCALES) {
    for (const shape of allShapes(scale)) {
      const { demand } = simulate(keepAll(), shape, COARSE);
      const most = demand.reduce((high, bytes) => Math.max(high, bytes), 0);
      const isWithin = most <= scale.peakBytes && most > 0.6 * scale.peakBytes;
      expect({ shape: shape.name, most, isWithin }).toMatchObject({ isWithin: true });
    }
  }
});

test("every shape but the one that only rises leaves something to decide", () => {
  for (const scale of SCALES) {
    const idle = allShapes(scale).filter(
      (shape) => scoreOf(simulate(keepAll(), shape, COARSE)).optimalByteMs === 0,
    );
    expect(idle.map(({ name }) => name)).toEqual(["staircase-up"]);
  }
});
