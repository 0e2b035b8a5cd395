import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import type { User } from '../api/types';
import { queryKeys } from '../query-keys';
import { onUserChange, restoreSession } from './session';

export const userQuery = queryOptions({
  queryKey: queryKeys.user,
  queryFn: async (): Promise<User | null> => (await restoreSession())?.user ?? null,
  staleTime: Infinity,
  gcTime: Infinity,
});

/** `undefined` while loading, `null` for a visitor. */
export function useUser(): User | null | undefined {
  const { data, isError } = useQuery(userQuery);
  return isError ? null : data;
}

/** Removes one user's data from the query cache when another signs in or out. */
export function clearCacheOnUserChange(queryClient: QueryClient): void {
  onUserChange((user) => {
    queryClient.setQueryData(queryKeys.user, user);
    queryClient.removeQueries({ queryKey: queryKeys.bookings.all });
    queryClient.removeQueries({ queryKey: queryKeys.showBookings.all });
    queryClient.removeQueries({ queryKey: queryKeys.preferences });
    queryClient.removeQueries({ queryKey: queryKeys.notifications });
  });
}
