import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { EntityName } from './links.ts';

/** A row as every list and card knows it. */
export interface EntityRow {
  id: string;
  no: number | null;
  version: string;
  created_at: string;
  updated_at: string;
  updated_by: string | null;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total?: number | undefined;
}

export interface Column<T> {
  key: string;
  /** Message key of the heading. */
  header: string;
  /** Width in pixels; the first column takes what is left. */
  width?: number;
  /** Name of the list's order, when the column can give it. */
  sort?: string;
  render: (row: T) => ReactNode;
  /** Hidden until somebody asks for it. */
  optional?: boolean;
}

export type FieldKind = 'text' | 'textarea' | 'select' | 'ref' | 'date' | 'datetime' | 'money' | 'phones' | 'tags' | 'checkbox' | 'number' | 'email' | 'custom';

export type Values = Record<string, unknown>;

export interface Field {
  name: string;
  /** Message key of the label. */
  label: string;
  kind: FieldKind;
  required?: boolean;
  /** Message key of a line below the field. */
  hint?: string;
  /** Values of a select; `labels` is the message key above them. */
  options?: readonly string[];
  labels?: string;
  /** Words in use already, offered while one types tags. */
  words?: WordsInUse;
  /** What a reference points at, and filters of its search. */
  to?: EntityName;
  within?: (values: Values) => Values | null;
  custom?: (form: { values: Values; set: (name: string, value: unknown) => void; error: string | undefined }) => ReactNode;
  /** Message key of what is wrong between this field and others, or null. */
  check?: (values: Values) => string | null;
  /** Left out of the form under this condition. */
  hidden?: (values: Values, creating: boolean) => boolean;
}

/** Words that rows of an entity have, under the name of the query that asks for them. */
export interface WordsInUse {
  query: readonly [entity: string, operation: string];
  load: () => Promise<string[]>;
}

export interface Filter {
  name: string;
  label: string;
  kind: 'select' | 'ref' | 'flag' | 'date' | 'word';
  options?: readonly string[];
  labels?: string;
  to?: EntityName;
  multiple?: boolean;
  /** The words in use, one of which a `word` is. */
  words?: WordsInUse;
}

export interface Action<T> {
  key: string;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  shown?: (row: T) => boolean;
  run: (row: T) => void | Promise<void>;
}

/** Everything by which the kit makes a list, a card and a form for one entity. */
export interface EntityPageDefinition<T extends EntityRow> {
  feature: EntityName;
  /** Namespace of the messages. */
  messages: string;
  list: (input: Values) => Promise<Page<T>>;
  get: (id: string) => Promise<T>;
  create?: (values: Values) => Promise<T>;
  update?: (id: string, values: Values, version: string) => Promise<T>;
  remove?: (id: string) => Promise<{ id: string; change_id: string }>;
  columns: Column<T>[];
  /** What stands in the narrow list beside an open card: a title and a line below. */
  compact: (row: T) => { title: ReactNode; line: ReactNode; badge?: ReactNode };
  filters: Filter[];
  /** Ready filters under a name. */
  presets?: { label: string; values: Values }[];
  defaultSort: string;
  fields: Field[];
  /** What the contract takes; each field is held against it when it is left. */
  schema?: z.ZodObject;
  initial?: (from: URLSearchParams) => Values;
  title: (row: T) => string;
  card: (props: { row: T; edit: () => void }) => ReactNode;
  actions?: (row: T) => Action<T>[];
  toolbar?: ReactNode;
  /** Another way of showing the same list, chosen by `?view=`. */
  views?: { key: string; label: string; icon: ReactNode; render: (input: Values) => ReactNode }[];
}
