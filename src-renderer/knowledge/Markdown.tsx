import { ActionIcon, Anchor, CopyButton, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy, IconSquare, IconSquareCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import ReactMarkdown, { type Components } from 'react-markdown';
import { Link } from 'react-router';
import remarkGfm from 'remark-gfm';
import { linkKind } from './addresses.ts';
import classes from './Markdown.module.css';

const PLUGINS = [remarkGfm];

/** A title and the card's heading stand above: the headings of a text go below them. */
const COMPONENTS: Components = {
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, id, children, ...rest }) => (
    <Address href={href ?? ''} id={id} label={rest['aria-label']}>
      {children}
    </Address>
  ),
  img: ({ src, alt }) => <Picture src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  input: ({ checked }) => <Box done={checked === true} />,
  table: ({ children }) => (
    <div className={classes['wide']}>
      <table>{children}</table>
    </div>
  ),
};

/** A text in Markdown as it is meant to be read. Raw HTML stays text, and nothing is fetched: a picture is a link. */
export function Markdown({ children }: { children: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes['text']}>
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} remarkRehypeOptions={{ footnoteLabel: t('knowledge:footnotes'), footnoteBackLabel: t('knowledge:footnote_back') }}>
        {children}
      </ReactMarkdown>
    </div>
  );
}

/** A link that opens what it says; an address that no window of ours opens is shown, to be copied. */
function Address({ href, id, label, children }: { href: string; id?: string | undefined; label?: string | undefined; children: ReactNode }) {
  const { t } = useTranslation();
  switch (linkKind(href)) {
    case 'within':
      return (
        <Anchor href={href} id={id} aria-label={label} inherit>
          {children}
        </Anchor>
      );
    case 'page':
      return (
        <Anchor component={Link} to={href} inherit>
          {children}
        </Anchor>
      );
    case 'outside':
      return (
        <Anchor href={href} target="_blank" rel="noreferrer noopener" inherit>
          {children}
        </Anchor>
      );
    case 'shown':
      return (
        <>
          {children !== href && <>{children} </>}
          <span className={classes['address']}>
            <code>{href}</code>
            <CopyButton value={href}>
              {({ copied, copy }) => (
                <ActionIcon size="xs" variant="subtle" color="gray" className="no-print" aria-label={t('knowledge:copy', { text: href })} onClick={copy}>
                  {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
                </ActionIcon>
              )}
            </CopyButton>
          </span>
        </>
      );
    case 'none':
      return <>{children}</>;
  }
}

function Picture({ src, alt }: { src: string; alt: string }) {
  const { t } = useTranslation();
  const name = t('knowledge:image', { name: alt || t('knowledge:image_unnamed') });
  return linkKind(src) === 'outside' || linkKind(src) === 'shown' ? (
    <Address href={src}>{name}</Address>
  ) : (
    <Text span c="dimmed" inherit>
      {name}
    </Text>
  );
}

/** An item of a checklist: done or not, in words too. */
function Box({ done }: { done: boolean }) {
  const { t } = useTranslation();
  const Icon = done ? IconSquareCheck : IconSquare;
  return (
    <span className={classes['box']} data-done={done || undefined}>
      <Icon size="1.15em" stroke={1.7} aria-hidden />
      <VisuallyHidden>{t(done ? 'knowledge:item_done' : 'knowledge:item_open')} </VisuallyHidden>
    </span>
  );
}
