/** Computes a pure value when it is first asked for: a module that is loaded at the start costs nothing for what nobody needs yet. */
export function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
