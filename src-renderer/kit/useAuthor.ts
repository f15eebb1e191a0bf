import { useQuery } from '@tanstack/react-query';
import { client } from '../app/client.ts';

/** The name of whoever wrote a row last; undefined until it is known, and where it was nobody or is not `wanted`. */
export function useAuthor({ updated_by }: { updated_by: string | null }, wanted = true): string | undefined {
  return useQuery({ queryKey: [['users', 'get'], updated_by], queryFn: () => client.users.get({ id: updated_by ?? '' }), enabled: wanted && updated_by !== null }).data?.full_name;
}
