import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconRefresh } from '@tabler/icons-react';
import { explain } from '../lib/api/problem-messages';

interface ProblemAlertProps {
  error: unknown;
  onRetry?: () => void;
  retryLabel?: string;
}

/** Explains an error in plain words; after a failure with the request id for support. */
export function ProblemAlert({ error, onRetry, retryLabel = 'Try again' }: ProblemAlertProps) {
  const { title, detail, requestId } = explain(error);
  return (
    <Alert color="red" title={title} icon={<IconAlertCircle />} role="alert">
      <Stack gap="xs" align="flex-start">
        {detail && <Text size="sm">{detail}</Text>}
        {requestId && (
          <Text size="xs" c="dimmed">
            Request <Code>{requestId}</Code>
          </Text>
        )}
        {onRetry && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            onClick={onRetry}
          >
            {retryLabel}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
