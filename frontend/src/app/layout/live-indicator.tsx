import { Badge, Tooltip } from '@mantine/core';
import { useLiveStatus, type LiveStatus } from '../../lib/live/live-status';

const states: Record<LiveStatus, { color: string; text: string; hint: string }> = {
  live: { color: 'green', text: 'Live', hint: 'Availability updates by itself' },
  connecting: { color: 'gray', text: 'Connecting', hint: 'Availability may be a little behind' },
  offline: {
    color: 'orange',
    text: 'Not live',
    hint: 'Availability does not update until we reconnect',
  },
};

export function LiveIndicator() {
  const { color, text, hint } = states[useLiveStatus()];
  return (
    <Tooltip label={hint}>
      <Badge variant="dot" color={color} role="status" style={{ textTransform: 'none' }}>
        {text}
      </Badge>
    </Tooltip>
  );
}
