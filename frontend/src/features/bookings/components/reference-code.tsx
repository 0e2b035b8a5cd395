import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** Shown in two groups for reading aloud; copied without the space. */
export function ReferenceCode({ reference, size = 22 }: { reference: string; size?: number }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text component="span" ff="monospace" fz={size} fw={700} lh={1.2} aria-label={reference}>
        {reference.slice(0, 4)}
        <span aria-hidden> </span>
        {reference.slice(4)}
      </Text>
      <CopyButton value={reference}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="subtle"
              color={copied ? 'green' : 'gray'}
              aria-label={copied ? 'Reference copied' : 'Copy reference'}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
