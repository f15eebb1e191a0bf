import { Combobox, Group, InputBase, Loader, Text, useCombobox, CloseButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntityName } from './links.ts';
import type { Values } from './definition.ts';
import { findRefs, type Choice } from './refs.ts';
import { toastError } from './toasts.tsx';

interface Props {
  to: EntityName;
  label: string;
  value: string | null;
  /** Name of the present value, known from the row. */
  name?: string | null;
  onChange: (id: string | null, choice: Choice | null) => void;
  within?: Values | null | undefined;
  required?: boolean;
  error?: string | undefined;
  description?: string | undefined;
  /** Makes what was not found out of the words typed. */
  create?: ((words: string) => Promise<Choice>) | undefined;
  onBlur?: () => void;
  hideLabel?: boolean;
}

const CREATE = '\u0000create';

/** A field that finds by any part of a name, a phone, an INN, and can make what it does not find. */
export function RefPicker({ to, label, value, name, onChange, within, required, error, description, create, onBlur, hideLabel }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [shown, setShown] = useState<string | null>(null);
  const [asked] = useDebouncedValue(words, 120);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = useQuery({
    queryKey: [[to, 'refs'], asked, within],
    queryFn: () => findRefs(to, asked, within ?? {}),
    enabled: combobox.dropdownOpened && within !== null,
  });
  const choices = found.data ?? [];
  const current = value ? (shown ?? name ?? value) : '';

  const choose = async (picked: string): Promise<void> => {
    const choice = picked === CREATE && create ? await create(words.trim()) : choices.find((one) => one.id === picked);
    if (!choice) return;
    setShown(choice.label);
    setWords('');
    onChange(choice.id, choice);
    combobox.closeDropdown();
  };

  return (
    <Combobox store={combobox} onOptionSubmit={(picked) => void choose(picked).catch(toastError)} withinPortal>
      <Combobox.Target>
        <InputBase
          label={hideLabel ? undefined : label}
          aria-label={label}
          required={required ?? false}
          error={error}
          description={description}
          size="sm"
          placeholder={t('app:picker.find')}
          value={combobox.dropdownOpened ? words : current}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            setWords('');
            onBlur?.();
          }}
          rightSection={found.isFetching ? <Loader size={14} /> : value ? <CloseButton size="sm" aria-label={t('app:picker.clear')} onMouseDown={(event) => event.preventDefault()} onClick={() => onChange(null, null)} /> : null}
          rightSectionPointerEvents="all"
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
          {choices.map((choice) => (
            <Combobox.Option value={choice.id} key={choice.id}>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" truncate>
                  {choice.label}
                </Text>
                <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
                  {choice.hint}
                </Text>
              </Group>
            </Combobox.Option>
          ))}
          {found.isSuccess && choices.length === 0 && <Combobox.Empty>{t('app:picker.nothing')}</Combobox.Empty>}
          {create && words.trim() && <Combobox.Option value={CREATE}>{t('app:picker.create', { words: words.trim() })}</Combobox.Option>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
