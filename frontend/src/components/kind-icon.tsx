import { ThemeIcon, type MantineSize } from '@mantine/core';
import { IconBus, IconStethoscope, IconTicket } from '@tabler/icons-react';
import type { ShowKind } from '../lib/api/types';
import { kindNames } from '../lib/kind-names';

const icons = { EVENT: IconTicket, BUS: IconBus, DOCTOR: IconStethoscope };
const colors = { EVENT: 'grape', BUS: 'teal', DOCTOR: 'blue' };

export function KindIcon({ kind, size = 'lg' }: { kind: ShowKind; size?: MantineSize }) {
  const Icon = icons[kind];
  return (
    <ThemeIcon
      variant="light"
      color={colors[kind]}
      size={size}
      role="img"
      aria-label={kindNames[kind]}
    >
      <Icon size="62%" stroke={1.7} aria-hidden />
    </ThemeIcon>
  );
}
