/** Headers by which a write refuses to overwrite what somebody else has written meanwhile. */
export const ifMatch = (version: string): { context: { headers: Record<string, string> } } => ({ context: { headers: { 'if-match': `"${version}"` } } });
