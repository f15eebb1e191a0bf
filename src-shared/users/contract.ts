import { z } from 'zod';
import { command, page, query, ref } from '../kernel/contract.ts';
import { USER_THEMES, user, userFilters, userInput, userPatch } from './model.ts';

const tags = ['users'];

export const usersContract = {
  list: query('users.read').route({ method: 'GET', path: '/users', tags, summary: 'Users: list' }).input(userFilters).output(page(user)),
  create: command('users.manage')
    .route({ method: 'POST', path: '/users', tags, summary: 'Users: add a member; without a password an invitation is answered', successStatus: 201 })
    .input(userInput)
    .output(user.extend({ invitation_token: z.string().nullable() })),
  get: query('users.read').route({ method: 'GET', path: '/users/{id}', tags, summary: 'Users: read one' }).input(z.object({ id: ref })).output(user),
  update: command('self')
    .route({ method: 'PUT', path: '/users/{id}', tags, summary: 'Users: change the given fields (oneself, or anybody with users.manage)' })
    .input(userPatch.extend({ id: ref }))
    .output(user),
  setTheme: command('self')
    .route({ method: 'PUT', path: '/users/{id}/theme', tags, summary: 'Theme of a user' })
    .input(z.object({ id: ref, theme: z.enum(USER_THEMES).nullable() }))
    .output(user),
};
