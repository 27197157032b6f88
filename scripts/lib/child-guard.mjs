// Starts one program and stops it when the standard input of this guard is closed. The process that started the guard
// holds the other end of that pipe, and the system closes it however that process ends, `kill -9` included.
// Arguments: stop signal, grace period in seconds, program, arguments of the program.
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
// Only the pipe stops the program: a signal to the whole group must not end the guard before its program.
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

/** The guard leads its process group, so its pid is the id of the group. The signal ends the guard too. */
function killGroup() {
  process.kill(-process.pid, "SIGKILL");
}
