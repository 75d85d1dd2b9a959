// A canvas or a drawing saved as a PNG, with its title, on the surface of the theme.

import { printable } from '../../../core/index.ts';
import { pageSurfaces } from '../../present/index.ts';
import type { Theme } from '../shell/screen.ts';

/** Height of the line with the title, device pixels. */
const headPixels = 40;

export function saveCanvas(canvas: HTMLCanvasElement, title: string, theme: Theme): void {
  const whole = document.createElement('canvas');
  whole.width = canvas.width;
  whole.height = canvas.height + headPixels;
  const brush = whole.getContext('2d');
  if (brush === null) return;
  const { base, text } = pageSurfaces[theme];
  brush.fillStyle = base;
  brush.fillRect(0, 0, whole.width, whole.height);
  brush.fillStyle = text;
  brush.font = '600 18px system-ui, sans-serif';
  brush.fillText(printable(title), 12, 26);
  brush.drawImage(canvas, 0, headPixels);
  whole.toBlob((blob) => {
    if (blob !== null) saveBlob(blob, `${fileWords(title)}.png`);
  });
}

/** Hands a file to the browser to keep. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser may still read it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Words of a file name: `taplight-traffic-by-family`. */
export function fileWords(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `taplight-${words === '' ? 'chart' : words.slice(0, 60)}`;
}
