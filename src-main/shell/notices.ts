import { Notification } from 'electron';
import { translator } from '../../src-shared/kernel/translate.ts';
import { say, shellLanguage } from './words.ts';

const PAGE = '/settings/jobs';
/** Kept while they are on the screen: a notice that nobody holds is collected, and its click with it. */
const shown = new Set<Notification>();

const KEYS = new Set(['session_ended', 'due_soon', 'due_list']);
const PATH = /^\/[\w/-]{0,200}$/;
const MAX_VALUE = 200;

/** Tells beside the clock; the click and the button open its page. */
function tell(title: string, body: string, button: string, open: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body, actions: [{ type: 'button', text: button }] });
  shown.add(notification);
  const opened = (): void => {
    shown.delete(notification);
    open();
  };
  notification.on('click', opened);
  notification.on('action', opened);
  notification.on('close', () => shown.delete(notification));
  notification.show();
}

/** Tells that something which nobody was watching went wrong. */
export function noticeFailedJob(name: string, show: (path: string) => void): void {
  const job = translator(shellLanguage(), 'jobs')(`names.${name}`);
  tell(say('notices.job_failed', { job }), say('notices.job_failed_body'), say('notices.open'), () => show(PAGE));
}

/** Tells what the core asks to be told, a sentence of ours and a page of ours: that a date comes near, that a session has ended. Anything else is not said. */
export function notice(message: object, show: (path: string) => void): void {
  const { key, params, path } = message as Record<string, unknown>;
  if (typeof key !== 'string' || !KEYS.has(key) || typeof path !== 'string' || !PATH.test(path)) return;
  const values = Object.entries(typeof params === 'object' && params !== null ? params : {}).map(([name, value]) => [name, String(value).slice(0, MAX_VALUE)]);
  tell(say(`notices.${key}`, Object.fromEntries(values) as Record<string, string>), say(`notices.${key}_body`), say('notices.open_page'), () => show(path));
}
