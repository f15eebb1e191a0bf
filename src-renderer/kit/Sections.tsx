import { Badge, Card, Group, SimpleGrid, Stack, Tabs, Text, Title, UnstyledButton } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { formatNumber } from './formats.ts';

interface Tab {
  key: string;
  label: string;
  count?: number | undefined;
  render: () => ReactNode;
}

/** Tabs of a card; the open one is in the address, and in sight. */
export function CardTabs({ tabs }: { tabs: Tab[] }) {
  const [params, setParams] = useSearchParams();
  const open = tabs.some((tab) => tab.key === params.get('tab')) ? params.get('tab') : tabs[0]?.key;
  const openTab = useRef<HTMLButtonElement>(null);
  // Counts arrive later, and push the tabs behind them aside.
  const counts = tabs.map((tab) => tab.count ?? '').join();
  useEffect(() => {
    openTab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open, counts]);
  return (
    <Tabs
      value={open ?? null}
      keepMounted={false}
      onChange={(next) =>
        setParams(
          (old) => {
            const params = new URLSearchParams(old);
            if (next && next !== tabs[0]?.key) params.set('tab', next);
            else params.delete('tab');
            return params;
          },
          { replace: true },
        )
      }
    >
      <Tabs.List mb="md" className="no-print" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
        {tabs.map((tab) => (
          <Tabs.Tab
            key={tab.key}
            ref={tab.key === open ? openTab : null}
            value={tab.key}
            rightSection={
              tab.count ? (
                <Badge size="sm" variant="light" color="gray" px={6} miw={22} style={{ flexShrink: 0 }}>
                  {formatNumber(tab.count)}
                </Badge>
              ) : null
            }
          >
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab.key} value={tab.key}>
          {tab.render()}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** A heading with what stands below it. */
export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="xs" mb="lg">
      <Group justify="space-between">
        <Title order={3}>{title}</Title>
        {action}
      </Group>
      {children}
    </Stack>
  );
}

interface Figure {
  label: string;
  value: string | number;
  to?: string;
  alarm?: boolean;
}

/** Key figures side by side; each leads to its list. */
export function Figures({ figures, cols = { base: 2, sm: 3, lg: 6 } }: { figures: Figure[]; cols?: Record<string, number> }) {
  return (
    <SimpleGrid cols={cols} spacing="sm">
      {figures.map((figure) => {
        const body = (
          <Card padding="sm" radius="md" bg="var(--surface-sunken)" h="100%">
            <Text size="xl" fw={650} c={figure.alarm ? 'var(--late)' : undefined} lh={1.2}>
              {figure.value}
            </Text>
            <Text size="xs" c="dimmed">
              {figure.label}
            </Text>
          </Card>
        );
        return figure.to ? (
          <UnstyledButton key={figure.label} component={Link} to={figure.to}>
            {body}
          </UnstyledButton>
        ) : (
          <div key={figure.label}>{body}</div>
        );
      })}
    </SimpleGrid>
  );
}

/** One line of a short list inside a card. */
export function LineLink({ to, title, end, below }: { to: string; title: ReactNode; end?: ReactNode; below?: ReactNode }) {
  return (
    <UnstyledButton component={Link} to={to} px="xs" py={6} style={{ borderBottom: '1px solid var(--line)', display: 'block' }}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" truncate>
            {title}
          </Text>
          {below && (
            <Text size="xs" c="dimmed" truncate component="div">
              {below}
            </Text>
          )}
        </div>
        <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
          {end}
        </Group>
      </Group>
    </UnstyledButton>
  );
}
