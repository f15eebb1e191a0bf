import { z } from 'zod';
import { command, page, query, ref, type listInput } from './contract.ts';
import type { Permission } from './permissions.ts';

interface CrudOptions<Row extends z.ZodType, Create extends z.ZodRawShape, Filters extends z.ZodRawShape> {
  /** URL below `/api`, also the tag of the API documentation. */
  path: `/${string}`;
  title: string;
  row: Row;
  create: z.ZodObject<Create>;
  filters: z.ZodObject<Filters & typeof listInput>;
  read: Permission;
  write: Permission;
  remove: Permission;
}

/**
 * The five operations that every entity has. PUT is partial: an absent field stays as it is, `null` clears it. DELETE moves the
 * row to the trash and answers with the change that `audit.undo` takes back.
 */
export function crud<Row extends z.ZodType, Create extends z.ZodRawShape, Filters extends z.ZodRawShape>(options: CrudOptions<Row, Create, Filters>) {
  const { path, title, row, create, filters, read, write, remove } = options;
  const tags = [path.slice(1)];
  return {
    list: query(read).route({ method: 'GET', path, tags, summary: `${title}: list` }).input(filters).output(page(row)),
    create: command(write).route({ method: 'POST', path, tags, summary: `${title}: create`, successStatus: 201 }).input(create).output(row),
    get: query(read).route({ method: 'GET', path: `${path}/{id}`, tags, summary: `${title}: read one` }).input(z.object({ id: ref })).output(row),
    update: command(write)
      .route({ method: 'PUT', path: `${path}/{id}`, tags, summary: `${title}: change the given fields` })
      .input(create.partial().extend({ id: ref }))
      .output(row),
    delete: command(remove).route({ method: 'DELETE', path: `${path}/{id}`, tags, summary: `${title}: move to the trash` }).input(z.object({ id: ref })).output(deleted),
  };
}

/** Answer of a delete. */
export const deleted = z.object({ id: z.string(), change_id: z.string() });

/** A list below one row of a parent: the parent's reference is the path's `id`. */
export function nestedList<Row extends z.ZodType, Filters extends z.ZodRawShape>(
  path: `/${string}/{id}/${string}`,
  title: string,
  row: Row,
  filters: z.ZodObject<Filters>,
  read: Permission,
) {
  return query(read)
    .route({ method: 'GET', path, tags: [path.split('/')[1] ?? ''], summary: title })
    .input(filters.extend({ id: ref }))
    .output(page(row));
}

/** Creation below one row of a parent. */
export function nestedCreate<Row extends z.ZodType, Create extends z.ZodRawShape>(
  path: `/${string}/{id}/${string}`,
  title: string,
  row: Row,
  create: z.ZodObject<Create>,
  write: Permission,
) {
  return command(write)
    .route({ method: 'POST', path, tags: [path.split('/')[1] ?? ''], summary: title, successStatus: 201 })
    .input(create.extend({ id: ref }))
    .output(row);
}
