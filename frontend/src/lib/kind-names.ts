import type { ShowKind } from './api/types';

export const kindNames: Record<ShowKind, string> = {
  EVENT: 'Event',
  BUS: 'Bus trip',
  DOCTOR: 'Doctor',
};
