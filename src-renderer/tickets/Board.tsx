import { Badge, Card, Group, Menu, ScrollArea, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { TICKET_STATUSES, type Ticket, type TicketStatus } from '../../src-shared/tickets/model.ts';
import { client } from '../app/client.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { Values } from '../kit/definition.ts';
import { formatNumber } from '../kit/formats.ts';
import { cardLink } from '../kit/links.ts';
import { numberText } from '../kit/No.tsx';
import { Due, Status } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { toastError } from '../kit/toasts.tsx';
import { useRows } from '../kit/useRows.ts';
import classes from './Board.module.css';

/** Tickets by status, side by side; a card is dragged, or moved from its menu. */
export function Board({ input }: { input: Values }) {
  const chosen = Array.isArray(input['status']) ? (input['status'] as string[]) : null;
  const { status: _status, sort: _sort, ...filters } = input;
  const counts = useQuery({ queryKey: [['tickets', 'counts'], filters], queryFn: () => client.tickets.counts(filters) });
  return (
    <ScrollArea h="100%" type="auto">
      <div className={classes['board']}>
        {TICKET_STATUSES.filter((status) => !chosen || chosen.includes(status)).map((status) => (
          <Column key={status} status={status} input={input} count={counts.data?.[status]} />
        ))}
      </div>
    </ScrollArea>
  );
}

function Column({ status, input, count }: { status: TicketStatus; input: Values; count: number | undefined }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [over, setOver] = useState(false);
  const { query, rows } = useRows<Ticket>('tickets', (page) => client.tickets.list(page), { ...input, status: [status] });
  const move = async (id: string, version: string, to: TicketStatus): Promise<void> => {
    try {
      await client.tickets.update({ id, status: to }, ifMatch(version));
    } catch (error) {
      toastError(error);
    } finally {
      await cache.invalidateQueries({ predicate: ({ queryKey }) => Array.isArray(queryKey[0]) && queryKey[0][0] === 'tickets' });
    }
  };
  return (
    <section
      className={classes['column']}
      data-over={over || undefined}
      aria-label={t(`tickets:enums.${status}`)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const [id, version, from] = event.dataTransfer.getData('text/plain').split(' ');
        if (id && version && from !== status) void move(id, version, status);
      }}
    >
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t(`tickets:enums.${status}`)}</Title>
        <Badge variant="light" color="gray">
          {count === undefined ? '…' : formatNumber(count)}
        </Badge>
      </Group>
      {query.isPending && <Loading rows={4} />}
      {query.isError && <ErrorState error={query.error} retry={() => void query.refetch()} />}
      <Stack gap="xs">
        {rows.map((ticket) => (
          <TicketTile key={ticket.id} ticket={ticket} onMove={(to) => void move(ticket.id, ticket.version, to)} />
        ))}
        {query.isSuccess && rows.length === 0 && (
          <Text size="sm" c="dimmed" ta="center" py="md">
            {t('tickets:empty_column')}
          </Text>
        )}
        {query.hasNextPage && (
          <UnstyledButton onClick={() => void query.fetchNextPage()}>
            <Text size="sm" c="dimmed" ta="center">
              {t('app:list.more')}
            </Text>
          </UnstyledButton>
        )}
      </Stack>
    </section>
  );
}

function TicketTile({ ticket, onMove }: { ticket: Ticket; onMove: (to: TicketStatus) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [menu, setMenu] = useState(false);
  return (
    <Menu opened={menu} onChange={setMenu} withinPortal>
      <Menu.Target>
        <Card
          component="button"
          padding="sm"
          radius="md"
          withBorder
          className={classes['tile'] ?? ''}
          draggable
          onDragStart={(event: React.DragEvent) => event.dataTransfer.setData('text/plain', `${ticket.id} ${ticket.version} ${ticket.status}`)}
          onClick={(event: React.MouseEvent) => {
            event.preventDefault();
            event.stopPropagation();
            setMenu(false);
            void navigate(cardLink('tickets', ticket));
          }}
          onContextMenu={(event: React.MouseEvent) => {
            event.preventDefault();
            setMenu(true);
          }}
        >
          <Text size="sm" fw={550} lineClamp={2} ta="start">
            {ticket.subject}
          </Text>
          <Text size="xs" c="dimmed" truncate ta="start">
            {[numberText(ticket), ticket.client_name].filter(Boolean).join(' · ')}
          </Text>
          <Group gap={6} mt={6} justify="space-between">
            <Status of="tickets" value={ticket.priority} />
            <Due value={ticket.due_date} done={ticket.status === 'resolved' || ticket.status === 'closed'} />
          </Group>
          {ticket.assigned_to_name && (
            <Text size="xs" c="dimmed" ta="start" mt={2}>
              {ticket.assigned_to_name}
            </Text>
          )}
        </Card>
      </Menu.Target>
      <Menu.Dropdown>
        {TICKET_STATUSES.filter((status) => status !== ticket.status).map((status) => (
          <Menu.Item key={status} onClick={() => onMove(status)}>
            {t('tickets:move_to', { status: t(`tickets:enums.${status}`) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
