// Reads EAN-13, Code 128, Code 39 and QR from a video where the browser has no BarcodeDetector. Loaded only when the camera is opened.
import BinaryBitmap from "@zxing/library/esm/core/BinaryBitmap.js";
import GlobalHistogramBinarizer from "@zxing/library/esm/core/common/GlobalHistogramBinarizer.js";
import Code128Reader from "@zxing/library/esm/core/oned/Code128Reader.js";
import Code39Reader from "@zxing/library/esm/core/oned/Code39Reader.js";
import EAN13Reader from "@zxing/library/esm/core/oned/EAN13Reader.js";
import QRCodeReader from "@zxing/library/esm/core/qrcode/QRCodeReader.js";
import RGBLuminanceSource from "@zxing/library/esm/core/RGBLuminanceSource.js";

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });
const readers = [new EAN13Reader(), new Code128Reader(), new Code39Reader(), new QRCodeReader()];

// The numbers in the picture that the video shows now; usually none or one.
export function detect(video) {
  const [width, height] = [video.videoWidth, video.videoHeight];
  if (!width || !height) return [];
  canvas.width = width;
  canvas.height = height;
  context.drawImage(video, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  const grey = new Uint8ClampedArray(width * height);
  for (let place = 0; place < grey.length; place++) {
    grey[place] = (pixels[4 * place] + 2 * pixels[4 * place + 1] + pixels[4 * place + 2]) >> 2;
  }
  const bitmap = new BinaryBitmap(new GlobalHistogramBinarizer(new RGBLuminanceSource(grey, width, height)));
  for (const reader of readers) {
    try {
      return [reader.decode(bitmap).getText()];
    } catch {
      // nothing of this kind in this picture
    }
  }
  return [];
}
