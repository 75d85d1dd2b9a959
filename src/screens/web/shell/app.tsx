// The frame around the views: header, tabs, notices, and the view that is open.

import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Shell } from './open-screen.ts';
import type { ViewProps } from './screen.ts';
import { Tabs } from './tabs.tsx';
import { views } from './views.ts';

function useView(name: string): FunctionComponent<ViewProps> | null {
  const [loaded, setLoaded] = useState<{ name: string; view: FunctionComponent<ViewProps> } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const view = views.find((each) => each.name === name) ?? views[0];
    void view.load().then((component) => {
      if (isWanted) setLoaded({ name, view: component });
    });
    return () => {
      isWanted = false;
    };
  }, [name]);
  return loaded?.name === name ? loaded.view : null;
}

export function App({ shell }: { readonly shell: Shell }): JSX.Element {
  const { view, scene } = shell.place.value;
  const View = useView(view);
  return (
    <div class="shell">
      <div class="top">
        <Tabs shell={shell} />
      </div>
      <main id="view" tabIndex={-1}>
        {View !== null && <View key={scene} screen={shell} />}
      </main>
    </div>
  );
}
