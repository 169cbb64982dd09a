// A disk that fails for one folder or file: by a preloaded library, which only acts as
// if, or by real mounts, which only root can make.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../e2e/support/root.js';

const LIBRARY =
  process.env.MAINLINE_TEST_FAULTFS ?? join(ROOT, 'build/dev/tests/faults/libfaultfs.so');
const MOUNT_BYTES = 1024 * 1024;

/** See faultfs.c for what it can do. */
export class PreloadedDisk {
  constructor() {
    if (!existsSync(LIBRARY)) throw new Error(`${LIBRARY} is missing: build the preset dev`);
    this.folder = mkdtempSync(join(tmpdir(), 'mainline-faultfs-'));
    chmodSync(this.folder, 0o755); // the program runs as another user
    this.control = join(this.folder, 'control');
    this.mend();
  }

  /** With which settings the program must be started. */
  get env() {
    return { LD_PRELOAD: LIBRARY, FAULTFS_CONTROL: this.control };
  }

  /** After so many more bytes there is no room; a write that fits in part is short. */
  full(path, bytes = 0) {
    this.#set(`full ${path} ${bytes}`);
  }

  readOnly(path) {
    this.#set(`readonly ${path}`);
  }

  failsToSync(path) {
    this.#set(`fsync ${path}`);
  }

  writesShort(path) {
    this.#set(`short ${path}`);
  }

  mend() {
    this.#set('');
  }

  #set(text) {
    writeFileSync(this.control, `${text}\n`);
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Why no real mounts can be made here; null if they can. */
export function whyNoMounts() {
  if (process.getuid() !== 0) return 'real mounts need root';
  const folder = mkdtempSync(join(tmpdir(), 'mainline-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'none', folder], { stdio: 'pipe' });
    execFileSync('umount', [folder]);
    return null;
  } catch (error) {
    return `root may not mount here: ${String(error.stderr ?? error.message).trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder on a file system of its own, of 1 MB. */
export class MountedDisk {
  /** @param {string} folder whose owner is its parent's; the program must not run */
  constructor(folder) {
    this.folder = folder;
    this.ballast = join(folder, 'ballast');
    const { uid, gid } = statSync(join(folder, '..'));
    mkdirSync(folder, { recursive: true });
    const options = `size=${MOUNT_BYTES},mode=700,uid=${uid},gid=${gid}`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'mainline-test', folder]);
    chownSync(folder, uid, gid);
  }

  /** Fill it up. */
  full() {
    for (let bytes = MOUNT_BYTES; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      try {
        for (;;) writeFileSync(this.ballast, Buffer.alloc(bytes), { flag: 'a' });
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      }
    }
  }

  /** Refused by the kernel while somebody has a file there open for writing. */
  readOnly() {
    execFileSync('mount', ['-o', 'remount,ro', this.folder]);
  }

  mend() {
    execFileSync('mount', ['-o', 'remount,rw', this.folder]);
    rmSync(this.ballast, { force: true });
  }

  close() {
    execFileSync('umount', ['-l', this.folder]);
  }
}
