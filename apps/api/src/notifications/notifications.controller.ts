import { NotificationsReader } from '@modex/domain';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../http/access/admin-only.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { Cursors } from '../http/cursors.js';
import { cutPage } from '../http/page.js';
import { NotificationPage, NotificationQuery, viewNotification } from './dto/notification.dto.js';

const LIST = 'notifications';

@ApiTags('notifications')
@ApiBearerAuth()
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly reader: NotificationsReader,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @AdminOnly()
  @ApiOperation({
    summary: 'List what was sent to whom, newest first',
    operationId: 'listNotifications',
  })
  @ApiOkResponse({ type: NotificationPage })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(401, 'UNAUTHORIZED')
  @ApiProblem(403, 'FORBIDDEN')
  @ApiProblem(429, 'RATE_LIMITED')
  @ApiProblem(503, 'UNAVAILABLE')
  async list(@Query() query: NotificationQuery): Promise<NotificationPage> {
    const { cursor, limit, status, channel, userId, showId } = query;
    const [afterId] = cursor === undefined ? [] : this.cursors.decode(LIST, cursor);
    const found = await this.reader.find({ status, channel, userId, showId, limit, afterId });
    return cutPage(found, limit, viewNotification, ({ id }) => this.cursors.encode(LIST, [id]));
  }
}
