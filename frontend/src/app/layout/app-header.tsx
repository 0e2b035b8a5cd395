import { Box, Button, Container, Group, Menu, Skeleton } from '@mantine/core';
import { IconBell, IconCalendarPlus, IconMailForward, IconTicket } from '@tabler/icons-react';
import { Link, NavLink } from 'react-router';
import { AccountMenu } from '../../features/auth/components/account-menu';
import { openSignIn } from '../../features/auth/open-sign-in';
import type { User } from '../../lib/api/types';
import { useUser } from '../../lib/session/user-query';
import classes from './app-layout.module.css';
import { ColorSchemeButton } from './color-scheme-button';
import { LiveIndicator } from './live-indicator';

export function AppHeader() {
  const user = useUser();
  return (
    <header className={classes.header}>
      <Container size="lg">
        <Group justify="space-between" wrap="nowrap" gap="xs" className={classes.bar}>
          <Group gap="md" wrap="nowrap">
            <Link to="/" className={classes.brand}>
              <img src="/favicon.svg" alt="" width={30} height={30} />
              Modex
            </Link>
            <Group component="nav" aria-label="Main" gap={4} visibleFrom="sm">
              <NavLink to="/" end className={classes.nav}>
                Shows
              </NavLink>
              {user && (
                <NavLink to="/bookings" className={classes.nav}>
                  My bookings
                </NavLink>
              )}
              {user?.role === 'ADMIN' && (
                <>
                  <NavLink to="/admin/shows/new" className={classes.nav}>
                    New show
                  </NavLink>
                  {/* On a tablet the bar has no room for it; the account's menu has it too. */}
                  <Box
                    component={NavLink}
                    to="/admin/notifications"
                    className={classes.nav}
                    visibleFrom="md"
                  >
                    Notifications
                  </Box>
                </>
              )}
            </Group>
          </Group>
          <Group gap={6} wrap="nowrap">
            <LiveIndicator />
            <ColorSchemeButton />
            <Account user={user} />
          </Group>
        </Group>
      </Container>
    </header>
  );
}

function Account({ user }: { user: User | null | undefined }) {
  if (user === undefined) return <Skeleton width={84} height={36} />;
  if (user === null) return <Button onClick={openSignIn}>Sign in</Button>;
  return (
    <AccountMenu user={user}>
      <Menu.Item component={Link} to="/bookings" leftSection={<IconTicket size={16} />}>
        My bookings
      </Menu.Item>
      <Menu.Item component={Link} to="/preferences" leftSection={<IconBell size={16} />}>
        Preferences
      </Menu.Item>
      {user.role === 'ADMIN' && (
        <>
          <Menu.Item
            component={Link}
            to="/admin/shows/new"
            leftSection={<IconCalendarPlus size={16} />}
          >
            New show
          </Menu.Item>
          <Menu.Item
            component={Link}
            to="/admin/notifications"
            leftSection={<IconMailForward size={16} />}
          >
            Notifications
          </Menu.Item>
        </>
      )}
    </AccountMenu>
  );
}
