import { ActionIcon, Button, CloseButton, Group, Menu, MultiSelect, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Filter, Values } from './definition.ts';
import { formatDate } from './formats.ts';
import { RefPicker } from './RefPicker.tsx';
import type { ListState } from './useListState.ts';
import { useWords } from './useWords.ts';
import { useViews } from './views.ts';

const TYPE_MS = 180;

/** What the list shows, as chips that read as a sentence; search words; saved views. */
export function FilterBar({ feature, filters, presets, state }: { feature: string; filters: Filter[]; presets: { label: string; values: Values }[]; state: ListState }) {
  const { t } = useTranslation();
  const [words, setWords] = useState(state.q);
  const [names, setNames] = useState<Record<string, string>>({});
  /** A filter that was asked for and has no value yet. */
  const [begun, setBegun] = useState<string | null>(null);
  const { views, save, forget } = useViews(feature);
  useEffect(() => void setWords(state.q), [state.q]);
  useEffect(() => {
    if (words === state.q) return;
    const timer = setTimeout(() => state.set({ q: words }), TYPE_MS);
    return () => clearTimeout(timer);
  }, [words, state]);

  const active = filters.filter((filter) => state.filters[filter.name] !== undefined || filter.name === begun);
  return (
    <Group gap="xs" px="sm" py={6} wrap="wrap" className="no-print">
      <TextInput
        size="xs"
        w={220}
        aria-label={t('app:list.find')}
        placeholder={t('app:list.find')}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        rightSection={words ? <CloseButton size="xs" aria-label={t('app:list.clear_words')} onClick={() => setWords('')} /> : null}
      />
      {active.map((filter) => (
        <Chip key={filter.name} filter={filter} value={state.filters[filter.name]} name={names[filter.name]} onChange={(value, name) => {
          if (name) setNames((present) => ({ ...present, [filter.name]: name }));
          if (filter.name === begun) setBegun(null);
          state.set({ [filter.name]: value });
        }} />
      ))}
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="compact-xs" variant="subtle" leftSection={<IconFilter size={14} aria-hidden />}>
            {t('app:list.filter')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {filters
            .filter((filter) => !active.includes(filter))
            .map((filter) => (
              <Menu.Item key={filter.name} onClick={() => (filter.kind === 'word' ? setBegun(filter.name) : state.set({ [filter.name]: firstValue(filter) }))}>
                {t(filter.label)}
              </Menu.Item>
            ))}
          {(presets.length > 0 || views.length > 0) && <Menu.Divider />}
          {presets.map((preset) => (
            <Menu.Item key={preset.label} onClick={() => state.replaceFilters(preset.values)}>
              {t(preset.label)}
            </Menu.Item>
          ))}
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => state.replaceFilters(view.values)} rightSection={<CloseButton size="xs" aria-label={t('app:list.forget_view', { name: view.name })} onClick={(event) => { event.stopPropagation(); forget(view.name); }} />}>
              {view.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {(active.length > 0 || state.q) && (
        <>
          <SaveView onSave={(name) => save(name, { ...state.filters, q: state.q, sort: state.sort })} />
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => state.replaceFilters({ q: null })}>
            {t('app:list.reset')}
          </Button>
        </>
      )}
    </Group>
  );
}

function SaveView({ onSave }: { onSave: (name: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  return (
    <Popover opened={open} onChange={setOpen} trapFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setOpen(true)}>
          {t('app:list.save_view')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) onSave(name.trim());
            setOpen(false);
            setName('');
          }}
        >
          <Stack gap="xs">
            <TextInput label={t('app:list.view_name')} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
            <Button type="submit" size="xs">
              {t('app:actions.save')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What a filter begins with once it is asked for. */
function firstValue({ kind, multiple, options }: Filter): unknown {
  switch (kind) {
    case 'flag':
      return true;
    case 'select':
      return multiple ? [options?.[0]] : options?.[0];
    case 'date':
      return new Date().toISOString().slice(0, 10);
    default:
      return 'none';
  }
}

interface ChipProps {
  filter: Filter;
  value: unknown;
  name: string | undefined;
  onChange: (value: unknown, name?: string) => void;
}

/** One condition: its name, its value in words, and a way to change or drop it. */
function Chip({ filter, value, name, onChange }: ChipProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState((filter.kind === 'ref' && value === 'none') || value === undefined);
  const wordOf = (option: unknown): string => t(`${filter.labels ?? 'app:enums'}.${String(option)}`, { defaultValue: String(option) });
  const valueWords = (): string => {
    switch (filter.kind) {
      case 'flag':
        return '';
      case 'word':
        return String(value);
      case 'select':
        return Array.isArray(value) ? value.map(wordOf).join(', ') : wordOf(value);
      case 'date':
        return formatDate(String(value));
      case 'ref':
        return name ?? (value === 'none' ? t('app:list.nobody') : `№ ${String(value)}`);
    }
  };
  const shown = value === undefined ? '' : valueWords();
  return (
    <Popover opened={open && filter.kind !== 'flag'} onChange={setOpen} withinPortal>
      <Popover.Target>
        <Button.Group>
          <Button size="compact-xs" variant="light" onClick={() => setOpen(!open)} fw={500}>
            {t(filter.label)}
            {shown && (
              <Text span size="xs" fw={650} ml={4}>
                {shown}
              </Text>
            )}
          </Button>
          <ActionIcon size={22} variant="light" aria-label={t('app:list.drop_filter', { name: t(filter.label) })} onClick={() => onChange(null)}>
            <CloseButton component="span" size="xs" tabIndex={-1} aria-hidden />
          </ActionIcon>
        </Button.Group>
      </Popover.Target>
      <Popover.Dropdown miw={260}>
        {filter.kind === 'select' && filter.multiple && <MultiSelect label={t(filter.label)} data={(filter.options ?? []).map((option) => ({ value: option, label: wordOf(option) }))} value={Array.isArray(value) ? (value as string[]) : [String(value)]} onChange={(next) => onChange(next)} comboboxProps={{ withinPortal: false }} />}
        {filter.kind === 'select' && !filter.multiple && <Select label={t(filter.label)} data={(filter.options ?? []).map((option) => ({ value: option, label: wordOf(option) }))} value={String(value)} onChange={(next) => onChange(next)} comboboxProps={{ withinPortal: false }} />}
        {filter.kind === 'ref' && <RefPicker to={filter.to ?? 'users'} label={t(filter.label)} value={value === 'none' ? null : String(value)} name={name ?? null} onChange={(id, choice) => onChange(id ?? 'none', choice?.label ?? t('app:list.nobody'))} />}
        {filter.kind === 'word' && <Word filter={filter} value={value} onChange={onChange} />}
        {filter.kind === 'date' && <DateInput label={t(filter.label)} value={String(value)} onChange={(next) => onChange(next ? String(next).slice(0, 10) : null)} valueFormat="DD.MM.YYYY" popoverProps={{ withinPortal: false }} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** One of the words in use. */
function Word({ filter, value, onChange }: Pick<ChipProps, 'filter' | 'value' | 'onChange'>) {
  const { t } = useTranslation();
  const words = useWords(filter.words);
  const data = typeof value === 'string' && !words.includes(value) ? [value, ...words] : words;
  return <Select label={t(filter.label)} data={data} value={typeof value === 'string' ? value : null} onChange={(next) => next && onChange(next)} searchable nothingFoundMessage={t('app:picker.nothing')} comboboxProps={{ withinPortal: false }} />;
}
