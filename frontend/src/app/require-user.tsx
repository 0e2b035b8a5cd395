import { Card, EmptyState } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { PageHeading } from '../components/page-heading';
import { SignInPanel } from '../features/auth/components/sign-in-panel';
import type { User } from '../lib/api/types';
import { useUser } from '../lib/session/user-query';
import { PageSkeleton } from './layout/page-skeleton';

interface RequireUserProps {
  /** The required role; any signed-in user without it. */
  needs?: User['role'];
  children: ReactNode;
}

/** Shows the sign-in in place of the page; the address stays, and the page follows. */
export function RequireUser({ needs, children }: RequireUserProps) {
  const user = useUser();
  if (user === undefined) return <PageSkeleton />;
  if (user === null) {
    return (
      <Card withBorder padding="lg" maw={440} mx="auto">
        <PageHeading size="h3" mb="md">
          Sign in to go on
        </PageHeading>
        <SignInPanel />
      </Card>
    );
  }
  if (needs && user.role !== needs) {
    return (
      <>
        <PageHeading size="h3">For organisers only</PageHeading>
        <EmptyState
          mt="xl"
          icon={<IconLock />}
          description="Your account may book, but not manage shows."
        />
      </>
    );
  }
  // The key drops all state of one account before the next one signs in.
  return <Fragment key={user.id}>{children}</Fragment>;
}
