import { Group, Input, SegmentedControl, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ShownMarkdown } from './ShownMarkdown.tsx';
import classes from './Markdown.module.css';

interface Props {
  value: string;
  onChange: (next: string) => void;
  error: string | undefined;
}

/** A text in Markdown to write, and to look at as it will be read. */
export function MarkdownEditor({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const [preview, setPreview] = useState(false);
  const label = t('knowledge:fields.content');
  return (
    <div>
      <Group justify="space-between" align="flex-end" mb={4}>
        <Input.Label required component="div">
          {label}
        </Input.Label>
        <SegmentedControl
          size="xs"
          aria-label={t('knowledge:editor.view')}
          value={preview ? 'preview' : 'write'}
          onChange={(next) => setPreview(next === 'preview')}
          data={[
            { value: 'write', label: t('knowledge:editor.write') },
            { value: 'preview', label: t('knowledge:editor.preview') },
          ]}
        />
      </Group>
      {preview ? (
        <section className={classes['preview']} aria-label={t('knowledge:editor.preview')}>
          {value.trim() ? (
            <ShownMarkdown text={value} />
          ) : (
            <Text size="sm" c="dimmed">
              {t('knowledge:editor.nothing')}
            </Text>
          )}
        </section>
      ) : (
        <Textarea aria-label={label} required error={error} description={t('knowledge:editor.hint')} classNames={{ input: classes['editor'] }} autosize minRows={14} maxRows={40} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
      {preview && error && <Input.Error mt={4}>{error}</Input.Error>}
    </div>
  );
}
