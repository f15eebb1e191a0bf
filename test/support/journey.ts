import type { Locator, Page } from '@playwright/test';

export interface Owner {
  full_name: string;
  email: string;
  password: string;
  organization_name: string;
}

export const OWNER: Owner = { full_name: 'Анна Волкова', email: 'anna@example.com', password: 'Ключ-от-серверной-7', organization_name: 'Сервис-Юг' };

const typed = (page: Page, name: string): Locator => page.locator(`input[name="${name}"]`);
/** A field of a form of a card, whatever it is made of. */
export const field = (page: Page, name: string): Locator => page.locator(`[data-field="${name}"] input, [data-field="${name}"] textarea`).first();

/** The first start, by hand: an owner, an organisation, the language that is proposed, an empty base. Ends on the desk. */
export async function registerOwner(page: Page, owner: Owner = OWNER): Promise<void> {
  const next = page.locator('button[type="submit"]');
  for (const name of ['full_name', 'email', 'password'] as const) await typed(page, name).fill(owner[name]);
  await next.click();
  await typed(page, 'organization_name').fill(owner.organization_name);
  await next.click();
  await typed(page, 'language').first().waitFor();
  await next.click();
  await typed(page, 'start').first().waitFor();
  await next.click();
  await onDesk(page);
}

/** Waits until somebody is signed in and sees the desk. */
export async function onDesk(page: Page): Promise<void> {
  await page.waitForURL(/\/desk/);
  await page.locator('nav').first().waitFor();
}

/** Makes a client by the keyboard; ends on its card. */
export async function createClient(page: Page, name: string): Promise<void> {
  await page.keyboard.press('n');
  await page.keyboard.press('c');
  await field(page, 'name').fill(name);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/clients\/\d+$/);
}

/** Makes a ticket for a client that is found by a part of its name, `words`; ends on the ticket's card. */
export async function createTicket(page: Page, words: string, client: string, subject: string): Promise<void> {
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('n');
  await page.keyboard.press('t');
  await field(page, 'client_id').fill(words);
  // The whole name: until the answer has come, the only choice is to make a client out of the words.
  await page.getByRole('option', { name: client }).first().click();
  await field(page, 'subject').fill(subject);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/tickets\/\d+$/);
  await page.getByText(subject).first().waitFor();
}

/** Finds something by words in the palette; ends with the hit in sight. */
export async function findInPalette(page: Page, words: string, hit: string): Promise<void> {
  await page.keyboard.press('Control+k');
  // Letters typed before the palette has taken the focus would go to the page.
  await page.locator('[role="dialog"] input:focus').waitFor();
  await page.keyboard.type(words);
  await page.locator('[role="dialog"]').getByText(hit).first().waitFor();
}
