// Looks for texts in all that can be reached from some values: members and their names, symbols, prototypes, maps, sets, and
// the bytes behind a buffer. It tells in which places they are. Getters are asked on what is looked at itself, and not on
// what Node.js has beside it.
const MOST = 200_000;

function search(texts, values, withGetters) {
  const places = [];
  const seen = new Set();
  const left = Object.entries(values);
  const add = (place, value) => left.push([place, value]);
  const tryToAdd = (place, value) => {
    try {
      add(place, value());
    } catch {
      // It is the prototype of a thing of that kind, and none itself.
    }
  };
  for (let i = 0; i < left.length; i++) {
    if (i === MOST) throw new Error(`there is too much to look at, as in ${left[i][0]}`);
    const [place, value] = left[i];
    if (typeof value === 'string') {
      if (texts.some((text) => value.includes(text))) places.push(place);
      continue;
    }
    if (value === null || !['object', 'function'].includes(typeof value) || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      add(`${place} bytes`, Buffer.from(value.buffer).toString('latin1'));
      continue;
    }
    if (value instanceof Map) tryToAdd(`${place} entries`, () => [...Map.prototype.entries.call(value)]);
    if (value instanceof Set) tryToAdd(`${place} entries`, () => [...Set.prototype.values.call(value)]);
    const asksGetters = withGetters && !/__proto__|prototype|constructor/.test(place);
    for (let holder = value; holder !== null; holder = Object.getPrototypeOf(holder)) {
      for (const name of Reflect.ownKeys(holder)) {
        const { get, value: data } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
        const member = `${place}.${String(name)}`;
        if (holder === value) {
          add(`${member} as a name`, String(name));
          add(member, data);
        }
        if (get && asksGetters) tryToAdd(member, () => get.call(value));
      }
    }
    add(`${place}.__proto__`, Object.getPrototypeOf(value));
  }
  return places;
}
