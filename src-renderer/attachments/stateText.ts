import type { AttachmentSummary } from '../../src-shared/attachments/model.ts';

/** «12 of 12 on the hub», and what is still on its way. */
export function stateText(summary: AttachmentSummary, t: (key: string, values?: Record<string, unknown>) => string): string[] {
  const { role, total, here, on_hub, to_send, to_fetch } = summary;
  const absent = total - here - (role === 'device' ? to_fetch : 0);
  return [
    role === 'alone' ? t('attachments:all_here', { count: here }) : t('attachments:on_hub', { done: on_hub, total }),
    ...(to_send > 0 ? [t('attachments:to_send', { count: to_send })] : []),
    ...(to_fetch > 0 ? [t('attachments:to_fetch', { count: to_fetch })] : []),
    ...(absent > 0 ? [t('attachments:absent', { count: absent })] : []),
  ];
}
