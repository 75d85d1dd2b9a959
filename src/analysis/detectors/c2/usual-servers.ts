// Small list of what devices ask at even intervals by themselves: updates, certificates, connection checks, time.

export const usualSuffixes: readonly string[] = [
  'windowsupdate.com',
  'update.microsoft.com',
  'delivery.mp.microsoft.com',
  'events.data.microsoft.com',
  'settings-win.data.microsoft.com',
  'msftconnecttest.com',
  'msftncsi.com',
  'detectportal.firefox.com',
  'telemetry.mozilla.org',
  'services.mozilla.com',
  'captive.apple.com',
  'push.apple.com',
  'swscan.apple.com',
  'connectivitycheck.gstatic.com',
  'clients3.google.com',
  'clientservices.googleapis.com',
  'mtalk.google.com',
  'connectivity-check.ubuntu.com',
  'archive.ubuntu.com',
  'deb.debian.org',
  'nmcheck.gnome.org',
  'digicert.com',
  'lencr.org',
  'pki.goog',
  'pool.ntp.org',
];

/** Whether a name is one of the suffixes or below one. */
export function isUsualService(name: string, suffixes: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return suffixes.some((suffix) => lower === suffix || lower.endsWith(`.${suffix}`));
}
