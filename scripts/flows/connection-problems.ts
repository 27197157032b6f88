import { type Flow, outputsOf, stepsOf } from "./flow.ts";

/** Steps that cannot be reached, and connections that lead nowhere or start at an output that does not exist. */
export function connectionProblems(flow: Flow, isTrigger: (type: string) => boolean): string[] {
  const steps = stepsOf(flow);
  const names = new Set(steps.map(({ name }) => name));
  const triggers = steps.filter(({ type }) => isTrigger(type)).map(({ name }) => name);
  const reached = reachableFrom(triggers, flow);
  const outputs = (name: string) => flow.connections[name]?.main ?? [];
  return [
    ...unknownNames(flow, names).map((name) => `Una conexión nombra «${name}», que no existe.`),
    ...[...names]
      .filter((name) => !reached.has(name))
      .map((name) => `A «${name}» no se llega desde ningún disparador.`),
    ...steps
      .filter((step) => step.onError === "continueErrorOutput")
      .filter((step) => !outputs(step.name)[outputsOf(step) - 1]?.length)
      .map(({ name }) => `«${name}»: su salida de error no va a ninguna parte.`),
    ...steps
      .filter((step) => outputs(step.name).length > outputsOf(step))
      .map((step) => `«${step.name}»: sale por más salidas de las que tiene (${outputsOf(step)}).`),
  ];
}

function unknownNames(flow: Flow, known: ReadonlySet<string>): string[] {
  const sources = Object.keys(flow.connections);
  const mentioned = new Set([...sources, ...sources.flatMap((name) => targetsOf(flow, name))]);
  return [...mentioned].filter((name) => !known.has(name));
}

function reachableFrom(starts: readonly string[], flow: Flow): Set<string> {
  const reached = new Set<string>();
  const toVisit = [...starts];
  for (let name = toVisit.pop(); name !== undefined; name = toVisit.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    toVisit.push(...targetsOf(flow, name));
  }
  return reached;
}

function targetsOf(flow: Flow, name: string): string[] {
  return (flow.connections[name]?.main ?? []).flat().map(({ node }) => node);
}
