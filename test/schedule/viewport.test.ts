import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fit, metresOf, pan, pixelOf, roundLength, spotOf, zoomAt } from '../../src-renderer/schedule/viewport.ts';
import { straightLine } from '../../src-shared/schedule/travel.ts';

const point = fc.record({ latitude: fc.double({ min: -80, max: 80, noNaN: true }), longitude: fc.double({ min: -179, max: 179, noNaN: true }) });
const [WIDTH, HEIGHT] = [800, 400];

it('shows every place that it is fitted to', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), (points) => {
      const spots = points.map(spotOf);
      const view = fit(spots, WIDTH, HEIGHT);
      // Places all over the world do not fit on a small drawing at the least zoom.
      if (view.zoom === 1) return;
      for (const spot of spots) {
        const { x, y } = pixelOf(view, spot, WIDTH, HEIGHT);
        expect(x).toBeGreaterThanOrEqual(-1);
        expect(x).toBeLessThanOrEqual(WIDTH + 1);
        expect(y).toBeGreaterThanOrEqual(-1);
        expect(y).toBeLessThanOrEqual(HEIGHT + 1);
      }
    }),
  );
});

it('zooms around the place under the hand, and a move moves as many pixels', () => {
  const view = fit([spotOf({ latitude: 55.75, longitude: 37.62 })], WIDTH, HEIGHT);
  const spot = spotOf({ latitude: 55.76, longitude: 37.65 });
  const before = pixelOf(view, spot, WIDTH, HEIGHT);
  const zoomed = pixelOf(zoomAt(view, 1.3, before.x - WIDTH / 2, before.y - HEIGHT / 2), spot, WIDTH, HEIGHT);
  expect(zoomed.x).toBeCloseTo(before.x, 6);
  expect(zoomed.y).toBeCloseTo(before.y, 6);
  const moved = pixelOf(pan(view, 30, -20), spot, WIDTH, HEIGHT);
  expect(moved.x - before.x).toBeCloseTo(30, 6);
  expect(moved.y - before.y).toBeCloseTo(-20, 6);
});

it('measures as the great circle does, and names round lengths', () => {
  const [a, b] = [{ latitude: 55.75, longitude: 37.6 }, { latitude: 55.75, longitude: 37.7 }];
  const view = fit([spotOf(a), spotOf(b)], WIDTH, HEIGHT);
  const pixels = pixelOf(view, spotOf(b), WIDTH, HEIGHT).x - pixelOf(view, spotOf(a), WIDTH, HEIGHT).x;
  expect(pixels * metresOf(view)).toBeGreaterThan(straightLine(a, b) * 0.99);
  expect(pixels * metresOf(view)).toBeLessThan(straightLine(a, b) * 1.01);
  expect([3, 10, 49, 199, 2_700].map(roundLength)).toEqual([2, 10, 20, 100, 2_000]);
});
