import { Module } from '@nestjs/common';
import { ShowLists } from './show-lists.js';
import { ShowsController } from './shows.controller.js';

@Module({ controllers: [ShowsController], providers: [ShowLists] })
export class ShowsModule {}
