// What was dragged onto the page: files, and those in folders, however deep.

/** Return the files; must be called while the drop is being handled, for later nothing is there any more. */
export async function filesIn({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const within = [];
  const reader = entry.createReader();
  for (;;) {
    // A folder is handed out in parts; an empty one says that it was the last.
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) break;
    within.push(...part.filter(({ name }) => !name.startsWith(".")));
  }
  return (await Promise.all(within.map(filesOf))).flat();
}
