// A component that is loaded when it is first shown.

import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Nothing is shown until it is there, nor where it could not be loaded. */
export function lazily<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  let known: FunctionComponent<P> | null = null;
  return function Lazily(props: P): JSX.Element | null {
    const [Inner, setInner] = useState<FunctionComponent<P> | null>(() => known);
    useEffect(() => {
      if (Inner !== null) return;
      load().then(
        (loaded) => {
          known = loaded;
          setInner(() => loaded);
        },
        () => {},
      );
    }, [Inner]);
    return Inner === null ? null : <Inner {...props} />;
  };
}
