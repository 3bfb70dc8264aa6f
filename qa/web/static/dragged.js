// What was dragged onto the page: files, and those in folders, however deep.

/** Return what was dropped, in order, as `{name, file}`; `file` is null for what the browser could not read.
 *
 * Must be called while the drop is being handled, for later nothing is there any more.
 */
export async function filesIn({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...files].map(read);
  return (await Promise.all(entries.map(filesOf))).flat();
}

/** Return a file as one of those that were dropped. */
export const read = (file) => ({ name: file.name, file });

const unread = ({ name }) => ({ name, file: null });

function filesOf(entry) {
  return entry.isFile ? fileOf(entry) : filesWithin(entry);
}

async function fileOf(entry) {
  try {
    return read(await new Promise((resolve, reject) => entry.file(resolve, reject)));
  } catch {
    return unread(entry);
  }
}

async function filesWithin(folder) {
  const found = [];
  const reader = folder.createReader();
  try {
    for (;;) {
      // A folder is handed out in parts; an empty one says that it was the last.
      const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!part.length) break;
      found.push(...part.filter(({ name }) => !name.startsWith(".")).map(filesOf));
    }
  } catch {
    // What was handed out before is put in all the same.
    found.push(unread(folder));
  }
  return (await Promise.all(found)).flat();
}
