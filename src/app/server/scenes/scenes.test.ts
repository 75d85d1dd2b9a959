// Proves that a few captures can be begun from a browser, that the oldest one that is over makes room, and that each is
// closed once.

import { describe, expect, it } from 'vitest';
import { type FakeScene, fakeScene } from '../golden/fake-scene.ts';
import { type OpenScene, openScenes, sceneLimits } from './scenes.ts';

interface Begun extends OpenScene {
  readonly scene: FakeScene;
}

function beginner(): { readonly begun: Begun[]; readonly closed: string[]; open(id: string): Promise<Begun> } {
  const begun: Begun[] = [];
  const closed: string[] = [];
  return {
    begun,
    closed,
    open: async (id) => {
      const scene = fakeScene(id);
      const opened = {
        scene,
        stop: async () => scene.publish(1, 'done'),
        close: async () => {
          closed.push(id);
        },
      };
      begun.push(opened);
      return opened;
    },
  };
}

describe('scenes', () => {
  it('are the one of the command line, and those that were begun, each with a name of its own', async () => {
    const { open } = beginner();
    const scenes = openScenes(fakeScene());
    expect((await scenes.begin(open)).about.id).toBe('2');
    expect((await scenes.begin(open)).about.id).toBe('3');
    expect(scenes.list().map(({ about }) => about.id)).toEqual(['main', '2', '3']);
    expect(scenes.find().about.id).toBe('main');
    expect(scenes.find('3').about.id).toBe('3');
    expect(() => scenes.find('4')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => openScenes(null).find()).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  it('make room: the oldest that is over gives way, and none that runs', async () => {
    const { begun, closed, open } = beginner();
    const scenes = openScenes(null);
    for (let i = 0; i < sceneLimits.begun; i++) await scenes.begin(open);
    await expect(scenes.begin(open)).rejects.toMatchObject({ code: 'TOO_MANY_SCENES' });
    begun[2].scene.fail('FILE_DAMAGED');
    begun[1].scene.publish(5, 'done');
    await scenes.begin(open);
    expect(closed).toEqual(['3']);
    expect(scenes.list().map(({ about }) => about.id)).toEqual(['2', '4', '5', '6']);
  });

  it('that are just being opened count, too', async () => {
    const { open } = beginner();
    const scenes = openScenes(null);
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => scenes.begin(open)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(sceneLimits.begun);
  });

  it('cannot be begun over and over', async () => {
    const { begun, open } = beginner();
    let nowMs = 0;
    const scenes = openScenes(null, () => nowMs);
    for (let i = 0; i < sceneLimits.inWindow; i++) {
      await scenes.begin(open);
      begun.at(-1)?.scene.publish(1, 'done');
    }
    await expect(scenes.begin(open)).rejects.toMatchObject({ code: 'TOO_MANY_TRIES' });
    nowMs = sceneLimits.windowMs + 1;
    await scenes.begin(open);
  });

  it('are stopped first, and let go of when they were over', async () => {
    const { closed, open } = beginner();
    const scenes = openScenes(fakeScene());
    await scenes.begin(open);
    const left: string[] = [];
    scenes.feed('2').subscribe(
      () => {},
      () => left.push('sent away'),
    );
    expect(await scenes.end('2')).toBe('done');
    expect([closed, left]).toEqual([[], []]);
    expect(await scenes.end('2')).toBe('gone');
    expect([closed, left]).toEqual([['2'], ['sent away']]);
    await expect(scenes.end('2')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(scenes.end('main')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('are all closed with the server, also one that was being opened then', async () => {
    const { closed, open } = beginner();
    const scenes = openScenes(null);
    await scenes.begin(open);
    let go = (): void => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const late = scenes.begin(async (id) => {
      await held;
      return open(id);
    });
    await scenes.close();
    go();
    await expect(late).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(closed).toEqual(['2', '3']);
  });

  it('that could not be opened leave nothing behind', async () => {
    const { open } = beginner();
    const scenes = openScenes(null);
    await expect(scenes.begin(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(scenes.list()).toEqual([]);
    for (let i = 0; i < sceneLimits.begun; i++) await scenes.begin(open);
  });
});
