import { Checkbox, Combobox, Group, Pill, PillsInput, Text, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../app/client.ts';

/** Fields of activity: search, tick, or add one that is new. */
export function ActivityFields({ value, onChange }: { value: string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const combobox = useCombobox();
  const known = useQuery({ queryKey: [['companies', 'activityFields']], queryFn: () => client.companies.activityFields() });
  const names = [...new Set([...value, ...(known.data?.items.map((item) => item.name) ?? [])])];
  const wanted = words.trim().toLowerCase();
  const shown = names.filter((name) => name.toLowerCase().includes(wanted));
  const isNew = wanted !== '' && !names.some((name) => name.toLowerCase() === wanted);
  const toggle = (name: string): void => {
    onChange(value.includes(name) ? value.filter((one) => one !== name) : [...value, name]);
    setWords('');
  };
  return (
    <Combobox store={combobox} onOptionSubmit={toggle}>
      <Combobox.DropdownTarget>
        <PillsInput label={t('companies:fields.activity_fields')} onClick={() => combobox.openDropdown()} size="sm">
          <Pill.Group>
            {value.map((name) => (
              <Pill key={name} withRemoveButton onRemove={() => toggle(name)}>
                {name}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={t('companies:search_fields')}
                placeholder={t('companies:search_fields')}
                value={words}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onChange={(event) => {
                  setWords(event.currentTarget.value);
                  combobox.openDropdown();
                  combobox.updateSelectedOptionIndex();
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Backspace' && words === '' && value.length > 0) onChange(value.slice(0, -1));
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Options mah={240} style={{ overflowY: 'auto' }}>
          {shown.map((name) => (
            <Combobox.Option value={name} key={name} active={value.includes(name)}>
              <Group gap="sm" wrap="nowrap">
                <Checkbox size="xs" checked={value.includes(name)} readOnly tabIndex={-1} aria-hidden />
                <Text size="sm">{name}</Text>
              </Group>
            </Combobox.Option>
          ))}
          {isNew && <Combobox.Option value={words.trim()}>{t('app:picker.create', { words: words.trim() })}</Combobox.Option>}
          {shown.length === 0 && !isNew && <Combobox.Empty>{t('app:picker.nothing')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
