// Owns one child process and ends it when whoever started this closes its standard input or dies, even by kill -9:
// the system closes the pipe in every case. Arguments: stop signal, seconds of grace, program, its arguments.
import { spawn } from "node:child_process";
import { constants } from "node:os";

const [stopSignal, graceSeconds, program, ...args] = process.argv.slice(2);
const { GUARD_UID, GUARD_GID, ...env } = process.env;

const child = spawn(program, args, {
  env,
  stdio: ["ignore", "inherit", "inherit"],
  ...(GUARD_UID !== undefined && { uid: Number(GUARD_UID), gid: Number(GUARD_GID) }),
});

process.stdin.resume();
process.stdin.on("end", stop);
process.stdin.on("error", stop);
// Only the pipe decides: a signal sent to the whole group must not part guard and child.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});

function stop() {
  child.kill(stopSignal);
  setTimeout(() => killGroup(), Number(graceSeconds) * 1_000).unref();
}

/** This process leads its group, so its own pid names the group, itself included. */
function killGroup() {
  process.kill(-process.pid, "SIGKILL");
}
