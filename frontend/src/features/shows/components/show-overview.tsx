import { Card, Grid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Received, Show } from '../../../lib/api/types';
import { ShowDetails } from './show-details';
import classes from './show-overview.module.css';

interface ShowOverviewProps {
  show: Received<Show>;
  /** Stays in sight beside the text; before it on a narrow screen. */
  aside: ReactNode;
}

export function ShowOverview({ show, aside }: ShowOverviewProps) {
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 5 }} order={{ base: 1, md: 2 }}>
        <div className={classes.aside}>{aside}</div>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }} order={{ base: 2, md: 1 }}>
        <Card withBorder padding="lg">
          <Stack>
            {show.description && (
              <>
                <Title order={2} size="h4">
                  About
                </Title>
                <Text className={classes.description}>{show.description}</Text>
              </>
            )}
            <Title order={2} size="h4">
              Details
            </Title>
            <ShowDetails show={show} />
          </Stack>
        </Card>
      </Grid.Col>
    </Grid>
  );
}
