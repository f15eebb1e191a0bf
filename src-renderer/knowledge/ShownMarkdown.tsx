import { lazy, Suspense } from 'react';
import { Loading } from '../kit/States.tsx';

const Markdown = lazy(async () => ({ default: (await import('./Markdown.tsx')).Markdown }));

/** A text in Markdown; what draws it is loaded with the first one. */
export function ShownMarkdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Markdown>{text}</Markdown>
    </Suspense>
  );
}
