/** How many rows of each kind the generator makes. */
export interface Sizes {
  branches: number;
  users: number;
  companies: number;
  clients: number;
  contacts: number;
  assets: number;
  contracts: number;
  tickets: number;
  notes: number;
  tasks: number;
  appointments: number;
}

/** A firm of the size that the house is measured on. */
const FULL: Sizes = { branches: 8, users: 60, companies: 40_000, clients: 100_000, contacts: 60_000, assets: 150_000, contracts: 40_000, tickets: 500_000, notes: 1_000_000, tasks: 50_000, appointments: 50_000 };

/** Made anew whenever the generator makes other rows from the same seed, so that kept files are not mistaken for today's. */
export const GENERATOR = 1;

/** The measured firm at a scale: 1 is 100,000 clients, 500,000 tickets and 1,000,000 notes. */
export function sizesAt(scale: number): Sizes {
  const scaled = (count: number, least: number): number => Math.max(least, Math.round(count * scale));
  return {
    branches: scaled(FULL.branches, 2),
    users: scaled(FULL.users, 6),
    companies: scaled(FULL.companies, 10),
    clients: scaled(FULL.clients, 20),
    contacts: scaled(FULL.contacts, 10),
    assets: scaled(FULL.assets, 20),
    contracts: scaled(FULL.contracts, 10),
    tickets: scaled(FULL.tickets, 50),
    notes: scaled(FULL.notes, 100),
    tasks: scaled(FULL.tasks, 10),
    appointments: scaled(FULL.appointments, 10),
  };
}

export const totalOf = (sizes: Sizes): number => Object.values(sizes).reduce<number>((sum, count) => sum + count, 0);
