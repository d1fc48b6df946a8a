// Reads EAN-13 from a video where the browser has no BarcodeDetector. Loaded only when the camera is opened.
import BinaryBitmap from "@zxing/library/esm/core/BinaryBitmap.js";
import GlobalHistogramBinarizer from "@zxing/library/esm/core/common/GlobalHistogramBinarizer.js";
import EAN13Reader from "@zxing/library/esm/core/oned/EAN13Reader.js";
import RGBLuminanceSource from "@zxing/library/esm/core/RGBLuminanceSource.js";

const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });
const reader = new EAN13Reader();

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
  try {
    const bitmap = new BinaryBitmap(new GlobalHistogramBinarizer(new RGBLuminanceSource(grey, width, height)));
    return [reader.decode(bitmap).getText()];
  } catch {
    return []; // nothing readable in this picture
  }
}
