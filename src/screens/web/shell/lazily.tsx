// A component that is loaded when it is first shown.

import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Until it is there, and where it could not be loaded, `meanwhile` is shown. */
export function lazily<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  meanwhile: JSX.Element | null = null,
): FunctionComponent<P> {
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
    return Inner === null ? meanwhile : <Inner {...props} />;
  };
}
