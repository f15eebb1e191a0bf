/** Longer texts are not merged by the program: comparing them costs more than asking. */
const MAX_TOKENS = 4_000;

/** A stretch of the base that an edit replaced: tokens `from` to `to` (exclusive) by `text`. */
interface Edit {
  from: number;
  to: number;
  text: string[];
}

/** Words with the blanks that follow them, and line ends on their own. */
const tokensOf = (text: string): string[] => text.match(/\n|[^\S\n]+|[^\s]+/g) ?? [];

/**
 * Three-way merge of plain text, word by word: both edits where they touch different places of the base, null where they overlap or
 * stand side by side and differ. The order of the two does not matter.
 */
export function mergeText(base: string, left: string, right: string): string | null {
  if (left === right || right === base) return left;
  if (left === base) return right;
  const [tokens, ours, theirs] = [tokensOf(base), tokensOf(left), tokensOf(right)];
  if (tokens.length > MAX_TOKENS || ours.length > MAX_TOKENS || theirs.length > MAX_TOKENS) return null;
  const edits = [...editsOf(tokens, ours), ...editsOf(tokens, theirs)].sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: string[] = [];
  let at = 0;
  for (const [index, edit] of edits.entries()) {
    const before = edits[index - 1];
    if (before && sameEdit(before, edit)) continue;
    if (before && edit.from <= before.to) return null;
    merged.push(...tokens.slice(at, edit.from), ...edit.text);
    at = edit.to;
  }
  return [...merged, ...tokens.slice(at)].join('');
}

/** A stretch of a text, and whether the other text says something else there. */
export interface Stretch {
  text: string;
  differs: boolean;
}

/** A text in stretches, as a reader compares it with another, word by word. */
export function differences(text: string, other: string): Stretch[] {
  const [tokens, others] = [tokensOf(text), tokensOf(other)];
  if (tokens.length > MAX_TOKENS || others.length > MAX_TOKENS) return [{ text, differs: text !== other }];
  const stretches: Stretch[] = [];
  const add = (part: readonly string[], differs: boolean): void => {
    if (part.length > 0) stretches.push({ text: part.join(''), differs });
  };
  let at = 0;
  for (const edit of editsOf(tokens, others)) {
    add(tokens.slice(at, edit.from), false);
    add(tokens.slice(edit.from, edit.to), true);
    at = edit.to;
  }
  add(tokens.slice(at), false);
  return stretches;
}

/** Lines that both texts share, left out. */
export interface LeftOut {
  lines: number;
}

/** Whole lines that stay on either side of a difference, and how many more there must be for them to be left out. */
const KEPT_LINES = 2;
const LEAST_LEFT_OUT = 4;

/** What is worth reading of a long text that differs in few places: the differences, with the lines around them. */
export function aroundDifferences(stretches: readonly Stretch[]): (Stretch | LeftOut)[] {
  if (stretches.length < 2) return [...stretches];
  return stretches.flatMap((stretch, index): (Stretch | LeftOut)[] => {
    const lines = stretch.text.split('\n');
    // A difference shares its line with what comes before and after it.
    const [head, tail] = [index === 0 ? 0 : KEPT_LINES + 1, index === stretches.length - 1 ? 0 : KEPT_LINES + 1];
    const left = lines.length - head - tail;
    if (stretch.differs || left < LEAST_LEFT_OUT) return [stretch];
    const before = lines.slice(0, head).map((line) => `${line}\n`).join('');
    const after = lines.slice(lines.length - tail).map((line) => `\n${line}`).join('');
    return [...(head > 0 ? [{ text: before, differs: false }] : []), { lines: left }, ...(tail > 0 ? [{ text: after, differs: false }] : [])];
  });
}

/** Both texts as one, for a person to finish: lines that they share once, and where they differ those of the one above those of the other. */
export function bothTexts(one: string, other: string): string {
  const [lines, others] = [one.split('\n'), other.split('\n')];
  if (lines.length > MAX_TOKENS || others.length > MAX_TOKENS) return `${one}\n${other}`;
  const joined: string[] = [];
  let at = 0;
  for (const edit of editsOf(lines, others)) {
    joined.push(...lines.slice(at, edit.to), ...edit.text);
    at = edit.to;
  }
  return [...joined, ...lines.slice(at)].join('\n');
}

const sameEdit = (a: Edit, b: Edit): boolean => a.from === b.from && a.to === b.to && a.text.join('') === b.text.join('');

/** What turns one list of tokens into the other, by their longest common subsequence. */
function editsOf(base: readonly string[], changed: readonly string[]): Edit[] {
  let start = 0;
  while (start < base.length && start < changed.length && base[start] === changed[start]) start++;
  let endBase = base.length;
  let endChanged = changed.length;
  while (endBase > start && endChanged > start && base[endBase - 1] === changed[endChanged - 1]) {
    endBase--;
    endChanged--;
  }
  const pairs = commonPairs(base.slice(start, endBase), changed.slice(start, endChanged));
  const edits: Edit[] = [];
  let [b, c] = [start, start];
  for (const [pairBase, pairChanged] of [...pairs, [endBase - start, endChanged - start] as const]) {
    if (b < pairBase + start || c < pairChanged + start) edits.push({ from: b, to: pairBase + start, text: changed.slice(c, pairChanged + start) });
    b = pairBase + start + 1;
    c = pairChanged + start + 1;
  }
  return edits;
}

/** Places of a longest common subsequence in both lists. */
function commonPairs(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_TOKENS * 500) return [];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
