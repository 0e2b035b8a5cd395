import { Button, Center } from '@mantine/core';

interface LoadMoreProps {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
  children: string;
}

/** The next page of a keyset-paged list; nothing once the list has ended. */
export function LoadMore(props: LoadMoreProps) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage, children } = props;
  if (!hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {children}
      </Button>
    </Center>
  );
}
