import { Group, Kbd, Modal, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const KEYS: Record<string, [keys: string[], name: string][]> = {
  anywhere: [
    [['Ctrl', 'K'], 'palette'],
    [['/'], 'search'],
    [['?'], 'help'],
    [['Ctrl', 'Z'], 'undo'],
  ],
  go: [
    [['G', 'D'], 'desk'],
    [['G', 'T'], 'tickets'],
    [['G', 'A'], 'calendar'],
    [['G', 'S'], 'tasks'],
    [['G', 'C'], 'clients'],
    [['G', 'O'], 'companies'],
    [['G', 'K'], 'knowledge'],
  ],
  create: [
    [['N', 'T'], 'new_ticket'],
    [['N', 'C'], 'new_client'],
    [['N', 'A'], 'new_appointment'],
    [['N', 'Z'], 'new_task'],
    [['N', 'O'], 'new_company'],
    [['N', 'K'], 'new_article'],
  ],
  list: [
    [['J', 'K'], 'step'],
    [['Enter'], 'open'],
    [['E'], 'edit'],
    [['A'], 'assign'],
    [['S'], 'status'],
    [['P'], 'priority'],
    [['Space'], 'select'],
    [['.'], 'actions'],
    [['Ctrl', 'Enter'], 'save'],
    [['Esc'], 'back'],
  ],
};

/** All keys, shown by `?`. */
export function HelpOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t('app:help.title')} size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {Object.entries(KEYS).map(([group, keys]) => (
          <Stack key={group} gap={6}>
            <Title order={3}>{t(`app:help.groups.${group}`)}</Title>
            {keys.map(([combination, name]) => (
              <Group key={name} justify="space-between" wrap="nowrap">
                <Text size="sm">{t(`app:help.keys.${name}`)}</Text>
                <Group gap={4} wrap="nowrap">
                  {combination.map((key) => (
                    <Kbd key={key} size="xs">
                      {key}
                    </Kbd>
                  ))}
                </Group>
              </Group>
            ))}
          </Stack>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
