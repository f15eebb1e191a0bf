import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';
import type { TileMap } from './tiles.ts';
import type { Viewport } from './viewport.ts';

/** The map file of this installation drawn on a canvas, wherever it is looked at; what reads it is loaded only where there is one. */
export function useTiles(canvas: RefObject<HTMLCanvasElement | null>, view: Viewport | null, width: number, height: number): { state: 'none' | 'shown' | 'broken' | 'pending'; attribution: string } {
  const { i18n } = useTranslation();
  const dark = useComputedColorScheme('light') === 'dark';
  const { data, isPending } = useQuery({ queryKey: [['organizations', 'map']], queryFn: () => client.schedule.map({}), staleTime: 60_000 });
  const version = data?.map?.version;
  const [tiles, setTiles] = useState<TileMap | 'broken' | null>(null);
  const [drawn, setDrawn] = useState(0);
  useEffect(() => {
    if (!version) return;
    let gone = false;
    import('./tiles.ts')
      .then(({ TileMap: Tiles }) => Tiles.open(version, i18n.language, () => !gone && setDrawn((count) => count + 1)))
      .then(
        (opened) => !gone && setTiles(opened),
        () => !gone && setTiles('broken'),
      );
    return () => {
      gone = true;
      setTiles(null);
    };
  }, [version, i18n.language]);
  useEffect(() => {
    const target = canvas.current;
    if (!target || !view || tiles === null || tiles === 'broken' || width === 0) return;
    const frame = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio || 1;
      if (target.width !== Math.round(width * ratio) || target.height !== Math.round(height * ratio)) Object.assign(target, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      tiles.draw(target, view, dark);
    });
    return () => cancelAnimationFrame(frame);
  }, [canvas, tiles, view, width, height, dark, drawn]);
  if (tiles === 'broken') return { state: 'broken', attribution: '' };
  return { state: tiles ? 'shown' : isPending || version ? 'pending' : 'none', attribution: tiles?.attribution ?? '' };
}
