import { Notification } from 'electron';
import { translator } from '../../src-shared/kernel/translate.ts';
import { say, shellLanguage } from './words.ts';

const PAGE = '/settings/jobs';
/** Kept while they are on the screen: a notice that nobody holds is collected, and its click with it. */
const shown = new Set<Notification>();

/** Tells beside the clock that something which nobody was watching went wrong; the click and the button open its page. */
export function noticeFailedJob(name: string, show: (path: string) => void): void {
  if (!Notification.isSupported()) return;
  const job = translator(shellLanguage(), 'jobs')(`names.${name}`);
  const notice = new Notification({ title: say('notices.job_failed', { job }), body: say('notices.job_failed_body'), actions: [{ type: 'button', text: say('notices.open') }] });
  shown.add(notice);
  const open = (): void => {
    shown.delete(notice);
    show(PAGE);
  };
  notice.on('click', open);
  notice.on('action', open);
  notice.on('close', () => shown.delete(notice));
  notice.show();
}
