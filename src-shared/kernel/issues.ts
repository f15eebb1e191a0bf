/** What a schema's issue is called in the message files (below `errors.`), with the values of the sentence. */
export function issueDetail(given: object): { detail: string; params?: Record<string, string | number> } {
  const issue = given as Record<string, unknown>;
  const number = (value: unknown): number => (typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0);
  switch (issue['code']) {
    case 'too_small':
      return number(issue['minimum']) === 1 && issue['origin'] === 'string' ? { detail: 'required' } : { detail: 'too_small', params: { min: number(issue['minimum']) } };
    case 'too_big':
      return { detail: issue['origin'] === 'string' ? 'too_long' : 'too_big', params: { max: number(issue['maximum']) } };
    case 'invalid_value':
      return { detail: 'not_one_of', params: { values: Array.isArray(issue['values']) ? issue['values'].join(', ') : '' } };
    case 'invalid_format':
      return { detail: `format_${String(issue['format'])}` };
    case 'invalid_type':
      return issue['expected'] !== 'object' && /received undefined/.test(String(issue['message'] ?? '')) ? { detail: 'required' } : { detail: 'wrong_type', params: { expected: String(issue['expected'] ?? '') } };
    case 'custom': {
      const detail = (issue['params'] as { detail?: unknown } | undefined)?.detail;
      return { detail: typeof detail === 'string' ? detail : 'wrong_value' };
    }
    default:
      return { detail: 'wrong_value' };
  }
}
