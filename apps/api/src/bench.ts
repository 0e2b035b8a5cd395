import 'reflect-metadata';
import { CeilingModule } from './bookings/ceiling.controller.js';
import { UncachedShowsModule } from './shows/uncached-shows.controller.js';
import { startApi } from './start-api.js';

// The API as it is in production, and two routes more to compare with.
startApi([CeilingModule, UncachedShowsModule]);
