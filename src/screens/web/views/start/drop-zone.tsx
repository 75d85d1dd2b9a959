// A capture file dropped anywhere on the page is opened.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { printable } from '../../../../core/index.ts';
import { noteLoss } from '../../data/connection.ts';
import { upload } from './beginnings.ts';
import type { StartProps } from './start-view.tsx';

const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

export function DropZone({ onOpen }: StartProps): JSX.Element {
  const says = useSignal('');
  const isOver = useSignal(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      isOver.value = true;
    };
    const left = (event: DragEvent): void => {
      if (event.relatedTarget === null) isOver.value = false;
    };
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      isOver.value = false;
      if (file === undefined) return;
      event.preventDefault();
      says.value = `Sending ${printable(file.name)} …`;
      upload(file).then(
        ({ id }) => {
          says.value = '';
          onOpen(id);
        },
        (error) => {
          noteLoss(error);
          says.value = `${error.message}. ${error.hint ?? ''}`;
        },
      );
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', left);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', left);
      document.removeEventListener('drop', drop);
    };
  }, [isOver, says, onOpen]);
  return (
    <div class={`drop${isOver.value ? ' over' : ''}${says.value === '' ? '' : ' says'}`} role="status">
      {isOver.value ? 'Drop the capture file to open it' : says.value}
      {says.value !== '' && (
        <button
          type="button"
          class="quiet"
          aria-label="Close"
          onClick={() => {
            says.value = '';
          }}
        >
          ✕
        </button>
      )}
    </div>
  );
}
