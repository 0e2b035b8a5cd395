import 'reflect-metadata';
import { NoopModule } from './noop.controller.js';
import { UncachedShowsModule } from './uncached-shows.controller.js';
import { startApi } from '../start-api.js';

// The API for the bench: as in production, with two more routes as baselines.
startApi([NoopModule, UncachedShowsModule]);
