import { encodeBookingId, type Booking } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { WorkerConfig } from '../config/worker-config.js';

/** Where a message leads: pages of the installation, as people reach it. */
@Injectable()
export class Links {
  private readonly base: string;
  /** Names the installation in ids that are unique in the world. */
  readonly host: string;

  constructor(config: WorkerConfig) {
    const url = new URL(config.PUBLIC_URL);
    this.base = url.href.replace(/\/+$/, '');
    this.host = url.hostname;
  }

  booking(booking: Pick<Booking, 'showId' | 'id'>): string {
    return `${this.base}/bookings/${publicId(booking)}`;
  }

  get preferences(): string {
    return `${this.base}/preferences`;
  }
}

export const publicId = ({ showId, id }: Pick<Booking, 'showId' | 'id'>): string =>
  encodeBookingId({ showId, bookingId: id });
