import { constants } from 'node:zlib';
import { toBuffer } from 'qrcode';

/** Pixels of one of the code's squares; with eight characters and the margin there are 25 a side. */
const SCALE = 6;
/** A third of the time that the library's own way to write a PNG takes. */
const WRITING = { deflateLevel: 1, deflateStrategy: constants.Z_DEFAULT_STRATEGY, filterType: 0 };

/** A PNG that scanners at the door read the text from. */
export function qrCode(text: string): Promise<Buffer> {
  return toBuffer(text, {
    type: 'png',
    errorCorrectionLevel: 'M',
    margin: 2,
    scale: SCALE,
    rendererOpts: WRITING,
  });
}
