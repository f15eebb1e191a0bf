import { fill } from '../../src-shared/kernel/translate.ts';
import messagesEn from '../../src-shared/cli/messages.en.json' with { type: 'json' };
import messagesRu from '../../src-shared/cli/messages.ru.json' with { type: 'json' };
import { cliLanguage } from './output.ts';

/** A sentence of the command line in the person's language. */
export function say(key: Exclude<keyof typeof messagesRu, 'errors'>, params: Record<string, string | number> = {}): string {
  return fill((cliLanguage() === 'ru' ? messagesRu : messagesEn)[key], params);
}
