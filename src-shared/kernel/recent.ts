/** Longer texts are not worth their memory. */
const MAX_LENGTH = 200;

/**
 * The function with its last answers kept: callers that ask the same thing a few times in a row pay once. Twice `size` answers to
 * short texts are kept at the most; answers are shared, so they must not be changed.
 */
export function recent<T>(size: number, work: (text: string) => T): (text: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (text) => {
    let answer = young.get(text);
    if (answer !== undefined) return answer;
    answer = old.get(text) ?? work(text);
    if (text.length > MAX_LENGTH) return answer;
    if (young.size >= size) [old, young] = [young, new Map()];
    young.set(text, answer);
    return answer;
  };
}
