// Which of the words that are known somebody may have meant.

/** Number of letters to add, leave out, change or swap to make one word of another; above `most` any larger number. */
export function editDistance(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, row[j] + 1, next[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2] + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/** The nearest of some words, if one is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const most = word.length < 5 ? 1 : word.length < 10 ? 2 : 3;
  let best: string | undefined;
  let least = most + 1;
  for (const each of known) {
    // Of words that are as near, one that only goes on is the likelier.
    const far =
      editDistance(word.toLowerCase(), each.toLowerCase(), most) - (each.startsWith(word.toLowerCase()) ? 0.5 : 0);
    if (far < least && far <= most) {
      least = far;
      best = each;
    }
  }
  return best;
}
