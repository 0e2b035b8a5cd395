import { Anchor, Box, Container, Group, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { NuqsAdapter } from 'nuqs/adapters/react-router/v7';
import { useEffect } from 'react';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { AppHeader } from './app-header';
import classes from './app-layout.module.css';

export function AppLayout() {
  const { pathname } = useLocation();
  // A dialog belongs to the page that opened it.
  useEffect(() => () => modals.closeAll(), [pathname]);

  return (
    <>
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppHeader />
      <Container component="main" id="content" size="lg" className={classes.main}>
        <NuqsAdapter>
          <Outlet />
        </NuqsAdapter>
      </Container>
      <Box component="footer" className={classes.footer}>
        <Container size="lg">
          <Group justify="space-between" gap="xs">
            <Text size="sm" c="dimmed">
              Modex Booking, an open-source booking engine
            </Text>
            <Anchor href="/api/docs" size="sm">
              API documentation
            </Anchor>
          </Group>
        </Container>
      </Box>
      <ScrollRestoration />
    </>
  );
}
