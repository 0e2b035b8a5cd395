import 'reflect-metadata';
import { CeilingModule } from './bookings/ceiling.controller.js';
import { startApi } from './start-api.js';

// The API as it is in production, and one route more to compare with.
startApi([CeilingModule]);
