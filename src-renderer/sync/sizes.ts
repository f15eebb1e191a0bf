import { formatNumber } from '../kit/formats.ts';

const MIB = 1024 * 1024;

/** Bytes in mebibytes with one digit behind the point, as the language writes it. */
export const mebibytes = (bytes: number): string => formatNumber(Math.round((10 * bytes) / MIB) / 10);
