// Words in the reader's language, written into the page by the server (templates/ui/words.html).

export function word(name, values = {}) {
  const text = document.getElementById("words")?.dataset[name] ?? "";
  return Object.entries(values).reduce((filled, [key, value]) => filled.replace(`[${key}]`, value), text);
}
