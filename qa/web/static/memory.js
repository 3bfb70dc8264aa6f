// What the browser keeps: for this tab, or for good. Where storage is forbidden, for as long as the page lives.

function keeper(storageOf) {
  const spare = new Map();
  return {
    get(name) {
      try {
        return storageOf().getItem(name);
      } catch {
        return spare.get(name) ?? null;
      }
    },
    set(name, value) {
      try {
        storageOf().setItem(name, value);
      } catch {
        spare.set(name, value);
      }
    },
  };
}

export const thisTab = keeper(() => sessionStorage);
export const forGood = keeper(() => localStorage);
