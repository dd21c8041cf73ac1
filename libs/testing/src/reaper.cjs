/**
 * Ends what a test run has started, once the run itself has ended in whatever way: normally, by Ctrl-C, by `kill -9`.
 *
 * Runs as a process of its own, `node reaper.cjs <folder of the run> <pid of the run>`, so it is plain JavaScript that
 * needs no compiler. The folder holds one file in `processes/` for each process to end (name: pid, content: signal to
 * begin with) and one in `containers/` for each Docker container (name: id).
 */
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { setTimeout: sleep } = require('node:timers/promises');

const WATCH_EVERY_MS = 250;
const GRACE_MS = 5_000;

/** Whether a process still runs. A zombie does not: its parent merely has not collected it. */
function runs(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

function list(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Ends every process and container on record in the run's folder, waits until they are gone, removes the folder. */
async function reap(folder) {
  const ended = `${folder}.ended`;
  try {
    fs.renameSync(folder, ended); // what is put on record from now on makes a new folder, with a reaper of its own
  } catch {
    return; // nothing was started, or another reaper is at it
  }
  const processes = list(path.join(ended, 'processes')).map(Number);
  for (const pid of processes) {
    signal(pid, 'SIGCONT'); // a process stopped by SIGSTOP would not handle anything but SIGKILL
    signal(pid, fs.readFileSync(path.join(ended, 'processes', String(pid)), 'utf8') || 'SIGKILL');
  }
  for (const container of list(path.join(ended, 'containers'))) {
    try {
      execFileSync('docker', ['rm', '--force', '--volumes', container], { stdio: 'ignore', timeout: 30_000 });
    } catch {
      // It was removed before, or its daemon is gone and has taken it along.
    }
  }
  for (const until = performance.now() + GRACE_MS; processes.some(runs) && performance.now() < until;) await sleep(20);
  for (const pid of processes) if (runs(pid)) signal(pid, 'SIGKILL');
  fs.rmSync(ended, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

module.exports = { reap, runs };

if (require.main === module) {
  const [folder, owner] = process.argv.slice(2);
  const watch = async () => {
    while (runs(Number(owner))) {
      if (!fs.existsSync(folder)) return; // the run has cleaned up behind itself
      await sleep(WATCH_EVERY_MS);
    }
    await reap(folder);
  };
  void watch();
}
