/** Words without blanks and repetitions; of those that differ in letter case only, the first stays. */
export function uniqueWords(list: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const word of list.map((one) => one.trim())) if (word !== '' && !seen.has(word.toLowerCase())) seen.set(word.toLowerCase(), word);
  return [...seen.values()];
}
